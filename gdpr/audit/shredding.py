"""What follows a destruction: new secrets, the cut of the database's log, and the ledger's word.

Each destruction is a change of its own, in the log and the ledger. What follows can be done once
for many: only then are the old bytes gone, and only then does the ledger say so.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import DatabaseError

from gdpr.audit.errors import SecretsWait
from gdpr.audit.events import Event
from gdpr.audit.ledger import LedgerState
from gdpr.errors import KartotekaError
from gdpr.store.database import cut_log, why_shut
from gdpr.store.errors import ShredFileUnwritable
from gdpr.store.key_destruction import groups_wait, renew_waiting
from gdpr.store.upgrade import destroy_copies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdpr.audit.journal import AuditedChange, Journal
    from gdpr.audit.ledger import RightEvent
    from gdpr.store.session import Session


@dataclass(slots=True)
class Lot:
    """Destructions that share what follows them; `waits` once there may have been one."""

    waits: bool = False

    def take(self, change: AuditedChange) -> None:
        """Let the lot's end do what follows this change."""
        change.renews_later = self.waits = True


@contextmanager
def together(journal: Journal) -> Iterator[Lot]:
    """Let what is destroyed with this lot share what follows: it is done when the block is left.

    Until then whatever is said of one of them says that it waits. Killed inside, each is as
    destroyed as the log says, and the next opening does what follows. `SecretsWait` when it cannot
    be done now.
    """
    lot = Lot()
    try:
        yield lot
    except BaseException:
        if lot.waits:
            with suppress(KartotekaError, DatabaseError, OSError):
                shred(journal)
        raise
    if lot.waits:
        try:
            _renew(journal)
        except ShredFileUnwritable:
            raise SecretsWait from None
        shred(journal)


def shred(journal: Journal) -> list[RightEvent]:
    """Overwrite old secrets, cut the database's log, destroy copies of upgrades.

    Returns what still waits for any of these. The pending events are read before it is asked what
    is left: another program may destroy meanwhile, and its events wait for what follows them.
    """
    desk, database, ledger = journal.session, journal.session.database, journal.ledger
    if why_shut(database) is not None:
        return ledger.pending()
    with suppress(KartotekaError, DatabaseError):  # who may not renew leaves it to the next
        _renew(journal)
    desk.groups.forget()
    with journal.lock:
        journal.write_ledger()
        waiting = ledger.pending()
        if waiting and cut_log(database) and destroy_copies(database) and _forgotten(desk):
            with suppress(OSError):
                ledger.write(waiting, LedgerState.SHREDDED, journal.time())
                waiting = []
    return [*waiting, *journal.unwritten]


def _forgotten(session: Session) -> bool:
    """Tell whether no secret is left for what is destroyed; a note goes before its secret does."""
    return not groups_wait(session) and session.groups.is_settled()


def _renew(journal: Journal) -> None:
    if groups_wait(journal.session):
        with journal.audited_change(Event.SECRETS_RENEWED) as change:
            change.refuse_foreign_schema()
            change.note(groups=renew_waiting(change))
