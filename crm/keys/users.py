"""Who may open the vault: people come, change and go, with passwords, roles and keys.

A first password is shown once and must be changed by its owner.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from crm.errors import DayAhead, NoDuty, UnknownUser
from crm.keys.cards import NewLogin, UserLine
from crm.keys.errors import KeysMoved, NotActive, NotDisabled, NotYourself, SamePassword, UserExists
from crm.keys.versions import mark_due, rotating_classes
from crm.privacy import REGISTER_KEY, ROOT_KEY, Duty
from crm.session.access import access_of
from crm.session.context import RegisterService
from crm.session.firm import checked_login
from gdpr.audit.events import Event
from gdpr.clock import instant_of, microseconds
from gdpr.errors import Conflict, LastOwner
from gdpr.store.accounts import UserAccount, account_row, read_account, store_password, store_slots
from gdpr.store.database import cut_log
from gdpr.store.ids import new_id
from gdpr.store.reissuing import account_of, owners_left, store_reissue
from gdpr.store.settings import read_setting, write_setting
from gdpr.vault.cards import CardStatus
from gdpr.vault.founding import Member, disable, new_user, reissue
from gdpr.vault.kdf import KdfCost
from gdpr.vault.opening import change_password
from gdpr.vault.passwords import check_password

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.vault.pin_unlock import PinUnlock

REVIEWED: Final = "access_reviewed"


class Users(RegisterService):
    """The people of the firm, as far as the vault must know them."""

    def add(self, name: str, roles: Iterable[str], *, language: str) -> NewLogin:
        """Add a user with a first password, which is returned to be told once."""
        context = self._context
        self._need()
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
        ) as change:
            if held != keys_held(context):
                raise KeysMoved
            change.insert(account_row(user.account, name, created, must_change=True))
            store_slots(change, user.slots)
        return NewLogin(name, access.roles, user.password)

    def list(self) -> tuple[UserLine, ...]:
        """Return everybody who has a login, in the order they were added."""
        return tuple(
            UserLine(
                name=row.name,
                roles=tuple(row.roles.split(",")),
                status=row.status,
                first_password=bool(row.must_change),
                added=instant_of(row.created).replace(microsecond=0),
                confidentiality=row.confidentiality,
            )
            for row in self._context.session.rows(UserAccount)
            if row.kdf_salt is not None
        )

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
        with context.journal.audited_change(Event.PASSWORD_CHANGED, context.user) as change:
            store_password(change, changed)
            if read_account(session.database, session.ring.vault_id, row.name) != changed:
                raise Conflict(column="wrapped_bundle")
        # Until the log is cut, the old wrap lies in it and opens with the old password.
        cut_log(session.database)

    def reset(self, name: str, *, language: str) -> NewLogin:
        """Give a colleague a new first password and new key pairs; the forgotten one opens nothing.

        What was signed with the old keys stays checkable, because the old card is kept.
        """
        row = self._colleague(name)
        if row.status != CardStatus.ACTIVE:
            raise NotActive
        return self._let_in(row, language, why="password")

    def enable(self, name: str, *, language: str) -> NewLogin:
        """Let somebody in again who was shut out, with new keys and a first password."""
        row = self._colleague(name)
        if row.status == CardStatus.ACTIVE:
            raise NotDisabled
        return self._let_in(row, language, why="enabled")

    def disable(self, name: str) -> tuple[str, ...]:
        """Shut a user out and return the keys that must be rotated; the last owner stays.

        What the user copied before stays copied; running programs of theirs end at their next
        write. Done twice it only names again what still waits.
        """
        context = self._context
        row = self._colleague(name)
        known = rotating_classes({*access_of(row.roles.split(",")).key_classes(), REGISTER_KEY})
        if row.status == CardStatus.ACTIVE:
            account = disable(context.session.ring, account_of(context.session.ring.vault_id, row))
            event = (Event.USER_DISABLED, account.card.user_id)
            with self._change_of_keys(*event, card=account.card.counter) as change:
                store_reissue(change, account, ())
                mark_due(change, known, context.day)
            cut_log(context.session.database)
        return known

    def set_roles(self, name: str, roles: Iterable[str]) -> tuple[str, ...]:
        """Give a user other roles, and return the keys to be rotated because they lost them."""
        context = self._context
        row = self._colleague(name)
        if row.status != CardStatus.ACTIVE:
            raise NotActive
        access = access_of(dict.fromkeys(roles))
        lost = access_of(row.roles.split(",")).key_classes() - access.key_classes()
        ring = context.session.ring
        before = account_of(ring.vault_id, row)
        account, slots = reissue(ring, before, access.roles, access.key_classes())
        with self._change_of_keys(
            Event.USER_REISSUED, account.card.user_id, card=account.card.counter, why="roles"
        ) as change:
            store_reissue(change, account, slots)
            mark_due(change, rotating_classes(lost), context.day)
        cut_log(context.session.database)
        return rotating_classes(lost)

    def confidentiality(self, name: str, day: date) -> None:
        """Note the day on which a user promised confidentiality (Art. 28(3)(b), 32(4))."""
        context = self._context
        self._need()
        if day > context.day:
            raise DayAhead
        row = user_named(self._context, name)
        with context.journal.audited_change(Event.USER_NOTED, bytes(row.id)) as change:
            row.confidentiality = day.isoformat()
            change.update(row)

    def review(self) -> tuple[UserLine, ...]:
        """Return who may do what, and note that somebody looked: once a quarter is enough."""
        context = self._context
        self._need()
        lines = self.list()
        with context.journal.audited_change(Event.ACCESS_REVIEWED, users=len(lines)) as change:
            write_setting(change, REVIEWED, context.day.isoformat())
        return lines

    def _let_in(self, row: UserAccount, language: str, *, why: str) -> NewLogin:
        context = self._context
        member = member_again(row)
        user = new_user(context.session.ring, member, cost=cost_of(row), language=language)
        with self._change_of_keys(
            Event.USER_REISSUED, member.user_id, card=member.counter, why=why
        ) as change:
            store_reissue(change, user.account, user.slots, must_change=True)
        # Until the log is cut, the old wrap lies in it and opens with the old password.
        cut_log(context.session.database)
        return NewLogin(row.name, member.roles, user.password)

    @contextmanager
    def _change_of_keys(
        self, event: Event, user: bytes, **codes: int | str
    ) -> Iterator[AuditedChange]:
        """Begin a change for slots sealed before it; a key drawn meanwhile would be missing."""
        held = keys_held(self._context)
        with self._context.journal.audited_change(event, user, **codes) as change:
            if held != keys_held(self._context):
                raise KeysMoved
            yield change

    def _need(self) -> None:
        context = self._context
        context.access.need(Duty.USERS)
        if ROOT_KEY not in context.session.ring.classes():
            # A card is signed by the root, which small offices leave with the owner.
            raise NoDuty(duty=Duty.KEYS.value)

    def _colleague(self, name: str) -> UserAccount:
        self._need()
        row = user_named(self._context, name)
        if bytes(row.id) == self._context.user:
            raise LastOwner if len(owners_left(self._context.session)) == 1 else NotYourself
        return row

    def _cost(self) -> KdfCost:
        """Return what a guess costs of the password that opened the vault."""
        return cost_of(self._context.session.get(UserAccount, self._context.user))


def user_named(context: RegisterContext, name: str) -> UserAccount:
    """Return the row of whoever logs in by this name."""
    for row in context.session.rows(UserAccount):
        if row.name == name and row.kdf_salt is not None:
            return row
    raise UnknownUser


def keys_held(context: RegisterContext) -> dict[str, frozenset[int]]:
    """Return the versions held now, to be compared with those at the time of sealing."""
    ring = context.session.ring
    return {name: ring.versions(name) for name in ring.classes()}


def member_again(row: UserAccount) -> Member:
    """Return a user as one who is given keys anew, on the next issue of their card."""
    access = access_of(row.roles.split(","))
    return Member(bytes(row.id), access.roles, access.key_classes(), row.counter + 1)


def cost_of(row: UserAccount) -> KdfCost:
    """Return what a guess of a user's password costs: the firm's measure."""
    if row.kdf_memory is None or row.kdf_time is None or row.kdf_lanes is None:
        raise NoDuty(duty=Duty.USERS.value)
    return KdfCost(row.kdf_memory, row.kdf_time, row.kdf_lanes)


def keep_for_pin(context: RegisterContext, pin: str, proved: datetime) -> PinUnlock:
    """Keep the keys of who is at the desk under `pin`; a guess costs what one of a password does.

    Nothing of it is stored, so a lock costs no passphrase: it ends with the process, some hours
    after the password was `proved`.
    """
    cost = cost_of(context.session.get(UserAccount, context.user))
    return context.session.ring.quick_unlock(pin, cost, (proved, context.clock))
