"""The rejects file says what is wrong and, once mended, is imported like the first one."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.files.candidate import Candidate, Rejection
from crm.files.headings import FIELDS, read_headings
from crm.files.judge import Judge
from crm.files.private import private_file
from crm.files.reading import FileTable
from crm.files.rejected_columns import OWN_COLUMNS
from crm.transfer.rejected_rows import RejectsFile

if TYPE_CHECKING:
    from pathlib import Path

ITEMS = frozenset(
    item for field in FIELDS.values() for item in (field.legal, field.natural) if item
)
SOURCE = """\
Nr.;Nosaukums;Reģ. Nr.;E-pasts;Tālrunis;Piezīmes
1;SIA Labā;40003521600;a@example.com;;
2;SIA Ķirsis;40003521601;nav@;+37167793292;"=1+1; rinda
otra"
3;SIA Garā;41503001047;;;;x
4;"SIA Vaļā;41503001047;;;
5;'t Hart;;b@;;'0123
""".replace("\n", "\r\n").encode("cp1257")


def judged(content: bytes) -> tuple[tuple[str, ...], list[Candidate | Rejection]]:
    table = FileTable(io.BytesIO(content))
    layout = read_headings(table.headings)
    judge = Judge(layout, party=ITEMS, contact=ITEMS, today=date(2026, 11, 22))
    return table.headings, [judge.judge(row) for row in table]


def rejected(content: bytes, target: Path) -> list[Rejection]:
    headings, rows = judged(content)
    found = [row for row in rows if isinstance(row, Rejection)]
    with private_file(target) as stream, RejectsFile(stream, headings) as rejects:
        for row in found:
            rejects.add(row)
    assert rejects.written == len(found)
    return found


def test_the_file_says_where_what_and_why(tmp_path: Path) -> None:
    """Everything that is wrong with a row stands before it, so that one round of mending does."""
    target = tmp_path / "bad.csv"
    rejected(SOURCE, target)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert target.stat().st_mode & 0o777 == 0o600
    text = io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text, delimiter=";", strict=True))
    assert rows[0] == [*OWN_COLUMNS, *SOURCE.decode("cp1257").split("\r\n")[0].split(";")]
    assert [(*row[:2], row[4]) for row in rows[1:]] == [
        ("3", "Reģ. Nr. + E-pasts", "reg_no checksum + email"),
        ("5", "", "columns"),
        ("6", "", "quotes"),
        ("7", "E-pasts", "email"),
    ]
    assert rows[1][2].startswith("The check digit of the registration number is wrong.")
    assert "This is not a complete e-mail address." in rows[1][2]
    assert rows[1][5:] == [
        *("2", "SIA Ķirsis", "40003521601", "nav@", "'+37167793292"),
        "'=1+1; rinda\r\notra",
    ]
    assert rows[3][5:] == ['4;"SIA Vaļā;41503001047;;;']
    assert rows[4][5:] == ["5", "'t Hart", "", "b@", "", "'0123"]


def test_an_unmended_file_is_rejected_for_the_same_reasons(tmp_path: Path) -> None:
    """A row that fell apart never slips in because the rejects file wrote it neatly."""
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    before = rejected(SOURCE, first)
    after = rejected(first.read_bytes(), second)
    assert [row.nr for row in after] == [2, 3, None, 5]
    assert [row.reason for row in after] == ["reg_no checksum", "columns", "columns", "email"]
    assert [row.cells[5:] for row in (after[0], after[3])] == [before[0].cells, before[3].cells]
    third = rejected(second.read_bytes(), tmp_path / "3.csv")
    assert [row.cells[5:] for row in third] == [row.cells[5:] for row in after]
    headings = FileTable(io.BytesIO(second.read_bytes())).headings
    assert headings == (*OWN_COLUMNS, *FileTable(io.BytesIO(SOURCE)).headings)


@pytest.mark.parametrize(
    ("language", "why"),
    [("lv", "Tā nav pilna e-pasta adrese."), ("it", "un indirizzo e-mail completo.")],
)
def test_whoever_mends_reads_their_language(tmp_path: Path, language: str, why: str) -> None:
    """Headings and reasons are in the language in use, and any language is read."""
    target = tmp_path / "bad.csv"
    i18n.use(language)
    before = rejected(SOURCE, target)
    i18n.use("en")

    text = target.read_text("utf-8-sig")
    headings = FileTable(io.BytesIO(target.read_bytes())).headings
    after = rejected(target.read_bytes(), tmp_path / "again.csv")

    assert why in text
    assert headings[:5] == tuple(one.said(language) for one in OWN_COLUMNS)
    assert [row.cells[5:] for row in (after[0], after[3])] == [before[0].cells, before[3].cells]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1257"])
def test_a_mended_file_is_imported_like_the_first(tmp_path: Path, encoding: str) -> None:
    """Its own columns are passed over, and what is read is what the first file would have given."""
    target = tmp_path / "bad.csv"
    rejected(SOURCE, target)
    mend = {"40003521601": "40003521600", "nav@": "k@example.com", "b@": "b@example.com"}

    def mended(text: str) -> str:
        for bad, good in mend.items():
            text = text.replace(bad, good)
        return text

    again = mended(target.read_bytes().decode("utf-8-sig")).encode(encoding)
    wanted = mended(SOURCE.decode("cp1257")).encode("cp1257")
    found = {row.nr: row for row in judged(again)[1] if isinstance(row, Candidate)}
    expected = {row.nr: row for row in judged(wanted)[1] if isinstance(row, Candidate)}
    assert set(found) == {2, 5}
    for nr, row in found.items():
        assert row.party == expected[nr].party
        assert row.canonical == expected[nr].canonical


def test_a_failing_import_leaves_no_rejects_file(tmp_path: Path) -> None:
    """A list that ends early would pass for the whole one."""
    target = tmp_path / "bad.csv"

    def fail_midway() -> None:
        with private_file(target) as stream, RejectsFile(stream, ["Nr."]) as rejects:
            rejects.add(Rejection(2, 1, "Nr.", "email", ("1",)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert list(tmp_path.iterdir()) == []
