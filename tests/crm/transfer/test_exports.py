"""Exporting: what a role may see, whole and harmless, and every file known until it is gone."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm.copies.copies import new_copy
from crm.copies.errors import NoSuchCopy
from crm.copies.outgoing import outgoing, tag_of
from crm.errors import FolderUnusable, NoDuty, NothingChosen, TargetExists
from crm.models.files import KnownCopy
from crm.transfer.cards import ImportOrder
from crm.transfer.errors import NumberOfNobody, UnknownProfile
from gdpr.audit.reading import Wanted
from gdpr.errors import NoKey, NoRight
from tests.crm.client_lists import CODE, IBAN, company_number, firm, latvian, person
from tests.crm.planting import plant

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place


def fill(register: Kartoteka) -> None:
    """Import a firm with a contact person and two people."""
    content = latvian(
        firm(1, name="=SUM(A1) Bērziņš"), person(2, personal_code=CODE, iban=IBAN), person(3)
    )
    register.imports.take(io.BytesIO(content), ImportOrder(relation="client"))


def exported(register: Kartoteka, profile: str = "rfc4180") -> bytes:
    """Export to a stream."""
    stream = io.BytesIO()
    register.exports.clients(stream, profile)
    return stream.getvalue()


def rows(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """Read a file as another program would."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=delimiter))


def test_clients_go_out_and_contact_persons_stay(register: Kartoteka) -> None:
    """The file holds each client by number with every field, and nobody who is only a contact."""
    fill(register)

    out = rows(exported(register))

    assert [row["number"] for row in out] == ["1", "3", "4"]
    assert out[0]["reg_no"] == company_number(1)
    assert out[1]["personal_code"] == CODE.replace("-", "")
    assert out[1]["iban"] == IBAN
    assert out[1]["family_name"] == "Žagarnieks2"
    assert "Kārkliņa1" not in exported(register).decode()


@pytest.mark.parametrize(
    ("profile", "delimiter", "name", "kind"),
    [
        ("excel-lv", ";", "Nosaukums", "juridiska"),
        ("excel-it", ";", "Denominazione", "società"),
        ("rfc4180", ",", "name", "legal"),
    ],
)
def test_no_cell_runs_as_a_formula(
    register: Kartoteka, profile: str, delimiter: str, name: str, kind: str
) -> None:
    """A name that looks like a formula is guarded; letters stay what they are, in every profile."""
    fill(register)

    content = exported(register, profile)

    first = rows(content, delimiter)[0]
    assert first[name] == "'=SUM(A1) Bērziņš"
    assert kind in first.values()
    assert content.startswith(b"\xef\xbb\xbf") is (profile != "rfc4180")
    assert not any(cell[:1] in "=+-@" for cell in first.values() if cell)


@pytest.mark.parametrize("profile", ["excel-lv", "excel-it", "rfc4180"])
def test_an_export_comes_back_as_nothing_but_duplicates(register: Kartoteka, profile: str) -> None:
    """Our own file brings nobody in twice and nobody back, whoever was erased meanwhile."""
    plant(register, "prospect", fields={"given_name": "Kanarija", "email": "k@example.com"})
    fill(register)
    content = exported(register, profile)
    register.subjects.erase("1", "no-longer-needed", 1)

    result = register.imports.take(io.BytesIO(content), ImportOrder(relation="client"))

    assert (result.read, result.created, result.rejected) == (4, 0, 0)
    assert result.duplicates == 4
    assert set(result.left_out.values()) == {"unknown"}


@pytest.mark.parametrize("profile", ["excel-lv", "excel-it", "rfc4180"])
def test_another_register_reads_back_what_was_written(
    register: Kartoteka, tmp_path: Path, place: Place, profile: str
) -> None:
    """What an export says is what an import understands, field by field."""
    fill(register)
    before = [register.clients.show(number, reveal=True) for number in ("1", "3", "4")]
    # Not the same bytes any more, so it is taken for a new file.
    content = exported(register, profile) + b"\r\n"
    for number in ("3", "4"):
        register.subjects.erase(number, "unlawful", int(number))
        register.grounds.end(number, all_but=["direct_marketing"], now=True)
    register.grounds.end("1", all_but=["direct_marketing"], now=True)

    result = register.imports.take(io.BytesIO(content), ImportOrder(relation="client"))

    assert (result.created, result.rejected, result.duplicates) == (3, 0, 0)
    after = [register.clients.show(str(number), reveal=True) for number in (5, 6, 7)]
    for old, new in zip(before, after, strict=True):
        for field in ("kind", "country", "name", "reg_no", "vat_no", "email", "personal_code"):
            assert getattr(new, field) == getattr(old, field), field
        for field in ("phone", "iban", "legal_address", "given_name", "family_name"):
            assert getattr(new, field) == getattr(old, field), field


def test_who_is_going_is_left_out(register: Kartoteka) -> None:
    """Data that are going are used for nothing, an export included."""
    fill(register)
    register.grounds.end("3", all_but=["direct_marketing"])

    result = register.exports.clients(io.BytesIO(), "rfc4180")

    assert (result.written, result.left_out) == (2, 1)
    assert "Žagarnieks2" not in exported(register).decode()


def test_chosen_clients_go_out_alone(register: Kartoteka, tmp_path: Path) -> None:
    """Of chosen numbers come the clients in use, with the columns of all; the entry counts both."""
    fill(register)
    register.grounds.end("3", all_but=["direct_marketing"])
    whole = rows(exported(register))
    out, chosen = tmp_path / "out.csv", (4, 3, 2, 4)

    planned = register.exports.contents("rfc4180", chosen)
    result = register.exports.clients(out, "rfc4180", only=chosen)

    found = rows(out.read_bytes())
    assert [row["number"] for row in found] == ["4"]
    assert list(found[0]) == list(whole[0]) == list(planned.headings)
    assert planned.clients == 2
    assert (result.written, result.left_out, result.contacts) == (1, 1, 1)
    entries = register.context.journal.entries(Wanted())
    written = next(entry for entry in entries if entry.event == "file:export:written")
    assert written.body == "chosen=3 count=1 profile=rfc4180"


def test_a_number_of_nobody_is_refused(register: Kartoteka, tmp_path: Path) -> None:
    """A number that was never given, or whose client is erased, leaves neither file nor entry."""
    fill(register)
    out = tmp_path / "out.csv"

    with pytest.raises(NumberOfNobody, match="17"):
        register.exports.clients(out, "rfc4180", only=(1, 17))
    assert not out.exists()
    assert not register.context.session.rows(KnownCopy)


def test_many_are_chosen_as_well_as_few(register: Kartoteka) -> None:
    """More numbers than one question takes come out once each, in their order, and are counted."""
    content = latvian(*(person(place) for place in range(230)))
    register.imports.take(io.BytesIO(content), ImportOrder(relation="client"))
    chosen = range(230, 5, -1)
    steps: list[int] = []
    stream = io.BytesIO()

    register.exports.clients(stream, "rfc4180", only=chosen, progress=steps.append)

    assert [int(row["number"]) for row in rows(stream.getvalue())] == list(range(6, 231))
    assert sum(steps) == 225


def test_a_role_exports_what_it_may_read(place: Place, hire: Hire) -> None:
    """No billing column for a technician, unmasked numbers in the accountant's own files."""
    with place.open() as register:
        fill(register)
    with place.open(hire("technician")) as register:
        out = rows(exported(register))
        assert {"iban", "personal_code"}.isdisjoint(out[0])
        assert out[0]["vat_no"] == f"LV{company_number(1)}"
        assert CODE.replace("-", "") not in exported(register).decode()
    with place.open(hire("accountant")) as register:
        assert rows(exported(register))[1]["iban"] == IBAN
    with place.open(hire("auditor")) as register:
        with pytest.raises(NoKey):
            exported(register)
        with pytest.raises(NoKey):
            register.exports.clients(io.BytesIO(), "rfc4180", only=(1,))


def test_a_written_file_is_private_known_and_in_the_log(
    register: Kartoteka, tmp_path: Path
) -> None:
    """The copy is listed with the day by which it has to go; the entry says count and profile."""
    fill(register)
    out = tmp_path / "out.csv"

    result = register.exports.clients(out, "excel-lv")

    assert out.stat().st_mode & 0o777 == 0o600
    assert (result.written, result.path) == (3, str(out))
    assert result.ends == (register.context.day + timedelta(30)).isoformat()
    (line,) = register.copies.list()
    assert (line.kind, line.path, line.state) == ("export", str(out), "there")
    entries = register.context.journal.entries(Wanted())
    written = next(entry for entry in entries if entry.event == "file:export:written")
    assert written.body == "count=3 profile=excel-lv"
    assert written.object_id is not None
    assert written.object_id.hex() == line.id


def test_no_export_without_a_trace(register: Kartoteka, tmp_path: Path) -> None:
    """A file that cannot be written is no known copy, and one that is there is never lost."""
    there = tmp_path / "there.csv"
    there.write_text("x")

    with pytest.raises(TargetExists):
        register.exports.clients(there, "rfc4180")
    with pytest.raises(FolderUnusable):
        register.exports.clients(tmp_path / "no" / "out.csv", "rfc4180")
    with pytest.raises(UnknownProfile):
        register.exports.clients(tmp_path / "out.csv", "excel-de")
    assert not register.context.session.rows(KnownCopy)
    assert there.read_text() == "x"


def test_a_copy_is_destroyed_and_noted_as_gone(register: Kartoteka, tmp_path: Path) -> None:
    """Shredding overwrites and removes the file, by path or by id, and keeps the line as gone."""
    fill(register)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    register.exports.clients(one, "rfc4180")
    register.exports.clients(two, "rfc4180")
    kept = tmp_path / "hardlink"
    kept.hardlink_to(one)
    second = next(line for line in register.copies.list() if line.path == str(two))

    register.copies.shred([str(one), second.id])

    assert not one.exists()
    assert not two.exists()
    assert b"Upmalas" not in kept.read_bytes()
    assert register.copies.list() == ()
    assert {line.state for line in register.copies.list(gone=True)} == {"gone"}
    assert register.subjects.preview("3")
    with pytest.raises(NoSuchCopy):
        register.copies.shred([str(one)])


def test_only_copies_past_their_end_are_due(place: Place, tmp_path: Path) -> None:
    """`--due` takes what should be gone by now and nothing else; what is not found stays listed."""
    with place.open() as register:
        fill(register)
        register.exports.clients(tmp_path / "old.csv", "rfc4180")
        assert register.copies.shred(due=True) == ()
        with pytest.raises(NothingChosen):
            register.copies.shred()
        (tmp_path / "old.csv").unlink()
        assert [line.state for line in register.copies.list()] == ["missing"]
    for _week in range(3):
        place.clock.instant += timedelta(7)
        with place.open():
            pass
    with place.open() as register:
        register.exports.clients(tmp_path / "new.csv", "rfc4180")
    for _week in range(3):
        place.clock.instant += timedelta(7)
        with place.open():
            pass
    with place.open() as register:
        (line,) = register.copies.shred(due=True)
        assert (line.path, line.state) == (str(tmp_path / "old.csv"), "missing")
        assert [line.state for line in register.copies.list()] == ["missing", "there"]
        assert (tmp_path / "new.csv").exists()


def test_a_copy_is_never_shredded_through_a_link(register: Kartoteka, tmp_path: Path) -> None:
    """Somebody who put a link in the place of a copy does not make us overwrite another file."""
    fill(register)
    out, other = tmp_path / "out.csv", tmp_path / "other.txt"
    register.exports.clients(out, "rfc4180")
    out.unlink()
    other.write_text("untouched")
    out.symlink_to(other)

    (line,) = register.copies.shred([str(out)])

    assert (line.state, line.left) == ("other", ("out.csv",))
    assert other.read_text() == "untouched"
    assert len(register.copies.list()) == 1


def test_what_a_killed_program_left_of_a_copy_is_found(register: Kartoteka, tmp_path: Path) -> None:
    """A file that never got its name belongs to its copy: it is listed and goes with it."""
    fill(register)
    out = tmp_path / "out [1].csv"
    register.exports.clients(out, "rfc4180")
    (copy,) = register.context.session.rows(KnownCopy)
    left = tmp_path / f".out [1].csv.{tag_of(copy)}.part"
    out.rename(left)
    other = tmp_path / ".out [1].csv.0123456789abcdef.part"
    other.write_text("not ours")

    assert [line.state for line in register.copies.list()] == ["unfinished"]
    register.copies.shred([str(out)])

    assert not left.exists()
    assert other.exists()


def test_who_may_destroy_which_copies(place: Place, hire: Hire, tmp_path: Path) -> None:
    """Who may write nothing destroys nothing, and backups are left to those who make them."""
    with place.open() as register:
        office = register.context
        for kind in ("export", "backup"):
            copy = new_copy(office, kind, tmp_path / kind)
            with outgoing(office, copy) as work, work.file(copy) as stream:
                stream.write(b"people")
    with place.open(hire("auditor")) as register, pytest.raises(NoRight):
        register.copies.shred([str(tmp_path / "export")])
    with place.open(hire("office")) as register:
        with pytest.raises(NoDuty):
            register.copies.shred([str(tmp_path / "backup")])
        assert len(register.copies.shred([str(tmp_path / "export")])) == 1
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["backup"]
