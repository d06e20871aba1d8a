"""What is written comes back as it was, opens rightly in spreadsheets, and runs nothing there."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import numbers
from crm.files.formula_guard import guarded, guarded_digits, unguarded
from crm.files.reading import FileRow, FileTable
from crm.files.writing import PROFILES, Cell, Holds, OutColumn, TableWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = tuple(PROFILES)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"), max_size=20)


def written(profile: str, columns: list[OutColumn], *rows: Sequence[Cell]) -> bytes:
    stream = io.BytesIO()
    with TableWriter(stream, columns, PROFILES[profile]) as writer:
        for row in rows:
            writer.write(row)
        assert writer.written == len(rows)
    return stream.getvalue()


def cells(content: bytes, profile: str) -> list[list[str]]:
    """Read as another program would, which knows nothing of our guards."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=PROFILES[profile].delimiter, strict=True))


@pytest.mark.parametrize("profile", NAMES)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=5),
    holds=st.sampled_from(["text", "digits"]),
)
def test_every_text_comes_back_as_it_was(
    profile: str, rows: list[tuple[str, str, str]], holds: str
) -> None:
    """Quotes, delimiters, line breaks, formulas and apostrophes survive every profile."""
    columns = [OutColumn(heading, Holds(holds)) for heading in ("a", "b", "c")]
    content = written(profile, columns, *([*row] for row in rows))
    found = list(FileTable(io.BytesIO(content)))
    assert all(isinstance(row, FileRow) for row in found)
    assert [row.cells for row in found] == [row for row in rows if any(row)]


@pytest.mark.parametrize("profile", NAMES)
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠", "'="])
def test_no_text_starts_as_a_formula(profile: str, start: str) -> None:
    """A name may be anything, and a spreadsheet must not run it."""
    row = cells(written(profile, [OutColumn("a")], [start + "1"]), profile)[1]
    assert row == ["'" + start + "1"]


@pytest.mark.parametrize("profile", NAMES)
@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_numbers_are_numbers(profile: str, amount: Decimal) -> None:
    """A negative amount is no formula, and has the decimal mark of its readers."""
    row = cells(written(profile, [OutColumn("a")], [amount]), profile)[1]
    mark = "." if profile == "rfc4180" else ","
    assert Decimal(row[0].replace(mark, ".")) == amount
    assert "E" not in row[0]


def test_spreadsheet_files_are_made_for_a_double_click() -> None:
    """They carry their encoding's mark, semicolons, and Windows line ends."""
    content = written("excel-lv", [OutColumn("Nosaukums"), OutColumn("x")], ["SIA Ķirsis", 1])
    assert content == '\ufeff"Nosaukums";"x"\r\n"SIA Ķirsis";"1"\r\n'.encode()


def test_files_for_programs_are_plain() -> None:
    """The standard's commas and no mark."""
    content = written("rfc4180", [OutColumn("name")], ["SIA Ķirsis"])
    assert content == '"name"\r\n"SIA Ķirsis"\r\n'.encode()


@pytest.mark.parametrize("profile", NAMES)
def test_phones_read_back_as_the_same_number(profile: str) -> None:
    """A spreadsheet runs a plus, and of digits alone it keeps eleven: both are guarded."""
    content = written(profile, [OutColumn("Tālrunis", Holds.DIGITS)], ["+37167793292"])
    assert cells(content, profile)[1] == ["'+37167793292"]
    (row,) = FileTable(io.BytesIO(content))
    assert numbers.phone(row.cells[0], None).normalised == "+37167793292"


def test_odd_phones_are_guarded_like_any_text() -> None:
    """What is no number is not rewritten."""
    content = written("excel-lv", [OutColumn("Tālrunis", Holds.DIGITS)], ["+371 vai 2"])
    assert cells(content, "excel-lv")[1] == ["'+371 vai 2"]


def test_leading_zeros_and_long_numbers_are_kept_in_every_profile() -> None:
    """Spreadsheets show twelve digits as 3,93E+11 and save that, whoever wrote the file."""
    column = [OutColumn("a", Holds.DIGITS)]
    rows = [["IT01085650446"], ["01085650446"], ["393331234567"]]
    content = written("excel-it", column, *rows, ["40003521600"])
    found = [row[0] for row in cells(content, "excel-it")[1:]]
    assert found == ["IT01085650446", "'01085650446", "'393331234567", "40003521600"]
    assert cells(written("rfc4180", column, ["393331234567"]), "rfc4180")[1] == ["'393331234567"]


def test_dates_are_iso_in_every_profile() -> None:
    """The standard form sorts, and every program reads it; no country's own form does both."""
    column, day = [OutColumn("a")], date(2026, 3, 1)
    assert {cells(written(name, column, [day]), name)[1][0] for name in NAMES} == {"2026-03-01"}


def test_a_row_of_another_width_is_a_mistake() -> None:
    """A shifted cell would put one person's datum into another column."""
    with pytest.raises(ValueError, match="zip"):
        written("rfc4180", [OutColumn("a"), OutColumn("b")], ["1"])


@given(TEXT)
def test_guarding_can_always_be_undone(text: str) -> None:
    """Both guards, once and twice, give back what was there."""
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded_digits(text)) == text
    assert unguarded(unguarded(guarded(guarded(text)))) == text
