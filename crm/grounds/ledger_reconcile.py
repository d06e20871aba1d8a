"""Ledger and database brought together at every opening, so that a restore revives nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.grounds.ground_endings import erasing
from crm.grounds.suppression import follow_list
from crm.session.alarms import not_acknowledged
from crm.session.signers import CardSigners
from gdpr.audit.alarms import REPLAYED
from gdpr.audit.cutoffs import VOUCHING
from gdpr.audit.errors import RightsWait
from gdpr.audit.ledger import State
from gdpr.clock import microseconds
from gdpr.errors import Damaged, NotFound, Unreadable
from gdpr.store.dying import groups_wait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.session.context import Office
    from gdpr.audit.ledger import RightEvent


def reconcile_rights(office: Office) -> None:
    """Write what the ledger lost, do again what the database forgot, shred what still waits.

    The suppression list comes first: what it holds is then not entered a second time.
    """
    journal = office.journal
    follow_list(office)
    signers = CardSigners(office.desk)
    found = journal.reconcile(signers)
    ring = office.desk.ring
    if found.missing and not signers.may(ring.user_id, ring.card_counter, VOUCHING):
        raise RightsWait(count=len(found.missing))
    if found.missing:
        journal.ring(REPLAYED, str(len(found.missing)))
    replay_rights(office, found.missing)
    if found.pending or groups_wait(office.desk):
        journal.shred()
    for damage in not_acknowledged(office, found.damages, {}) if found.damages else ():
        office.desk.damage.append(Unreadable(table=damage.table, row=damage.row or "–"))


def missing_rights(office: Office) -> tuple[RightEvent, ...]:
    """Return what took effect once and is not in this database, where nothing can be written."""
    try:
        found = office.journal.reconcile(CardSigners(office.desk))
    except Damaged as damage:
        office.desk.damage.append(damage)
        return ()
    return found.missing


def replay_rights(office: Office, events: Iterable[RightEvent]) -> list[RightEvent]:
    """Let each event take effect again and note in the ledger that it did; return those that did.

    What damage keeps from it waits, and is told as damage of the desk.
    """
    now = microseconds(office.clock.now())
    done = []
    with office.journal.together() as lot:
        for event in events:
            try:
                erasing(office, lot).replay(event, office.day)
            except NotFound:
                pass  # a party that is not in this database is already what the event asked for
            except Damaged as damage:
                # It waits until what is missing was restored, and is told meanwhile.
                office.desk.damage.append(damage)
                continue
            office.journal.ledger.write([event], State.REPLAYED, now)
            done.append(event)
    return done
