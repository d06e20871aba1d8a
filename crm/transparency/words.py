"""The words on purposes, relations, wordings and notices, in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, pgettext
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING_KINDS: Final = {
    "consent": N_("consent"),
    "notice-part": N_("part of a notice"),
    "unsubscribe": N_("unsubscribing"),
    "confirmation": N_("confirmation"),
    "other": NP_("text", "other"),
}
NOTICE_CHANNELS: Final = {
    "email": N_("e-mail"),
    "letter": N_("letter"),
    "in-person": N_("in person"),
    "phone": N_("phone"),
    "web": N_("website"),
    "form": NP_("document", "form"),
    "other": NP_("channel", "other"),
}
NOTICE_STATES: Final = {
    "coming": NP_("notice", "not yet in force"),
    "current": NP_("notice", "in force"),
    "past": NP_("notice", "superseded"),
}
SUBJECT_KINDS: Final = {
    "client": N_("client"),
    "contact": N_("contact person"),
    "prospect": N_("asked for an offer"),
    "subscriber": N_("subscriber"),
    "supplier": N_("supplier"),
    "partner": N_("partner"),
    "user": N_("user of a service"),
    "visitor": N_("visitor"),
    "employee": N_("employee"),
}
GROUND_EVIDENCE: Final = {
    "consent": N_("consent"),
    "contract": N_("contract"),
    "notice": N_("notice"),
    "soft-opt-in": N_("soft opt-in"),
}


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
        "retention": _("periods"),
        "review_months": _("months to a review"),
        "direct_marketing": _("direct marketing"),
        "compelling": _("outlasts an objection"),
        "source": _("source"),
        "retired": pgettext("purpose", "retired"),
        "confirmed": pgettext("purpose", "confirmed"),
        "interest": _("our interest"),
        "need": _("why it is needed"),
        "balance": _("why it does not override"),
        "hash": _("hash"),
    }
