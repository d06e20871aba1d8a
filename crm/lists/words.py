"""The words of the list of everybody: headings, what comes next, what narrows it, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, current, spoken
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from crm.lists.cards import ListRow

SORTS: Final = {
    "name": N_("Name"),
    "number": NP_("client", "Number"),
    "last_activity": N_("Last contact"),
    "status": N_("Status"),
}
COLUMNS: Final = {
    "number": N_("No."),
    "name": N_("Name"),
    "phone": N_("Phone"),
    "due": NP_("date", "Due"),
    "consent": N_("Cons."),
    "official": N_("VAT / reg. no."),
    "status": N_("Status"),
    "last_activity": N_("Last contact"),
    "email": N_("E-mail"),
    "kind": N_("Kind"),
}
CONSENTS: Final = {
    "given": N_("consent given"),
    "withdrawn": N_("consent withdrawn or refused"),
}
# What comes next, with its day; the second one when the day is here.
_NEXT: Final = {
    "goes": (N_("erase {day!s}"), N_("erase today")),
    "ran-out": (N_("erase {day!s}"), NP_("period", "expired")),
    "ends": (N_("until {day!s}"), N_("ends today")),
    "review": (N_("review {day!s}"), N_("review now")),
}
DAMAGED: Final = NP_("entry", "damaged")
NAMELESS: Final = N_("(no name)")


def next_words(line: ListRow) -> str:
    """Say what comes next for a party, with a sign before what is due."""
    if line.due is None:
        return ""
    what, day = line.due
    ahead, now = _NEXT[what]
    return "! " + _(now) if line.late else _(ahead).format(day=spoken(day))


def counted(number: int) -> str:
    """Write a number as people of the language group its digits."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - a list pays for its numbers

    return str(format_decimal(number, locale=current()))
