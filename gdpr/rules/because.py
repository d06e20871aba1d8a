"""Why a datum stays or goes, as a code with dates and numbers that a face says in any language."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.rules.purposes import Rounding
from gdpr.text import N_
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gdpr.rules.purposes import RetentionRule


class Code(StrEnum):
    """The reasons there are; the first four keep, the next two wait, the last three let go."""

    REVIEW = "review"
    REVIEW_DUE = "review-due"
    ENDS_ON = "ends-on"
    CLOCK = "clock"
    GROUND_ENDED_GOING = "ground-ended-going"
    CLOCK_RAN_OUT_GOING = "clock-ran-out-going"
    GROUND_ENDED = "ground-ended"
    CLOCK_RAN_OUT = "clock-ran-out"
    UNNAMED = "unnamed"


class Because(NamedTuple):
    """One reason: `template` is translated, then filled with `arguments` (days, numbers, codes)."""

    code: Code
    template: str
    arguments: Mapping[str, date | int | str]

    def __str__(self) -> str:
        """Say it in English, with ISO dates."""
        return self.template.format(**self.arguments)


_TEMPLATES: Final = WordTable("gdpr.rules", "templates")

_CLOCKS: Final = WordTable("gdpr.rules", "clocks")

_TO_YEAR_END = N_(
    "Kept until {until}: {months} months from the document of {day}, to the end of the"
    " financial year."
)


def because(code: Code, *, until: date, day: date | None, rule: RetentionRule | None) -> Because:
    """Fill a reason with the days and the period it speaks of."""
    arguments: dict[str, date | int | str] = {"until": until}
    if day is not None:
        arguments["day"] = day
    if code is not Code.CLOCK or rule is None:
        return Because(code, _TEMPLATES[code], arguments)
    arguments["months"] = rule.months
    if rule.round is Rounding.FINANCIAL_YEAR_END:
        return Because(code, _TO_YEAR_END, arguments)
    return Because(code, _CLOCKS[rule.trigger], arguments)
