"""Checking a field while it is typed: what the services will say, before they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm import numbers
from crm.errors import InvalidNumber
from crm.kinds.party import BY_NAME, IN_FORMS, TRADES_AS
from crm.models.party import Kind, Party
from crm.parties.cards import CheckedField, FieldQuestion
from crm.parties.field_rules import FieldSetting, columns_of
from crm.privacy import MASKED
from crm.shape.description import LINES

if TYPE_CHECKING:
    from datetime import date


def form_fields(kind: str) -> tuple[FieldQuestion, ...]:
    """Return what is asked about a natural or a legal person, in the order of a form."""
    masked = {item.code for item in MASKED} if Kind(kind) is Kind.NATURAL else set()
    questions = []
    for name in IN_FORMS:
        field = BY_NAME[name]
        if field.only in {"", kind}:
            stored = Party.layout().column(field.stored_as(kind))
            question = FieldQuestion(
                name=name,
                category=stored.category,
                item=stored.item,
                codes=tuple(field.codes),
                masked=stored.item in masked,
                lines=field.type is LINES,
            )
            questions.append(question)
    return tuple(questions)


def check_field(field: str, text: str, *, kind: str, country: str, today: date) -> CheckedField:
    """Check one field as the services will, and say what would be stored; needs no register."""
    setting = FieldSetting(Kind(kind), country, today)
    columns = columns_of({field: text}, setting)
    value = columns.get(TRADES_AS.get(field, field) if setting.kind is Kind.NATURAL else field)
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
