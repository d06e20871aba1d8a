"""Second and further phones, mail addresses, postal addresses and accounts: a row for each."""

from __future__ import annotations

from types import new_class
from typing import Any, ClassVar, Final

from crm.kinds.party import FIELDS, FURTHER
from crm.shape.tables import sealed_column
from gdpr.store.fields import PlainBlob
from gdpr.store.record import Record


class FurtherRow(Record):
    """Another value of a party, beside the first of its kind in the wide row."""

    kind: ClassVar[str]
    subject = "party"

    party = PlainBlob("whose it is", index=True)

    @property
    def value(self) -> str | None:
        """Return the value, opened."""
        value: str | None = getattr(self, self.kind)
        return value


def _model(kind: str) -> type[FurtherRow]:
    """Make the record class of a kind, whose column is that of the first value."""
    first = next(one for one in FIELDS if one.further == kind)
    table = FURTHER[kind].table
    body: dict[str, Any] = {
        "__doc__": f"Another {kind} of a party.",
        "__module__": __name__,
        "kind": kind,
        kind: sealed_column(first),
    }
    name = "".join(part.title() for part in table.split("_"))
    made: type[FurtherRow] = new_class(name, (FurtherRow,), {}, lambda space: space.update(body))
    return made


FURTHER_MODELS: Final = {kind: _model(kind) for kind in FURTHER}
