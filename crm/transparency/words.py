"""The words on purposes, relations, wordings and notices, in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, say_all
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING_KINDS: Final = WordTable("crm.transparency", "wording_kinds")
NOTICE_CHANNELS: Final = WordTable("crm.transparency", "notice_channels")
NOTICE_STATES: Final = WordTable("crm.transparency", "notice_states")
SUBJECT_KINDS: Final = WordTable("crm.transparency", "subject_kinds")
GROUND_EVIDENCE: Final = WordTable("crm.transparency", "ground_evidence")
# The program's own texts by the code each is stored under; a firm names its own by theirs.
_WORDINGS: Final = WordTable("crm.transparency", "wordings")
_PURPOSE: Final = WordTable("crm.transparency", "purpose")


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Choose the text in the language in use, or the first there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def said(codes: Mapping[str, str], code: str) -> str:
    """Say a code, as it is where there is no word for it."""
    return _(codes.get(code, code))


def wording_name(code: str) -> str:
    """Name a text: those of the program in words, others as whoever added them did."""
    return said(_WORDINGS, code)


def purpose_labels() -> dict[str, str]:
    """Return the translated names of a purpose's fields."""
    return say_all(_PURPOSE)
