"""Correcting a party: fields of the wide row, further phones and the like, values to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm import numbers
from crm.files.parsing import comparable, plain
from crm.kinds.party import ASIDE, BY_NAME, FIELDS, SHOWN_AS
from crm.models.attached import FURTHER_MODELS, ToMend
from crm.parties.errors import NotOnTheCard
from crm.shape.normal_forms import check_length
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.models.party import Party
    from crm.parties.cards import Further
    from crm.parties.field_rules import Columns
    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.store.warrant import Warrant


def change_columns(change: AuditedChange, party: Party, columns: Columns, warrant: Warrant) -> int:
    """Store the columns that really differ and return how many did."""
    changed = 0
    for column, value in columns.items():
        if _differs(party, column, value):
            setattr(party, column, value)
            changed += 1
    marks = still_to_check(party.to_check, columns)
    if changed or marks != party.to_check:
        party.to_check = marks  # also who types the same value again has looked at it
        change.update(party, warrant)
        _forget_bad_values(change, party, columns)
    return changed


def change_further(
    context: RegisterContext,
    change: AuditedChange,
    party: Party,
    further: Iterable[Further],
    warrant: Warrant,
) -> int:
    """Add and remove rows beside the party and return how many changed."""
    count = 0
    for one in further:
        value = normal(one, party.country)
        if one.remove:
            _remove(context, change, party, one.kind, value)
        elif is_held(context, party, one.kind, value):
            continue
        else:
            model = FURTHER_MODELS[one.kind]
            row = model(id=new_id(), party=bytes(party.id), **{one.kind: value})
            change.insert(row, warrant)
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
    **SHOWN_AS,
}


def still_to_check(marks: str | None, columns: Iterable[str]) -> str | None:
    """Drop the marks of fields that somebody has put right."""
    right = {_CHECKED_BY.get(column, column) for column in columns}
    left = [mark for mark in (marks or "").split() if _CHECKED_BY.get(mark, mark) not in right]
    return " ".join(left) or None


def is_held(context: RegisterContext, party: Party, kind: str, value: str) -> bool:
    """Tell whether a value is on the card already, however it was written there."""
    rows = context.session.rows(FURTHER_MODELS[kind], party=bytes(party.id))
    held = [getattr(row, kind) for row in rows]
    firsts = (one.name for one in FIELDS if one.further == kind)
    held += [getattr(party, name) for name in firsts if party.holds(name)]
    return comparable(kind, value) in {comparable(kind, one) for one in held if one}


def _differs(party: Party, column: str, value: str | int | None) -> bool:
    if value is None:
        return party.holds(column)
    return bool(getattr(party, column) != value)


def _remove(
    context: RegisterContext, change: AuditedChange, party: Party, kind: str, value: str
) -> None:
    model = FURTHER_MODELS[kind]
    column = model.layout().column(kind)
    wanted = column.normalise(value)
    for row in context.session.rows(model, party=bytes(party.id)):
        if column.normalise(getattr(row, kind)) == wanted:
            change.delete(row)
            change.settle(context.session.keys_of(bytes(party.id)), {column.category})
            return
    # An address of its own kind is cleared as a field; else the first of several stands there.
    if kind in BY_NAME and party.holds(kind) and column.normalise(getattr(party, kind)) == wanted:
        setattr(party, kind, None)
        change.update(party)
        return
    raise NotOnTheCard(field=kind, number=party.number)


def _forget_bad_values(change: AuditedChange, party: Party, columns: Columns) -> None:
    """Drop what an import set aside as soon as somebody has put the right value in its place."""
    mended = {ASIDE[column] for column, value in columns.items() if value and column in ASIDE}
    for row in change.session.rows(ToMend, party=bytes(party.id)):
        held = {column.name for column in type(row).layout().sealed if row.holds(column.name)}
        if held and held <= mended:
            categories = {type(row).layout().column(name).category for name in held}
            change.delete(row)
            change.settle(change.session.keys_of(bytes(party.id)), categories)
        elif held & mended:
            values: dict[str, Any] = dict.fromkeys(held & mended)
            for column, nothing in values.items():
                setattr(row, column, nothing)
            change.update(row)
