"""The words on consents: labels, what the codes of a list mean, and how people said no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.files.why import REASONS
from crm.i18n import _, pgettext
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES_NOTED: Final = ("requested", "deferred", "refused", "invalidated")
_REASONS: Final[Mapping[str, str]] = {
    "nobody": N_("It matches nobody in the register."),
    "differ": N_("The address and the number name different people. Correct one of them."),
    "several": N_("Several clients have it. Give the client's number."),
    "purpose": N_("There is no such purpose, or it is not based on consent."),
    "state": N_("There is no such state of a consent."),
    "date": N_("This is not a date. Write YYYY-MM-DD."),
    "date ahead": N_("The day must not be in the future."),
    "channel": N_("There is no such channel."),
    "said no": N_(
        "The person refused or objected, or the consent ended (Articles 7(3) and 21(3) GDPR); only "
        "a new consent of their own changes that. A contract or an offer remains possible."
    ),
    "older": N_("A newer entry is on record."),
    "going": N_("The data are scheduled for erasure; no new consent is accepted."),
    "step": N_("This is not possible from the current state of the consent."),
}


def say_reason(code: str) -> str:
    """Say in a sentence what a reason code means, and what to do."""
    text = _REASONS.get(code) or REASONS.get(code)
    return _(text) if text else code


def stop_labels() -> dict[str, str]:
    """Return the translated names of what an unsubscribe list did."""
    return {
        "purpose": _("purpose"),
        "read": _("lines read"),
        "stopped": _("stopped now"),
        "already": _("stopped before"),
        "unknown": _("lines that match nobody"),
        "differing": _("contradictory lines"),
        "preview": _("nothing was changed"),
        "going_until": _("erased after"),
    }


def import_labels() -> dict[str, str]:
    """Return the translated names of what a list of consents brought."""
    return {
        "read": _("rows read"),
        "created": pgettext("consents", "created"),
        "given": pgettext("consents", "given"),
        "ended": pgettext("consents", "ended"),
        "not_given": _("not given: text unknown"),
        "duplicates": pgettext("consents", "known already"),
        "rejected": _("rejected"),
        "rejects": _("rejected rows"),
        "line": _("line"),
        "nr": _("number in the file"),
        "column": _("column"),
        "reason": _("reason"),
    }


WHY: Final[Mapping[str, str]] = {
    "objected": N_("objection"),
    "withdrawn": N_("consent withdrawn"),
    "erased-on-request": N_("erased on request"),
}
SCOPES: Final[Mapping[str, str]] = {
    "marketing": N_("all direct marketing"),
    "everything": N_("being entered again"),
}
KNOWN_BY: Final[Mapping[str, str]] = {
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "number": N_("personal code"),
}


def suppression_row(line: Mapping[str, object]) -> dict[str, object]:
    """Say one entry of the list in words."""
    known = {"why": WHY, "scope": SCOPES, "known_by": KNOWN_BY}
    return {
        name: _(known[name].get(str(value), str(value))) if name in known else value
        for name, value in line.items()
    }


def suppression_labels() -> dict[str, str]:
    """Return the translated names of what an entry says."""
    return {
        "why": _("what happened"),
        "scope": _("what was refused"),
        "until": _("kept until"),
    }
