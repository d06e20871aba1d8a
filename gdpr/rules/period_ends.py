"""The arithmetic of clocks: months, financial years, and the days the program has seen.

Ends of retention are never rolled to a working day: a period that ends on a Sunday ends on that
Sunday, and what it kept may go from the day after.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import TYPE_CHECKING

from gdpr.rules.errors import InvalidSetting
from gdpr.rules.purposes import Rounding

if TYPE_CHECKING:
    from gdpr.rules.purposes import RetentionRule

_MONTHS_IN_YEAR = 12
_IN_EVERY_MONTH = 28
_LONGEST_GRACE = 30
_LONGEST_LEAP = 366


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What a firm may set about its clocks; the defaults are those of the design.

    `grace_days` is how long ended data stays *going*; `leap_days` is how far the system clock may
    move between two uses before a person is asked.
    """

    grace_days: int = 14
    leap_days: int = 7
    year_end_month: int = 12
    year_end_day: int = 31

    def __post_init__(self) -> None:
        """Refuse settings under which a clock would run wild."""
        for setting, value, least, most in (
            ("grace_days", self.grace_days, 0, _LONGEST_GRACE),
            ("leap_days", self.leap_days, 1, _LONGEST_LEAP),
            ("year_end_month", self.year_end_month, 1, _MONTHS_IN_YEAR),
            # Of the 29th of February onwards only the month counts: its last day is meant.
            ("year_end_day", self.year_end_day, 1, 31),
        ):
            if not least <= value <= most:
                raise InvalidSetting(setting=setting, least=least, most=most)


def add_months(day: date, months: int) -> date:
    """Move a day by whole months; where the date does not exist, the month's last day counts.

    That is Art. 3(2)(c) of Regulation 1182/71. Beyond the calendar the last day of all is given,
    because a wrong far-off date must not keep the other records from being decided.
    """
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_days(day: date, days: int) -> date:
    """Move a day forward, no further than the calendar goes."""
    return day + timedelta(days) if days <= (date.max - day).days else date.max


def financial_year_end(day: date, settings: RuleSettings) -> date:
    """Give the last day of the financial year in which `day` lies."""
    end = _year_end(day.year, settings)
    if end < day:
        return date.max if day.year == MAXYEAR else _year_end(day.year + 1, settings)
    return end


def clock_end(rule: RetentionRule, started: date, settings: RuleSettings) -> date:
    """Give the last day on which the rule still keeps what its event started to count on."""
    end = add_days(add_months(started, rule.months), rule.days)
    if rule.round is Rounding.FINANCIAL_YEAR_END:
        return financial_year_end(end, settings)
    return end


@dataclass(frozen=True, slots=True)
class SeenDay:
    """The day the rules work with, and the day a person must confirm first, if there is one."""

    day: date
    asked: date | None = None


def accept_day(
    last_seen: date | None,
    system_day: date,
    settings: RuleSettings,
    *,
    confirmed: date | None = None,
) -> SeenDay:
    """Turn the machine's date into a day that may destroy things.

    Time never goes backwards, and a leap forward counts only once a person confirmed that very
    day: a clock set wrong for an hour must not run out every period in the register.
    """
    if last_seen is None or system_day <= last_seen:
        return SeenDay(last_seen or system_day)
    if (system_day - last_seen).days <= settings.leap_days or confirmed == system_day:
        return SeenDay(system_day)
    return SeenDay(last_seen, asked=system_day)


def _year_end(year: int, settings: RuleSettings) -> date:
    last = monthrange(year, settings.year_end_month)[1]
    return date(year, settings.year_end_month, min(settings.year_end_day, last))
