"""The words on purposes, relations, wordings and notices, in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, pgettext
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING_KINDS: Final = WordTable("crm.transparency", "wording_kinds")
NOTICE_CHANNELS: Final = WordTable("crm.transparency", "notice_channels")
NOTICE_STATES: Final = WordTable("crm.transparency", "notice_states")
SUBJECT_KINDS: Final = WordTable("crm.transparency", "subject_kinds")
GROUND_EVIDENCE: Final = WordTable("crm.transparency", "ground_evidence")


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Choose the text in the language in use, or the first there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def said(codes: Mapping[str, str], code: str) -> str:
    """Say a code, as it is where there is no word for it."""
    return _(codes.get(code, code))


def purpose_labels() -> dict[str, str]:
    """Return the translated names of a purpose's fields."""
    return {
        "code": _("code"),
        "number": _("number"),
        "name": pgettext("purpose", "name"),
        "why": _("why"),
        "language": _("language"),
        "version": _("version"),
        "versions": _("versions"),
        "bases": _("lawful bases"),
        "basis_by_evidence": _("basis by evidence"),
        "items": _("data"),
        "laws": _("laws"),
        "recipients": _("recipients"),
        "retention": _("retention periods"),
        "review_months": _("months to a review"),
        "direct_marketing": _("direct marketing"),
        "compelling": _("compelling grounds"),
        "source": _("firm's own reference"),
        "retired": pgettext("purpose", "retired"),
        "confirmed": pgettext("purpose", "confirmed"),
        "interest": _("our interest"),
        "need": _("why it is needed"),
        "balance": _("why it is not overridden"),
        "hash": _("hash"),
    }
