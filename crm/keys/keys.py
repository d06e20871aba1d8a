"""The keys of the vault: which there are, and whether the recovery key was written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.keys.cards import KeyLine
from crm.keys.recovery import CONFIRMED
from crm.keys.versions import versions
from crm.privacy import ROOT_KEY, Duty
from crm.session.context import RegisterService
from gdpr.audit.events import Event
from gdpr.errors import WrongRecoveryKey
from gdpr.store.accounts import SlotRow, UserAccount
from gdpr.store.keyversions import KeyState
from gdpr.store.settings import write_setting
from gdpr.vault.recovery import RECOVERY_ID, parse_recovery_key
from gdpr.vault.root import fingerprint, readable

if TYPE_CHECKING:
    from gdpr.vault.recovery import RecoveryKey


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
        known = {(each.category, each.version): each for each in versions(session)}
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
