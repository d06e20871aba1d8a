"""Who may be a client already is asked about, and a second import fills in what was left out."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from crm.files.rejected_columns import DECISION
from crm.models.attached import FURTHER_MODELS
from crm.models.party import Party
from crm.transfer.cards import ImportOrder

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import ImportResult

FIRST = "Vārds;Uzvārds;E-pasts;Tālrunis;Adrese\nAnna;Liepa;anna@example.com;29123456;Rīga\n"


def take(register: Kartoteka, content: str | bytes, **order: object) -> ImportResult:
    data = content.encode() if isinstance(content, str) else content
    order.setdefault("relation", "client")
    return register.imports.take(io.BytesIO(data), ImportOrder(**order))  # type: ignore[arg-type]


def parties(register: Kartoteka) -> list[Party]:
    return sorted(register.context.session.rows(Party), key=lambda party: party.number)


@pytest.mark.parametrize(
    ("row", "alike"),
    [
        ("Anna;Liepa;ANNA@example.com;;Cēsis", True),
        ("A.;Liepa;;+371 29123456;", True),
        ("Liepa;Anna;;;", True),
        ("Anna;Liepa;other@example.com;29123457;Rīga", False),
        ("Juris;Kalns;juris@example.com;;Rīga", False),
    ],
)
def test_a_row_that_may_be_a_client_is_asked_about(
    register: Kartoteka, row: str, *, alike: bool
) -> None:
    """An equal address or phone, or an equal name that nothing contradicts, stays outside."""
    take(register, FIRST)
    head = FIRST.split("\n", maxsplit=1)[0]
    result = take(register, f"{head}\n{row}\n")

    found = [(one.reason, one.alike) for one in result.rejects]
    assert found == ([("double", (1,))] if alike else [])
    assert result.created == int(not alike)


def test_within_one_file_namesakes_are_two(register: Kartoteka) -> None:
    """A file is held against who was there before it, not against its own rows."""
    result = take(register, "Vārds;Uzvārds;Piezīmes\nAnna;Liepa;a\nAnna;Liepa;b\n")

    assert (result.created, result.rejected) == (2, 0)


@pytest.mark.parametrize(
    ("doubles", "created", "known", "address"),
    [("same", 0, 1, "Cēsis"), ("new", 1, 0, None), ("skip", 0, 1, None)],
)
def test_doubles_are_decided_for_all_at_once(
    register: Kartoteka, doubles: str, created: int, known: int, address: str | None
) -> None:
    """The same fills in what the client has not, new enters, skip leaves out."""
    take(register, "Vārds;Uzvārds;E-pasts\nAnna;Liepa;anna@example.com\n")
    content = (
        "Vārds;Uzvārds;E-pasts;Adrese;Mobilais\nAnna M.;Liepa;anna@example.com;Cēsis;29123456\n"
    )
    result = take(register, content, doubles=doubles)

    assert (result.created, result.duplicates + result.updated) == (created, known)
    first = parties(register)[0]
    assert (first.given_name, first.legal_address) == ("Anna", address)


def test_the_rejects_file_is_where_it_is_decided(register: Kartoteka, tmp_path: Path) -> None:
    """Row by row: the same client by number, somebody new, or nobody."""
    head = "Vārds;Uzvārds;E-pasts;Tālrunis\n"
    people = [f"Persona{n};Kalns;p{n}@example.com;" for n in range(3)]
    take(register, head + "\n".join(people) + "\n")
    rejects = tmp_path / "doubles.csv"
    again = [f"Cita{n};Kalne;p{n}@example.com;2912345{n}" for n in range(3)]
    result = take(register, head + "\n".join(again) + "\n", rejects=rejects)
    assert result.rejected == 3

    rows = list(csv.reader(io.StringIO(rejects.read_text("utf-8-sig")), delimiter=";"))
    place = rows[0].index(DECISION)
    assert [row[4] for row in rows[1:]] == ["double: 1", "double: 2", "double: 3"]
    assert rows[1][2] == "This may be client 1. Write beside it: same, new or skip."
    for row, word in zip(rows[1:], ("tas pats 1", "jauns", "skip"), strict=True):
        row[place] = word
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    decided = take(register, text.getvalue())

    assert (decided.created, decided.rejected) == (1, 0)
    one, two, three, new = parties(register)
    assert (one.given_name, one.phone) == ("Persona0", "+37129123450")
    assert (two.phone, three.phone) == (None, None)
    assert (new.given_name, new.email) == ("Cita1", "p1@example.com")


def test_one_row_is_decided_on_the_screen_as_in_the_file(register: Kartoteka) -> None:
    """What the screen asks for a row goes the same way."""
    take(register, FIRST)
    content = FIRST.replace("Rīga", "Cēsis").replace("29123456", "29999999").encode()
    order = ImportOrder(relation="client")
    assert register.imports.take(io.BytesIO(content), order).rejects[0].alike == (1,)

    done = register.imports.decide(io.BytesIO(content), order, 2, "new")
    assert (done.created, done.rejected) == (1, 0)


def test_a_forgotten_column_is_filled_in_by_the_same_file(register: Kartoteka) -> None:
    """With --map the same file brings what it had left out, to whom it came from, and no more."""
    head = "Vārds;Uzvārds;Zvanīt uz;E-pasts\n"
    content = f"{head}Anna;Liepa;29123456;\nJuris;Kalns;29123457;j@example.com\n"
    take(register, content)
    register.clients.edit("2", {"email": ""})
    mapping = (("Zvanīt uz", "phone"),)
    trial = take(register, content, mapping=mapping, dry_run=True)
    result = take(register, content, mapping=mapping)

    assert [(one.number, one.field) for one in trial.changes] == [(1, "phone"), (2, "phone")]
    assert (result.created, result.updated) == (0, 2)
    anna, juris = parties(register)
    assert (anna.phone, juris.phone) == ("+37129123456", "+37129123457")
    assert take(register, content, mapping=mapping).updated == 0


def test_an_update_brings_further_phones_once(register: Kartoteka) -> None:
    """A second column of phones is added to the card, whatever is there stays once."""
    head = "Nosaukums;Reģ. Nr.;Tālrunis;Mobilais\n"
    take(register, head + "SIA A;40003521600;67000001;\n")
    for _again in range(2):
        take(register, head + "SIA A;40003521600;67000001;29123456\n", update=True)

    rows = register.context.session.rows(FURTHER_MODELS["phone"])
    assert [row.value for row in rows] == ["+37129123456"]
