"""The words for what stands on a card and in lists, in the language in use."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crm.i18n import _
from crm.numbers import grouped_iban, hyphened_code
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.cards import ClientCard, ClientLine

_CODES = {
    "natural": N_("natural person"),
    "legal": N_("legal person"),
    "active": N_("active"),
    "former": N_("former"),
    "prospect": N_("prospect"),
    "contact": N_("contact person"),
    "going": N_("going"),
}
_CODED = ("kind", "status")
# Shown on the card only when they say something.
_QUIET = ("phone_to_check", "notes", "partly_erased")


def card_labels() -> dict[str, str]:
    """Return the translated names of a card's fields."""
    return {
        "number": _("number"),
        "kind": _("kind"),
        "name": _("name"),
        "given_name": _("given name"),
        "family_name": _("family name"),
        "reg_no": _("registration number"),
        "vat_no": _("VAT number"),
        "personal_code": _("personal code"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "status": _("status"),
        "country": _("country"),
        "legal_address": _("legal address"),
        "delivery_address": _("delivery address"),
        "language": _("language"),
        "channel": _("preferred channel"),
        "iban": _("account"),
        "provenance": _("known from"),
        "relations": _("relations"),
        "created": _("entered on"),
        "last_activity": _("last contact"),
        "phone_to_check": _("phone to be checked"),
        "phones": _("further phones"),
        "emails": _("further e-mails"),
        "addresses": _("further addresses"),
        "ibans": _("further accounts"),
        "notes": _("notes"),
        "contacts": _("contact persons"),
        "works_at": _("contact person of"),
        "to_mend": _("to mend"),
        "going": _("going"),
        "masked": _("hidden behind dots"),
        "warnings": _("perhaps the same as"),
        "partly_erased": _("partly erased"),
        "position": _("position"),
        "since": _("since"),
        "left": _("left on"),
        "table": _("table"),
        "field": _("field"),
        "until": _("until"),
        "value": _("value"),
        "numbers": _("numbers"),
    }


def why_labels() -> dict[str, str]:
    """Return the translated names of what is told about a datum."""
    return {
        "data": _("why each datum is kept"),
        "table": _("table"),
        "field": _("field"),
        "item": _("data"),
        "category": _("category"),
        "purpose": _("purpose"),
        "basis": _("basis"),
        "article": _("article"),
        "since": _("since"),
        "until": _("until"),
        "because": _("because"),
        "going": _("going"),
        "also": _("also"),
    }


def list_columns() -> dict[str, str]:
    """Return the columns that a list shows on a terminal, with their headings."""
    labels = card_labels()
    fields = ("number", "name", "kind", "reg_no", "vat_no", "email", "phone", "status")
    return {field: labels[field] for field in fields}


def line_row(line: ClientLine, form: str) -> dict[str, Any]:
    """Turn a line into a row; a table says its codes in words."""
    row = asdict(line)
    return _worded(row) if form == "table" else row


def card_record(card: ClientCard, form: str) -> dict[str, Any]:
    """Turn a card into an object; a table leaves out what is empty and says codes in words."""
    record = asdict(card)
    if form != "table":
        return record
    del record["id"]
    record |= record.pop("more")
    worded = _worded(record)
    if worded["personal_code"]:
        worded["personal_code"] = hyphened_code(worded["personal_code"])
    if worded["iban"] and "iban" not in card.masked:
        worded["iban"] = grouped_iban(worded["iban"])
    labels = card_labels()
    worded["masked"] = [labels.get(field, field) for field in card.masked]
    return {
        field: value
        for field, value in worded.items()
        if value not in (None, (), []) and not (field in _QUIET and not value)
    }


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field: _(_CODES[value]) if field in _CODED and value in _CODES else value
        for field, value in row.items()
    }
