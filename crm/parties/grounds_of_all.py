"""The lawful bases of everybody in the register, a few parties at a time.

Whoever looks at all of them would otherwise hold them all, and a register has millions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.models.party import Party
from gdpr.rules.stored import GroundRow
from gdpr.store.overview import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdpr.store.session import Session

_PIECE: Final = 256


def grounds_of_all(
    session: Session, between: Callable[[int], object] | None = None
) -> Iterator[tuple[Party, list[GroundRow]]]:
    """Yield each party that has grounds with their rows, in the order in which they came.

    What does not verify is left out and noted in `session.damage`, as lists do. `between` is told
    how many parties were read before any of them is yielded.
    """
    for piece in pieces(session, Party, (), _PIECE):
        parties = session.among(Party, "id", [bytes(row[0]) for row in piece])
        held: dict[bytes, list[GroundRow]] = {bytes(party.id): [] for party in parties}
        for row in session.among(GroundRow, "party", list(held)):
            held[bytes(row.party)].append(row)
        if between is not None:
            between(len(piece))
        yield from ((party, rows) for party in parties if (rows := held[bytes(party.id)]))
