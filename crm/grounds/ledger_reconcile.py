"""Ledger and database brought together at every opening, so that a restore revives nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.grounds.errors import RightsWait
from crm.grounds.ground_endings import erasing
from crm.grounds.suppression import follow_list
from crm.session.alarms import not_acknowledged
from crm.session.card_signers import CardSigners
from gdpr.audit.alarms import REPLAYED
from gdpr.audit.card_validity import VOUCHING
from gdpr.audit.ledger import LedgerState
from gdpr.clock import microseconds
from gdpr.errors import Damaged, NotFound, Unreadable
from gdpr.store.key_destruction import groups_wait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.session.context import RegisterContext
    from gdpr.audit.ledger import RightEvent


def reconcile_rights(context: RegisterContext) -> None:
    """Write what the ledger lost, do again what the database forgot, shred what still waits.

    The suppression list comes first: what it holds is then not entered a second time.
    """
    journal = context.journal
    follow_list(context)
    signers = CardSigners(context.session)
    found = journal.reconcile(signers)
    ring = context.session.ring
    if found.missing and not signers.may(ring.user_id, ring.card_counter, VOUCHING):
        raise RightsWait(count=len(found.missing))
    if found.missing:
        journal.ring(REPLAYED, str(len(found.missing)))
    replay_rights(context, found.missing)
    if found.pending or groups_wait(context.session):
        journal.shred()
    for damage in not_acknowledged(context, found.damages, {}) if found.damages else ():
        context.session.damage.append(Unreadable(table=damage.table, row=damage.row or "–"))


def missing_rights(context: RegisterContext) -> tuple[RightEvent, ...]:
    """Return what took effect once and is not in this database, where nothing can be written."""
    try:
        found = context.journal.reconcile(CardSigners(context.session))
    except Damaged as damage:
        context.session.damage.append(damage)
        return ()
    return found.missing


def replay_rights(context: RegisterContext, events: Iterable[RightEvent]) -> list[RightEvent]:
    """Let each event take effect again and note in the ledger that it did; return those that did.

    What damage keeps from it waits, and is told as damage of the desk.
    """
    now = microseconds(context.clock.now())
    done = []
    with context.journal.together() as lot:
        for event in events:
            try:
                erasing(context, lot).replay(event, context.day)
            except NotFound:
                pass  # a party that is not in this database is already what the event asked for
            except Damaged as damage:
                # It waits until what is missing was restored, and is told meanwhile.
                context.session.damage.append(damage)
                continue
            context.journal.ledger.write([event], LedgerState.REPLAYED, now)
            done.append(event)
    return done
