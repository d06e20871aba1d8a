"""What reaches the terminal and the pipe."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.cli import output
from crm.cli.table import draw, flatten

ROWS = [
    {"number": 1, "name": "SIA Bērziņš un dēli", "since": date(2026, 3, 1), "vat_no": None},
    {"number": 12, "name": "=HYPERLINK(1)", "since": None, "vat_no": "LV40003521600"},
]


def written(capsys: pytest.CaptureFixture[str], rows: list[dict[str, object]], form: str) -> str:
    output.answer_rows(rows, form)
    return capsys.readouterr().out


def test_json_is_an_array_and_jsonl_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Machine forms hold every field, letters as they are, dates in ISO form."""
    as_json = json.loads(written(capsys, ROWS, "json"))
    lines = written(capsys, ROWS, "jsonl").splitlines()

    assert as_json == [json.loads(line) for line in lines]
    assert {"number": 1, "name": "SIA Bērziņš un dēli", "since": "2026-03-01", "vat_no": None} == (
        as_json[0]
    )
    assert "ē" in lines[0]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "table"])
def test_nothing_is_a_valid_answer(capsys: pytest.CaptureFixture[str], form: str) -> None:
    """An empty list is an empty array, no lines, or a word on stderr; never an error."""
    output.answer_rows([], form)
    out, err = capsys.readouterr()

    assert {"json": "[]", "jsonl": "", "csv": "", "table": ""}[form] == out.strip()
    assert bool(err) is (form == "table")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-5", "'-5"),
        ("＝1", "'＝1"),
        ("+371 2000 0000", "+371 2000 0000"),
        ("+371+A1", "'+371+A1"),
        (-5, "-5"),
        ("LV40003521600", "LV40003521600"),
        ("007", "007"),
        (True, "true"),
        (None, ""),
    ],
)
def test_a_spreadsheet_runs_no_cell(
    capsys: pytest.CaptureFixture[str], value: object, cell: str
) -> None:
    """A text that a spreadsheet would take for a formula is disarmed; numbers and phones stay."""
    out = written(capsys, [{"field": value}], "csv")

    assert [["field"], [cell]] == list(csv.reader(io.StringIO(out)))


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
@given(text=st.text())
def test_no_text_drives_the_terminal(form: str, text: str) -> None:
    """Whatever a client is called, no control character but the line's end is written."""
    caught = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", caught)
        output.answer_rows([{"name": text}], form)
        output.answer({"name": text, "parts": [{"text": text}]}, form)

    assert not set(caught.getvalue()) & {chr(n) for n in (*range(9), 11, 12, *range(14, 32), 0x9B)}
    assert "\u202e" not in caught.getvalue()


def test_talk_goes_to_stderr_and_is_safe(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said beside the data leaves stdout clean."""
    output.say("Imported \x1b]0;pwned\x07 3 rows")

    assert ("", "Imported ]0;pwned 3 rows\n") == capsys.readouterr()


def test_a_table_fits_its_terminal() -> None:
    """Lines are cut to the width with a mark; a piped table is whole."""
    rows = [{"number": 7, "name": "Ļoti garš uzņēmuma nosaukums " * 3, "city": "Rīga"}]
    narrow = draw(rows, {"number": "no.", "name": "name", "city": "city"}, 40)
    whole = draw(rows, None, None)

    assert all(len(line) <= 40 for line in narrow.splitlines())
    assert "…" in narrow
    assert "Rīga" in narrow
    assert "…" not in whole


@given(
    st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.integers()}), min_size=1),
    st.integers(20, 200),
)
def test_a_table_has_a_line_for_each_row(rows: list[dict[str, object]], width: int) -> None:
    """Line feeds, wide letters and empty cells never break the lines."""
    rows = [{name: output._fit(value) for name, value in row.items()} for row in rows]

    assert len(rows) + 2 == len(draw(rows, None, width).split("\n")) - 1


def test_an_object_with_lists_is_whole_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    """A preview with what goes and what stays loses nothing in CSV and reads well in a table."""
    preview = {
        "number": 4,
        "goes": [{"item": "email", "rows": 1}],
        "stays": [{"item": "invoice", "until": "2031-12-31"}, {"item": "bank"}],
    }
    output.answer(preview, "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    output.answer(preview, "table", {"goes": "What goes", "item": "datum"})
    table = capsys.readouterr().out

    assert ["number", "goes", "stays", "stays"] == [row["part"] for row in rows]
    assert "2031-12-31" == rows[2]["until"]
    assert "What goes" in table
    assert "datum" in table
    assert [{"a": 1}] == flatten({"a": 1})


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("👩‍👩‍👧", 2),
        ("1️⃣", 2),
        ("a\u200bb", 2),
        ("日本", 4),
        ("e\u0301", 1),
        ("🇱🇻", 2),
        ("Bērziņš", 7),
        ("„Ķīpsala” – 2…", 14),
    ],
)
def test_a_row_is_as_wide_as_a_terminal_draws_it(name: str, columns: int) -> None:
    """Joined pictures, keycaps, flags and letters of no width move no other column."""
    head, line, row = draw([{"name": name, "next": "x"}], None, None).splitlines()

    assert max(columns, len("name")) == len(line.split()[0])
    assert head.startswith("name" + " " * (max(columns - 4, 0) + 2) + "next")
    assert row.endswith(" " * (max(4 - columns, 0) + 2) + "x")


def test_a_wide_name_is_cut_between_its_letters() -> None:
    """What does not fit is cut to the width it is given, never through a joined picture."""
    drawn = draw([{"name": "日本👩‍👩‍👧日本", "n": 1}], None, 9).splitlines()

    assert "日本" in drawn[2]
    assert "…" in drawn[2]
    assert "\u200d" not in drawn[2]


def test_a_table_of_plain_letters_loads_no_tables_of_widths() -> None:
    """Names of this part of the world are drawn without waiting for a library."""
    asked = "from crm.cli.table import draw; draw([{'n': 'Bērziņš „Ķ” è…'}], None, 5); import sys"
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}; print('wcwidth' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert "False" == told.stdout.strip()
