"""Which column of a file holds which field, by its words in any of our languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import NoKnownColumn
from crm.files.headings import NO_PLACE, named_by_hand
from crm.files.rejected_columns import REJECT_HEADINGS
from crm.files.spellings import fold
from crm.i18n import LANGUAGES, Words
from crm.transfer.cards import ColumnUse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.shape.description import Shape

NUMBER: Final = "number"
CLIENT: Final = "client"
STATE: Final = "state"
# What every kind of record is written with beside its own fields.
OWN: Final[Mapping[str, Words]] = {
    NUMBER: Words("number", "numurs", "numero"),
    CLIENT: Words("client", "klients", "cliente"),
    STATE: Words("state", "stāvoklis", "stato"),
}
# Why a column is left out.
UNKNOWN, REPEATED, SAID_SO, ROLE = "unknown", "repeated", "ignored", "role"


def columns_of(
    shape: Shape,
    headings: Sequence[str],
    mapping: Sequence[tuple[str, str]],
    writes: frozenset[str],
) -> tuple[ColumnUse, ...]:
    """Find the fields of a file; those of categories that nobody may write are left out."""
    known, fields = _known(shape), [*OWN, *(one.name for one in shape.fields)]
    chosen = named_by_hand(headings, mapping, {*fields, NO_PLACE}, sorted(fields))
    found: list[ColumnUse] = []
    taken: set[str] = set()
    for place, heading in enumerate(headings):
        name = chosen.get(place, known.get(fold(heading)))
        left_out = _left_out(shape, heading, name, taken, writes)
        if left_out is None and name is not None:
            taken.add(name)
        found.append(ColumnUse(heading, None if left_out else name, (), left_out))
    if taken <= {NUMBER, CLIENT, STATE}:
        raise NoKnownColumn
    return tuple(found)


def _left_out(
    shape: Shape, heading: str, name: str | None, taken: set[str], writes: frozenset[str]
) -> str | None:
    if name == NO_PLACE or heading in REJECT_HEADINGS:
        return SAID_SO
    if name is None:
        return UNKNOWN
    if name in taken:
        return REPEATED
    item = shape.field(name).item if name not in OWN else None
    return ROLE if item is not None and item.category.code not in writes else None


def _known(shape: Shape) -> dict[str, str]:
    """List the folded words of every field; the description's own go before those of all kinds."""
    found: dict[str, str] = {}
    for name, words in OWN.items():
        found |= {fold(one): name for one in (name, *_spoken(words))}
    for field in shape.fields:
        spellings = (field.name, *_spoken(field.label), *field.headings)
        found |= {fold(one): field.name for one in spellings}
    return found


def _spoken(words: Words) -> tuple[str, ...]:
    return tuple(words.said(language) for language in LANGUAGES)
