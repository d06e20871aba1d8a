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
    Code.REVIEW: N_("In use; whether it is still needed will be reviewed on {until}."),
    Code.REVIEW_DUE: N_(
        "In use; the review of whether it is still needed has been due since {until}."
    ),
    Code.ENDS_ON: N_("In use until its lawful basis ends on {until}."),
    Code.GROUND_ENDED_GOING: N_(
        "Its lawful basis ended on {day}; it is no longer used and will be erased after {until}."
    ),
    Code.CLOCK_RAN_OUT_GOING: N_(
        "Its retention period expired on {day}; it is no longer used and will be erased"
        " after {until}."
    ),
    Code.GROUND_ENDED: N_("The last lawful basis that covered it ended on {day}."),
    Code.CLOCK_RAN_OUT: N_("The last retention period that covered it expired on {day}."),
    Code.UNNAMED: N_("No lawful basis covers it."),
}

_CLOCKS = {
    Trigger.GROUND_START: N_("Kept until {until}: {months} months from the first day, {day}."),
    Trigger.LAST_ACTIVITY: N_(
        "Kept until {until}: {months} months from the last contact on {day}."
    ),
    Trigger.CONTRACT_END: N_(
        "Kept until {until}: {months} months from the end of the contract on {day}."
    ),
    Trigger.DOCUMENT_DATE: N_("Kept until {until}: {months} months from the document of {day}."),
    Trigger.CASE_CLOSED: N_(
        "Kept until {until}: {months} months from the day the case was closed, {day}."
    ),
    Trigger.CONSENT_ENDED: N_(
        "Kept until {until}: {months} months from the end of the consent on {day}."
    ),
    Trigger.RECORDED: N_("Kept until {until}: {months} months from the entry of {day}."),
    Trigger.PSEUDONYMISED: N_(
        "Kept until {until}: {months} months from the pseudonymisation on {day}."
    ),
}

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
