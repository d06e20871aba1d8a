"""Rows with a value of a type that was never written: what explains an error nobody foresaw.

SQLite keeps whatever it is given, a text in a column of numbers as well. Rows are verified where
they are read, but some are read before any key is open; only after something fell over are all of
them looked through, so this costs nothing otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import BlobField, IntegerField

from gdpr.errors import Unreadable
from gdpr.store.fields import Sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peewee import Database, Model


def mistyped(database: Database, models: Iterable[type[Model]]) -> Iterator[Unreadable]:
    """Yield an error for each row that holds what its class cannot have written."""
    for model in models:
        meta: Any = model._meta  # noqa: SLF001 - peewee keeps its column table there
        fields = meta.sorted_fields
        statement, values = model.select(*fields).bind(database).sql()
        for row in database.execute_sql(statement, values):
            if not all(_fits(field, value) for field, value in zip(fields, row, strict=True)):
                first = row[0]
                named = first.hex() if isinstance(first, bytes) else "?"
                yield Unreadable(table=meta.table_name, row=named)


def _fits(field: Any, value: object) -> bool:
    if value is None:
        return bool(field.null)
    if isinstance(field, Sealed):
        return isinstance(value, bytes)
    if isinstance(field, IntegerField):
        return isinstance(value, int)
    if isinstance(field, BlobField):
        return isinstance(value, bytes)
    return isinstance(value, str) and _is_text(value)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
