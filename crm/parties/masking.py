"""What one user sees of a party: nothing of a category without a key, dots for official numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.kinds.party import NAMES, ON_LINES, SHOWN_AS, TRADES_AS
from crm.models.party import Party, PartyKind, called
from crm.parties.cards import ClientLine
from crm.privacy import IDENTITY, MASKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.session.context import RegisterContext
    from gdpr.store.record import Record

GOING = "going"
_DOTS = "••••"
_KEPT_LETTERS = 4
MASKED_ITEMS = frozenset(item.code for item in MASKED)
# A value hardly longer than what stays readable would not be hidden by dots at all.
_SHORTEST_PARTLY_SHOWN = 8
# What a line of a list shows.
_PLAIN = ("number", "kind", "status")
_BESIDE_NAME = tuple(name for name in ON_LINES if name not in NAMES)
_SHOWN = (*NAMES, *_BESIDE_NAME, *SHOWN_AS)


class Masking:
    """Opens fields for one answer; `masked` gathers the names of those that were dotted."""

    def __init__(self, context: RegisterContext, *, reveal: bool = False) -> None:
        """See with the rights of the user of `context`; `reveal` shows what is masked else."""
        self._context = context
        self._reads = context.access.reads
        self._reveal = reveal
        self.masked: list[str] = []

    def may_read(self, category: str) -> bool:
        """Tell whether the user's roles read a category."""
        return category in self._reads

    def of(self, record: Record, column: str, *, natural: bool) -> str | None:
        """Open a field, None when it is empty or hidden; numbers of natural persons are dotted."""
        sealed = type(record).layout().column(column)
        if sealed.category not in self._reads or not record.holds(column):
            return None
        value: str | None = getattr(record, column)
        if value is None or not natural or sealed.item not in MASKED_ITEMS:
            return value
        if self._reveal:
            return value
        self.masked.append(column)
        return dotted(value)

    def line(self, party: Party) -> ClientLine:
        """Show a party as a line of a list."""
        natural = not party.is_legal_person()
        name = (party.display_name() or None) if self.may_read(IDENTITY.code) else None
        told = {one: self.field(party, one, natural=natural) for one in _BESIDE_NAME}
        return ClientLine(
            id=bytes(party.id).hex(),
            number=party.number,
            kind=party.kind,
            name=name,
            status=party.status,
            **told,
        )

    def field(self, party: Party, name: str, *, natural: bool) -> str | None:
        """Show a field, whatever column holds that of a party of this kind."""
        return self.of(party, TRADES_AS.get(name, name) if natural else name, natural=natural)

    def lines(self, **chosen: Any) -> Iterator[ClientLine]:
        """Show parties as lines of a list, straight from their rows; `chosen` says which."""
        for line, _more in self.lines_with((), **chosen):
            yield line

    def lines_with(
        self, more: tuple[str, ...], **chosen: Any
    ) -> Iterator[tuple[ClientLine, tuple[Any, ...]]]:
        """Show the same with `more` plain columns beside each line."""
        named = self.may_read(IDENTITY.code)
        width = 1 + len(_PLAIN)
        for row in self._context.session.lines(Party, (*_PLAIN, *more), _SHOWN, **chosen):
            party_id, number, kind, status = row[:width]
            opened = dict(zip(_SHOWN, row[width + len(more) :], strict=True))
            said = called(kind, *(opened[part] for part in NAMES))
            if kind != PartyKind.LEGAL:
                for stored, name in SHOWN_AS.items():
                    value = opened[stored]
                    opened[name] = value if value is None or self._reveal else dotted(value)
            line = ClientLine(
                id=bytes(party_id).hex(),
                number=number,
                kind=kind,
                name=(said or None) if named else None,
                status=status,
                **{one: opened[one] for one in _BESIDE_NAME},
            )
            yield line, row[width : width + len(more)]


def dotted(value: str) -> str:
    """Hide a value behind dots, all but its last letters."""
    return _DOTS + (value[-_KEPT_LETTERS:] if len(value) >= _SHORTEST_PARTLY_SHOWN else "")
