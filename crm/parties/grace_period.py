"""Who is going: parties whose every ground has ended, so that they are shown and not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import Damaged

if TYPE_CHECKING:
    from crm.session.context import RegisterContext


def is_going(context: RegisterContext, party: bytes) -> bool:
    """Tell whether no ground of a party holds any more; a damaged ground is noted, not fatal."""
    try:
        grounds = context.grounds.of(party)
    except Damaged as damage:
        context.session.damage.append(damage)
        return False
    return bool(grounds) and all(ground.has_ended(context.day) for ground in grounds)


def going_parties(context: RegisterContext) -> frozenset[bytes]:
    """Return the parties of which no ground holds any more.

    Only those with some ended ground are looked at closely; they are few.
    """
    suspected = context.grounds.parties_with_an_end()
    return frozenset(party for party in suspected if is_going(context, party))
