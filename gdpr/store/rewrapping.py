"""Wrapping data keys and secrets anew under the active version, so that an old one can die."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gdpr.errors import Damaged
from gdpr.store.accounts import SecretRow
from gdpr.store.destroyed import DestroyedKey, fingerprint
from gdpr.store.errors import KeyDestroyed, KeysLeft
from gdpr.store.layout import FIXED, layout_of
from gdpr.store.owners import TABLE
from gdpr.store.shred_groups import KEY
from gdpr.vault.encoding import unpack_numbers
from gdpr.vault.fields import wrap_version
from gdpr.vault.group_wraps import read_tail
from gdpr.vault.keyring import WrappedSecret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gdpr.store.record import Record
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


@dataclass(slots=True)
class Count:
    """How many keys of each category were met; `last` is the owner up to whom they were."""

    keys: dict[str, int] = field(default_factory=dict)
    last: bytes | None = None

    def add(self, category: str) -> None:
        """Count one more."""
        self.keys[category] = self.keys.get(category, 0) + 1


def rewrap_batch(work: Transaction, categories: Collection[str], after: bytes, size: int) -> Count:
    """Wrap the data keys of the next `size` owners anew; without a `last` there was none left.

    A key that is wrapped under the active version already is left as it is, so that a batch may
    be done twice.
    """
    done = Count()
    rows = _owners_after(work.session, after, size)
    refuse_destroyed(work.session, rows)
    for row in rows:
        done.last = bytes(row.id)
        for category in categories:
            wrapped = getattr(row, _column(category), None)
            if wrapped is None:
                continue
            keys = work.session.data_keys
            if read_tail(bytes(wrapped)).version != work.session.ring.version(category):
                fresh = keys.rewrap(category, done.last, bytes(wrapped))
                setattr(row, _column(category), fresh)
                done.add(category)
        work.update(row)
    return done


def refuse_destroyed(session: Session, rows: Sequence[Record]) -> None:
    """Refuse to wrap a key anew that was destroyed once and came back with an old copy of its row.

    `KeyDestroyed` names the owner; whoever erases them again may go on.
    """
    ring = session.ring
    names = {fingerprint(ring.integrity, ring.vault_id, bytes(row.id)): row for row in rows}
    for known in session.among(DestroyedKey, "id", list(names)):
        owner = names[bytes(known.id)]
        for category, last in unpack_numbers(bytes(known.serials)).items():
            wrapped = getattr(owner, _column(category), None)
            if wrapped is not None and read_tail(bytes(wrapped)).serial <= last:
                raise KeyDestroyed(table=TABLE, row=bytes(owner.id).hex())


def rewrap_secrets(work: Transaction, categories: Collection[str]) -> Count:
    """Wrap index keys and other secrets anew; what they are stays, and so does what they made."""
    done = Count()
    ring = work.session.ring
    for row in work.session.rows(SecretRow):
        if row.category not in categories:
            continue
        if wrap_version(bytes(row.wrapped)) != ring.version(row.category):
            old = WrappedSecret(row.kind, row.category, bytes(row.wrapped))
            row.wrapped = ring.rewrap_secret(old).wrapped
            work.update(row)
            done.add(row.category)
    return done


def count_keys(session: Session, categories: Collection[str], *, current: bool) -> Count:
    """Open every wrapped key and count it; with `current` one under an older version is refused.

    No key dies before this found that nothing needs it.
    """
    found = Count()
    ring = session.ring
    for category, owner, wrapped in _wraps(session, categories):
        try:
            if current and read_tail(wrapped).version != ring.version(category):
                raise KeysLeft(category=category)
            session.data_keys.open(category, owner, wrapped)
        except Damaged as damage:
            raise type(damage)(**{"table": TABLE, "row": owner.hex(), **damage.arguments}) from None
        found.add(category)
    for row in session.rows(SecretRow):
        if row.category in categories:
            wrapped = bytes(row.wrapped)
            if current and wrap_version(wrapped) != ring.version(row.category):
                raise KeysLeft(category=row.category)
            ring.unwrap_secret(WrappedSecret(row.kind, row.category, wrapped))
            found.add(row.category)
    return found


def _wraps(session: Session, categories: Collection[str]) -> Iterator[tuple[str, bytes, bytes]]:
    layout = layout_of(session.key_model)
    seal = session.seals[layout.table]
    places = [
        (category, layout.position(_column(category)))
        for category in categories
        if _column(category) in layout.columns[len(FIXED) :]
    ]
    for row in session.stored(session.key_model):
        seal.verify(row)
        for category, place in places:
            if row[place] is not None:
                yield category, bytes(row[0]), bytes(row[place])


def _owners_after(session: Session, after: bytes, size: int) -> list[Record]:
    model = session.key_model
    fields: Any = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
    columns = [fields[name] for name in layout_of(model).columns]
    query = model.select(*columns).where(fields["id"] > after).order_by(fields["id"]).limit(size)
    return [model.from_row(row, None) for row in query.tuples().bind(session.database).execute()]


def _column(category: str) -> str:
    return f"{KEY}{category}"
