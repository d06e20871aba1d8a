"""Rotation: the next key of a category, everything wrapped under it, and the end of the old one.

Each step is one change and says by what it stored where the next begins, so that a program that
dies anywhere leaves a register that opens, and a rotation that goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import NoDuty
from crm.keys.cards import Rotated
from crm.keys.errors import (
    KeysMoved,
    NothingBegun,
    RotationRefused,
    UnknownKeyClass,
)
from crm.keys.root_key import rotate_root
from crm.keys.versions import (
    ROTATING,
    active_row,
    due_classes,
    pending_row,
    unfinished,
)
from crm.privacy import ROOT_KEY, Duty
from gdpr.audit.events import Event
from gdpr.audit.key_facts import ENDED, IN_USE
from gdpr.audit.row_check import RowCheck
from gdpr.clock import microseconds
from gdpr.store.accounts import KEY_TABLES, SlotRow, UserAccount, card_of, store_slots
from gdpr.store.database import cut_log
from gdpr.store.key_versions import KeyState, KeyVersion
from gdpr.store.reissuing import drop_slots
from gdpr.store.rewrapping import Count, count_keys, rewrap_batch, rewrap_secrets
from gdpr.store.schema_check import refuse_foreign_schema
from gdpr.vault.cards import CardStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.store.session import Session
    from gdpr.vault.cards import UserCard

BATCH: Final = 500


class Rotation:
    """Gives categories new keys, and finishes what was begun before."""

    def __init__(self, context: RegisterContext, *, batch: int = BATCH) -> None:
        """Work in `context`, with `batch` owners in one change."""
        self._context = context
        self._batch = batch
        self._rewrapped: dict[str, int] = {}

    @staticmethod
    def known() -> tuple[str, ...]:
        """Return every key that rotates."""
        return ROTATING

    def run(
        self,
        chosen: Iterable[str] = (),
        *,
        due: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Rotated, ...]:
        """Finish what was begun; then rotate the keys that were `chosen`, or are `due`.

        Refuses to begin unless every row of keys and cards verifies: a key must never die under
        one that would have needed it to be mended.
        """
        context = self._context
        context.access.need(Duty.KEYS)
        if ROOT_KEY not in context.session.ring.classes():
            raise NoDuty(duty=Duty.KEYS.value)
        refuse_foreign_schema(context.session.database, context.session.schema.declared)
        wanted = self._checked(chosen)
        begun = unfinished(context.session)
        done = self._finish(begun, progress)
        if due:
            wanted = due_classes(context)
        elif not wanted and not begun:
            raise NothingBegun
        if wanted:
            self._require_sound(wanted)
            # First, so that whoever knew the old one signs no slot of the keys that follow.
            done += (rotate_root(context),) if ROOT_KEY in wanted else ()
            wanted = tuple(name for name in wanted if name != ROOT_KEY)
        if wanted:
            self._begin(wanted)
            done += self._finish(wanted, progress)
        return done

    def _finish(
        self, classes: tuple[str, ...], progress: Callable[[int], None] | None
    ) -> tuple[Rotated, ...]:
        if not classes:
            return ()
        self._rewrapped = {}
        self._promote(classes)
        self._rewrap(classes, progress)
        return self._destroy(classes)

    def _checked(self, chosen: Iterable[str]) -> tuple[str, ...]:
        asked = set(chosen)
        if not asked <= set(ROTATING):
            raise UnknownKeyClass(known=", ".join(ROTATING))
        return tuple(name for name in ROTATING if name in asked)

    def _require_sound(self, classes: tuple[str, ...]) -> None:
        """Look at what a rotation takes from and gives to, and at nothing else.

        Were a sound log asked for, whoever is to be shut out could keep their keys alive by
        spoiling one entry.
        """
        session = self._context.session
        rows = RowCheck(session)
        rows.run((*KEY_TABLES, session.key_model))
        if rows.damages:
            raise RotationRefused(count=len(rows.damages), table=rows.damages[0].table)
        count_keys(session, classes, current=False)

    def _begin(self, classes: tuple[str, ...]) -> None:
        """Draw the next keys and hand them to everybody who holds the present ones."""
        context = self._context
        now = microseconds(context.clock.now())
        with context.journal.audited_change(Event.KEY_DRAWN, keys=len(classes)) as change:
            for name in classes:
                row = pending_row(change, name, now)
                slots = context.session.ring.new_version(name, holders(context.session, name))
                if any(slot.version != row.version for slot in slots):
                    raise KeysMoved
                store_slots(change, slots)
                change.note(**{name: row.version})

    def _promote(self, classes: tuple[str, ...]) -> None:
        """Let everything new be wrapped under the new keys, of which open desks learn."""
        session = self._context.session
        pending = KeyState.PENDING.value
        if not any(session.first(KeyVersion, category=name, state=pending) for name in classes):
            return
        with self._context.journal.audited_change(Event.KEY_PROMOTED) as change:
            for name in classes:
                row = session.first(KeyVersion, category=name, state=pending)
                if row is None:
                    continue
                old = active_row(change, name)
                old.state, old.due = KeyState.DECRYPT.value, None
                change.update(old)
                row.state = KeyState.ACTIVE.value
                change.update(row)
                change.note(**{name: row.version})
                change.anchor(IN_USE + name, row.version)

    def _rewrap(self, classes: tuple[str, ...], progress: Callable[[int], None] | None) -> None:
        """Wrap the secrets, then the data keys of some owners after others, each lot in a change.

        The place reached is stored in the same change.
        """
        context = self._context
        with context.journal.audited_change(Event.KEYS_REWRAPPED) as change:
            self._note(change, rewrap_secrets(change, classes))
        more = True
        while more:
            with context.journal.audited_change(Event.KEYS_REWRAPPED) as change:
                rows = [active_row(change, name) for name in classes]
                after = min(bytes(row.cursor or b"") for row in rows)
                count = rewrap_batch(change, classes, after, self._batch)
                more = count.last is not None
                for row in rows if more else ():
                    row.cursor = max(count.last or b"", bytes(row.cursor or b""))
                    change.update(row)
                self._note(change, count)
            if progress is not None and more:
                progress(self._batch)

    def _note(self, change: AuditedChange, count: Count) -> None:
        change.note(**count.keys)
        for name, keys in count.keys.items():
            self._rewrapped[name] = self._rewrapped.get(name, 0) + keys

    def _destroy(self, classes: tuple[str, ...]) -> tuple[Rotated, ...]:
        """Open every key once more under the new version, count none under the old, and end it."""
        session = self._context.session
        done = []
        with self._context.journal.audited_change(Event.KEY_DESTROYED) as change:
            counted = count_keys(session, classes, current=True)
            for name in classes:
                active = active_row(change, name)
                active.cursor = None
                change.update(active)
                for old in session.rows(KeyVersion, category=name, state=KeyState.DECRYPT.value):
                    drop_slots(change, category=name, version=old.version)
                    old.state, old.cursor = KeyState.DESTROYED.value, None
                    change.update(old)
                    change.note(**{name: old.version})
                    change.anchor(ENDED + name, old.version)
                keys = counted.keys.get(name, 0)
                done.append((name, active.version, self._rewrapped.get(name, 0), keys))
        # Until the log is cut, the old slots lie in it.
        gone = cut_log(session.database)
        # Who goes on working in this program holds what is valid now, as any other desk would.
        if session.ring.refresh is not None:
            session.ring.refresh()
        return tuple(Rotated(*line, gone=gone) for line in done)


def holders(session: Session, name: str) -> list[tuple[UserCard, bytes]]:
    """Return the cards, with the root's signatures, of everybody who holds a key now."""
    users = {bytes(slot.user_id) for slot in session.rows(SlotRow, category=name)}
    return [
        (card_of(session.ring.vault_id, row), bytes(row.card_signature))
        for row in session.rows(UserAccount)
        if bytes(row.id) in users and row.status == CardStatus.ACTIVE
    ]
