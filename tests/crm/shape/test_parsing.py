"""One reading of fields, for what is typed, commanded and brought in from a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.i18n import Words
from crm.privacy import LICENCE
from crm.shape import description as of
from crm.shape.description import Field
from crm.shape.errors import (
    CodeUnknown,
    DayInvalid,
    FieldRequired,
    MoneyInvalid,
    TextTooLong,
    WholeInvalid,
)
from crm.shape.parsing import Reader, cell_of, sort_key

W = Words("word", "vārds", "parola")
READER = Reader("LV", date(2026, 3, 2))
DAY = Field("day", W, of.DAY)
MONEY = Field("money", W, of.MONEY)
WHOLE = Field("whole", W, of.WHOLE)
COLOURS = {"red": Words("red", "sarkans", "rosso"), "blue": Words("blue", "zils", "blu")}
COLOUR = Field("colour", W, of.CODE, codes=COLOURS)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (DAY, "2026-03-31", "2026-03-31"),
        (DAY, "31.03.2026", "2026-03-31"),
        (DAY, "31.3.2026.", "2026-03-31"),
        (DAY, "1/4/2026", "2026-04-01"),
        (MONEY, "1250", "1250.00"),
        (MONEY, "1 250,5", "1250.50"),
        (MONEY, "1 250,50 EUR", "1250.50"),
        (MONEY, "€ 1.250,50", "1250.50"),
        (MONEY, "1,250.50", "1250.50"),
        (MONEY, "1.250.000,00", "1250000.00"),
        (MONEY, "-12.5", "-12.50"),
        (MONEY, "−0", "0.00"),
        (WHOLE, "0012", "12"),
        (WHOLE, "-3", "-3"),
        (COLOUR, "red", "red"),
        (COLOUR, "  SARKANS ", "red"),
        (COLOUR, "Blu", "blue"),
        (COLOUR, " ", None),
    ],
)
def test_a_value_is_read_as_people_write_it(field, typed, stored):
    """Days and amounts as in Latvia, Italy and England, codes by their words in any language."""
    assert READER.field(field, typed) == stored


def test_a_text_too_long_is_refused_and_not_cut():
    """Half of what somebody wrote would be a record of something else."""
    terms = Field("terms", W, of.LINES, item=LICENCE)

    with pytest.raises(TextTooLong):
        READER.field(terms, "ā" * 10_001)
    assert len(READER.field(terms, "ā" * 10_000 + " \n")) == 10_000


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        (DAY, "31.02.2026", DayInvalid),
        (DAY, "03-31-2026", DayInvalid),
        (DAY, "yesterday", DayInvalid),
        (MONEY, "12.345", MoneyInvalid),
        (MONEY, "1,2,3", MoneyInvalid),
        (MONEY, "1.25,000.5", MoneyInvalid),
        (MONEY, "1,250.50.25", MoneyInvalid),
        (MONEY, "ten", MoneyInvalid),
        (WHOLE, "1.5", WholeInvalid),
        (COLOUR, "green", CodeUnknown),
        (Field("title", W, item=LICENCE, required=True), " \u200b ", FieldRequired),
    ],
)
def test_what_could_mean_two_things_is_refused(field, typed, error):
    """An amount of three decimals may be thousands: nobody guesses."""
    with pytest.raises(error):
        READER.field(field, typed)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_is_read_back_from_its_own_form(amount):
    """What is stored is read again as the same, with a point or a comma."""
    stored = READER.field(MONEY, str(amount))

    assert Decimal(stored) == amount
    assert {READER.field(MONEY, stored), READER.field(MONEY, stored.replace(".", ","))} == {stored}
    assert cell_of(MONEY, stored) == amount


@given(st.dates())
def test_a_day_is_read_back_from_its_own_form(day):
    """What is stored is read again as the same."""
    stored = READER.field(DAY, day.isoformat())

    assert (stored, cell_of(DAY, stored)) == (day.isoformat(), day)


def test_what_is_empty_comes_last_in_a_list():
    """Numbers are compared as numbers."""
    values = ["10", None, "9", "-1"]

    assert sorted(values, key=lambda one: sort_key(WHOLE, one)) == ["-1", "9", "10", None]
