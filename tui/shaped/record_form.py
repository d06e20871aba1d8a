"""The box in which a record is entered or corrected, made from its description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.i18n import _, current
from crm.shape.description import DAY, LINES
from crm.shape.rows import headings_of, rows_text
from tui.dialogs.filling import AREA, LINE, PICK, BoxField, Fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.kartoteka import Kartoteka
    from crm.shape.cards import RecordCard
    from crm.shape.description import Field, Shape
    from tui.register_thread import RegisterThread

WHO = "client"
_EMPTY = ("", "–")


def new_form(
    shape: Shape, desk: RegisterThread, writes: frozenset[str], number: int | None
) -> Fill:
    """Make the box for a new record of a client, who is asked for where none is given."""

    async def save(values: Mapping[str, Any]) -> RecordCard:
        typed = {name: text for name, text in values.items() if name != WHO and text}
        who = str(values.get(WHO, number))

        def add(register: Kartoteka) -> RecordCard:
            return register.records(shape).add(who, typed)

        return await desk.ask(add)

    asked = [BoxField(WHO, _("client") + " *", hint=_("number"))] if number is None else []
    fields = [_box(one, _shown(one, None)) for one in _writable(shape, writes)]
    return Fill(_(shape.new), [*asked, *fields], save)


def edit_form(shape: Shape, desk: RegisterThread, writes: frozenset[str], card: RecordCard) -> Fill:
    """Make the box in which a record is corrected; what another changed is not overwritten."""
    shown = {one.name: _shown(one, card.values[one.name]) for one in _writable(shape, writes)}

    async def save(values: Mapping[str, Any]) -> RecordCard | bool:
        changed = {name: text for name, text in values.items() if text != shown[name]}
        if not changed:
            return False
        seen = {name: card.values[name] for name in changed}

        def edit(register: Kartoteka) -> RecordCard:
            return register.records(shape).edit(card.number, changed, seen=seen)

        return await desk.ask(edit)

    fields = [_box(one, shown[one.name]) for one in _writable(shape, writes)]
    return Fill(f"{_(shape.one)} {card.number}", fields, save)


def _writable(shape: Shape, writes: frozenset[str]) -> list[Field]:
    return [one for one in shape.fields if one.item is None or one.item.category.code in writes]


def _shown(field: Field, stored: str | None) -> str:
    """Give what stands in a field of the box: above rows their headings, even where none is."""
    if field.rows:
        return rows_text(field, stored, current()) or headings_of(field, current())
    return stored or ""


def _box(field: Field, value: str) -> BoxField:
    label = _(field.label) + (" *" if field.required else "")
    if field.codes:
        codes = tuple((code, _(words)) for code, words in field.codes.items())
        choices = codes if field.required and value else (_EMPTY, *codes)
        return BoxField(field.name, label, value, PICK, choices=choices)
    kind = AREA if field.type is LINES or field.rows else LINE
    hint = _("day.month.year") if field.type is DAY else ""
    return BoxField(field.name, label, value, kind, hint=hint)
