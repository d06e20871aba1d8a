"""The keys of the vault: which there are, and the one on paper, which is the way back in.

The recovery key lets an owner set a new password, and is replaced by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import NoDuty
from crm.keys.cards import KeyLine
from crm.keys.errors import NotAnOwner
from crm.keys.users import cost_of, member_again, user_named
from crm.keys.versions import versions
from crm.privacy import ROOT_KEY, Duty
from crm.session.context import RegisterService
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.errors import WrongRecoveryKey
from gdpr.store.accounts import SlotRow, UserAccount
from gdpr.store.database import cut_log
from gdpr.store.key_versions import KeyState
from gdpr.store.reissuing import store_recovery, store_reissue
from gdpr.store.settings import read_setting, write_setting
from gdpr.vault.founding import new_recovery, new_user
from gdpr.vault.passwords import check_password
from gdpr.vault.recovery import RECOVERY_ID, parse_recovery_key
from gdpr.vault.root import fingerprint, readable

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


class Keys(RegisterService):
    """What a keeper does with keys."""

    def recovery_confirmed(self) -> bool:
        """Tell whether somebody has proved to have the recovery key on paper."""
        return not self._context.session.get(UserAccount, RECOVERY_ID).must_change

    def status(self) -> tuple[KeyLine, ...]:
        """List every version of every key, what it is used for, and who holds a slot of it."""
        session = self._context.session
        names = {bytes(row.id): row.name for row in session.rows(UserAccount)}
        held: dict[tuple[str, int], set[bytes]] = {}
        for slot in session.rows(SlotRow):
            held.setdefault((slot.category, slot.version), set()).add(bytes(slot.user_id))
        known = {(each.category, each.version): each for each in versions(self._context)}
        lines = []
        for key, version in sorted(held.keys() | known.keys()):
            users, each = held.get((key, version), set()), known.get((key, version))
            lines.append(
                KeyLine(
                    key=key,
                    version=version,
                    state=KeyState.ACTIVE if each is None else each.state,
                    since=None if each is None else each.created,
                    due=None if each is None else each.due,
                    users=tuple(sorted(names.get(user, "?") for user in users - {RECOVERY_ID})),
                    recovery=RECOVERY_ID in users,
                    fingerprint=readable(fingerprint(session.ring.root_public))
                    if key == ROOT_KEY and users
                    else None,
                )
            )
        return tuple(lines)

    def confirm_typed(self, typed: str) -> None:
        """Take the whole recovery key as read from paper, and note that it is there."""
        self.confirm_recovery(parse_recovery_key(typed))

    def confirm_recovery(self, key: RecoveryKey) -> None:
        """Note that the recovery key is on paper; another vault's or an older one is refused."""
        self._context.access.need(Duty.KEYS)
        session = self._context.session
        row = session.get(UserAccount, RECOVERY_ID)
        if key.bundle(session.ring.vault_id).x_public != bytes(row.x_public):
            raise WrongRecoveryKey
        with self._context.journal.audited_change(Event.RECOVERY_CONFIRMED, RECOVERY_ID) as change:
            row.must_change = 0
            change.update(row)
            write_setting(change, CONFIRMED, self._context.day.isoformat())
