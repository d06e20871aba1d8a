"""What was destroyed in the register in place since a backup is destroyed again in what comes back.

The ledger repeats what bore a right. But a datum that a clerk took away has no line in it, and its
key was destroyed as well; the register in place still has the fingerprint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.schema import SCHEMA
from gdpr.audit.events import Event
from gdpr.errors import Damaged
from gdpr.store.destroyed import DestroyedKey, fingerprint
from gdpr.store.layout import layout_of
from gdpr.store.session import Session
from gdpr.store.shred_groups import KEY
from gdpr.vault.encoding import unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peewee import Database

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange


def destroy_again(context: RegisterContext, live: Database) -> int:
    """Destroy what only a destroyed key of the register in place opened; return how many keys."""
    session = context.session
    there = Session(live, session.ring, SCHEMA, frozenset())
    gone = {bytes(row.id): unpack_numbers(bytes(row.serials)) for row in there.each(DestroyedKey)}
    count = 0
    for owner, held in list(_held(session)) if gone else ():
        last = gone.get(fingerprint(session.ring.integrity, session.ring.vault_id, owner), {})
        keys = session.keys_of(owner)
        doomed = {code for code in held & last.keys() if keys.serial(code) <= last[code]}
        doomed -= _held_by(there, owner)
        if doomed:
            with context.journal.audited_change(
                Event.ERASURE_REPLAYED, owner, keys=len(doomed)
            ) as change:
                _clear(change, owner, doomed)
                change.settle(session.keys_of(owner), doomed)
            count += len(doomed)
    return count


def _held(session: Session) -> Iterator[tuple[bytes, set[str]]]:
    for row in session.each(session.key_model):
        yield bytes(row.id), _categories(row.__data__)


def _held_by(session: Session, owner: bytes) -> set[str]:
    """Return in which categories an owner has a key; where that cannot be told, in all."""
    try:
        row = session.first(session.key_model, id=owner)
    except Damaged:
        return set(session.schema.categories)
    return set() if row is None else _categories(row.__data__)


def _categories(columns: dict[str, object]) -> set[str]:
    return {
        name.removeprefix(KEY)
        for name, value in columns.items()
        if name.startswith(KEY) and value is not None
    }


def _clear(change: AuditedChange, owner: bytes, categories: set[str]) -> None:
    for model in change.session.schema.models:
        layout = layout_of(model)
        columns = {c.name for c in layout.sealed if c.category in categories}
        if not columns or not layout.owner:
            continue
        for row in change.session.rows(model, **{layout.owner: owner}):
            filled = {name for name in columns if row.holds(name)}
            if filled:
                change.clear(row, filled)
