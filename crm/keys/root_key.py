"""The root: another one when somebody leaves who knew it, and the way of each desk to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.keys.cards import Rotated
from crm.keys.versions import active_row, new_row
from crm.privacy import ROOT_KEY
from crm.session.card_signers import cut_offs
from gdpr.audit.events import Event
from gdpr.audit.identity import known_identity
from gdpr.audit.key_facts import ENDED, IN_USE, roots_in_log
from gdpr.clock import microseconds
from gdpr.errors import RootChanged
from gdpr.store.accounts import SlotRow
from gdpr.store.database import cut_log
from gdpr.store.key_versions import KeyState
from gdpr.store.rerooting import store_root
from gdpr.vault.root import fingerprint, new_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crm.session.context import RegisterContext
    from gdpr.store.session import Session
    from gdpr.vault.root import RootLink


def rotate_root(context: RegisterContext) -> Rotated:
    """Draw the next root and have it sign everything, in one change: a kill leaves either whole.

    Desks that are open go on: each follows from the root it knows to the new one by itself.
    """
    session, new = context.session, new_root()
    now = microseconds(context.clock.now())
    with context.journal.audited_change(Event.ROOT_ROTATED) as change:
        before = active_row(change, ROOT_KEY)
        number = before.version + 1
        owners = sorted({bytes(slot.user_id) for slot in session.rows(SlotRow, category=ROOT_KEY)})
        signed = store_root(change, (session.ring.root, new), owners, number, now)
        before.state, before.due = KeyState.DESTROYED.value, None
        change.update(before)
        change.insert(new_row(ROOT_KEY, number, KeyState.ACTIVE, now))
        change.note(number=number, root=fingerprint(new.public).hex(), signed=signed)
        change.anchor(IN_USE + ROOT_KEY, number)
        change.anchor(ENDED + ROOT_KEY, number - 1)
    # Until the log is cut, the old root's slots lie in it.
    gone = cut_log(session.database)
    if session.ring.refresh is not None:
        session.ring.refresh()
    return Rotated(ROOT_KEY, number, signed, signed, gone=gone)


def require_named(
    session: Session, steps: Iterable[RootLink], root_public: bytes, state: Path
) -> None:
    """Refuse a way between roots that the log does not tell of, step by step.

    The old root alone must not be enough: whoever left knows it. Somebody allowed to, on a card
    that the log itself has brought in, must have entered each new one.
    """
    wanted = {fingerprint(step.new_public).hex() for step in steps}
    if not wanted:
        return
    own = known_identity(state) if (state / "desk").exists() else None
    if not wanted <= roots_in_log(session.database, cut_offs(session, own, root_public)):
        raise RootChanged
