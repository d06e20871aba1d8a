"""People come, change and go: new passwords, other roles, and the way out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from crm.keys.cards import NewLogin, UserLine
from crm.keys.errors import KeysMoved, NotActive, NotDisabled, NotYourself
from crm.keys.versions import mark_due, rotating_classes
from crm.privacy import REGISTER_KEY, ROOT_KEY, Duty
from crm.session.access import access_of
from crm.session.context import RegisterService
from crm.session.errors import DayAhead, NoDuty, UnknownUser
from gdpr.audit.events import Event
from gdpr.clock import instant_of
from gdpr.errors import LastOwner
from gdpr.store.accounts import UserAccount
from gdpr.store.database import cut_log
from gdpr.store.reissuing import account_of, owners_left, store_reissue
from gdpr.store.settings import write_setting
from gdpr.vault.cards import CardStatus
from gdpr.vault.founding import Member, disable, new_user, reissue
from gdpr.vault.kdf import KdfCost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange

REVIEWED: Final = "access_reviewed"


class Membership(RegisterService):
    """What an owner decides about a colleague's card."""

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
            with self._deed(*event, card=account.card.counter) as deed:
                store_reissue(deed, account, ())
                mark_due(deed, known, context.day)
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
        with self._deed(
            Event.USER_REISSUED, account.card.user_id, card=account.card.counter, why="roles"
        ) as deed:
            store_reissue(deed, account, slots)
            mark_due(deed, rotating_classes(lost), context.day)
        cut_log(context.session.database)
        return rotating_classes(lost)

    def confidentiality(self, name: str, day: date) -> None:
        """Note the day on which a user promised confidentiality (Art. 28(3)(b), 32(4))."""
        context = self._context
        self._need()
        if day > context.day:
            raise DayAhead
        row = self._named(name)
        with context.journal.audited_change(Event.USER_NOTED, bytes(row.id)) as deed:
            row.confidentiality = day.isoformat()
            deed.update(row)

    def review(self) -> tuple[UserLine, ...]:
        """Return who may do what, and note that somebody looked: once a quarter is enough."""
        context = self._context
        self._need()
        lines = user_lines(context)
        with context.journal.audited_change(Event.ACCESS_REVIEWED, users=len(lines)) as deed:
            write_setting(deed, REVIEWED, context.day.isoformat())
        return lines

    def _let_in(self, row: UserAccount, language: str, *, why: str) -> NewLogin:
        context = self._context
        access = access_of(row.roles.split(","))
        counter = row.counter + 1
        member = Member(bytes(row.id), access.roles, access.key_classes(), counter)
        user = new_user(context.session.ring, member, cost=cost_of(row), language=language)
        with self._deed(Event.USER_REISSUED, member.user_id, card=counter, why=why) as deed:
            store_reissue(deed, user.account, user.slots, must_change=True)
        # Until the log is cut, the old wrap lies in it and opens with the old password.
        cut_log(context.session.database)
        return NewLogin(row.name, access.roles, user.password)

    @contextmanager
    def _deed(self, event: Event, user: bytes, **codes: int | str) -> Iterator[AuditedChange]:
        """Begin a deed for slots sealed before it; a key drawn meanwhile would be missing."""
        held = keys_held(self._context)
        with self._context.journal.audited_change(event, user, **codes) as deed:
            if held != keys_held(self._context):
                raise KeysMoved
            yield deed

    def _need(self) -> None:
        context = self._context
        context.access.need(Duty.USERS)
        if ROOT_KEY not in context.session.ring.classes():
            raise NoDuty(duty=Duty.KEYS.value)

    def _colleague(self, name: str) -> UserAccount:
        self._need()
        row = self._named(name)
        if bytes(row.id) == self._context.user:
            raise LastOwner if len(owners_left(self._context.session)) == 1 else NotYourself
        return row

    def _named(self, name: str) -> UserAccount:
        for row in self._context.session.rows(UserAccount):
            if row.name == name and row.kdf_salt is not None:
                return row
        raise UnknownUser


def user_lines(context: RegisterContext) -> tuple[UserLine, ...]:
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
        for row in context.session.rows(UserAccount)
        if row.kdf_salt is not None
    )


def keys_held(context: RegisterContext) -> dict[str, frozenset[int]]:
    """Return the versions held now, to be compared with those at the time of sealing."""
    ring = context.session.ring
    return {name: ring.versions(name) for name in ring.classes()}


def cost_of(row: UserAccount) -> KdfCost:
    """Return what a guess of a user's password costs: the firm's measure."""
    if row.kdf_memory is None or row.kdf_time is None or row.kdf_lanes is None:
        raise NoDuty(duty=Duty.USERS.value)
    return KdfCost(row.kdf_memory, row.kdf_time, row.kdf_lanes)
