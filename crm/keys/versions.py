"""The versions of every key: which there are, since when, and which must be rotated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from crm.privacy import CATEGORIES, REGISTER_KEY, ROOT_KEY
from gdpr.store.accounts import VaultRow
from gdpr.store.ids import new_id
from gdpr.store.key_versions import KeyState, KeyVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from crm.session.context import RegisterContext
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction

# The suppression key stands outside: old objections need it. The root wraps nothing and signs.
ROTATING: Final = (ROOT_KEY, *(category.code for category in CATEGORIES), REGISTER_KEY)
_YEAR: Final = timedelta(days=365)
_FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a key; `due` is since when, or from when on, it should be rotated."""

    category: str
    version: int
    state: KeyState
    created: date
    due: date | None


def rotating_classes(classes: Collection[str]) -> tuple[str, ...]:
    """Return which of these keys rotate at all, in their fixed order."""
    return tuple(name for name in ROTATING if name in classes)


def versions(context: RegisterContext) -> list[Version]:
    """Return every version there was; a key that was never rotated is as old as the vault."""
    session = context.session
    rows = sorted(session.rows(KeyVersion), key=lambda row: (row.category, row.version))
    known = {row.category for row in rows}
    founded = session.rows(VaultRow)[0].created
    rows += [
        new_row(name, _FIRST, KeyState.ACTIVE, founded) for name in ROTATING if name not in known
    ]
    return [
        Version(row.category, row.version, KeyState(row.state), day, _due(row, day))
        for row in rows
        for day in [context.clock.day_of(row.created)]
    ]


def due_classes(context: RegisterContext) -> tuple[str, ...]:
    """Return the keys to be rotated now: somebody lost the right to them, or a year has passed."""
    due = {
        each.category
        for each in versions(context)
        if each.due is not None and each.due <= context.day
    }
    return tuple(name for name in ROTATING if name in due)


def unfinished(session: Session) -> tuple[str, ...]:
    """Return the keys whose rotation was begun and has not come to its end."""
    waiting = {KeyState.PENDING, KeyState.DECRYPT}
    begun = {row.category for row in session.rows(KeyVersion) if row.state in waiting}
    return tuple(name for name in ROTATING if name in begun)


def mark_due(work: Transaction, classes: Iterable[str], day: date) -> None:
    """Note that somebody who lost the right may still know these keys.

    A version that is only handed out yet was handed to them as well.
    """
    for name in classes:
        waiting = work.session.first(KeyVersion, category=name, state=KeyState.PENDING.value)
        row = waiting or active_row(work, name)
        if row.due is None:
            row.due = day.isoformat()
            work.update(row)


def active_row(work: Transaction, name: str) -> KeyVersion:
    """Return the row of the version in use, made here for a key that was never rotated."""
    row = work.session.first(KeyVersion, category=name, state=KeyState.ACTIVE.value)
    if row is None:
        founded = work.session.rows(VaultRow)[0].created
        row = new_row(name, _FIRST, KeyState.ACTIVE, founded)
        work.insert(row)
    return row


def pending_row(work: Transaction, name: str, now: int) -> KeyVersion:
    """Store the next version, which nobody uses yet."""
    row = new_row(name, active_row(work, name).version + 1, KeyState.PENDING, now)
    work.insert(row)
    return row


def new_row(name: str, version: int, state: KeyState, created: int) -> KeyVersion:
    """Make the row of a version of a key, which is not stored yet."""
    return KeyVersion(
        id=new_id(), category=name, version=version, state=state.value, created=created
    )


def _due(row: KeyVersion, created: date) -> date | None:
    """Say when a key is to be replaced; the root only once somebody left who knew it."""
    if row.state != KeyState.ACTIVE:
        return None
    if row.due is not None:
        return date.fromisoformat(row.due)
    return None if row.category == ROOT_KEY else created + _YEAR
