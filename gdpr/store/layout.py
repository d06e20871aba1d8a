"""The compiled shape of one record class, so that no row pays for looking it up again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from peewee import BlobField, IntegerField

from gdpr.store.errors import UndeclaredColumn
from gdpr.store.fields import HouseText, Personal, Plain, Sealed, TokenField
from gdpr.vault.encoding import pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdpr.store.record import Record

FIXED = ("id", "rev", "mac")


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """What sealing one personal column needs, worked out once."""

    name: str
    position: int
    item: str
    category: str
    findable: str | None
    token_position: int
    normalise: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns in storage order with their roles, and the statements that move whole rows.

    `columns` starts with id, rev, mac. `authenticated` lists (position, packed name and type tag)
    by column name, the order of the row MAC (security page, "Layouts"). `owner` names the column
    with the id whose data keys seal the row: its subject's, or its own when kept. `house` lists
    name and position of what the register's own key seals.
    `holder_at` is the place of the party's id under which the row is summed up, -1 for none, `part`
    says in which sum.
    """

    table: str
    columns: tuple[str, ...]
    sealed: tuple[SealedColumn, ...]
    house: tuple[tuple[str, int], ...]
    tokens: tuple[str, ...]
    authenticated: tuple[tuple[int, bytes, str], ...]
    categories: frozenset[str]
    subject: str
    kept: bool
    owner: str
    owner_at: int
    holder_at: int
    part: int

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.columns)

    def column(self, name: str) -> SealedColumn:
        """Return the sealed column called `name`; KeyError when it is not personal."""
        for sealed in self.sealed:
            if sealed.name == name:
                return sealed
        raise KeyError(name)

    def position(self, name: str) -> int:
        """Return where `name` stands in a stored row."""
        return self.columns.index(name)


@lru_cache(maxsize=128)
def layout_of(model: type[Record]) -> Layout:
    """Compile the layout of a record class, refusing a column that declares nothing."""
    meta: Any = model._meta  # noqa: SLF001 - peewee keeps its column table there
    fields = {field.name: field for field in meta.sorted_fields}
    columns = (*FIXED, *(name for name in fields if name not in FIXED))
    for name, field in fields.items():
        if name not in FIXED and not isinstance(field, (Personal, HouseText, TokenField, Plain)):
            raise UndeclaredColumn(column=name, table=meta.table_name)
    places = {name: place for place, name in enumerate(columns)}
    sealed = tuple(
        SealedColumn(
            name=name,
            position=places[name],
            item=field.item.code,
            category=field.item.category.code,
            findable=field.findable,
            token_position=places.get(f"{name}_token", -1),
            normalise=field.normalise,
        )
        for name, field in fields.items()
        if isinstance(field, Personal)
    )
    owner = "id" if model.kept or not model.subject else model.subject
    return Layout(
        table=meta.table_name,
        columns=columns,
        sealed=sealed,
        house=tuple(
            (name, places[name]) for name, field in fields.items() if isinstance(field, HouseText)
        ),
        tokens=tuple(name for name, field in fields.items() if isinstance(field, TokenField)),
        authenticated=tuple(
            (places[name], pack(name.encode(), tag.encode()), tag)
            for name, tag in sorted((n, tag_of(f)) for n, f in fields.items() if n not in FIXED)
        ),
        categories=frozenset(column.category for column in sealed),
        subject=model.subject,
        kept=model.kept,
        owner=owner,
        owner_at=places[owner],
        holder_at=places.get(model.keeps or model.subject, -1),
        part=0 if model.keeps else 1,
    )


def tag_of(field: Any) -> str:
    """Return the letter of what a column holds: a whole number, bytes, or text."""
    if isinstance(field, IntegerField):
        return "i"
    return "b" if isinstance(field, (BlobField, Sealed)) else "t"
