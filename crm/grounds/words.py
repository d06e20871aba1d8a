"""The words on grounds, consents, erasures and packages: codes of the register, said to staff.

A receipt of destruction carries counts, codes and days, no values.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from crm.errors import DayUnreadable
from crm.i18n import SOURCE, _, current, filled
from crm.kinds.listed import SHAPES
from gdpr.text import N_
from gdpr.word_tables import WordPairTable, WordTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.transparency.cards import PurposeLine, RelationLine
    from gdpr.rules.because import Because

# State of a consent -> a sign that needs no colour, and the word.
CONSENT_STATES: Final = WordPairTable("crm.grounds", "consent_states", "sign", "word")
CONSENT_WORDS: Final = WordTable("crm.grounds", "consent_states")
NOTHING_SAID: Final = ("·", N_("not asked"))
CHANNELS: Final = WordTable("crm.grounds", "channels")
# A no counts however it came, and nothing is written down that nobody said.
CHANNELS_OF_NO: Final = WordTable("crm.grounds", "channels", {"unknown": N_("not stated")})
EVERY_CHANNEL: Final = WordTable("crm.grounds", "more_channels", CHANNELS)
BACKED: Final = WordTable("crm.grounds", "backed")
MARKETING: Final = WordTable("crm.grounds", "marketing")
WAYS: Final = WordTable("crm.grounds", "ways")
EVIDENCE: Final = WordTable("crm.grounds", "evidence")
BASES: Final = WordTable("crm.grounds", "bases")
GROUND_STATES: Final = WordPairTable("crm.grounds", "ground_states", "sign", "word")
# What an erasure may be asked for, and why a ground ends: for one of these, or by itself.
CAUSES: Final = WordTable("crm.grounds", "causes")
ENDINGS: Final = WordTable("crm.grounds", "endings", CAUSES)
BACK: Final = WordTable("crm.grounds", "back")
KEEPING: Final = WordTable("crm.grounds", "keeping")
DUE: Final = WordPairTable("crm.grounds", "due", "sign", "word")
TABLES: Final = WordTable("crm.grounds", "tables", {one.noun: one.many for one in SHAPES})
FIELDS: Final = WordTable("crm.grounds", "fields")
ITEMS: Final = WordTable("crm.grounds", "items")
COPIES: Final = WordTable("crm.keys", "copy_kinds")
SHREDS: Final = WordTable("crm.grounds", "shreds")
FAULTS: Final = WordTable("crm.grounds", "faults")


def word_of(words: Mapping[str, str], code: str | None) -> str:
    """Say a code, or show it as it is where nobody has a word for it."""
    if not code:
        return "–"
    return _(words[code]) if code in words else code


def signed(words: Mapping[str, tuple[str, str]], code: str | None) -> str:
    """Say a code with the sign that stands before its word."""
    sign, word = words.get(code or "", NOTHING_SAID if not code else ("?", code))
    return f"{sign} {_(word)}"


def channel(code: str) -> str:
    """Say how a word reached us."""
    return word_of(EVERY_CHANNEL, code)


def ending(code: str | None) -> str:
    """Say why a ground ended, with the number of the request where there was one."""
    why, _colon, number = (code or "").partition(":")
    return f"{word_of(ENDINGS, why)} {number}".rstrip()


def purpose_names(lines: Iterable[PurposeLine | RelationLine]) -> dict[str, str]:
    """Name purposes or relations in the language in use, else in English."""
    return {
        one.code: one.names.get(current()) or one.names.get(SOURCE) or one.code for one in lines
    }


def day_typed(text: str) -> date | None:
    """Read a day as people type it, 2026-03-31 or 31.3.2026, or None where nothing was typed."""
    typed = text.strip().rstrip(".")
    if not typed:
        return None
    try:
        if "-" in typed:
            return date.fromisoformat(typed)
        day, month, year = (int(part) for part in typed.replace("/", ".").split("."))
        return date(year, month, day)
    except ValueError:
        raise DayUnreadable from None


def say_because(because: Because) -> str:
    """Fill the translated sentence with its days, written out as the language does."""
    return filled(because.template, because.arguments)


def erased_words(receipt: Mapping[str, Any]) -> str:
    """Say how far a destruction has come, and of a receipt without any that there was none."""
    if receipt["destroyed"] or receipt["whole"]:
        return word_of(SHREDS, receipt["state"])
    return word_of(SHREDS, "waiting" if receipt["going_until"] else "nothing")


def record_words(told: Mapping[str, Any]) -> tuple[str, str] | None:
    """Name the fields and the record that a line is about; None where it has no number."""
    shape = {shape.noun: shape for shape in SHAPES}.get(told.get("table", ""))
    if shape is None or told.get("number") is None:
        return None
    fields = [_(shape.field(name).label) for name in told.get("fields") or [told["field"]]]
    return ", ".join(fields), f"{_(shape.one)} {told['number']}"
