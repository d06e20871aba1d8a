"""Whether whoever is at the desk may still write: their card and the keys, looked at each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm.services.authority import refusing
from crm.services.keeping.errors import CardReplaced
from gdpr.errors import CardDisabled, Damaged
from gdpr.store.accounts import UserAccount, card_of, read_keys, read_vault
from gdpr.store.keyversions import versions_in_use
from gdpr.vault.cards import CardStatus
from gdpr.vault.recovery import RECOVERY_ID, RECOVERY_ROLE
from gdpr.vault.slots import check_slot

if TYPE_CHECKING:
    from gdpr.audit.journal import Journal
    from gdpr.store.desk import Desk
    from gdpr.vault.cards import UserCard
    from gdpr.vault.opening import VaultKeys


class CardWatch:
    """Ends a program whose user was shut out, and lets the others go on through a rotation."""

    def __init__(self, desk: Desk) -> None:
        """Watch the card that opened `desk`; a key that is missing is looked for once."""
        self._desk = desk
        columns = (UserAccount.counter, UserAccount.status)
        query: Any = UserAccount.select(*columns).where(UserAccount.id == desk.ring.user_id)
        self._statement, self._values = query.bind(desk.database).sql()
        desk.ring.refresh = self.renew

    def check(self) -> None:
        """Refuse a card that is no longer the user's; inside a transaction that stays true."""
        found = self._desk.database.execute_sql(self._statement, self._values).fetchone()
        if found is None or found[1] != CardStatus.ACTIVE:
            raise CardDisabled
        if found[0] != self._desk.ring.card_counter:
            raise CardReplaced
        if self._moved():
            self.renew()

    def renew(self) -> None:
        """Take the slots as they are stored now."""
        desk = self._desk
        facts = read_vault(desk.database)
        row = desk.get(UserAccount, desk.ring.user_id)
        card = card_of(facts.vault_id, row)
        keys = sound_slots(card, read_keys(desk.database, facts, card.user_id, None))
        signature = bytes(row.card_signature)
        desk.ring.renew(facts.root_public, card, signature, keys.slots, keys.active)

    def _moved(self) -> bool:
        ring = self._desk.ring
        return any(
            ring.versions(name) != used.versions or ring.version(name) != used.active
            for name, used in versions_in_use(self._desk.database).items()
            if ring.can(name)
        )


def watch(journal: Journal, roles: tuple[str, ...]) -> None:
    """Have whoever writes asked each time whether they still may, and may do just this."""
    ring = journal.desk.ring
    journal.guards.append(CardWatch(journal.desk).check)
    journal.allows = refusing((RECOVERY_ROLE,) if ring.user_id == RECOVERY_ID else roles)


def sound_slots(card: UserCard, keys: VaultKeys) -> VaultKeys:
    """Leave out slots that the root did not sign as they stand.

    A class whose active key is among them is left out whole: nothing may be wrapped under another.
    """
    sound = []
    for slot in keys.slots:
        try:
            check_slot(keys.root_public, card, slot)
        except (Damaged, AttributeError, TypeError, ValueError):
            continue
        sound.append(slot)
    held = {(slot.category, slot.version) for slot in sound}
    active = keys.active or {}
    closed = {name for name, version in active.items() if (name, version) not in held}
    return replace(
        keys,
        slots=tuple(slot for slot in sound if slot.category not in closed),
        active={name: version for name, version in active.items() if name not in closed},
    )
