"""What is held about each party, summed up in a row of its own.

Every row proves itself, and none proves that another is still there. So the row MACs of a party's
grounds, and those of all other rows about it, are summed up in one more authenticated row, in the
same transaction. Before a party is judged the sums are compared: whoever deletes a ground, or puts
back a row as it was last month, changes what the rules would decide, and it shows.

Added up is the half of each authenticator that no row shows, and the sums themselves lie under a
mask that is another one at every change. So nobody without the key learns what a row adds, however
many copies he compares, and can look for rows to delete that add up to nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gdpr.errors import Damaged
from gdpr.store.errors import Incomplete
from gdpr.store.fields import PlainBlob
from gdpr.store.layout import layout_of
from gdpr.store.record import Record
from gdpr.store.sealing import MAC_LENGTH
from gdpr.vault.encoding import label, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction

TABLE: Final = "holding"
_BYTES: Final = 32 - MAC_LENGTH
_SIZE: Final = 1 << 8 * _BYTES
_LOT: Final = 500
_GROUND: Final = "ground"
_COLUMNS: Final = ("sums",)
_MASK: Final = label("holding")
_REVISION: Final = 8


class Holding(Record):
    """The sums for one party; its id is the party's, and it goes with the last row about it."""

    sums = PlainBlob("masked sums of the authenticators of the party's grounds and other rows")


class Sums(NamedTuple):
    """What the rows about one party add up to, modulo 2**128."""

    grounds: int = 0
    others: int = 0

    def plus(self, other: Sums) -> Sums:
        """Add two sums."""
        return Sums((self.grounds + other.grounds) % _SIZE, (self.others + other.others) % _SIZE)


_NOTHING: Final = Sums()


def add_to_holdings(work: Transaction, changes: Mapping[bytes, list[int]]) -> None:
    """Add what a transaction wrote to the sums of each party; rows about nobody left go too."""
    changed = {
        party: sums
        for party, terms in changes.items()
        if (sums := _NOTHING.plus(Sums(*terms))) != _NOTHING
    }
    if not changed:
        return
    desk = work.session
    parties = sorted(changed)
    held: dict[bytes, Holding] = {}
    for start in range(0, len(parties), _LOT):
        held.update(_held(desk, parties[start : start + _LOT]))
    writer = work.bulk(Holding, _COLUMNS)
    for party in parties:
        row = held.get(party)
        if row is None:
            writer.add(party, (_masked(desk, party, 1, changed[party]),))
        else:
            _restate(work, row, _sums(desk, row).plus(changed[party]))


def restate_holdings(work: Transaction) -> int:
    """Sum up what is left about each party, once an owner has signed that the rest is gone.

    Else somebody of whom one row is missing for good could never be erased. Returns for how many
    parties something was missing.
    """
    desk, left = work.session, _left(work.session)
    noted = {bytes(row.id): row for row in desk.rows(Holding)}
    writer = work.bulk(Holding, _COLUMNS)
    changed = 0
    for party in sorted(left.keys() | noted.keys()):
        row, sums = noted.get(party), _NOTHING.plus(Sums(*left.get(party, (0, 0))))
        if sums == (_NOTHING if row is None else _sums(desk, row)):
            continue
        changed += 1
        if row is None:
            writer.add(party, (_masked(desk, party, 1, sums),))
        else:
            _restate(work, row, sums)
    return changed


def check_holding(
    session: Session, party: bytes, rows: Iterable[Record], pending: Mapping[bytes, list[int]]
) -> None:
    """Raise `Incomplete` unless these are all rows about a party, in their newest state.

    `pending` is what the transaction has written so far and not yet added.
    """
    found = [0, 0]
    for row in rows:
        layout = layout_of(type(row))
        found[layout.part] += session.seals[layout.table].verify(row.stored or ())
    there = session.first(Holding, id=party)
    noted = _NOTHING if there is None else _sums(session, there)
    expected = noted.plus(Sums(*pending.get(party, (0, 0))))
    counted = _NOTHING.plus(Sums(*found))
    if counted.grounds != expected.grounds:
        raise Incomplete(table=_GROUND, row=party.hex())
    if counted != expected:
        raise Incomplete(table=layout_of(session.schema.subject_model).table, row=party.hex())


def _left(session: Session) -> dict[bytes, list[int]]:
    """Add up the sound rows about each party."""
    found: dict[bytes, list[int]] = {}
    for model in session.schema.all_models():
        layout = layout_of(model)
        if layout.holder_at < 0:
            continue
        verify = session.seals[layout.table].verify
        for row in session.stored(model, ordered=False):
            with suppress(Damaged):
                term = verify(row)
                found.setdefault(bytes(row[layout.holder_at]), [0, 0])[layout.part] += term
    return found


def _held(session: Session, parties: list[bytes]) -> dict[bytes, Holding]:
    known = len(session.damage)
    found = {bytes(row.id): row for row in session.among(Holding, "id", parties)}
    if len(session.damage) > known:
        raise session.damage.pop()
    return found


def _restate(work: Transaction, row: Holding, sums: Sums) -> None:
    if sums == _NOTHING:
        work.delete(row)
        return
    # The mask belongs to the revision that the update will write.
    row.sums = _masked(work.session, bytes(row.id), row.rev + 1, sums)
    work.update(row)


def _sums(session: Session, row: Holding) -> Sums:
    masked = int.from_bytes(row.sums, "big")
    return Sums(*divmod(masked ^ _mask(session, bytes(row.id), row.rev), _SIZE))


def _masked(session: Session, party: bytes, revision: int, sums: Sums) -> Any:
    plain = sums.grounds * _SIZE + sums.others
    return (plain ^ _mask(session, party, revision)).to_bytes(2 * _BYTES, "big")


def _mask(session: Session, party: bytes, revision: int) -> int:
    ring = session.ring
    named = pack(_MASK, ring.vault_id, party, revision.to_bytes(_REVISION, "big"))
    return int.from_bytes(ring.integrity.digest(named), "big")
