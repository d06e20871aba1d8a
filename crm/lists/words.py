"""The words of the list of everybody: headings, what comes next, what narrows it, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, current, spoken
from gdpr.text import N_, NP_
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from crm.lists.cards import ListRow

SORTS: Final = WordTable("crm.lists", "sorts")
COLUMNS: Final = WordTable("crm.lists", "columns")
CONSENTS: Final = WordTable("crm.lists", "consents")
# What comes next, with its day; the second one when the day is here.
_NEXT: Final = WordPairTable("crm.lists", "next", "word", "then")
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
