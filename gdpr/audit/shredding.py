"""What follows a destruction: new secrets, the cut of the database's log, and the ledger's word.

Each destruction is a deed of its own, in the log and the ledger. What follows can be done once for
many: only then are the old bytes gone, and only then does the ledger say so.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peewee import DatabaseError

from gdpr.audit.errors import SecretsWait
from gdpr.audit.events import Event
from gdpr.audit.ledger import State
from gdpr.errors import KartotekaError
from gdpr.store.database import cut_log, why_shut
from gdpr.store.dying import groups_wait, renew_waiting
from gdpr.store.errors import ShredFileUnwritable
from gdpr.store.upgrade import destroy_copies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdpr.audit.journal import Deed, Journal
    from gdpr.audit.ledger import RightEvent


@dataclass(slots=True)
class Lot:
    """Destructions that share what follows them; `waits` once there may have been one."""

    waits: bool = False

    def take(self, deed: Deed) -> None:
        """Let the lot's end do what follows this deed."""
        deed.renews_later = self.waits = True


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

    Returns what still waits for any of these. The pending events are read first: only what was
    committed before the cut is gone by it.
    """
    desk, ledger = journal.desk, journal.ledger
    if why_shut(desk.database) is not None:
        return ledger.pending()
    with journal.lock:
        journal.write_ledger()
        before = ledger.pending()
    forgotten = _renewed(journal) and desk.groups.forget()
    with journal.lock:
        waiting = ledger.pending()
        if waiting and cut_log(desk.database) and destroy_copies(desk.database) and forgotten:
            done = [event for event in waiting if event in before]
            with suppress(OSError):
                ledger.write(done, State.SHREDDED, journal.time())
                waiting = ledger.pending()
    return [*waiting, *journal.unwritten]


def _renewed(journal: Journal) -> bool:
    """Renew what waits, and tell whether nothing waits now; who may not leaves it to the next."""
    with suppress(KartotekaError, DatabaseError):
        _renew(journal)
    return not groups_wait(journal.desk)


def _renew(journal: Journal) -> None:
    if groups_wait(journal.desk):
        with journal.deed(Event.SECRETS_RENEWED) as deed:
            deed.refuse_foreign_schema()
            deed.note(groups=renew_waiting(deed))
