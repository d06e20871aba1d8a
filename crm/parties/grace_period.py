"""Who is going: parties whose every ground has ended, so that they are shown and not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.session.context import RegisterContext


def is_going(context: RegisterContext, party: bytes) -> bool:
    """Tell whether no ground of a party holds any more; a damaged ground is noted, not fatal."""
    try:
        grounds = context.grounds.of(party)
    except Damaged as damage:
        context.session.damage.append(damage)
        return False
    return bool(grounds) and all(ground.has_ended(context.day) for ground in grounds)


def going_parties(
    context: RegisterContext, among: Sequence[bytes] | None = None
) -> frozenset[bytes]:
    """Return the parties, or those `among` the few that are shown, of which no ground holds.

    Only those with some ended ground are looked at closely.
    """
    if among is not None and not among:
        return frozenset()
    suspected = context.grounds.parties_with_an_end(among)
    return frozenset(party for party in suspected if is_going(context, party))
