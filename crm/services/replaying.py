"""Ledger and database brought together at every opening, so that a restore revives nobody."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from crm.services.settling import erasing
from crm.services.signers import CardSigners
from gdpr.audit.ledger import State
from gdpr.audit.reconcile import reconcile
from gdpr.clock import microseconds
from gdpr.errors import NotFound, Unreadable

if TYPE_CHECKING:
    from crm.services.office import Office


def reconcile_rights(office: Office) -> None:
    """Write what the ledger lost, do again what the database forgot, shred what still waits."""
    journal = office.journal
    now = microseconds(office.clock.now())
    found = reconcile(office.desk, journal.ledger, CardSigners(office.desk), now)
    for event in found.missing:
        # A party that is not in this database is already what the event asked for.
        with suppress(NotFound):
            erasing(office).replay(event, office.day)
        journal.ledger.write([event], State.REPLAYED, now)
    if found.pending:
        journal.shred()
    for damage in found.damages:
        office.desk.damage.append(Unreadable(table=damage.table, row=damage.row or "–"))
