"""The way back in: the key on paper lets an owner set a new password, and is replaced by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.keys.errors import NotAnOwner
from crm.keys.users import cost_of, member_again, user_named
from crm.privacy import ROOT_KEY, Duty
from crm.session.context import RegisterService
from crm.session.errors import NoDuty
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.store.accounts import UserAccount
from gdpr.store.database import cut_log
from gdpr.store.reissuing import store_recovery, store_reissue
from gdpr.store.settings import read_setting, write_setting
from gdpr.vault.founding import new_recovery, new_user
from gdpr.vault.passwords import check_password
from gdpr.vault.recovery import RECOVERY_ID

if TYPE_CHECKING:
    from gdpr.vault.recovery import RecoveryKey

CONFIRMED: Final = "recovery_confirmed"
USED: Final = "recovery_used"
"""The day a restore was opened by a recovery key that is still the present one."""


class Recovery(RegisterService):
    """What is done with, and for, the recovery key."""

    def renew(self) -> RecoveryKey:
        """Issue another recovery key, to be shown once; the one before opens nothing any more."""
        context = self._context
        if context.user != RECOVERY_ID:
            context.access.need(Duty.KEYS)
        if ROOT_KEY not in context.session.ring.classes():
            raise NoDuty(duty=Duty.KEYS.value)
        counter = context.session.get(UserAccount, RECOVERY_ID).counter + 1
        now = microseconds(context.clock.now())
        with context.journal.audited_change(
            Event.RECOVERY_ISSUED, RECOVERY_ID, card=counter
        ) as change:
            # Inside, because a key that another desk drew meanwhile would be missing.
            made = new_recovery(context.session.ring, counter)
            store_recovery(change, made, now)
            write_setting(change, CONFIRMED, "")
            write_setting(change, USED, "")
        cut_log(context.session.database)
        return made.key

    def check(self, name: str, password: str) -> UserAccount:
        """Refuse a user who is no owner, or a password too weak, before anything is changed."""
        context = self._context
        row = user_named(context, name)
        if "owner" not in row.roles.split(","):
            raise NotAnOwner
        check_password(password, (row.name, read_setting(context.session, "firm_name")))
        return row

    def use(self, name: str, password: str) -> RecoveryKey:
        """Give an owner a password of their choice and new keys, then issue another recovery key.

        Killed between the two, the key on paper still works, and doctor says what is missing.
        """
        context = self._context
        row = self.check(name, password)
        member = member_again(row)
        with context.journal.audited_change(Event.RECOVERY_USED, bytes(row.id)) as change:
            paper = context.session.get(UserAccount, RECOVERY_ID)
            paper.must_change = 1
            change.update(paper)
        # The keys are as the change before found them; argon2 would hold the others up inside.
        user = new_user(
            context.session.ring, member, cost=cost_of(row), language="en", password=password
        )
        with context.journal.audited_change(
            Event.USER_REISSUED, member.user_id, card=member.counter, why="recovery"
        ) as change:
            store_reissue(change, user.account, user.slots, must_change=False)
        return self.renew()
