"""Who is going: parties whose every ground has ended, so that they are shown and not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import Damaged

if TYPE_CHECKING:
    from crm.session.context import Office


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
    suspected = office.grounds.parties_with_an_end()
    return frozenset(party for party in suspected if is_going(office, party))
