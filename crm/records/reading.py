"""Records read: opened as cards, and listed, narrowed, put in order and paged.

Cards show what a user may see, with masked numbers and clients by name. Of a list only what is
shown is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.models.party import Party
from crm.names.folding import fold
from crm.parties.find_party import find_party
from crm.parties.masking import Masking
from crm.records.errors import FilterUnknown, SortUnknown
from crm.shape.cards import RecordCard, RecordList, RecordQuery
from crm.shape.description import FieldType
from crm.shape.parsing import Reader, said, sort_key
from crm.shape.tables import model_of
from gdpr.errors import KartotekaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm.parties.cards import ClientLine
    from crm.session.context import RegisterContext
    from crm.shape.description import Shape
    from crm.shape.tables import KindRow

    Plain = dict[str, Any]

_ALWAYS = ("id", "party", "number", "entered")


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


class RecordLister:
    """Answers lists of one kind of record for the user of `context`."""

    def __init__(self, context: RegisterContext, shape: Shape) -> None:
        """Look with the rights of the user."""
        self._context, self._shape, self._model = context, shape, model_of(shape)

    def page(self, query: RecordQuery) -> RecordList:
        """Return a page: by plain columns where that is enough, else all records are opened."""
        lines = self._chosen(query)
        end = None if query.limit is None else query.start + query.limit
        page = lines[query.start : end]
        return RecordList(self._opened([line["id"] for line in page]), len(lines))

    def pieces(self, query: RecordQuery) -> Iterator[list[bytes]]:
        """Yield the ids of the records that are wanted, as many as are opened at once."""
        ids = [line["id"] for line in self._chosen(query)]
        for start in range(0, len(ids), _LOT):
            yield ids[start : start + _LOT]

    def _chosen(self, query: RecordQuery) -> list[Plain]:
        self._refuse_unknown(query)
        lines = self._lines(query)
        if query.text:
            found = self._holding(lines, query.text)
            lines = [line for line in lines if line["id"] in found]
        return self._in_order(lines, query)

    def _refuse_unknown(self, query: RecordQuery) -> None:
        fields = {one.name: one for one in self._shape.fields}
        sorts = ("number", "client", "entered", *fields)
        sorts += ("state",) if self._shape.states is not None else ()
        if query.sort not in sorts:
            raise SortUnknown(known=", ".join(sorts))
        narrows = [one.name for one in fields.values() if one.type is FieldType.CODE]
        if not set(narrows) >= set(query.equals):
            raise FilterUnknown(known=", ".join(narrows))
        states = self._shape.states.words if self._shape.states is not None else {}
        if query.state is not None and query.state not in states:
            raise FilterUnknown(known=", ".join(states))

    def _lines(self, query: RecordQuery) -> list[Plain]:
        """Read the plain columns of all rows that are wanted; they only say which are opened."""
        fields: Any = self._model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
        plain = [one.name for one in self._shape.fields if one.item is None]
        names = [*_ALWAYS, *plain, *(("state",) if self._shape.states is not None else ())]
        select = self._model.select(*(fields[name] for name in names)).order_by(fields["number"])
        if query.who is not None:
            whose = bytes(find_party(self._context, query.who).id)
            select = select.where(fields["party"] == whose)
        rows: Any = select.bind(self._context.session.database).tuples()
        lines = [dict(zip(names, row, strict=True)) for row in rows]
        for line in lines:
            line["id"], line["party"] = bytes(line["id"]), bytes(line["party"])
        return [
            line
            for line in lines
            if (query.state is None or line["state"] == query.state)
            and all(self._is(line, name, code) for name, code in query.equals.items())
        ]

    def _is(self, line: Plain, name: str, code: str) -> bool:
        if name in line:
            return bool(line[name] == code)
        (card,) = self._opened([line["id"]])
        return card.values[name] == code

    def _holding(self, lines: list[Plain], text: str) -> frozenset[bytes]:
        """Find the records in which a text stands, or a number that is found by its token."""
        found = {bytes(row.id) for row in self._by_token(text)}
        wanted = fold(text)
        cards = self._opened_rows([line["id"] for line in lines])
        for row, card in cards:
            told = [
                said(one, card.values[one.name])
                for one in self._shape.fields
                if one.name not in card.masked
            ]
            told += [card.client_name or "", str(card.number)]
            if any(wanted in fold(words) for words in told if words):
                found.add(bytes(row.id))
        return frozenset(found)

    def _by_token(self, text: str) -> Iterable[KindRow]:
        reader = Reader(self._context.country, self._context.day)
        for field in self._shape.fields:
            if not field.findable:
                continue
            try:
                number = reader.field(field, text)
            except KartotekaError:
                continue
            if number is not None:
                yield from self._context.session.find(self._model, field.name, number)

    def _in_order(self, lines: list[Plain], query: RecordQuery) -> list[Plain]:
        key = self._key(lines, query.sort)
        return sorted(lines, key=key, reverse=query.descending)

    def _key(self, lines: list[Plain], sort: str) -> Callable[[Plain], Any]:
        if sort == "client":
            numbers = self._client_numbers()
            return lambda line: numbers.get(line["party"], 0)
        fields = {one.name: one for one in self._shape.fields}
        if sort not in fields:
            return lambda line: line[sort]
        field = fields[sort]
        if field.item is None:
            return lambda line: sort_key(field, _text(line[sort]))
        rows = self._opened_rows([line["id"] for line in lines])
        opened = {bytes(row.id): card.values[sort] for row, card in rows}
        # Dots are no number and no day, but they are never in such fields.
        return lambda line: sort_key(field, opened.get(line["id"]))

    def _client_numbers(self) -> dict[bytes, int]:
        query: Any = Party.select(Party.id, Party.number).bind(self._context.session.database)
        return {bytes(party): number for party, number in query.tuples()}

    def _opened(self, ids: list[bytes]) -> tuple[RecordCard, ...]:
        return tuple(card for _row, card in self._opened_rows(ids))

    def _opened_rows(self, ids: list[bytes]) -> list[tuple[KindRow, RecordCard]]:
        """Open rows in the order of their ids as given; a damaged one is left out and noted."""
        found: dict[bytes, KindRow] = {}
        for start in range(0, len(ids), _LOT):
            rows = self._context.session.among(self._model, "id", ids[start : start + _LOT])
            found |= {bytes(row.id): row for row in rows}
        rows = [found[one] for one in ids if one in found]
        return list(zip(rows, RecordReader(self._context, self._shape).cards(rows), strict=True))


_LOT = 500


def _text(value: object) -> str | None:
    return None if value is None else str(value)
