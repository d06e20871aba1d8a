"""What was noticed and not acknowledged yet: told at every opening until an owner signs for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.session.card_signers import cut_offs
from crm.session.errors import RightsRepeated
from gdpr.audit.acknowledging import acknowledged, part
from gdpr.audit.alarms import ANCHOR_DAMAGED, REPLAYED, ROLLED_BACK, UNANCHORED
from gdpr.audit.entries import ENTRY_TABLE
from gdpr.errors import AnchorMissing, OlderThanAnchor, StateFileDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.session.context import RegisterContext
    from gdpr.audit.chain_check import Damage
    from gdpr.errors import Damaged


def tell_alarms(context: RegisterContext) -> None:
    """Have every alarm told that no owner has acknowledged; the register stays usable."""
    alarms = {alarm.damage: alarm.mark for alarm in context.journal.alarms.read()}
    if alarms:
        context.session.damage += [_told(one) for one in not_acknowledged(context, alarms, alarms)]


def not_acknowledged(
    context: RegisterContext, damages: Iterable[Damage], marks: Mapping[Damage, str]
) -> list[Damage]:
    """Leave out the damages that an owner has signed for."""
    session = context.session
    log = cut_offs(session, context.journal.desk_id)
    return part(damages, marks, acknowledged(session.database, session.ring.vault_id, log))[0]


def _told(alarm: Damage) -> Damaged:
    row = alarm.row or "?"
    if alarm.why == ROLLED_BACK:
        return OlderThanAnchor(table=ENTRY_TABLE, row=row)
    if alarm.why == UNANCHORED:
        return AnchorMissing(row=row)
    if alarm.why == REPLAYED:
        return RightsRepeated(row=row)
    return StateFileDamaged(name="anchor" if alarm.why == ANCHOR_DAMAGED else alarm.why)
