"""Correcting a party: fields of the wide row, further phones and the like, values to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm import numbers
from crm.files.parsing import alike, check_length, plain
from crm.models.attached import ToMend
from crm.models.further import FurtherAccount, FurtherAddress, FurtherEmail, FurtherPhone
from crm.session.errors import NotOnTheCard
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.models.party import Party
    from crm.parties.cards import Further
    from crm.parties.field_rules import Columns
    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.store.record import Record
    from gdpr.store.warrant import Warrant

# kind -> (record class, its column, the column of the wide row that holds the first one)
_TABLES: dict[str, tuple[type[Record], str, str | None]] = {
    "phone": (FurtherPhone, "phone", "phone"),
    "email": (FurtherEmail, "email", "email"),
    "address": (FurtherAddress, "address", None),
    "iban": (FurtherAccount, "iban", "iban"),
}
# A corrected column of the party, and the one where its bad value was set aside.
_MENDS = {
    "reg_no": "reg_no",
    "vat_no": "vat_no",
    "personal_code": "official_number",
    "trader_vat_no": "official_number",
    "iban": "iban",
    "email": "email",
}


def change_columns(deed: AuditedChange, party: Party, columns: Columns, warrant: Warrant) -> int:
    """Store the columns that really differ and return how many did."""
    changed = 0
    for column, value in columns.items():
        if _differs(party, column, value):
            setattr(party, column, value)
            changed += 1
    marks = still_to_check(party.to_check, columns)
    if changed or marks != party.to_check:
        party.to_check = marks  # also who types the same value again has looked at it
        deed.update(party, warrant)
        _forget_bad_values(deed, party, columns)
    return changed


def change_further(
    context: RegisterContext,
    deed: AuditedChange,
    party: Party,
    changes: Iterable[Further],
    warrant: Warrant,
) -> int:
    """Add and remove rows beside the party and return how many changed."""
    count = 0
    for change in changes:
        value = normal(change, party.country)
        if change.remove:
            _remove(context, deed, party, change.kind, value)
        elif is_held(context, party, change.kind, value):
            continue
        else:
            model, column, _first = _TABLES[change.kind]
            row = model(id=new_id(), party=bytes(party.id), **{column: value})
            deed.insert(row, warrant)
        count += 1
    return count


def normal(change: Further, country: str) -> str:
    """Check the value like the first of its kind and bring it into its stored form."""
    check_length({change.kind: change.value})
    text = plain(change.value, change.kind)
    if change.kind == "phone":
        return numbers.phone(text, country).stored
    if change.kind == "email":
        return numbers.email(text).stored
    return numbers.iban(text).stored if change.kind == "iban" else text


_CHECKED_BY: Final = {
    "full_name": "name",
    "company": "name",
    "trader_vat_no": "vat_no",
}


def still_to_check(marks: str | None, columns: Iterable[str]) -> str | None:
    """Drop the marks of fields that somebody has put right."""
    right = {_CHECKED_BY.get(column, column) for column in columns}
    left = [mark for mark in (marks or "").split() if _CHECKED_BY.get(mark, mark) not in right]
    return " ".join(left) or None


def is_held(context: RegisterContext, party: Party, kind: str, value: str) -> bool:
    """Tell whether a value is on the card already, however it was written there."""
    model, column, first = _TABLES[kind]
    held = [getattr(row, column) for row in context.session.rows(model, party=bytes(party.id))]
    firsts = (first,) if first else ("legal_address", "delivery_address")
    held += [getattr(party, name) for name in firsts if party.holds(name)]
    return alike(kind, value) in {alike(kind, one) for one in held if one}


def _differs(party: Party, column: str, value: str | int | None) -> bool:
    if value is None:
        return party.holds(column)
    return bool(getattr(party, column) != value)


def _remove(
    context: RegisterContext, deed: AuditedChange, party: Party, kind: str, value: str
) -> None:
    model, column, first = _TABLES[kind]
    normalise = model.layout().column(column).normalise
    wanted = normalise(value)
    for row in context.session.rows(model, party=bytes(party.id)):
        if normalise(getattr(row, column)) == wanted:
            category = model.layout().column(column).category
            deed.delete(row)
            deed.settle(context.session.keys_of(bytes(party.id)), {category})
            return
    if first is not None and party.holds(first) and normalise(getattr(party, first)) == wanted:
        setattr(party, first, None)
        deed.update(party)
        return
    raise NotOnTheCard(field=kind, number=party.number)


def _forget_bad_values(deed: AuditedChange, party: Party, columns: Columns) -> None:
    """Drop what an import set aside as soon as somebody has put the right value in its place."""
    mended = {_MENDS[column] for column, value in columns.items() if value and column in _MENDS}
    for row in deed.desk.rows(ToMend, party=bytes(party.id)):
        held = {column.name for column in type(row).layout().sealed if row.holds(column.name)}
        if held and held <= mended:
            categories = {type(row).layout().column(name).category for name in held}
            deed.delete(row)
            deed.settle(deed.desk.keys_of(bytes(party.id)), categories)
        elif held & mended:
            values: dict[str, Any] = dict.fromkeys(held & mended)
            for column, nothing in values.items():
                setattr(row, column, nothing)
            deed.update(row)
