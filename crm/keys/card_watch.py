"""Whether whoever is at the desk may still write: their card and the keys, looked at each time.

Which version of a key may still be used is told by the anchor of this desk, by the log, and by the
rows themselves while they verified. Else somebody could put back the rows of one key, and what is
new would be wrapped under a version that was destroyed because a former colleague knows it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from peewee import JOIN

from crm.keys.errors import CardReplaced
from crm.keys.root_key import require_named
from crm.privacy import REGISTER_KEY
from crm.session.card_signers import cut_offs
from crm.session.rights import refusing
from gdpr.audit.anchor import highest
from gdpr.audit.entries import last_columns
from gdpr.audit.key_facts import ENDED, IN_USE, key_facts
from gdpr.audit.pin import pin_root
from gdpr.errors import CardDisabled, Damaged, KeyRolledBack, StateFileDamaged
from gdpr.store.accounts import UserAccount, VaultRow, card_of, read_keys, read_vault
from gdpr.store.key_versions import InUse, KeyState, KeyVersion, in_use, versions_in_use
from gdpr.store.layout import layout_of
from gdpr.vault.cards import CardStatus
from gdpr.vault.recovery import RECOVERY_ID, RECOVERY_ROLE
from gdpr.vault.root import fingerprint
from gdpr.vault.slots import check_slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.audit.journal import Journal
    from gdpr.store.session import Session
    from gdpr.vault.cards import UserCard
    from gdpr.vault.opening import VaultKeys


FOUNDING: Final = InUse(frozenset({1}), 1)
"""A key without a row of versions is at its first one since founding."""


class Floors:
    """Says which versions of keys may be used at this desk."""

    def __init__(self, facts: Mapping[str, int]) -> None:
        """Begin with what is known."""
        self.facts = dict(facts)

    def learn(self, used: Mapping[str, InUse]) -> None:
        """Remember for this run which versions were in use."""
        self.facts = highest(
            self.facts, {IN_USE + name: each.active for name, each in used.items()}
        )

    def rolled_back(self, used: Mapping[str, InUse]) -> tuple[str, ...]:
        """Return the keys of which an older version is in use than was before."""
        behind = {
            fact.removeprefix(IN_USE)
            for fact, least in self.facts.items()
            if fact.startswith(IN_USE)
            and used.get(fact.removeprefix(IN_USE), FOUNDING).active < least
        }
        return tuple(sorted(behind))

    def sound(self, used: Mapping[str, InUse]) -> dict[str, InUse]:
        """Return the versions in use without those that were destroyed before."""
        return {
            name: InUse(
                frozenset(v for v in each.versions if v > self.facts.get(ENDED + name, 0)),
                each.active,
            )
            for name, each in used.items()
        }


def floors_of(journal: Journal) -> Floors:
    """Gather what anchor, rows and log know; an anchor that is damaged was named before."""
    session = journal.session
    try:
        anchored = journal.facts()
    except StateFileDamaged:
        anchored = {}
    log = partial(cut_offs, session, journal.desk_id)
    return Floors(key_facts(session.database, highest(anchored, _in_rows(session)), log))


def _in_rows(session: Session) -> dict[str, int]:
    """Return what the rows say that verify, so that a later opening knows it."""
    layout = layout_of(KeyVersion)
    seal = session.seals[layout.table]
    places = [layout.position(name) for name in ("category", "version", "state")]
    facts: dict[str, int] = {}
    kinds = {KeyState.ACTIVE.value: IN_USE, KeyState.DESTROYED.value: ENDED}
    for row in session.stored(KeyVersion):
        name, version, state = (row[place] for place in places)
        try:
            seal.verify(row)
        except Damaged:
            continue
        if state in kinds:
            facts = highest(facts, {kinds[state] + name: version})
    return facts


# What stands in the question for the desk and the user that it is asked about.
_DESK: Final = b"desk"
_USER: Final = b"user"


class CardWatch:
    """Ends a program whose user was shut out, and lets the others go on through a rotation."""

    def __init__(self, journal: Journal, floors: Floors) -> None:
        """Watch the card that opened the desk; a key that is missing is looked for once."""
        self._journal = journal
        self._session = session = journal.session
        self._floors = floors
        self._state = journal.state
        kind: Any = type(session.database)
        self._statement, values = _question(kind)
        ours = {_DESK: journal.desk_id, _USER: session.ring.user_id}
        self._values = tuple(ours.get(value, value) for value in values)
        session.ring.refresh = self.renew

    def check(self) -> None:
        """Refuse a card that is no longer the user's; inside a transaction that stays true."""
        rows = self._session.database.execute_sql(self._statement, self._values).fetchall()
        if not rows or rows[0][1] != CardStatus.ACTIVE:
            raise CardDisabled
        if rows[0][0] != self._session.ring.card_counter:
            raise CardReplaced
        if rows[0][2] != self._session.ring.root_public:
            self.renew()
        used = in_use(row[5:] for row in rows)
        for name in self._floors.rolled_back(used):
            if self._session.ring.can(name):
                raise KeyRolledBack(key=name)
        self._floors.learn(used)
        if self._moved(self._floors.sound(used)):
            self.renew()
        self._journal.found_last(rows[0][3:5])

    def renew(self) -> None:
        """Take the slots as they are stored now, signed by the root that is known or led to."""
        session = self._session
        facts = read_vault(session.database)
        known = fingerprint(session.ring.root_public)
        stored = read_keys(session.database, facts, session.ring.user_id, known)
        steps = stored.follow(known)
        row = session.get(UserAccount, session.ring.user_id)
        card = card_of(facts.vault_id, row)
        keys = sound_slots(card, stored, self._floors.sound(versions_in_use(session.database)))
        require_named(session, steps, facts.root_public, self._state)
        signature = bytes(row.card_signature)
        session.ring.renew(facts.root_public, card, signature, keys.slots, keys.active)
        if steps:
            pin_root(self._state, facts.root_public, followed=True)

    def close_rolled_back(self) -> None:
        """Use no key, at opening, of which an old version was put back; without one nothing opens.

        A version that was destroyed and is there again is left out by itself.
        """
        session = self._session
        used = versions_in_use(session.database)
        behind = self._floors.rolled_back(used)
        if REGISTER_KEY in behind:
            raise KeyRolledBack(key=REGISTER_KEY)
        closed = {name: KeyRolledBack(key=name) for name in behind if session.ring.can(name)}
        session.ring.close(closed)
        session.damage += closed.values()
        if self._moved(self._floors.sound(used)):
            self.renew()

    def _moved(self, sound: Mapping[str, InUse]) -> bool:
        ring = self._session.ring
        return any(
            ring.versions(name) != used.versions or ring.version(name) != used.active
            for name, used in sound.items()
            if ring.can(name)
        )


@lru_cache(maxsize=4)
def _question(kind: Any) -> tuple[str, tuple[Any, ...]]:
    """Write one question for all that is asked at every change, once for each kind of database.

    It gives, beside each version of a key, the card of the user and where the chain of the desk
    ends.
    """
    root = VaultRow.select(VaultRow.root_public)
    card = (UserAccount.counter, UserAccount.status, root)
    keys = (KeyVersion.category, KeyVersion.version, KeyVersion.state)
    query: Any = UserAccount.select(*card, *last_columns(_DESK), *keys).join(
        KeyVersion, JOIN.LEFT_OUTER, on=KeyVersion.id.is_null(is_null=False)
    )
    statement, values = query.where(UserAccount.id == _USER).bind(kind(None)).sql()
    return statement, tuple(bytes(v) if isinstance(v, bytearray) else v for v in values)


def watch(journal: Journal, roles: tuple[str, ...]) -> None:
    """Have whoever writes asked each time whether they still may, and may do just this."""
    ring = journal.session.ring
    floors = floors_of(journal)
    watching = CardWatch(journal, floors)
    watching.close_rolled_back()
    journal.noted = highest(journal.noted, floors.facts)
    journal.guards.append(watching.check)
    journal.allows = refusing((RECOVERY_ROLE,) if ring.user_id == RECOVERY_ID else roles)


def sound_slots(card: UserCard, keys: VaultKeys, used: Mapping[str, InUse]) -> VaultKeys:
    """Leave out slots that the root did not sign as they stand, and those of versions not in use.

    A class whose active key is among them is left out whole: nothing may be wrapped under another.
    """
    sound = []
    for slot in keys.slots:
        try:
            check_slot(keys.root_public, card, slot)
            if slot.version not in used.get(slot.category, FOUNDING).versions:
                continue
        except (Damaged, AttributeError, TypeError, ValueError):
            continue
        sound.append(slot)
    held = {(slot.category, slot.version) for slot in sound}
    active = {name: each.active for name, each in used.items()}
    closed = {name for name, version in active.items() if (name, version) not in held}
    return replace(
        keys,
        slots=tuple(slot for slot in sound if slot.category not in closed),
        active={name: version for name, version in active.items() if name not in closed},
    )
