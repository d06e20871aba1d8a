"""PINs: a user's keys kept in the memory of this process, so that a lock costs no passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.keys.membership import cost_of
from gdpr.store.accounts import UserAccount

if TYPE_CHECKING:
    from datetime import datetime

    from crm.session.context import RegisterContext
    from gdpr.vault.quick import QuickUnlock


def keep(context: RegisterContext, pin: str, proved: datetime) -> QuickUnlock:
    """Keep the keys of who is at the desk under `pin`; a guess costs what one of a password does.

    Nothing of it is stored: it ends with the process, some hours after the password was `proved`.
    """
    cost = cost_of(context.session.get(UserAccount, context.user))
    return context.session.ring.quick_unlock(pin, cost, (proved, context.clock))
