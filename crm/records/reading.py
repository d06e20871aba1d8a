"""Rows become cards: what a user may see of records, with masked numbers and clients by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.parties.masking import Masking
from crm.shape.cards import RecordCard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.parties.cards import ClientLine
    from crm.session.context import RegisterContext
    from crm.shape.description import Shape
    from crm.shape.tables import KindRow


class RecordReader:
    """Opens rows of one kind for one answer; `reveal` shows what is masked else."""

    def __init__(self, context: RegisterContext, shape: Shape, *, reveal: bool = False) -> None:
        """See with the rights of the user of `context`."""
        self._context, self._shape, self._reveal = context, shape, reveal

    def card(self, row: KindRow) -> RecordCard:
        """Make the card of one row."""
        return next(self.cards([row]))

    def cards(self, rows: Sequence[KindRow]) -> Iterator[RecordCard]:
        """Make the cards of rows; the clients of all of them are looked up at once."""
        masking = Masking(self._context, reveal=True)
        ids = tuple(dict.fromkeys(bytes(row.party) for row in rows))
        clients = {line.id: line for line in masking.lines(ids=ids)} if ids else {}
        for row in rows:
            yield self._card(row, clients.get(bytes(row.party).hex()))

    def _card(self, row: KindRow, client: ClientLine | None) -> RecordCard:
        # Of somebody who is gone nobody knows any more whether it was a human being.
        natural = client is None or client.kind != "legal"
        masking = Masking(self._context, reveal=self._reveal)
        values: dict[str, str | None] = {}
        for field in self._shape.fields:
            if field.item is None:
                values[field.name] = row.value(field)
            else:
                values[field.name] = masking.of(row, field.name, natural=natural)
        return RecordCard(
            noun=self._shape.noun,
            number=row.number,
            client=None if client is None else client.number,
            client_name=None if client is None else client.name,
            entered=row.entered,
            values=values,
            state=getattr(row, "state", None),
            masked=tuple(masking.masked),
            going=getattr(row, "going_until", None),
        )


def party_of(context: RegisterContext, row: KindRow) -> Party | None:
    """Return whose record it is, None where it outlives them."""
    return context.session.first(Party, id=bytes(row.party))
