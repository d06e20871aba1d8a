"""The words on receipts of destruction; a receipt carries counts, codes and days, no values."""

from __future__ import annotations

from crm.i18n import _


def receipt_labels() -> dict[str, str]:
    """Return the translated names of a receipt's lines."""
    return {
        "number": _("number"),
        "because": _("because"),
        "whole": _("everything went"),
        "grounds_ended": _("grounds ended"),
        "destroyed": _("destroyed"),
        "going_until": _("going until"),
        "stays": _("stays"),
        "state": _("state"),
        "audit_entry": _("entry in the log"),
        "copies": _("known copies"),
        "contacts_going": _("contact persons going"),
        "purpose": _("purpose"),
        "article": _("article"),
        "refusal": _("not erased by"),
        "until": _("until"),
        "items": _("data"),
        "remembered": _("marks by which the no is known again"),
        "mentions_left": _("notes that still speak of the person"),
        "mentions_blanked": _("notes in which that was blanked out"),
        "kind": _("kind"),
        "path": _("place"),
        "ends": _("gone by"),
    }


def preview_labels() -> dict[str, str]:
    """Return the translated names of a preview's lines."""
    return {
        "number": _("number"),
        "because": _("because"),
        "goes": _("goes"),
        "stays": _("stays"),
        "item": _("data"),
        "category": _("category"),
        "table": _("table"),
        "rows": _("rows"),
        "purpose": _("purpose"),
        "article": _("article"),
        "refusal": _("not erased by"),
        "rule": _("rule"),
        "until": _("until"),
        "mentions": _("notes that speak of the person"),
        "note": _("note"),
        "text": _("text"),
        "places": _("places"),
    }
