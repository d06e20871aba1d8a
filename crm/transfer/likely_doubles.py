"""Which new rows of a file may be clients who are there already, and what somebody decided.

A row is held against those who were in the register before the file: an equal address, phone or
account, or an equal name that nothing contradicts. All of a batch is asked with few statements.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.files.rejected_columns import DECISIONS
from crm.files.spellings import code_of
from crm.kinds.party import LOOKED_AT, NAMES, NUMBERS
from crm.models.attached import FURTHER_MODELS
from crm.models.party import Party, called
from crm.parties.duplicates import name_core
from crm.parties.existing_parties import TokenHolders
from crm.parties.grace_period import is_going
from crm.shape.normal_forms import digits, lowercase
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crm.files.candidate import Candidate
    from crm.files.reading import FileRow
    from crm.session.context import RegisterContext
    from crm.transfer.bulk_insert import Fresh
    from gdpr.store.record import Record

# Where addresses and numbers stand by which two may be one, and whose they are.
_PLACES: Final[tuple[tuple[type[Record], str, str], ...]] = (
    *((Party, kind, "id") for kind in LOOKED_AT),
    *((FURTHER_MODELS[kind], kind, "party") for kind in LOOKED_AT),
)
_SAME_FORM: Final[dict[str, Callable[[str], str]]] = {"email": lowercase, "phone": digits}


class LikelyDouble(NamedTuple):
    """By which field a row is like clients who are there, and who they are."""

    field: str
    parties: tuple[bytes, ...]


class RowDecision(NamedTuple):
    """What somebody wrote beside a row: same, new or skip, and the client they mean."""

    code: str
    number: int | None


def decision_in(row: FileRow, headings: Sequence[str]) -> RowDecision | None:
    """Read what was decided of a row in the rejects file it came from."""
    place = next((place for place, one in enumerate(headings) if one in DECISIONS), None)
    if place is None:
        return None
    word = row.cells[place]
    number = "".join(filter(str.isdigit, word))
    code = code_of("decision", "".join(letter for letter in word if not letter.isdigit()))
    return RowDecision(code, int(number) if number else None) if code else None


def says_nothing_new(context: RegisterContext, candidate: Candidate, party_id: bytes) -> bool:
    """Tell whether a client has every value of a row, its name included, and nothing is left."""
    party = context.session.get(Party, party_id)
    if candidate.contact is not None or candidate.party.further or candidate.party.notes:
        return False
    return all(
        _SAME_FORM.get(name, str)(value) == _SAME_FORM.get(name, str)(getattr(party, name) or "")
        for name, value in candidate.party.columns().items()
        if value is not None
    )


class LikelyDoubles:
    """Knows who was in the register before a file came."""

    def __init__(self, context: RegisterContext) -> None:
        """Begin with the parties there are now; in an empty register nobody is asked for."""
        self._context = context
        self._since = new_id()
        self._tokens = TokenHolders(context.session)
        query = Party.select(Party.id).limit(1).bind(context.session.database)
        self.possible = bool(list(query.tuples()))
        self._names: dict[str, list[bytes]] | None = None

    def among(self, fresh: Sequence[Fresh]) -> dict[int, LikelyDouble]:
        """Return, by line, the new rows that may be somebody who is there."""
        if not fresh or not self.possible:
            return {}
        held = self._holders(fresh)
        found: dict[int, LikelyDouble] = {}
        for row in fresh:
            for kind, value in _told(row):
                parties = self._others(row, held.get((kind, value), ()), by_name=False)
                if parties:
                    found.setdefault(row.candidate.line, LikelyDouble(kind, parties))
            if row.candidate.line not in found and (name := _name(row)):
                alike = self._named().get(name_core(name), ())
                if parties := self._others(row, alike, by_name=True):
                    found[row.candidate.line] = LikelyDouble("name", parties)
        return found

    def _others(self, row: Fresh, parties: Iterable[bytes], *, by_name: bool) -> tuple[bytes, ...]:
        """Leave out who came with this file, who is going, and whom the row contradicts."""
        kept = []
        for one in dict.fromkeys(parties):
            if one >= self._since or is_going(self._context, one):
                continue
            party = self._context.session.get(Party, one)
            if party.kind == row.candidate.party.kind and not _differs(party, row, by_name=by_name):
                kept.append(one)
        return tuple(kept)

    def _holders(self, fresh: Sequence[Fresh]) -> dict[tuple[str, str], list[bytes]]:
        told = dict.fromkeys(one for row in fresh for one in _told(row))
        held: dict[tuple[str, str], list[bytes]] = defaultdict(list)
        for model, name, owner in _PLACES:
            column = model.layout().column(name)
            seal = self._context.session.seals[model.layout().table]
            tokens: dict[bytes, tuple[str, str]] = {}
            for one in told:
                if one[0] == name and (token := seal.token(column, column.normalise(one[1]))):
                    tokens[token] = one
            for token, party in self._tokens.ask(model, f"{name}_token", owner, list(tokens)):
                held[tokens[token]].append(party)
        return held

    def _named(self) -> dict[str, list[bytes]]:
        """Fold all names once, when the first new row asks."""
        if self._names is None:
            self._names = defaultdict(list)
            for party, kind, *names in self._context.session.scan(Party, ("kind",), NAMES):
                self._names[name_core(called(kind, *names))].append(bytes(party))
        return self._names


def _told(row: Fresh) -> list[tuple[str, str]]:
    values = [(kind, row.columns.get(kind)) for kind in LOOKED_AT]
    further = [(kind, value) for kind, value in row.candidate.party.further if kind != "address"]
    return [(kind, value) for kind, value in (*values, *further) if value]


def _name(row: Fresh) -> str:
    return called(row.candidate.party.kind, *(row.columns.get(part) for part in NAMES))


def _differs(party: Party, row: Fresh, *, by_name: bool) -> bool:
    """Tell whether a number says that they are two; of namesakes an address or phone does too."""
    names = (*NUMBERS, *_SAME_FORM) if by_name else NUMBERS
    for name in names:
        ours, theirs = row.columns.get(name), getattr(party, name)
        same = _SAME_FORM.get(name, str)
        if ours and theirs and same(ours) != same(theirs):
            return True
    return False
