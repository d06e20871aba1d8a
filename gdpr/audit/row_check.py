"""Checking the rows: every MAC, and every table's sum against what the desks say they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdpr.audit.chain_check import Damage
from gdpr.audit.entries import stream
from gdpr.errors import Damaged
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.layout import layout_of
from gdpr.store.sealing import DIGEST_SIZE
from gdpr.store.stepwise import stepwise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gdpr.audit.chain_check import Chain
    from gdpr.store.record import Record
    from gdpr.store.session import Session


class RowCheck:
    """Reads every row of a desk's tables once and keeps count, sums and damage."""

    def __init__(self, session: Session, progress: Callable[[int], None] | None = None) -> None:
        """Prepare for the tables of `session`; `progress` is told of rows as they are checked."""
        self.rows = 0
        self.sums: dict[str, int] = {}
        self.damages: list[Damage] = []
        self._session = session
        self._progress = progress

    def run(self, models: Iterable[type[Record]] | None = None) -> None:
        """Check every table, or some; damage in one hides none in another."""
        for model in self._session.schema.all_models() if models is None else models:
            table = layout_of(model).table
            seen, damaged = self.rows, len(self.damages)
            try:
                # In no order: following the ids would cost a third of the reading.
                rows = self._session.stored(model, ordered=False)
                self.sums[table] = self._sum(model, stepwise(rows, self._progress))
            except STORAGE_ERRORS:
                # One undecodable value fails a whole page of rows: begin again, row by row.
                self.rows = seen
                del self.damages[damaged:]
                self.sums[table] = self._sum_singly(model, table)

    def _sum(self, model: type[Record], rows: Iterable[Any]) -> int:
        verify = self._session.seals[layout_of(model).table].verify
        total = count = 0
        for row in rows:
            count += 1
            try:
                total += verify(row)
            except Damaged as damage:
                self._report(damage)
        self.rows += count
        return total % DIGEST_SIZE

    def _sum_singly(self, model: type[Record], table: str) -> int:
        ids = _column(model, "id")
        database = self._session.database
        total = 0
        try:
            found = [row[0] for row in stream(database, model.select(ids).order_by(ids))]
        except STORAGE_ERRORS:
            self.damages.append(Damage(table, None, "unreadable"))
            return 0
        for row_id in found:
            try:
                row = list(stream(database, _rows(model).where(ids == row_id)))
            except STORAGE_ERRORS:
                self.rows += 1
                named = row_id.hex() if isinstance(row_id, bytes) else "?"
                self.damages.append(Damage(table, named, "unreadable"))
            else:
                total += self._sum(model, row)
        return total % DIGEST_SIZE

    def _report(self, damage: Damaged) -> None:
        table, row = str(damage.arguments["table"]), str(damage.arguments["row"])
        self.damages.append(Damage(table, row, "mac"))


def _column(model: type[Record], name: str) -> Any:
    meta: Any = model._meta  # noqa: SLF001 - peewee keeps its column table there
    return meta.fields[name]


def _rows(model: type[Record]) -> Any:
    return model.select(*(_column(model, name) for name in layout_of(model).columns))


def compare(rows: RowCheck, chains: Iterable[Chain]) -> tuple[list[Damage], dict[Damage, str]]:
    """Name the tables whose rows do not add up to what all desks together wrote.

    So a deleted, doubled, inserted or rolled-back row shows, although what is left verifies. A
    table with rows already named is left out, and so is one whose digest a broken chain lost.
    Beside the damages stand marks: by how much a table's sum is off, so that whoever knows of
    one damage is told of the next.
    """
    found = list(chains)
    named: dict[str, list[Damage]] = {}
    for damage in rows.damages:
        named.setdefault(damage.table, []).append(damage)
    tables = {*rows.sums, *(table for chain in found for table in chain.digests)}
    damages = []
    marks: dict[Damage, str] = {}
    for table in sorted(tables):
        if any(chain.broken and table not in chain.digests for chain in found):
            continue
        written = sum(chain.digests.get(table, 0) for chain in found)
        off = (written - rows.sums.get(table, 0)) % DIGEST_SIZE
        if off and table not in named:
            damages.append(Damage(table, None, "sum"))
            named[table] = damages[-1:]
        marks.update((damage, f"{off:x}") for damage in named.get(table, ()))
    return damages, marks
