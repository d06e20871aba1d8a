"""The sealed register against plain ones: storing, finding, listing, erasing, proving."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from measure import Bench, Figures, interleaved, row, seconds
from people import TEXTS, Person, people
from plain import MODELS, Plain, plain_database, plain_rows, same_indexes, whole_file

from crm.grounds.ground_endings import erasing
from crm.kartoteka import Firm, Kartoteka
from crm.models.party import Party
from crm.names.directory import Names
from crm.parties.search import listing
from gdpr.audit.events import Event
from gdpr.audit.verify import VerifyScope, verify
from gdpr.clock import SystemClock
from gdpr.rules.endings import parse_cause
from gdpr.rules.grounds import COLUMNS as GROUND_COLUMNS
from gdpr.rules.grounds import Opening
from gdpr.rules.purposes import Evidence
from gdpr.rules.stored import GroundRow
from gdpr.store.database import flush_log
from gdpr.store.ids import new_id
from gdpr.vault.kdf import FLOOR

if TYPE_CHECKING:
    from pathlib import Path

    from crm.session.context import RegisterContext

_ROUNDS = 3
_LOOKUPS = 500
_ERASED = 100
_PAGE = 50
_PASSWORD = "gravel sunrise copper lantern 47"
_FIXED = ("number", "kind", "country", "status", "created", "last_activity", "phone_unchecked")
_COLUMNS = (*_FIXED, "import_token", *TEXTS)
_NO_CIPHER = "NO SQLCIPHER HERE: install sqlcipher3-wheels"


@dataclass(slots=True)
class Stored:
    """What the imports took, and the databases of the last round, which other rows read."""

    ours: Kartoteka
    path: Path
    plain: Plain
    plain_path: Path
    cipher: Plain | None
    persons: list[Person]
    ids: list[bytes]
    plain_ids: list[bytes]
    times: dict[str, list[float]] = field(default_factory=dict)

    def close(self) -> None:
        """Close what no row will read."""
        self.ours.context.session.database.close()
        self.plain.close()
        if self.cipher is not None:
            self.cipher.close()

    def time(self, side: str) -> float | None:
        """Return the median of a side's imports, None when there was none."""
        return median(self.times[side]) if self.times.get(side) else None


def stored(bench: Bench) -> Stored:
    """Store the same clients in every way, turn by turn; once for all rows of a run."""
    if "stored" not in bench.shared:
        if not same_indexes():
            raise RuntimeError("the plain table no longer has the indexes of ours")
        bench.shared["stored"] = _store_all(bench)
    found: Any = bench.shared["stored"]
    kept: Stored = found
    return kept


def _store_all(bench: Bench) -> Stored:
    persons = list(people(bench.n))
    times: dict[str, list[float]] = {
        name: [] for name in ("ours", "ten", "peewee", "raw", "cipher")
    }
    for turn in range(_ROUNDS - 1):
        _store_once(bench.folder / f"turn{turn}", persons, times).close()
    found = _store_once(bench.folder / "last", persons, times)
    ten = vault(bench.folder / "last" / "ten.db")
    bundle = ten.context.grounds.by_relation("client", is_legal=False)
    times["ten"].append(seconds(lambda: store(ten.context, persons, bundle)))
    ten.context.session.database.close()
    return found


def _store_once(folder: Path, persons: list[Person], times: dict[str, list[float]]) -> Stored:
    folder.mkdir(mode=0o700)
    ours = vault(folder / "ours.db")
    ids: list[bytes] = []
    times["ours"].append(seconds(lambda: ids.extend(store(ours.context, persons, one(ours)))))
    rows = plain_rows(persons)
    by_peewee = plain_database(folder / "plain.db")
    times["peewee"].append(seconds(partial(by_peewee.insert_many, rows)))
    raw = plain_database(folder / "raw.db")
    times["raw"].append(seconds(partial(raw.execute_many, rows)))
    raw.close()
    cipher = whole_file(folder / "cipher.db")
    if cipher is not None:
        times["cipher"].append(seconds(partial(cipher.insert_many, rows)))
    path, plain_path = folder / "ours.db", folder / "plain.db"
    plain_ids = [client[0] for client, _ in rows]
    return Stored(ours, path, by_peewee, plain_path, cipher, persons, ids, plain_ids, times)


def vault(path: Path) -> Kartoteka:
    """Found an empty vault whose state lies beside it."""
    os.environ["XDG_STATE_HOME"] = str(path.parent)
    firm = Firm("Benchmark", "LV")
    made, _ = Kartoteka.create(
        str(path), firm, ("anna", _PASSWORD), clock=SystemClock(), cost=FLOOR
    )
    return made


def one(opened: Kartoteka) -> Opening:
    """Prepare a single ground that lets everything be stored, as the plain sides have one."""
    purpose = opened.context.grounds.rulebook.purpose("contracts")
    items = frozenset(column.item for column in Party.layout().sealed)
    return Opening((purpose,), "prospect", Evidence.NOTICE, None, items)


def store(office: RegisterContext, persons: list[Person], opening: Opening) -> list[bytes]:
    """Seal and store validated clients with keys, tokens, grounds and the audit entry."""
    desk, day = office.session, office.day
    today = day.isoformat()
    token = desk.ring.import_key.digest
    ids: list[bytes] = []
    with office.journal.audited_change(Event.IMPORTED, count=len(persons)) as deed:
        parties = deed.bulk(Party, _COLUMNS)
        keys_of = deed.bulk(desk.key_model, ())
        grounds = deed.bulk(GroundRow, GROUND_COLUMNS)
        for number, person in enumerate(persons, 1):
            party = new_id()
            ids.append(party)
            keys = parties.new_keys(party)
            fixed = (number, person.kind, person.country, "active", 0, today, 0)
            known = token("\0".join(map(str, person)).encode())[:16]
            warrant = office.grounds.warrant_for(party, opening)
            parties.add(party, (*fixed, known, *person[2:]), keys, warrant)
            keys_of.add_keys(keys)
            office.grounds.open_many(grounds, party, opening, day)
    return ids


@row("import clients / plain peewee insert_many, one ground each", budget=3, stretch=1.5)
def against_peewee(bench: Bench) -> Figures:
    """Store validated rows in hand."""
    found = stored(bench)
    ten, peewee = found.time("ten") or 0, found.time("peewee") or 1
    note = f"with the ten grounds of the client bundle instead of one: {ten / peewee:.2f}"
    return Figures(found.time("ours"), peewee, bench.n, note)


@row("import clients / raw executemany of plain rows", budget=8, stretch=4)
def against_raw(bench: Bench) -> Figures:
    """Store validated rows in hand."""
    return Figures(stored(bench).time("ours"), stored(bench).time("raw"), bench.n)


@row("import clients / SQLCipher + peewee", budget=2, stretch=1.1)
def against_cipher(bench: Bench) -> Figures:
    """Store validated rows in hand."""
    cipher = stored(bench).time("cipher")
    note = _NO_CIPHER if cipher is None else ""
    return Figures(stored(bench).time("ours"), cipher, bench.n, note)


@row("find by VAT number, opened / plaintext peewee lookup", budget=0.5, stretch=0.2)
def lookup(bench: Bench) -> Figures:
    """Find firms by their number and read their names, without the read entry."""
    found = stored(bench)
    desk = found.ours.context.session
    numbers = [person.vat_no for person in found.persons if person.vat_no][:: bench.n // 2_000]
    wanted = numbers[:_LOOKUPS]
    with found.plain.database.bind_ctx(MODELS):
        ours, theirs = interleaved(
            lambda: [desk.find(Party, "vat_no", number)[0].name for number in wanted],
            lambda: [found.plain.by_vat(number) for number in wanted],
            rounds=5,
        )
    return Figures(ours / len(wanted), theirs / len(wanted), bench.n)


@row("directory load at unlock / bare read of the rows", budget=10, stretch=8)
def directory(bench: Bench) -> Figures:
    """Open every name, fold, sort and index it; the other side only fetches the same rows."""
    office = stored(bench).ours.context
    desk = office.session
    # What stays is the statement that reads the names.
    desk.questions.forget()
    Names().of(office)
    statement = next(text for key, text in desk.questions._written.items() if key[0] == "scan")
    ours, bare = interleaved(
        lambda: Names().of(office), lambda: desk.database.execute_sql(statement, ()).fetchall()
    )
    return Figures(ours, bare, bench.n)


@row("page of 50 list rows opened / SQLCipher + peewee full rows", budget=1.5, stretch=1.2)
def page(bench: Bench) -> Figures:
    """Show the first page of the list."""
    found = stored(bench)
    office = found.ours.context

    def ours() -> None:
        for _ in range(20):
            listing(office, status=None, contacts=True, limit=_PAGE)

    cipher = found.cipher
    if cipher is None:
        return Figures(seconds(ours) / 20, None, bench.n, _NO_CIPHER)
    with cipher.database.bind_ctx(MODELS):
        taken, theirs = interleaved(
            ours, lambda: [cipher.page(0, _PAGE) for _ in range(20)], rounds=5
        )
    return Figures(taken / 20, theirs / 20, bench.n)


@row("database size / plaintext with the same indexes", budget=4.5, stretch=3)
def size(bench: Bench) -> Figures:
    """Compare the files, tokens and grounds included, before anything is deleted."""
    found = stored(bench)
    flush_log(found.ours.context.session.database)
    found.plain.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Figures(found.path.stat().st_size, found.plain_path.stat().st_size, bench.n)


@row("audit verify (chain, MACs, sums) / reading the rows", budget=3, stretch=1.2)
def proof(bench: Bench) -> Figures:
    """Verify everything but signatures; the other side fetches the same rows."""
    office = stored(bench).ours.context
    desk, journal = office.session, office.journal
    scope = VerifyScope(journal.desk_id, journal.anchors)

    def read() -> None:
        for model in desk.schema.all_models():
            columns = ", ".join(f'"{name}"' for name in model.layout().columns)
            cursor = desk.database.execute_sql(f'SELECT {columns} FROM "{model.layout().table}"')
            while cursor.fetchmany(1_000):
                pass

    ours, bare = interleaved(lambda: verify(desk, scope, None), read)
    whole = verify(desk, scope, None)
    return Figures(ours, bare, bench.n, "" if whole.ok else "THE VAULT DID NOT VERIFY")


@row("erase one client, the transaction / plaintext peewee delete", budget=3, stretch=1)
def erase(bench: Bench) -> Figures:
    """End grounds, destroy keys, tokens and rows, and log it, without ledger and checkpoint."""
    found = stored(bench)
    office = found.ours.context
    eraser = erasing(office)
    cause = parse_cause("no-longer-needed")

    def destroyed(party: bytes) -> None:
        with office.journal.audited_change(Event.ERASED, party, because=str(cause)) as deed:
            settled = eraser.erase_within(deed, party, cause, office.day)
            if not settled.destroyed.whole:
                raise RuntimeError("the client was not erased as a whole")
            # The ledger is the next row's.
            deed.rights = None

    return _against_delete(bench, found, destroyed, 0)


@row("erase one client, with ledger and checkpoint / the same", budget=6, stretch=3)
def erase_for_good(bench: Bench) -> Figures:
    """Do all that `subject erase` does."""
    found = stored(bench)
    eraser = erasing(found.ours.context)
    cause = parse_cause("no-longer-needed")
    day = found.ours.context.day
    return _against_delete(bench, found, lambda party: eraser.erase(party, cause, day), 1)


@row("erase a hundred clients in one go, each / the same", budget=6, stretch=3)
def erase_together(bench: Bench) -> Figures:
    """Do what a retention run does with those who are due: what follows is done once for all."""
    found = stored(bench)
    office = found.ours.context
    cause = parse_cause("no-longer-needed")

    def destroyed(parties: list[bytes]) -> None:
        with office.journal.together() as lot:
            eraser = erasing(office, lot)
            for party in parties:
                eraser.erase(party, cause, office.day)
        if office.journal.ledger.pending():
            raise RuntimeError("somebody who was erased still waits")

    return _against_delete(bench, found, destroyed, 2, at_once=True)


def _against_delete(
    bench: Bench, found: Stored, erase: Any, part: int, *, at_once: bool = False
) -> Figures:
    """Erase some of the clients in turns with deleting them in plaintext; `at_once` as a list."""
    natural = [place for place, one in enumerate(found.persons) if one.kind == "natural"]
    step = len(natural) // (2 * _ROUNDS * _ERASED)
    chosen = natural[part :: 2 * step][: _ROUNDS * _ERASED]
    rest = iter([found.ids[place] for place in chosen])
    plain_rest = iter([found.plain_ids[place] for place in chosen])

    def ours_go() -> None:
        go = [next(rest) for _ in range(_ERASED)]
        for one in [go] if at_once else go:
            erase(one)

    with found.plain.database.bind_ctx(MODELS):
        ours, theirs = interleaved(
            ours_go,
            lambda: found.plain.delete_all(next(plain_rest) for _ in range(_ERASED)),
        )
    return Figures(ours / _ERASED, theirs / _ERASED, bench.n)
