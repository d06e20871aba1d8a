"""The data keys that a change destroys: remembered, and shut in every old copy of the database.

One that destroys a single person's keys renews their group at once. Where many are destroyed in one
go, each change only notes which group waits, in its own transaction, and the groups are renewed
together at the end: a note that a crash leaves behind is seen to by whoever comes next.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gdpr.store.bulk import BulkWriter
from gdpr.store.destroyed import DestroyedKey, fingerprint, pack_serials
from gdpr.store.shred_groups import KEY
from gdpr.store.statements import rewrite
from gdpr.vault.encoding import unpack_numbers
from gdpr.vault.group_wraps import read_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peewee import Database

    from gdpr.store.layout import Layout
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


class KeyDestruction:
    """What one transaction destroys of keys, seen to before it concludes."""

    def __init__(self, work: Transaction) -> None:
        """Collect for `work`."""
        self._work = work
        # By owner and category the last serial of each key, and by owner the groups.
        self._serials: dict[bytes, dict[str, int]] = defaultdict(dict)
        self._groups: dict[bytes, set[int]] = defaultdict(set)

    def note(self, layout: Layout, stored: Sequence[Any], after: Sequence[Any]) -> None:
        """Note the keys that a key row loses."""
        for place, name in enumerate(layout.columns):
            if name.startswith(KEY) and stored[place] not in (None, after[place]):
                where = read_tail(bytes(stored[place]))
                owner = bytes(stored[0])
                self._serials[owner][name.removeprefix(KEY)] = where.serial
                self._groups[owner].add(where.group)

    def destroy(self) -> None:
        """Remember which keys died, and renew their groups, now or later as `work` says."""
        if not self._serials:
            return
        work, desk = self._work, self._work.session
        ring, groups = desk.ring, desk.groups
        now: set[int] = set()
        writer = BulkWriter(work, DestroyedKey, ("serials", "waiting_group"))
        for owner, serials in self._serials.items():
            name = fingerprint(ring.integrity, ring.vault_id, owner)
            known = desk.first(DestroyedKey, id=name)
            held = set(self._groups[owner])
            if known is not None and known.waiting_group is not None:
                held.add(known.waiting_group)
            waits = held.pop() if work.renews_later else None
            now |= held
            if known is None:
                writer.add(name, (pack_serials(serials), waits))
            else:
                known.serials = pack_serials(unpack_numbers(bytes(known.serials)) | serials)
                known.waiting_group = waits
                work.update(known)
        writer.flush()
        if work.renews_later:
            groups.file.check_writable()
        groups.renew(work, now)


def groups_wait(session: Session) -> bool:
    """Tell whether a group still has the secret that opens a destroyed key in old copies."""
    return bool(_waiting(session))


def renew_waiting(work: Transaction) -> int:
    """Give every group that waits a new secret, and say how many they were.

    A note that does not verify is told as damage, and goes on waiting.
    """
    desk = work.session
    rows = desk.among(DestroyedKey, "id", _waiting(desk))
    doomed = {row.waiting_group for row in rows if row.waiting_group is not None}
    layout = DestroyedKey.layout()
    place, verify = layout.position("waiting_group"), desk.seals[layout.table].verify
    changed = []
    for row in rows:
        stored = row.stored or ()
        changed.append((verify(stored), stored, [*stored[:place], None, *stored[place + 1 :]]))
    rewrite(work, DestroyedKey, changed)
    desk.groups.renew(work, doomed)
    return len(doomed)


def _waiting(session: Session) -> list[bytes]:
    cursor = session.database.execute_sql(_noted(session.database))
    return [bytes(row[0]) for row in cursor.fetchall()]


@lru_cache(maxsize=4)
def _noted(database: Database) -> str:
    """Write the statement that finds notes, which is asked after every destruction, once."""
    fields: Any = DestroyedKey._meta.fields  # noqa: SLF001 - peewee keeps its column table there
    query = DestroyedKey.select(fields["id"]).where(fields["waiting_group"].is_null(is_null=False))
    text: str = query.bind(database).sql()[0]
    return text
