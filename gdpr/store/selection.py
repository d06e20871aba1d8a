"""Which rows a list is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gdpr.store.fields import Personal


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows a scan yields: those with these ids, without a value, in an order, so many."""

    ids: tuple[bytes, ...] = ()
    without: tuple[str, str] | None = None
    order: str | None = None
    limit: int | None = None

    def shape(self) -> tuple[object, ...]:
        """Return what the text of the statement depends on."""
        without = None if self.without is None else self.without[0]
        return len(self.ids), without, self.order, self.limit is None

    def values(self) -> tuple[object, ...]:
        """Return the values in the order of the statement."""
        without = () if self.without is None else (self.without[1],)
        limit = () if self.limit is None else (self.limit,)
        return (*self.ids, *without, *limit)

    def apply(self, query: Any, fields: Any) -> Any:
        """Add the conditions to a query; its values only shape the text."""
        if self.ids:
            query = query.where(fields["id"].in_(list(self.ids)))
        if self.without is not None:
            query = query.where(fields[self.without[0]] != self.without[1])
        if self.order is not None:
            query = query.order_by(fields[self.order])
        return query if self.limit is None else query.limit(self.limit)


def example_of(field: Any) -> object:
    """Return a value that shapes a statement as a real one of this column would."""
    if isinstance(field, Personal):
        raise TypeError
    return {"i": 0, "t": ""}.get(_kind(field), b"")


def _kind(field: Any) -> str:
    name = type(field).__name__
    return "i" if "Integer" in name else "t" if "Text" in name else "b"
