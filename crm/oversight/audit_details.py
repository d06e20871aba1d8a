"""What an entry of the log says beside its event: names of its counts and codes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.grounds.words import BACK, CHANNELS, CONSENT_WORDS, ENDINGS, KEEPING
from crm.i18n import _
from crm.kinds.listed import SHAPES
from crm.transparency.words import GROUND_EVIDENCE, NOTICE_CHANNELS
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where events come from: the first word of their codes, for filtering.
SOURCES: Final = WordTable("crm.oversight", "sources")
_NAMES: Final = WordTable("crm.oversight", "names")


# Kinds of records and their states bring their words along; a code of ours goes before.
_OF_KINDS: Final = {
    **{code: words for one in SHAPES if one.states for code, words in one.states.words.items()},
    **{one.noun: one.one for one in SHAPES},
}


# How codes that are values are said; names of purposes come from the register.
_SAID: Final = (CONSENT_WORDS, KEEPING, BACK, CHANNELS, NOTICE_CHANNELS, GROUND_EVIDENCE, ENDINGS)
_VALUES: Final = WordTable("crm.oversight", "values", _OF_KINDS, *_SAID)


def told_words(told: Mapping[str, int | str], names: Mapping[str, str]) -> str:
    """Say counts and codes in one line; `names` are those of purposes, by their codes."""
    return " · ".join(
        f"{told_name(name)} {told_value(value, names)}" for name, value in told.items()
    )


def told_value(value: int | str, names: Mapping[str, str]) -> str:
    """Say a count or code; one without words is said as it is."""
    code = str(value)
    return names.get(code) or _(_VALUES.get(code, code))


def told_name(name: str) -> str:
    """Say the name of one count or code."""
    return _(_NAMES.get(name, name))
