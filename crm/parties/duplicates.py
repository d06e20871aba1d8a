"""Whether a party is in the register already: equal numbers block, what is merely alike warns."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm.kinds.party import LOOKED_AT, NUMBERS, SHOWN_AS
from crm.models.party import Party
from crm.names.folding import fold
from crm.parties.cards import Likeness
from crm.parties.errors import ClientKnown, ClientKnownButGoing, PerhapsKnown
from crm.parties.existing_parties import other_numbers
from crm.parties.grace_period import is_going

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crm.session.context import RegisterContext
    from gdpr.store.record import Record

_LEGAL_FORMS = frozenset(
    {"sia", "as", "ik", "ps", "ks", "zs", "sabiedriba", "ar", "ierobezotu", "atbildibu"}
    | {"srl", "srls", "spa", "sas", "snc", "ltd", "llc", "gmbh", "ou", "uab", "oy", "ab", "inc"}
)
# In a short word one letter is a different name; in a long one it is a slip.
_SHORTEST_WITH_A_SLIP = 8


def foresee(
    context: RegisterContext, columns: Mapping[str, object], further: Iterable[tuple[str, str]] = ()
) -> None:
    """Let the database be asked once for all that `refuse_known` and `likenesses` look for."""
    wanted = [place for column in NUMBERS for place in _places(columns, column)]
    values = [(column, columns.get(column)) for column in LOOKED_AT]
    context.session.foresee(
        [
            *((Party, column, value) for column, value in wanted),
            *(
                (model, name, value)
                for kind, value in (*values, *further)
                if isinstance(value, str) and kind in LOOKED_AT
                for model, name in context.session.findable(kind)
            ),
        ]
    )


def refuse_known(
    context: RegisterContext, columns: Mapping[str, object], *, but: bytes | None
) -> None:
    """Refuse a number that belongs to another party; the error names that party's number."""
    for column, others in _known_numbers(context, columns, but):
        for other in others:
            fault = ClientKnownButGoing if is_going(context, bytes(other.id)) else ClientKnown
            raise fault(number=other.number, field=_said(column))


def known_by(
    context: RegisterContext, columns: Mapping[str, object], but: bytes | None
) -> tuple[Likeness, ...]:
    """Find the parties that hold a number which only one may have."""
    return tuple(
        Likeness(_said(column), tuple(sorted({one.number for one in others})))
        for column, others in _known_numbers(context, columns, but)
        if others
    )


def likenesses(
    context: RegisterContext,
    columns: Mapping[str, object],
    name: str,
    further: Iterable[tuple[str, str]] = (),
    *,
    but: bytes | None,
) -> tuple[Likeness, ...]:
    """Find the parties that share an address, phone, account or nearly the name.

    Those whose data are going are left out, because they are used for nothing.
    """
    alike: dict[str, set[bytes]] = defaultdict(set)
    values = [(column, columns.get(column)) for column in LOOKED_AT]
    for column, value in (*values, *further):
        if isinstance(value, str) and column in LOOKED_AT:
            alike[column].update(_about(context.session.find_kind(column, value)))
    if name:
        alike["name"].update(_similar(context, name))
    found = []
    for column, parties in alike.items():
        others = {party for party in parties if party != but and not is_going(context, party)}
        if others:
            # A kept record outlives its party, whose id then leads nowhere.
            there = [context.session.first(Party, id=party) for party in others]
            numbers = sorted(party.number for party in there if party is not None)
            found += [Likeness(column, tuple(numbers))] if numbers else []
    return tuple(found)


def refuse_alike(warnings: Iterable[Likeness]) -> None:
    """Ask somebody to look before a party is stored that may be there already."""
    told = [f"{_said(one.field)}: {', '.join(map(str, one.numbers))}" for one in warnings]
    if told:
        raise PerhapsKnown(matches="; ".join(told))


def similar(one: str, other: str) -> bool:
    """Tell whether two names may be one: equal but for order and legal form, or for a slip.

    Numbers in a name are part of it: *Branch 1* is not *Branch 2*.
    """
    ours, theirs = name_core(one), name_core(other)
    if ours == theirs:
        return True
    if _digits(ours) != _digits(theirs) or min(len(ours), len(theirs)) < _SHORTEST_WITH_A_SLIP:
        return False
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only names almost equal need it

    return Levenshtein.distance(ours, theirs, score_cutoff=1) <= 1


def _known_numbers(
    context: RegisterContext, columns: Mapping[str, object], but: bytes | None
) -> Iterator[tuple[str, list[Party]]]:
    """Find who else has each number, also where another contains it: most VAT numbers do."""
    for column in NUMBERS:
        holders = (
            party
            for where, number in _places(columns, column)
            for party in context.session.find(Party, where, number)
        )
        yield column, [party for party in holders if bytes(party.id) != but]


def _places(columns: Mapping[str, object], column: str) -> Iterator[tuple[str, str]]:
    """Give where a number that only one may have is looked for."""
    value = columns.get(column)
    if not isinstance(value, str):
        return
    yield column, value
    yield from other_numbers({column: value, "country": columns.get("country")})


def _about(records: Iterable[Record]) -> set[bytes]:
    return {record.about for record in records if record.about is not None}


def _similar(context: RegisterContext, name: str) -> set[bytes]:
    core = name_core(name)
    if not core:
        return set()
    hits = context.names.of(context).search(core)
    return {entry.key for entry in hits.entries if similar(name, entry.name)}


def name_core(name: str) -> str:
    """Return what two spellings of one name have in common: its words without a legal form."""
    words = fold(name.replace(".", "")).split()
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(sorted(kept or words))


def _digits(core: str) -> list[str]:
    return [word for word in core.split() if any(letter.isdigit() for letter in word)]


def _said(column: str) -> str:
    return SHOWN_AS.get(column, column)
