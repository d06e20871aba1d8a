"""The words on consents: labels, what the codes of a list mean, and how people said no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.files.reject_reasons import REASONS
from crm.i18n import _, say_all
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES_NOTED: Final = ("requested", "deferred", "refused", "invalidated")
_REASONS: Final = WordTable("crm.consents", "reasons")
_STOPPED: Final = WordTable("crm.consents", "stopped")
_ROWS: Final = WordTable("crm.files", "rows")
_IMPORTED: Final = WordTable("crm.consents", "imported", _ROWS)
_SUPPRESSION: Final = WordTable("crm.consents", "suppression")


def say_reason(code: str) -> str:
    """Say in a sentence what a reason code means, and what to do."""
    text = _REASONS.get(code) or REASONS.get(code)
    return _(text) if text else code


def stop_labels() -> dict[str, str]:
    """Return the translated names of what an unsubscribe list did."""
    return say_all(_STOPPED)


def import_labels() -> dict[str, str]:
    """Return the translated names of what a list of consents brought."""
    return say_all(_IMPORTED)


WHY: Final = WordTable("crm.consents", "why")
SCOPES: Final = WordTable("crm.consents", "scopes")
KNOWN_BY: Final = WordTable("crm.consents", "known_by")


def suppression_row(line: Mapping[str, object]) -> dict[str, object]:
    """Say one entry of the list in words."""
    known = {"why": WHY, "scope": SCOPES, "known_by": KNOWN_BY}
    return {
        name: _(known[name].get(str(value), str(value))) if name in known else value
        for name, value in line.items()
    }


def suppression_labels() -> dict[str, str]:
    """Return the translated names of what an entry says."""
    return say_all(_SUPPRESSION)
