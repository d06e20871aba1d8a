"""When a person may object: to marketing always, to a weighed interest unless it is compelling.

The same rule stands behind an objection, behind a withdrawal that is one, and behind a yes that
comes after either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.grounds.suppression import nos_against
from gdpr.rules.consents import is_after
from gdpr.rules.errors import Compelling, NotHeld, NotToBeObjectedTo, YesBeforeNo
from gdpr.rules.suppression import closed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from gdpr.rules.consents import Said
    from gdpr.rules.facts import Ground
    from gdpr.rules.suppression import Identifier


def running_for(context: RegisterContext, party: Party, purpose: str) -> list[Ground]:
    """Return the grounds of a party for a purpose that hold today."""
    return [
        ground
        for ground in context.grounds.of(bytes(party.id))
        if ground.purpose.code == purpose and not ground.has_ended(context.day)
    ]


def need_objectionable(context: RegisterContext, party: Party, purpose: str) -> None:
    """Refuse an objection to what is not pursued, or rests on what nobody can object to."""
    if context.grounds.rulebook.purpose(purpose).direct_marketing:
        return
    running = running_for(context, party, purpose)
    if not running:
        raise NotHeld(purpose=purpose)
    refuse_objection(running)


def refuse_objection(running: Iterable[Ground]) -> None:
    """Refuse an objection to a contract or a duty, or to a compelling interest (Art. 21(1))."""
    for ground in running:
        if not ground.basis.weighed:
            basis = ground.basis.article or "6(1)"
            raise NotToBeObjectedTo(purpose=ground.purpose.code, basis=basis)
        if ground.purpose.compelling:
            raise Compelling(purpose=ground.purpose.code)


def refuse_earlier(
    context: RegisterContext, identifiers: Iterable[Identifier], purpose: str, said: Said
) -> None:
    """Refuse a yes that is no later than a no on the list, whichever party that belonged to."""
    known = context.grounds.rulebook.purpose(purpose)
    no = closed([known], nos_against(context, identifiers)).get(purpose)
    if no is not None and not is_after(said, no.day):
        raise YesBeforeNo(purpose=purpose, day=no.day.isoformat())
