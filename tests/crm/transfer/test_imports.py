"""Importing: every row once, nobody twice, nobody back, and nothing that no purpose names."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from crm.clients.errors import RelationNeeded
from crm.errors import FileMissing, FolderUnusable, NoKnownColumn, NotAmong, TargetExists
from crm.files.errors import MapFieldUnknown
from crm.models.attached import Employment, Note, ToMend
from crm.models.files import ImportedFile, KnownCopy
from crm.models.party import Party
from crm.transfer.cards import ImportOrder
from crm.transfer.errors import DemoTakesNoFiles
from crm.transfer.words import became
from gdpr.audit.reading import Wanted
from gdpr.errors import NoLawfulBasis, NoRight
from gdpr.rules.errors import EvidenceNeeded, UnknownRelation
from gdpr.rules.stored import GroundRow
from tests.crm.client_lists import CODE, IBAN, company_number, firm, latvian, many, person, table
from tests.crm.conftest import residue

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import FileColumns, ImportResult
    from tests.crm.conftest import Hire, Place


def take(register: Kartoteka, content: bytes, **order: object) -> ImportResult:
    """Import bytes; what the rows are to us is `client` if nothing else is said."""
    if "purposes" not in order:
        order.setdefault("relation", "client")
    return register.imports.take(io.BytesIO(content), ImportOrder(**order))  # type: ignore[arg-type]


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    """Return the five numbers scripts read."""
    return (result.read, result.created, result.updated, result.rejected, result.duplicates)


def parties(register: Kartoteka) -> list[Party]:
    """Return everybody in the register, contact persons included, in the order of their numbers."""
    return sorted(register.context.session.rows(Party), key=lambda party: party.number)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1257", "utf-16"])
def test_rows_become_parties_in_every_encoding(register: Kartoteka, encoding: str) -> None:
    """A firm with its contact person and a human being come in whole, letters and all."""
    content = latvian(firm(1), person(2, personal_code=CODE), encoding=encoding)

    result = take(register, content)

    assert counts(result) == (2, 2, 0, 0, 0)
    assert result.contacts == 1
    company, contact, human = parties(register)
    assert [p.number for p in (company, contact, human)] == [1, 2, 3]
    assert (company.name, company.reg_no) == ("SIA Upmalas Dati 1", company_number(1))
    assert company.vat_no == f"LV{company_number(1)}"
    assert company.iban == IBAN
    assert (company.status, contact.status, human.status) == ("active", "contact", "active")
    assert contact.display_name() == "Ieviņa Kārkliņa1"
    assert human.personal_code == CODE.replace("-", "")
    (place,) = register.context.session.rows(Employment, person=bytes(contact.id))
    assert bytes(place.company) == bytes(company.id)
    assert place.position == "grāmatvede"
    (note,) = register.context.session.rows(Note, party=bytes(company.id))
    assert note.text == "maksā laikus"


def test_everything_stored_stands_on_grounds(register: Kartoteka) -> None:
    """Each party holds the purposes of its relation, a contact person those of contacts."""
    take(register, latvian(firm(1), person(2)))

    rulebook = register.context.grounds.rulebook
    company, contact, human = parties(register)
    for party, relation in ((company, "client"), (contact, "contact"), (human, "client")):
        held = register.context.grounds.of(bytes(party.id))
        assert {ground.purpose.code for ground in held} == set(rulebook.relation(relation).purposes)
    health = register.doctor.examine()
    assert not health.damages
    assert next(c.count for c in health.checks if c.check == "clockless") == 0


def test_the_same_file_again_creates_nothing(register: Kartoteka) -> None:
    """All rows of a file that was imported before are duplicates; the rejected stay rejected."""
    content = latvian(firm(1), person(2), person(3, email="nowhere"))

    first, second = take(register, content), take(register, content)

    assert counts(first) == (3, 2, 0, 1, 0)
    assert counts(second) == (3, 0, 0, 1, 2)
    assert len(parties(register)) == 3


def test_a_known_number_or_an_equal_row_is_a_duplicate(register: Kartoteka) -> None:
    """Rows are known by registration, VAT and personal number and by being wholly equal."""
    take(register, latvian(firm(1), person(2), person(3, personal_code=CODE)))

    other = latvian(
        firm(9, reg_no=company_number(1), name="SIA Cits nosaukums"),
        firm(10, reg_no="", vat_no=f"LV{company_number(1)}"),
        person(2),
        person(11, personal_code=CODE.replace("-", "")),
        person(12, vat_no=f"LV{CODE.replace('-', '')}"),
        person(13),
        person(13),
        firm(14),
        firm(15, reg_no=company_number(14), vat_no=""),
    )
    result = take(register, other)

    assert counts(result) == (9, 2, 0, 0, 7)


def test_a_dry_run_tells_the_same_and_stores_nothing(register: Kartoteka) -> None:
    """What a dry run counts is what the run counts, doubles within the file included."""
    content = latvian(
        *(firm(number) for number in range(1, 4)), *(person(7) for _ in range(2)), person(8)
    )

    told = take(register, content, dry_run=True)

    assert not parties(register)
    assert not register.context.session.rows(ImportedFile)
    done = take(register, content)
    assert counts(told) == counts(done)
    assert told.dry_run
    assert "5 clients would be created" in became(told)
    assert "5 clients created" in became(done)


def test_nobody_comes_back_after_an_erasure(place: Place) -> None:
    """The file of an erased person, imported again, brings nobody back; the row's hash is gone."""
    content = latvian(person(1), person(2))
    with place.open() as register:
        take(register, content, relation="prospect")
        gone, _stays = parties(register)
        token = bytes(gone.import_token or b"")
        receipt = register.subjects.erase("1", "no-longer-needed", 1)
        assert receipt.whole

        again = take(register, content, relation="prospect")
        elsewhere = take(register, latvian(person(1)), relation="prospect", dry_run=True)

        assert counts(again) == (2, 0, 0, 0, 2)
        assert [party.number for party in parties(register)] == [2]
        assert elsewhere.created == 1
    assert token
    assert not [name for name, content in residue(place.folder) if token in content]


def test_a_known_row_revives_nobody_either(register: Kartoteka) -> None:
    """A line that was a duplicate stays one when the party it was about is erased."""
    take(register, latvian(person(1, personal_code=CODE)), relation="client")
    second = latvian(person(5, personal_code=CODE), person(6))
    assert counts(take(register, second)) == (2, 1, 0, 0, 1)
    register.grounds.end("1", all_but=["direct_marketing"], now=True)
    assert len(parties(register)) == 1

    assert counts(take(register, second)) == (2, 0, 0, 0, 2)


def test_rejected_rows_come_in_after_mending(register: Kartoteka, tmp_path: Path) -> None:
    """The rejects file says line, column and reason, and is itself a file to import."""
    rejects = tmp_path / "bad.csv"
    content = latvian(firm(1), firm(2, iban="LV81BANK0000435195001"), person(3, email="x@"))

    result = take(register, content, rejects=rejects)

    assert [(r.line, r.nr, r.column, r.reason) for r in result.rejects] == [
        (3, 2, "Konts (IBAN)", "iban"),
        (4, 3, "E-pasts", "email"),
    ]
    mended = (
        rejects.read_bytes()
        .replace(b"LV81BANK0000435195001", IBAN.encode())
        .replace(b'"x@"', b'"x@example.com"')
    )
    assert counts(take(register, mended)) == (2, 2, 0, 0, 0)
    assert counts(take(register, content)) == (3, 0, 0, 2, 1)


def test_a_rejects_file_is_a_known_copy(register: Kartoteka, tmp_path: Path) -> None:
    """The file is private, listed with its end, and not made when nothing was rejected."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"

    take(register, latvian(person(1)), rejects=good)
    take(register, latvian(person(2, email="x@")), rejects=bad)

    assert not good.exists()
    assert bad.stat().st_mode & 0o777 == 0o600
    (copy,) = register.context.session.rows(KnownCopy)
    assert (copy.kind, copy.path, copy.gone) == ("rejects", str(bad), None)
    assert copy.ends > register.context.day.isoformat()


def test_a_rejects_file_that_cannot_be_written_is_refused_first(
    register: Kartoteka, tmp_path: Path
) -> None:
    """No row is stored when the rejected ones would have nowhere to go."""
    there = tmp_path / "there.csv"
    there.write_text("x")
    content = latvian(person(1), person(2, email="x@"))

    with pytest.raises(TargetExists):
        take(register, content, rejects=there)
    with pytest.raises(FolderUnusable):
        take(register, content, rejects=tmp_path / "no" / "bad.csv")
    assert not parties(register)
    assert there.read_text() == "x"


def test_what_no_purpose_names_is_left_out_and_stored_nowhere(place: Place) -> None:
    """Left-out columns are reported, cost no row, tell no rows apart and leave no trace."""
    rows = [firm(1, iban="LV00WRONG"), person(2, personal_code="161375-19997")]
    twin = firm(3, name="SIA Upmalas Dati 1", email="info1@example.com", iban=IBAN)
    twin |= {"Juridiskā adrese": rows[0]["Juridiskā adrese"]}
    twin |= {"Kontaktpersonas uzvārds": "Kārkliņa1"}
    with place.open() as register:
        tokens = [
            register.context.session.ring.token_key(kind).token(text)  # type: ignore[union-attr]
            for kind, text in (
                ("iban", "LV00WRONG"),
                ("iban", IBAN),
                ("reg_no", company_number(1)),
                ("official_number", "16137519997"),
            )
        ]

        result = take(register, latvian(*rows, twin), purposes=("service_delivery",))

        assert counts(result) == (3, 2, 0, 0, 1)
        assert result.left_out["Konts (IBAN)"] == "bank"
        assert "official_number" in result.left_out["Personas kods"]
        assert {"Reģ. Nr.", "PVN Nr.", "Amats", "Piezīmes"} <= set(result.left_out)
        assert "E-pasts" not in result.left_out
        for party in parties(register):
            filled = {c.item for c in Party.layout().sealed if party.holds(c.name)}
            assert filled <= {"name", "email", "phone", "address"}
            assert set(register.context.session.keys_of(bytes(party.id)).wrapped) <= {
                "identity",
                "contact",
            }
        assert {row.purpose for row in register.context.session.rows(GroundRow)} == {
            "service_delivery"
        }
        assert not register.context.session.rows(Note)
    for name, content in residue(place.folder):
        for text in (b"LV00WRONG", IBAN.encode(), company_number(1).encode(), b"161375"):
            assert text not in content, name
        for token in tokens:
            assert token not in content, name


def test_contact_persons_get_the_purposes_that_have_a_basis_for_them(register: Kartoteka) -> None:
    """Of the chosen purposes a contact person holds only those that may concern one."""
    codes = ("service_delivery", "personalised_offers_profiling")

    take(register, latvian(firm(1)), purposes=codes, evidence="consent")

    company, contact = parties(register)
    held = [
        {ground.purpose.code for ground in register.context.grounds.of(bytes(party.id))}
        for party in (company, contact)
    ]
    assert held == [set(codes), {"service_delivery"}]


def test_rows_without_a_name_to_keep_are_refused(register: Kartoteka) -> None:
    """Purposes that name no name would let in people whom nobody could find again."""
    with pytest.raises(NoLawfulBasis):
        take(register, latvian(firm(1)), purposes=("crm_data_quality",))
    assert not parties(register)


def test_the_preview_comes_before_the_first_row(register: Kartoteka) -> None:
    """Whoever watches learns what becomes of each column while nothing is stored yet."""
    seen = []

    def show(found: FileColumns) -> None:
        seen.append((found.columns, len(parties(register))))

    order = ImportOrder(purposes=("service_delivery",))
    result = register.imports.take(io.BytesIO(latvian(firm(1))), order, show=show)

    assert seen == [(result.columns, 0)]
    by_column = {use.column: use for use in result.columns}
    assert by_column["E-pasts"].purposes == ("service_delivery",)
    assert by_column["E-pasts"].left_out is None
    assert by_column["Konts (IBAN)"].purposes == ()
    assert by_column["Konts (IBAN)"].left_out == "bank"


def test_defective_rows_are_kept_with_the_bad_value_aside(register: Kartoteka) -> None:
    """On demand a bad value waits to be mended, a nameless row has no name, and none is lost."""
    content = latvian(
        firm(1, iban="LV81BANK0000435195001", reg_no="40003798685", vat_no=""),
        person(2, personal_code="161175-19998"),
        {"Nr.": "3", "Klienta veids": "juridiska", "E-pasts": "bez.varda@example.com"},
    )

    assert take(register, content, dry_run=True).rejected == 3
    result = take(register, content, keep_defective=True)

    assert counts(result) == (3, 3, 0, 0, 0)
    assert result.to_mend == 3
    company, contact, human, nameless = parties(register)
    assert company.iban is None
    assert company.reg_no is None
    (aside,) = register.context.session.rows(ToMend, party=bytes(company.id))
    assert (aside.iban, aside.reg_no) == ("LV81BANK0000435195001", "40003798685")
    (aside,) = register.context.session.rows(ToMend, party=bytes(human.id))
    assert aside.official_number == "161175-19998"
    assert nameless.display_name() == ""
    assert nameless.email == "bez.varda@example.com"
    assert contact.status == "contact"


def test_a_phone_is_kept_as_typed(register: Kartoteka) -> None:
    """An odd phone number costs no row; it is marked to be checked and found by its digits."""
    result = take(register, latvian(person(1, phone="zvanīt 2345 pēc sešiem")))

    (party,) = parties(register)
    assert result.to_check == 1
    assert party.phone_unchecked == 1
    assert party.phone == "zvanīt 2345 pēc sešiem"
    assert [line.number for line in register.clients.find("2345").lines] == [1]


def test_where_data_come_from_is_stored_where_a_purpose_asks(register: Kartoteka) -> None:
    """The source and the day of information are kept under the purpose that names them alone."""
    content = latvian(firm(1), person(2))
    order = {"obtained_from": "third-party", "informed": "unknown"}

    take(register, content, **order)
    take(register, latvian(person(3)), purposes=("service_delivery",), **order)

    company, contact, human, other = parties(register)
    assert company.provenance == "third-party"
    assert contact.provenance == human.provenance == "third-party; informed unknown"
    assert other.provenance is None


def test_differences_are_shown_and_taken_over(register: Kartoteka) -> None:
    """With --update a row known by its number brings the party up to date, field by field."""
    take(register, latvian(firm(1), person(2, personal_code=CODE)))
    newer = latvian(
        firm(1, email="jauns@example.com", phone="", name="SIA Upmalas Dati Plus"),
        person(2, personal_code=CODE, iban=IBAN),
        person(3),
    )

    told = take(register, newer, update=True, dry_run=True)
    assert next(party.email for party in parties(register)) == "info1@example.com"
    done = take(register, newer, update=True)

    assert counts(told) == counts(done) == (3, 1, 2, 0, 0)
    assert [(c.number, c.field, c.was, c.becomes) for c in done.changes] == [
        (1, "name", "SIA Upmalas Dati 1", "SIA Upmalas Dati Plus"),
        (1, "email", "info1@example.com", "jauns@example.com"),
        (3, "iban", None, "••••5001"),
    ]
    company, _contact, human, _new = parties(register)
    assert (company.email, company.phone) == ("jauns@example.com", "+37167001122")
    assert human.iban == IBAN
    assert counts(take(register, newer, update=True)) == (3, 0, 0, 0, 3)


def test_an_update_touches_nothing_that_is_going(register: Kartoteka) -> None:
    """Data that are going are used for nothing: not compared, not changed, not brought back."""
    take(register, latvian(firm(1)))
    register.grounds.end("1", all_but=["direct_marketing"])

    result = take(register, latvian(firm(1, email="jauns@example.com")), update=True)

    assert counts(result) == (1, 0, 0, 0, 1)
    assert parties(register)[0].email == "info1@example.com"


def test_an_update_stores_only_what_a_live_ground_names(register: Kartoteka) -> None:
    """A column covered by the import but by no ground of the party stays outside."""
    take(register, latvian(firm(1)), purposes=("contracts",))

    result = take(register, latvian(firm(1, notes="jauna piezīme")), update=True)

    assert result.updated == 0
    assert not register.context.session.rows(Note)


def test_a_column_can_be_named_by_hand(register: Kartoteka) -> None:
    """--map says what an unknown heading holds, and what to leave out."""
    content = table(("Ko saucam", "Raksti uz", "E-pasts"), [("SIA Rasa", "r@example.com", "x")])
    order = (("Ko saucam", "name"), ("Raksti uz", "email"), ("E-pasts", "-"))

    take(register, content, mapping=order)

    (party,) = parties(register)
    assert (party.name, party.email) == ("SIA Rasa", "r@example.com")
    with pytest.raises(MapFieldUnknown):
        take(register, content, mapping=(("Ko saucam", "vecums"),))
    with pytest.raises(NoKnownColumn):
        take(register, table(("a", "b"), [("1", "2")]))


def test_an_import_needs_a_reason(register: Kartoteka) -> None:
    """Neither both nor none of relation and purposes will do, and a consent is never assumed."""
    content = latvian(person(1))

    with pytest.raises(RelationNeeded):
        take(register, content, relation=None)
    with pytest.raises(RelationNeeded):
        take(register, content, relation="client", purposes=("contracts",))
    with pytest.raises(UnknownRelation):
        take(register, content, relation="draugs")
    with pytest.raises(EvidenceNeeded):
        take(register, content, relation="newsletter")
    with pytest.raises(NotAmong):
        take(register, content, obtained_from="klačas")
    assert take(register, content, relation="newsletter", evidence="consent").created == 1
    assert parties(register)[0].status == "prospect"


def test_a_missing_file_is_named_as_such(register: Kartoteka, tmp_path: Path) -> None:
    """A file that is not there is not a fault of the program."""
    with pytest.raises(FileMissing):
        register.imports.take(tmp_path / "nav.csv", ImportOrder(relation="client"))


def test_a_demo_takes_no_files_unasked(place: Place) -> None:
    """Real people do not end up in a register whose password is published."""
    with place.open() as register:
        object.__setattr__(register.context, "demo", True)
        with pytest.raises(DemoTakesNoFiles):
            take(register, latvian(person(1)))
        assert take(register, latvian(person(1)), into_demo=True).created == 1


def test_who_may_not_enter_clients_may_not_import(place: Place, hire: Hire) -> None:
    """A role that may only read names takes nothing in."""
    for role in ("accountant", "technician", "auditor"):
        with place.open(hire(role)) as register, pytest.raises(NoRight):
            take(register, latvian(person(1)))


def test_each_batch_leaves_an_entry_of_codes_and_counts(register: Kartoteka) -> None:
    """The log tells how many came in, and nothing about whom."""
    take(register, table(("name", "email"), many(600)), purposes=("service_delivery",))

    entries = [
        entry
        for entry in register.context.journal.entries(Wanted())
        if entry.event == "file:import:taken"
    ]
    assert [entry.body for entry in reversed(entries)] == [
        "created=500 duplicates=0 updated=0",
        "created=100 duplicates=0 updated=0",
    ]
    assert len({entry.object_id for entry in entries}) == 1


_CHILD = """
import os, signal, sys
from pathlib import Path
from datetime import UTC, datetime
from crm.transfer.cards import ImportOrder
from crm.kartoteka import Kartoteka
from gdpr.clock import FixedClock
from gdpr.store.bulk import BulkWriter
vault, user, file, when = sys.argv[1:]
clock = FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
register = Kartoteka.open(vault, user, lambda: os.environ["KARTOTEKA_PASSWORD"], clock=clock)
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
order, done = ImportOrder(purposes=("service_delivery",)), 0
if when == "between":
    register.imports.take(Path(file), order, progress=die)
store = BulkWriter.store
def dying(self, rows):
    global done
    store(self, rows)
    done += 1
    if done == int(when):
        die()
BulkWriter.store = dying
register.imports.take(Path(file), order)
"""


@pytest.mark.parametrize(("when", "whole"), [("between", 500), ("4", 0), ("7", 500), ("13", 1000)])
def test_a_killed_import_leaves_whole_batches_and_goes_on(
    place: Place, tmp_path: Path, when: str, whole: int
) -> None:
    """Killed between batches or amid one, the next run brings in the rest, each row once."""
    file = tmp_path / "many.csv"
    file.write_bytes(table(("name", "email"), many(1200)))
    environment = {**os.environ, **place.environment, "KARTOTEKA_PASSWORD": place.owner.password}

    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(place.vault), place.owner.name, str(file), when],
        env=environment,
        capture_output=True,
        check=False,
    )

    assert child.returncode == -signal.SIGKILL, child.stderr
    with place.open() as register:
        assert len(parties(register)) == whole
        result = register.imports.take(file, ImportOrder(purposes=("service_delivery",)))
        assert counts(result) == (1200, 1200 - whole, 0, 0, whole)
        emails = [party.email for party in parties(register)]
        assert emails == [f"p{number}@example.com" for number in range(1200)]
        assert register.audit.verify().ok


# So many batches bring all that is new.
_FIRST = 9


def test_memory_does_not_grow_with_the_file(register: Kartoteka) -> None:
    """Twenty thousand rows, most of them doubles, need no more memory than the first thousands."""
    names = [(name,) for name, _ in many(3_000)]
    content = io.BytesIO(table(("name",), (*names, *names * 5, *names[:2_000])))
    held: list[int] = []

    def watch(_steps: int) -> None:
        # What is taken from here on is counted; to count all of it takes twice as long.
        if len(held) == _FIRST:
            tracemalloc.start()
        held.append(tracemalloc.get_traced_memory()[0])

    try:
        order = ImportOrder(purposes=("service_delivery",))
        result = register.imports.take(content, order, progress=watch)
    finally:
        tracemalloc.stop()

    assert (result.created, result.duplicates) == (3_000, 17_000)
    assert len(held) == 40
    assert max(held[_FIRST + 1 :]) - held[_FIRST] < 1_000_000
