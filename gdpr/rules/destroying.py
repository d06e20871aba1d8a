"""The movement of destruction: what nothing names any more is nulled, and its keys die.

Nulling hides a datum from this program; deleting or replacing the key is what makes every old
copy of it unreadable (security page, "Making deletion real").
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdpr.rules.reasons import State
from gdpr.store.ids import random_id
from gdpr.store.settings import refuse_damaged_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdpr.rules.reasons import Decision
    from gdpr.rules.stored import GroundRow
    from gdpr.store.record import Record
    from gdpr.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What one movement took: data by item, whether the party went as a whole, what remains.

    `remainder` is the fresh id that kept records carry instead of the party's, or None;
    `orphaned` are the subjects of rows that made no sense without this party.
    """

    items: dict[str, int]
    whole: bool
    remainder: bytes | None = None
    orphaned: tuple[bytes, ...] = ()

    @property
    def fields(self) -> int:
        """Return how many single data went."""
        return sum(self.items.values())


def goes_whole(decision: Decision) -> bool:
    """Tell whether the party itself goes: no ground is live, and none waits."""
    return not decision.live and not decision.going


def destroy(
    work: Transaction,
    party: bytes,
    decision: Decision,
    rows: Sequence[Record],
    grounds: Iterable[GroundRow],
) -> Destroyed:
    """Destroy what the decision lets go; `rows` are all about the party, `grounds` its grounds.

    Both were read in this transaction.
    With no live or going ground the party goes whole, its grounds and its key row included. Under
    a damaged setting nothing goes, because the decision may rest on a clock that nobody set.
    """
    refuse_damaged_settings(work.session)
    doomed = [v.datum for v in decision.verdicts if v.state is State.GOES]
    whole = goes_whole(decision)
    by_row: dict[tuple[str, bytes], set[str]] = defaultdict(set)
    touched: dict[bytes, set[str]] = defaultdict(set)
    items: dict[str, int] = defaultdict(int)
    for datum in doomed:
        by_row[datum.table, datum.row].add(datum.field)
        touched[datum.owner].add(datum.category)
        items[datum.item] += 1
    for row in rows:
        _destroy_row(work, row, by_row.get((type(row).layout().table, bytes(row.id)), set()), whole)
    remainder = _pseudonymise(work, party, {type(row) for row in rows}) if whole else None
    orphaned = _detach(work, party, touched) if whole else ()
    if whole:
        touched.pop(party, None)
        work.drop_keys(party)
        for ground in grounds:
            work.delete(ground)
    for owner, categories in touched.items():
        work.settle(work.session.keys_of(owner), categories, renew=True)
    return Destroyed(dict(items), whole, remainder, orphaned)


def _destroy_row(work: Transaction, row: Record, doomed: set[str], whole: bool) -> None:  # noqa: FBT001 - private, and read beside its name
    layout = type(row).layout()
    filled = {column.name for column in layout.sealed if row.holds(column.name)}
    mere = layout.subject != "id"
    if layout.kept:
        if doomed and doomed == filled:
            destroy_record(work, row)
        elif doomed:
            work.clear(row, doomed)
    elif whole or (mere and doomed and doomed == filled):
        work.delete(row)
    elif doomed:
        work.clear(row, doomed)


def destroy_record(work: Transaction, row: Record) -> None:
    """Delete a kept record and the rows that are its parts; the caller settles its keys."""
    for model, column in type(row).parts:
        for part in work.session.rows(model, **{column: bytes(row.id)}):
            work.delete(part)
    work.delete(row)


def _detach(work: Transaction, party: bytes, touched: dict[bytes, set[str]]) -> tuple[bytes, ...]:
    """Delete rows about others that need this party, such as a place of work there."""
    orphaned = set()
    for model in work.session.schema.models:
        if not model.needs:
            continue
        layout = model.layout()
        for row in work.session.rows(model, **{model.needs: party}):
            touched[row.owner] |= {c.category for c in layout.sealed if row.holds(c.name)}
            orphaned.add(row.about or b"")
            work.delete(row)
    return tuple(sorted(orphaned - {party}))


def _pseudonymise(work: Transaction, party: bytes, held: set[type[Record]]) -> bytes | None:
    """Give what remains a fresh random id, so that the old id in the log leads nowhere.

    `held` are the classes of which the party had rows; the others need not be asked.
    """
    fresh = random_id()
    found = False
    for model in work.session.schema.models:
        if not model.kept or model not in held:
            continue
        for row in work.session.rows(model, **{model.subject: party}):
            setattr(row, model.subject, fresh)
            work.update(row)
            found = True
    return fresh if found else None
