"""Rows below a record: read as lines of text or as JSON, kept in one form, written again."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import i18n
from crm.errors import FieldInvalid
from crm.i18n import Words
from crm.privacy import LICENCE
from crm.session.words import translate
from crm.shape import description as of
from crm.shape.description import Cell, Field
from crm.shape.errors import CodeUnknown, FieldRequired, MoneyInvalid, RowsInvalid, TextTooLong
from crm.shape.parsing import Reader, as_json
from crm.shape.rows import MOST_ROWS, rows_text, typed_rows
from gdpr.text import clean

READER = Reader("LV", date(2026, 3, 2))
RATES = {"full": Words("full", "pilna", "ordinaria"), "none": Words("none", "nav", "esente")}
LINES = Field(
    "lines",
    Words("lines", "rindas", "righe"),
    of.ROWS,
    item=LICENCE,
    rows=(
        Cell("what", Words("what", "kas", "cosa"), required=True),
        Cell("price", Words("price", "cena", "prezzo"), of.MONEY),
        Cell("rate", Words("rate", "likme", "aliquota"), of.CODE, codes=RATES),
    ),
)
LAMP = {"what": "Lampa", "price": "12.50", "rate": "full"}


@pytest.mark.parametrize(
    "typed",
    [
        "Lampa; 12,5; full",
        "\n Lampa ;12,50 EUR;pilna\n\n",
        "Kas; Cena; Likme\r\nLampa; 12,50; Pilna",
        "aliquota; cosa; prezzo\nordinaria; Lampa; 12.5",
        '"Lampa"; "12,50"; "full"',
        '[{"rate": "full", "what": "Lampa", "price": 12.5}]',
        ' [\n {"what": "Lampa", "price": "12,5", "rate": "pilna"}, {"what": null}]',
    ],
)
def test_rows_are_read_however_they_are_written(typed):
    """Lines in any order of headings in any language, and JSON, are the same rows."""
    stored = READER.field(LINES, typed)

    assert json.loads(stored) == [LAMP]
    assert as_json(LINES, stored) == [LAMP]


@pytest.mark.parametrize("empty", ["", " \n", "what; price; rate", "[]", "[ {} ]", ";;\n;"])
def test_no_rows_are_nothing(empty):
    """Headings alone, blank lines and an empty list hold nothing, and nothing may be required."""
    assert READER.field(LINES, empty) is None
    with pytest.raises(FieldRequired):
        READER.field(Field("lines", W, of.ROWS, item=LICENCE, required=True, rows=LINES.rows), "")


@pytest.mark.parametrize(
    ("typed", "error", "place"),
    [
        ("Lampa; 12,5\nGalds; daudz", MoneyInvalid, "lines.2.price"),
        ("what;rate\nLampa;pusei", CodeUnknown, "lines.1.rate"),
        ("; 12", FieldRequired, "lines.1.what"),
        ("Lampa; 1; full; vēl", RowsInvalid, "lines.1"),
        ("Lampa\n" * (MOST_ROWS + 1), RowsInvalid, f"lines.{MOST_ROWS + 1}"),
        ('[{"what": "Lampa"}, {"colour": "red"}]', RowsInvalid, "lines.2"),
        ('[{"what": "Lampa", "what": "Galds"}]', RowsInvalid, "lines.1"),
        ('[{"what": ["Lampa"]}]', RowsInvalid, "lines.1"),
        ('[{"what": true}]', RowsInvalid, "lines.1"),
        ('[{"what": NaN}]', RowsInvalid, "lines.1"),
        ('[{"what": "Lampa"', RowsInvalid, "lines.1"),
        ("[[1]]", RowsInvalid, "lines.1"),
        ("[1]", RowsInvalid, "lines.1"),
        ('"Lampa; 7\nGalds; 9', RowsInvalid, "lines.1"),
        ('Galds; 9\n"Lampa" mazā; 7', RowsInvalid, "lines.2"),
    ],
)
def test_a_wrong_row_is_named(typed, error, place):
    """Whatever is no row of these columns is refused with its row, and its column if it has one."""
    with pytest.raises(error) as refused:
        READER.field(LINES, typed)

    assert refused.value.arguments["field"] == place


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("what", [("what", None)]),
        ("\nwhat; price\nLampa; 5", [("Lampa", "5.00")]),
        ("\ufeffwhat; price\nLampa; 5", [("Lampa", "5.00")]),
        ("[1] vads; 5", [("[1] vads", "5.00")]),
        ('[{"what": 1.10, "price": 5}]', [("1.10", "5.00")]),
    ],
)
def test_rows_are_taken_as_they_stand(typed, rows):
    """One word is a row and no heading, a blank line above is none, and a number is as written."""
    found = as_json(LINES, READER.field(LINES, typed))

    assert [(row["what"], row["price"]) for row in found] == rows


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Lampa; 12,5\nGalds; daudz", "Laukā rindas, 2, cena "),
        ("Lampa; 1; full; vēl", "Lauku rindas, 1 "),
    ],
)
def test_a_wrong_row_is_named_in_the_language(typed, said):
    """Who reads Latvian is told the row and its column by their Latvian names."""
    with pytest.raises(FieldInvalid) as refused:
        READER.field(LINES, typed)
    i18n.use("lv")

    assert translate(refused.value).startswith(said)


def test_a_cell_of_any_length_is_refused_as_a_fault():
    """What no row may hold is no surprise to whoever reads it, however long it is."""
    with pytest.raises((FieldInvalid, TextTooLong)):
        READER.field(LINES, f"Lampa; {'9' * 140_000}")


def test_rows_are_bounded():
    """As many rows as are promised are taken, and no more text than any other field may hold."""
    assert len(as_json(LINES, READER.field(LINES, "Lampa; 1\n" * MOST_ROWS))) == MOST_ROWS
    with pytest.raises(TextTooLong):
        READER.field(LINES, f"{'x' * 9_000}\n" * 2)


def test_a_column_that_came_later_is_empty():
    """Rows are kept under the names of their columns, so old ones are read as they were."""
    stored = json.dumps([{"rate": "none", "what": "Vecs"}])

    assert as_json(LINES, stored) == [{"what": "Vecs", "price": None, "rate": "none"}]
    assert rows_text(LINES, stored, "it") == "cosa; prezzo; aliquota\nVecs; ; esente"


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1), st.sampled_from(["", "1.00"]), st.sampled_from(["", *RATES])
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["", "en", "lv", "it"]),
)
def test_what_is_written_is_read_again(cells, language):
    """Any text of a cell comes back from each way of writing rows."""
    rows = [dict(zip(("what", "price", "rate"), row, strict=True)) for row in cells]
    rows = [row for row in rows if clean(row["what"])]
    stored = READER.field(LINES, json.dumps(rows))
    if stored is None:
        return
    text = rows_text(LINES, stored, language)

    assert READER.field(LINES, text) == stored
    assert READER.field(LINES, json.dumps(as_json(LINES, stored))) == stored
    assert typed_rows(LINES, rows_text(LINES, stored)) == as_json(LINES, stored)


W = Words("word", "vārds", "parola")
