"""Who may open the vault: added by an owner, with a first password that must be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.keys.cards import NewLogin
from crm.keys.errors import KeysMoved
from crm.keys.membership import cost_of, keys_held, user_lines
from crm.privacy import ROOT_KEY, Duty
from crm.session.access import access_of
from crm.session.context import RegisterService
from crm.session.errors import NoDuty, SamePassword, UserExists
from crm.session.firm import checked_login
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.errors import Conflict
from gdpr.store.accounts import (
    UserAccount,
    account_row,
    read_account,
    store_password,
    store_slots,
)
from gdpr.store.database import cut_log
from gdpr.store.ids import new_id
from gdpr.store.settings import read_setting
from gdpr.vault.founding import Member, new_user
from gdpr.vault.opening import change_password
from gdpr.vault.passwords import check_password

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.keys.cards import UserLine
    from gdpr.vault.kdf import KdfCost


class Users(RegisterService):
    """The people of the firm, as far as the vault must know them."""

    def add(self, name: str, roles: Iterable[str], *, language: str) -> NewLogin:
        """Add a user with a first password, which is returned to be told once."""
        context = self._context
        context.access.need(Duty.USERS)
        if ROOT_KEY not in context.session.ring.classes():
            # A card is signed by the root, which small offices leave with the owner.
            raise NoDuty(duty=Duty.KEYS.value)
        name = checked_login(name)
        access = access_of(dict.fromkeys(roles))
        if name.casefold() in {user.name.casefold() for user in self.list()}:
            raise UserExists
        member = Member(new_id(), access.roles, access.key_classes())
        held = keys_held(context)
        user = new_user(context.session.ring, member, cost=self._cost(), language=language)
        created = microseconds(context.clock.now())
        card = user.account.card
        with context.journal.audited_change(
            Event.USER_ADDED, card.user_id, card=card.counter
        ) as deed:
            if held != keys_held(context):
                raise KeysMoved
            deed.insert(account_row(user.account, name, created, must_change=True))
            store_slots(deed, user.slots)
        return NewLogin(name, access.roles, user.password)

    def list(self) -> tuple[UserLine, ...]:
        """Return everybody who has a login, in the order they were added."""
        return user_lines(self._context)

    def change_password(self, old: str, new: str) -> None:
        """Wrap the user's keys under a new password; the old one opens only old copies."""
        context = self._context
        session = context.session
        row = session.get(UserAccount, context.user)
        account = read_account(session.database, session.ring.vault_id, row.name)
        if new == old:
            raise SamePassword
        check_password(new, (row.name, read_setting(session, "firm_name"), old))
        changed = change_password(account, old, new, self._cost(), session.ring.root_public)
        with context.journal.audited_change(Event.PASSWORD_CHANGED, context.user) as deed:
            store_password(deed, changed)
            if read_account(session.database, session.ring.vault_id, row.name) != changed:
                raise Conflict(column="wrapped_bundle")
        # Until the log is cut, the old wrap lies in it and opens with the old password.
        cut_log(session.database)

    def _cost(self) -> KdfCost:
        """Return what a guess costs of the password that opened the vault."""
        return cost_of(self._context.session.get(UserAccount, self._context.user))
