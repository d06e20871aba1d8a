"""How records are drawn: columns, rows, and the parts of one, made from the description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.i18n import _, spoken
from crm.kinds.listed import SHAPES
from crm.shape.parsing import listed, said
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.shape.cards import RecordCard
    from crm.shape.description import Shape

RECORD = "record:"
"""How the key of a row begins that opens a record of a client."""


def kind_of(noun: str) -> Shape:
    """Return the description of a kind by its noun."""
    return {shape.noun: shape for shape in SHAPES}[noun]


def kinds_for(reads: Iterable[str]) -> tuple[Shape, ...]:
    """Return the kinds of which somebody with these categories may see records."""
    held = frozenset(reads)
    return tuple(shape for shape in SHAPES if shape.category.code in held)


def columns_of(shape: Shape, *, clients: bool) -> tuple[Column, ...]:
    """Make the columns of a list; `clients` names whose each record is."""
    fields = shape.columns
    made = [Column("number", _("number"), 7, right=True)]
    made += [Column("client", _("client"), 18, rank=1)] if clients else []
    for place, one in enumerate(fields):
        # What comes later in the description gives way sooner.
        rank = 0 if not one.column else place + 2
        made.append(Column(one.name, _(one.label), one.column or 0, rank, right=one.right))
    made += [Column("state", _("state"), 12, rank=1)] if shape.states is not None else []
    return tuple(made)


def row_of(shape: Shape, card: RecordCard, columns: Sequence[Column]) -> Row:
    """Make the row of a record, warned of where it is about to go."""
    cells = tuple(_cell(shape, card, column.name) for column in columns)
    return Row(str(card.number), cells, "warning" if card.going else "")


def parts_of(shape: Shape, card: RecordCard) -> list[tuple[str, str]]:
    """Make what is read of one record: every field that holds something."""
    parts = [(_("client"), client_words(card))] if card.client is not None else []
    if card.state is not None:
        parts.append((_("state"), _(shape.state_word(card.state))))
    told = [(_(one.label), said(one, card.values[one.name])) for one in shape.fields]
    parts += [(label, text) for label, text in told if text]
    parts.append((_("entered on"), card.entered))
    if card.going:
        parts.append((_("destroy by"), spoken(card.going)))
    return parts


def client_words(card: RecordCard) -> str:
    """Name the client of a record by number and, where it may be read, by name."""
    return f"{card.client or '–'} {card.client_name or ''}".rstrip()


def of_client(
    found: Sequence[tuple[Shape, RecordCard]],
) -> tuple[tuple[Column, ...], list[Row]]:
    """Make the rows of a card's tab: the records of every kind about one client."""
    columns = (
        Column("kind", _("kind of record"), 16),
        Column("number", _("number"), 7, right=True),
        Column("what", _("content"), 0),
        Column("state", _("state"), 14),
        Column("entered", _("entered on"), 10, rank=1),
    )
    return columns, [_line(shape, card) for shape, card in found]


def _line(shape: Shape, card: RecordCard) -> Row:
    first = next(one for one in shape.columns if one.column == 0)
    state = _(shape.state_word(card.state))
    cells = (_(shape.one), str(card.number), _cell(shape, card, first.name), state, card.entered)
    return Row(f"{RECORD}{shape.noun}:{card.number}", cells, "warning" if card.going else "")


def _cell(shape: Shape, card: RecordCard, name: str) -> str:
    if name == "number":
        return str(card.number)
    if name == "client":
        return client_words(card)
    if name == "state":
        return _(shape.state_word(card.state))
    return listed(shape.field(name), card.values[name])
