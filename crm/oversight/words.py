"""What the log's codes mean, what doctor looks at, and what to do when something is not well.

An entry holds codes and counts, never a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.dates import day_text
from crm.i18n import _, ngettext, spoken
from crm.keys.words import key_name
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from crm.oversight.cards import Check, Verified

# What was looked at, and what to type when it is not as it should be.
CHECKS: Final = WordPairTable("crm.oversight", "checks", "word", "advice")
STATES: Final = WordTable("crm.oversight", "states")

# What to do about it on a screen, the doctor's or that of today, and the place or area for it.
NEXT: Final = WordPairTable("crm.oversight", "next", "advice", "place")
_DAMAGES: Final = WordTable("crm.oversight", "damages")


def damage_words(why: str) -> str:
    """Say what is wrong with a place; a code without words is said as it is."""
    return _(_DAMAGES.get(why, why))


def acknowledged_words(found: Verified) -> list[str]:
    """Say which damage owners have signed for, a line for each time they did."""
    return [
        ngettext(
            "Acknowledged on {day} by {user}: {count} damaged place.",
            "Acknowledged on {day} by {user}: {count} damaged places.",
            one.damages,
        ).format(day=spoken(day_text(one.time)), user=one.user, count=one.damages)
        for one in found.acknowledged
    ]


def next_step(check: str) -> tuple[str, str | None]:
    """Say what to do about a finding, and name the place where it is done, if a screen has one."""
    if check in NEXT:
        words, place = NEXT[check]
        return _(words), place
    return _(CHECKS[check][1]), None


def which(check: Check) -> str:
    """Say which ones a check found: keys in words; a reminder of backups names only itself."""
    if check.check in {"backup", "places"}:
        return ""
    if check.check in {"rotation", "rotating"}:
        return ", ".join(key_name(key) for key in check.detail)
    return ", ".join(check.detail)


EVENTS: Final = WordTable("crm.oversight", "events")


def event_words(code: str) -> str:
    """Say an event; a code of a newer program is said as it is."""
    return _(EVENTS.get(code, code))
