"""Why a datum stays or goes, as a code with dates and numbers that a face says in any language."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from gdpr.rules.purposes import Rounding, Trigger
from gdpr.text import N_

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


_TEMPLATES = {
    Code.REVIEW: N_("It is used now and will be reviewed on {until}."),
    Code.REVIEW_DUE: N_("It is used now; its review has been due since {until}."),
    Code.ENDS_ON: N_("It is used until its ground ends on {until}."),
    Code.GROUND_ENDED_GOING: N_(
        "Its ground ended on {day}; it is used for nothing and goes after {until}."
    ),
    Code.CLOCK_RAN_OUT_GOING: N_(
        "Its period ran out on {day}; it is used for nothing and goes after {until}."
    ),
    Code.GROUND_ENDED: N_("The last ground that named it ended on {day}."),
    Code.CLOCK_RAN_OUT: N_("The last period that kept it ran out on {day}."),
    Code.UNNAMED: N_("No ground names it."),
}

_CLOCKS = {
    Trigger.GROUND_START: N_(
        "It is kept until {until}: a period of {months} months from the first day, {day}."
    ),
    Trigger.LAST_ACTIVITY: N_(
        "It is kept until {until}: a period of {months} months from the last contact on {day}."
    ),
    Trigger.CONTRACT_END: N_(
        "It is kept until {until}: a period of {months} months from the end of the contract"
        " on {day}."
    ),
    Trigger.DOCUMENT_DATE: N_(
        "It is kept until {until}: a period of {months} months from the document of {day}."
    ),
    Trigger.CASE_CLOSED: N_(
        "It is kept until {until}: a period of {months} months from the day the case was closed,"
        " {day}."
    ),
    Trigger.CONSENT_ENDED: N_(
        "It is kept until {until}: a period of {months} months from the end of the consent"
        " on {day}."
    ),
    Trigger.RECORDED: N_(
        "It is kept until {until}: a period of {months} months from the entry of {day}."
    ),
    Trigger.PSEUDONYMISED: N_(
        "It is kept until {until}: a period of {months} months from the pseudonymisation on {day}."
    ),
}

_TO_YEAR_END = N_(
    "It is kept until {until}: a period of {months} months from the document of {day}, to the end"
    " of the financial year."
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
