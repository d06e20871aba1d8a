"""Opens every field of the register once, behind the verification of its rows."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, TypeVar

from crm.session.cards import DamageLine
from gdpr.audit.acknowledging import part
from gdpr.audit.chain_check import Damage
from gdpr.errors import Damaged
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE as KEY_TABLE
from gdpr.store.record import Record
from gdpr.store.stepwise import stepwise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdpr.audit.verify import Verification
    from gdpr.store.session import Session

R = TypeVar("R", bound=Record)


class Examination:
    """Opens fields with the keys of whoever asks; what the role may not read stays closed."""

    def __init__(self, session: Session, progress: Callable[[int], None] | None = None) -> None:
        """Prepare for the tables of `desk`; `progress` is told of rows as they are opened."""
        self._session = session
        self._progress = progress

    def run(self, found: Verification) -> list[DamageLine]:
        """Open every field, and return what this and the verification before found, each once."""
        damages = [DamageLine(*damage) for damage in found.damages]
        named = {(damage.table, damage.row) for damage in (*found.damages, *found.known)}
        for damage in self._fields():
            known = not part([Damage(*astuple(damage))], {}, found.acknowledged)[0]
            if (damage.table, damage.row) not in named and not known:
                named.add((damage.table, damage.row))
                damages.append(damage)
        return damages

    @staticmethod
    def sound(session: Session, model: type[R]) -> Iterator[R]:
        """Yield the rows of a table that verify, without the keys to their fields."""
        layout = layout_of(model)
        seal = session.seals[layout.table]
        try:
            for row in session.stored(model):
                try:
                    seal.verify(row)
                except Damaged:
                    continue
                yield model.from_row(row, session.keys_of(row[0]) if layout.house else None)
        except STORAGE_ERRORS:
            return

    def _fields(self) -> Iterator[DamageLine]:
        keys = self._categories_with_keys()
        for model in self._session.schema.models:
            if layout_of(model).sealed:
                yield from self._keyless(model, keys)
                yield from self._unopened(model)
            yield from self._unopened_by_the_house(model)

    def _categories_with_keys(self) -> dict[bytes, frozenset[str]]:
        model = self._session.key_model
        names = [name.removeprefix("key_") for name in layout_of(model).columns[3:]]
        return {
            bytes(row.id): frozenset(
                name
                for name, key in zip(names, (row.stored or ())[3:], strict=True)
                if key is not None
            )
            for row in self.sound(self._session, model)
        }

    def _keyless(
        self, model: type[Record], keys: dict[bytes, frozenset[str]]
    ) -> Iterator[DamageLine]:
        """Name rows with a field whose key is gone, which opening alone would call empty."""
        layout = layout_of(model)
        for row in self.sound(self._session, model):
            held = keys.get(row.owner, frozenset())
            if any(row.holds(c.name) and c.category not in held for c in layout.sealed):
                yield DamageLine(KEY_TABLE, row.owner.hex(), "key")

    def _unopened_by_the_house(self, model: type[Record]) -> Iterator[DamageLine]:
        layout = layout_of(model)
        for row in self.sound(self._session, model) if layout.house else ():
            try:
                for name, _place in layout.house:
                    getattr(row, name)
            except Damaged:
                yield DamageLine(layout.table, bytes(row.id).hex(), "seal")

    def _unopened(self, model: type[Record]) -> Iterator[DamageLine]:
        layout = layout_of(model)
        before = len(self._session.damage)
        for category in sorted(layout.categories & self._session.ring.categories()):
            names = [column.name for column in layout.sealed if column.category == category]
            try:
                for _ in stepwise(self._session.scan(model, (), names), self._progress):
                    pass
            except STORAGE_ERRORS:
                yield DamageLine(layout.table, None, "unreadable")
        found = self._session.damage[before:]
        del self._session.damage[before:]
        for damage in found:
            table = str(damage.arguments.get("table", KEY_TABLE))
            row = damage.arguments.get("row")
            yield DamageLine(table, None if row is None else str(row), "seal")
