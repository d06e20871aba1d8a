"""Checking a field while it is typed: what the services will say, before they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm import numbers
from crm.errors import InvalidNumber
from crm.models.party import Kind, Party
from crm.parties.cards import CheckedField, FieldQuestion
from crm.parties.field_rules import CHANNELS, MORE, SOURCES, FieldSetting, columns_of
from crm.privacy import MASKED

if TYPE_CHECKING:
    from datetime import date

_CODES = {"channel": CHANNELS, "provenance": SOURCES}
_LINES = frozenset({"legal_address", "delivery_address"})
_OF_PEOPLE = frozenset({"given_name", "family_name", "personal_code"})
_OF_COMPANIES = frozenset({"name", "reg_no"})
# The order in which people think of them; `country` stands beside the kind.
_ORDER = (
    *("name", "given_name", "family_name", "vat_no", "reg_no", "personal_code"),
    *("email", "phone", "iban", "legal_address", "delivery_address"),
    *("language", "channel", "provenance"),
)


def form_fields(kind: str) -> tuple[FieldQuestion, ...]:
    """Return what is asked about a natural or a legal person, in the order of a form."""
    natural = Kind(kind) is Kind.NATURAL
    strange = _OF_COMPANIES if natural else _OF_PEOPLE
    masked = {item.code for item in MASKED} if natural else set()
    columns = {column.name: column for column in Party.layout().sealed}
    fields = []
    for name in (*_ORDER, *MORE):
        if name in strange:
            continue
        column = columns["trader_vat_no" if natural and name == "vat_no" else name]
        fields.append(
            FieldQuestion(
                name=name,
                category=column.category,
                item=column.item,
                codes=_CODES.get(name, ()),
                masked=column.item in masked,
                lines=name in _LINES,
            )
        )
    return tuple(fields)


def check_field(field: str, text: str, *, kind: str, country: str, today: date) -> CheckedField:
    """Check one field as the services will, and say what would be stored; needs no register."""
    setting = FieldSetting(Kind(kind), country, today)
    columns = columns_of({field: text}, setting)
    moved = {"vat_no": "trader_vat_no"} if setting.kind is Kind.NATURAL else {}
    value = columns.get(moved.get(field, field))
    stored = None if value is None else str(value)
    reg_no = None
    if field == "vat_no" and stored and setting.kind is Kind.LEGAL:
        reg_no = _reg_no_in(stored, country)
    return CheckedField(stored, bool(columns.get("phone_unchecked")), reg_no)


def _reg_no_in(vat_no: str, country: str) -> str | None:
    """Take the registration number out of a Latvian or Italian VAT number of a company."""
    if vat_no[:2] not in {"LV", "IT"} or vat_no[:2] != country:
        return None
    try:
        return numbers.reg_no(vat_no[2:], country).stored
    except InvalidNumber:
        return None
