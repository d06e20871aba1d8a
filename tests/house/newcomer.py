"""What the test of a new personal field runs in a tree of its own: before and after the line.

`before FOLDER` founds a register with one prospect; `after FOLDER` opens it with the new column
and proves of that column what the product promises of every other. The last line on standard
output is JSON: what the test compares.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from crm.cli.app import run
from crm.kartoteka import Firm, Kartoteka
from crm.parties.cards import NewClient
from gdpr.clock import FixedClock
from gdpr.vault.kdf import FLOOR
from tests.faults.invariants import breaches, residue, sealed_bytes, spellings

COLUMN = "salutation"
CANARY = "Augsti godātā Zilzīlīte"
CLOCK = FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
OWNER = ("anna", "seši mazi kaķi ēd putru agri")
FIRM = Firm("SIA Testa birojs", "LV", "40003798684", "Brīvības iela 1, Rīga", "b@example.com")


def before(vault: Path) -> None:
    """Found a register in which nobody has heard of the column."""
    made, _recovery = Kartoteka.create(str(vault), FIRM, OWNER, clock=CLOCK, cost=FLOOR)
    with made:
        card = made.clients.add(
            NewClient(kind="natural", given_name="Zīle", family_name="Zila", relation="prospect")
        )
    tell({"number": card.number, "more": dict(card.more)})


def after(vault: Path) -> None:
    """Fill the column with the commands of every user, look at it everywhere, erase it."""
    told = {"edited": typed(vault, "client", "edit", "1", f"{COLUMN}={CANARY}")}
    with opened(vault) as register:
        office = register.context
        told["more"] = dict(register.clients.show("1").more)
        told["why"] = [d for d in register.clients.why("1")["data"] if d["field"] == COLUMN]
        told["exported"] = exported(register)
        told["goes"] = [line["item"] for line in register.subjects.preview("1").goes]
        told["breaches"] = breaches(register)
        (row,) = office.session.database.execute_sql("SELECT id FROM party").fetchall()
        sealed = sealed_bytes(office.session, bytes(row[0]))
    told["stored"] = stored(vault)
    told["plaintext"] = plaintext(vault)
    forms = spellings(CANARY)
    told["residue"] = residue(vault.parent, forms)
    told["shown"] = typed(vault, "client", "show", "1")
    told["erased"] = typed(vault, "subject", "erase", "1", "--confirm", "1")
    told["residue after"] = residue(vault.parent, forms | sealed)
    with opened(vault) as register:
        told["breaches after"] = breaches(register)
        new = NewClient(kind="legal", name="SIA Zīles", relation="client", more={COLUMN: CANARY})
        told["added"] = dict(register.clients.add(new).more)
    tell({name: plain(value) for name, value in told.items()})


def opened(vault: Path) -> Kartoteka:
    """Open the register, which upgrades it."""
    return Kartoteka.open(str(vault), OWNER[0], lambda: OWNER[1], clock=CLOCK)


def typed(vault: Path, *words: str) -> tuple[int, str]:
    """Type a command."""
    with redirect_stdout(io.StringIO()) as said:
        code = run(["--vault", str(vault), "--user", OWNER[0], *words], CLOCK)
    return code, said.getvalue()


def exported(register: Kartoteka) -> list[str | None]:
    """Return the column of the export."""
    stream = io.BytesIO()
    register.exports.clients(stream, "rfc4180")
    return [row.get(COLUMN) for row in csv.DictReader(io.StringIO(stream.getvalue().decode()))]


def stored(vault: Path) -> int:
    """Return the first byte of what lies in the file: the version of a sealed field."""
    with closing(sqlite3.connect(vault)) as raw:
        ((value,),) = raw.execute(f"SELECT {COLUMN} FROM party").fetchall()
    return int(value[0])


def plaintext(vault: Path) -> str:
    """Try to store a plaintext past the program."""
    with closing(sqlite3.connect(vault)) as raw:
        try:
            raw.execute(f"UPDATE party SET {COLUMN} = ?", (CANARY,))
        except sqlite3.IntegrityError:
            return "refused"
    return "stored"


def plain(value: object) -> object:
    """Leave out what a command printed but for whether the canary was in it."""
    if isinstance(value, tuple):
        code, said = value
        return [code, CANARY in said]
    return value


def tell(told: dict[str, object]) -> None:
    """Write the answer."""
    sys.stdout.write(json.dumps(told, default=str) + "\n")


if __name__ == "__main__":
    {"before": before, "after": after}[sys.argv[1]](Path(sys.argv[2]))
