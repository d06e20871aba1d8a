"""The words on people who said no: what kind of no, to what, and by what they are known again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Final[Mapping[str, str]] = {
    "objected": N_("objected"),
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
    "number": N_("official number"),
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
        "day": _("day"),
        "why": _("what happened"),
        "scope": _("said no to"),
        "known_by": _("known by"),
        "until": _("remembered until"),
        "listed": _("on the suppression list"),
        "numbers": _("in the register"),
        "proofs": _("proofs of consent to"),
        "consents": _("consents"),
        "nothing": _("nothing is kept"),
    }
