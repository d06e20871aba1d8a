"""Who is going: parties whose every ground has ended, so that they are shown and not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import Damaged
from gdpr.rules.stored import GroundRow

if TYPE_CHECKING:
    from crm.services.office import Office


def is_going(office: Office, party: bytes) -> bool:
    """Tell whether no ground of a party holds any more; a damaged ground is noted, not fatal."""
    try:
        grounds = office.grounds.of(party)
    except Damaged as damage:
        office.desk.damage.append(damage)
        return False
    return bool(grounds) and all(ground.has_ended(office.day) for ground in grounds)


def going_parties(office: Office) -> frozenset[bytes]:
    """Return the parties of which no ground holds any more.

    Only those with some ended ground are looked at closely; they are few.
    """
    query = (
        GroundRow.select(GroundRow.party)
        .where(GroundRow.ended_on.is_null(is_null=False))
        .distinct()
        .bind(office.desk.database)
    )
    statement, values = query.sql()
    cursor = office.desk.database.execute_sql(statement, values)
    suspected = [bytes(party) for (party,) in cursor.fetchall()]
    return frozenset(party for party in suspected if is_going(office, party))
