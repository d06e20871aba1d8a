"""Clock arithmetic: the vectors of the law, and a calendar that only moves forward."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.rules.errors import InvalidSetting
from gdpr.rules.period_ends import (
    RuleSettings,
    SeenDay,
    accept_day,
    add_days,
    add_months,
    clock_end,
    financial_year_end,
)
from gdpr.rules.purposes import Action, RetentionRule, Rounding, Scope, Trigger

DEFAULTS = RuleSettings()
DAYS = st.dates(date(1990, 1, 1), date(2120, 12, 31))


def rule(months: int, *, to_year_end: bool = False, days: int = 0) -> RetentionRule:
    return RetentionRule(
        scope=Scope.RECORDS,
        trigger=Trigger.DOCUMENT_DATE,
        months=months,
        days=days,
        then=Action.ERASE,
        round=Rounding.FINANCIAL_YEAR_END if to_year_end else Rounding.NONE,
        items=("paper",),
    )


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2020, 2, 29), 72, date(2026, 2, 28)),
        (date(2024, 8, 31), 72, date(2030, 8, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
        (date(2026, 3, 15), 120, date(2036, 3, 15)),
        (date(9999, 1, 1), 24, date.max),
    ],
)
def test_months_end_on_the_same_date_or_the_last_of_the_month(day, months, expected):
    """A period in months ends as Regulation 1182/71 counts it, and never breaks off."""
    assert add_months(day, months) == expected


@given(DAYS, st.integers(0, 300), st.integers(0, 300))
def test_longer_periods_never_end_earlier(day, months, more):
    """Adding months keeps the order of periods, and each end lies in the month it names."""
    sooner, later = add_months(day, months), add_months(day, months + more)

    assert day <= sooner <= later
    assert sooner.year * 12 + sooner.month == day.year * 12 + day.month + months


@pytest.mark.parametrize(
    ("started", "months", "year_end", "expected"),
    [
        (date(2026, 3, 15), 60, (12, 31), date(2031, 12, 31)),
        (date(2026, 12, 31), 60, (12, 31), date(2031, 12, 31)),
        (date(2027, 1, 1), 60, (12, 31), date(2032, 12, 31)),
        (date(2026, 3, 15), 120, (12, 31), date(2036, 12, 31)),
        (date(2026, 3, 15), 60, (6, 30), date(2031, 6, 30)),
        (date(2026, 7, 1), 60, (6, 30), date(2032, 6, 30)),
        (date(2024, 2, 29), 60, (2, 28), date(2029, 2, 28)),
        (date(2027, 2, 10), 12, (2, 31), date(2028, 2, 29)),
    ],
)
def test_books_are_kept_to_the_end_of_the_financial_year(started, months, year_end, expected):
    """An invoice is kept to the last day of the year in which its period ends."""
    settings = RuleSettings(year_end_month=year_end[0], year_end_day=year_end[1])

    assert clock_end(rule(months, to_year_end=True), started, settings) == expected


def test_ends_are_not_rolled_to_a_working_day():
    """A period that ends on a Sunday ends on that Sunday: rolling is for deadlines."""
    end = clock_end(rule(36), date(2026, 5, 27), DEFAULTS)

    assert (end, end.weekday()) == (date(2029, 5, 27), 6)


def test_days_are_counted_after_months():
    """Recordings kept for days end on the day named, and the calendar's end stops the count."""
    assert clock_end(rule(0, days=30), date(2026, 2, 1), DEFAULTS) == date(2026, 3, 3)
    assert add_days(date(9999, 12, 30), 30) == date.max
    assert financial_year_end(date(9999, 12, 31), RuleSettings(year_end_month=6)) == date.max


@given(DAYS, st.integers(1, 12), st.integers(1, 31))
def test_a_day_lies_in_the_financial_year_that_ends_next(day, month, last):
    """The end of the financial year is the first one on or after the day, within a year."""
    end = financial_year_end(day, RuleSettings(year_end_month=month, year_end_day=last))

    assert timedelta(0) <= end - day <= timedelta(366)
    assert financial_year_end(end, RuleSettings(year_end_month=month, year_end_day=last)) == end


@pytest.mark.parametrize(
    "wrong",
    [
        {"grace_days": -1},
        {"grace_days": 31},
        {"leap_days": 0},
        {"leap_days": 367},
        {"year_end_month": 13},
        {"year_end_day": 0},
    ],
)
def test_settings_outside_their_bounds_are_refused(wrong):
    """No setting can make the days of grace negative or endless."""
    with pytest.raises(InvalidSetting):
        RuleSettings(**wrong)


def test_a_leap_of_the_clock_asks_first():
    """A clock set ten years ahead moves nothing until a person confirms that very day."""
    seen, ahead = date(2026, 11, 22), date(2036, 11, 22)

    assert accept_day(seen, ahead, DEFAULTS) == SeenDay(seen, asked=ahead)
    assert accept_day(seen, ahead, DEFAULTS, confirmed=date(2036, 11, 21)).day == seen
    assert accept_day(seen, ahead, DEFAULTS, confirmed=ahead) == SeenDay(ahead)


def test_a_weekend_passes_unasked():
    """As many days as the setting allows pass in silence, one more does not."""
    seen = date(2026, 11, 20)

    assert accept_day(seen, seen + timedelta(7), DEFAULTS) == SeenDay(seen + timedelta(7))
    assert accept_day(seen, seen + timedelta(8), DEFAULTS).asked == seen + timedelta(8)
    assert accept_day(None, seen, DEFAULTS) == SeenDay(seen)


@given(st.lists(DAYS, min_size=1), st.booleans())
def test_time_never_goes_backwards(system_days, confirming):
    """Whatever the machine's clock does, the day the rules work with only grows."""
    seen = None
    for system in system_days:
        accepted = accept_day(seen, system, DEFAULTS, confirmed=system if confirming else None)
        assert seen is None or accepted.day >= seen
        assert accepted.asked is None or accepted.asked > accepted.day
        seen = accepted.day
