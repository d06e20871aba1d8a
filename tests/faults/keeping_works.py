"""Rotation and offboarding as works to be killed: whatever is left opens, and goes on."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, ClassVar

from crm.keys.rotation import Rotation
from crm.keys.versions import due_classes, unfinished
from crm.session.access import access_of
from gdpr.audit.events import Event
from gdpr.audit.pin import known_roots
from gdpr.errors import Damaged, Locked
from gdpr.store.accounts import SlotRow, UserAccount, account_row, card_of, store_slots
from gdpr.store.ids import new_id
from gdpr.store.key_versions import CardIssue
from gdpr.vault.cards import verify_card
from gdpr.vault.founding import Member, new_user
from gdpr.vault.kdf import FLOOR
from gdpr.vault.root import fingerprint
from tests.crm.conftest import Login
from tests.crm.planting import plant
from tests.faults.works import OTHERS, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.kartoteka import Kartoteka
    from gdpr.vault.keyring import Keyring
    from tests.crm.conftest import Place
    from tests.faults.works import Tell

# By lot, for each of the two: a point is a statement, or one side of a sync, rename or cut.
KILLS = 100


class Rotating(Work):
    """Three keys are replaced, two owners in a deed; everything opens at any moment."""

    by_lot = True

    keys: ClassVar[tuple[str, ...]] = ("identity", "contact", "register")

    def plant(self, register: Kartoteka, place: Place) -> None:
        for fields in (None, OTHERS, OTHERS):
            plant(register, "prospect", fields=fields)
        self.values = everything(register)
        slots = register.context.session.rows(SlotRow)
        self.gone = {bytes(slot.blob) for slot in slots if slot.category in self.keys}

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        Rotation(register.context, batch=2).run(self.keys)
        tell("rotated")

    def chosen(self, names: list[str]) -> list[int]:
        """Choose statements by lot, the same in every chunk."""
        drawn = random.Random(7).sample(range(1, len(names) + 1), min(KILLS, len(names)))
        return sorted(drawn)

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        if everything(register) != self.values:
            yield "I2 something reads otherwise than before"
        slots = {bytes(slot.blob) for slot in desk.rows(SlotRow)}
        if told and (unfinished(desk) or slots & self.gone):
            yield "I3 acknowledged as rotated and the old keys are there"
        held = {(s.category, s.version) for s in desk.rows(SlotRow) if not any(bytes(s.user_id))}
        ring = desk.ring
        if missing := {(n, v) for n in ring.classes() for v in ring.versions(n)} - held:
            yield f"I5 the recovery key lacks {sorted(missing)}"

    def finish(self, register: Kartoteka, place: Place) -> None:
        if unfinished(register.context.session):
            register.rotation.run()
        if register.context.session.rows(SlotRow, category="contact", version=1):
            register.rotation.run(self.keys)


class Rerooting(Rotating):
    """The root is replaced: old or new, and everything that is there is signed by that one."""

    keys: ClassVar[tuple[str, ...]] = ("root",)

    def plant(self, register: Kartoteka, place: Place) -> None:
        super().plant(register, place)
        hire(register)
        self.before = register.context.session.ring.root_public

    def chosen(self, names: list[str]) -> list[int]:
        return list(range(1, len(names) + 1, 3))

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        yield from super().judge(register, told)
        desk = register.context.session
        if told and desk.ring.root_public == self.before:
            yield "I3 acknowledged as replaced and the old root is there"
        if fingerprint(desk.ring.root_public) != known_roots(register.context.state)[-1]:
            yield "I5 the desk has pinned another root"
        for row in (*desk.rows(UserAccount), *desk.rows(CardIssue)):
            try:
                card = card_of(desk.ring.vault_id, row)
                verify_card(desk.ring.root_public, card, bytes(row.card_signature))
            except Damaged:
                yield "I5 a card that the root did not sign"

    def finish(self, register: Kartoteka, place: Place) -> None:
        if register.context.session.ring.root_public == self.before:
            register.rotation.run(self.keys)


class Offboarding(Rotating):
    """A clerk is shut out and every key they knew replaced; their password opens nothing after."""

    def plant(self, register: Kartoteka, place: Place) -> None:
        super().plant(register, place)
        self.clerk = hire(register)
        slots = register.context.session.rows(SlotRow)
        self.gone = {bytes(s.blob) for s in slots if s.user_id == self.clerk_id(register)}
        with place.open(self.clerk) as opened:
            self.ring = opened.context.session.ring
        self.ring.refresh = None

    def clerk_id(self, register: Kartoteka) -> bytes:
        """Return the id of the clerk's row."""
        rows = register.context.session.rows(UserAccount)
        return next(bytes(row.id) for row in rows if row.name == self.clerk.name)

    def do(self, register: Kartoteka, place: Place, tell: Tell) -> None:
        register.users.disable(self.clerk.name)
        tell("disabled")
        Rotation(register.context, batch=2).run(due=True)
        tell("rotated")

    def before_opening(self, place: Place, state: object, told: list[str]) -> Iterator[str]:
        del state
        try:
            with place.open(self.clerk):
                inside = True
        except Locked:
            inside = False
        if told and inside:
            yield "I3 acknowledged as shut out and still let in"

    def judge(self, register: Kartoteka, told: list[str]) -> Iterator[str]:
        desk = register.context.session
        if everything(register) != self.values:
            yield "I2 something reads otherwise than before"
        if not ({"rotated", "*"} & set(told)):
            return
        if unfinished(desk) or due_classes(register.context):
            yield "I3 acknowledged as rotated and something waits"
        if count := opened_by(self.ring, register):
            yield f"I2 the former user's keys open {count} new data keys"

    def finish(self, register: Kartoteka, place: Place) -> None:
        register.users.disable(self.clerk.name)
        register.rotation.run(due=True)


def hire(register: Kartoteka) -> Login:
    """Add a clerk whose first password need not be changed, for the price of one argon2."""
    office = register.context
    access = access_of(("office",))
    member = Member(new_id(), access.roles, access.key_classes())
    user = new_user(office.session.ring, member, cost=FLOOR, language="en")
    with office.journal.audited_change(Event.USER_ADDED, member.user_id, card=1) as deed:
        deed.insert(account_row(user.account, "karlis", 0, must_change=False))
        store_slots(deed, user.slots)
    return Login("karlis", user.password)


def everything(register: Kartoteka) -> dict[tuple[str, bytes, str], str]:
    """Open every field there is."""
    desk = register.context.session
    return {
        (model.layout().table, bytes(row.id), column.name): getattr(row, column.name)
        for model in desk.schema.models
        if model.layout().sealed
        for row in desk.rows(model)
        for column in model.layout().sealed
        if row.holds(column.name)
    }


def opened_by(ring: Keyring, register: Kartoteka) -> int:
    """Count the data keys that an old ring of keys still opens."""
    desk = register.context.session
    opened = 0
    for row in desk.rows(desk.key_model):
        for name in desk.key_model.layout().columns:
            if not name.startswith("key_"):
                continue
            if (wrapped := row.__data__[name]) is not None:
                try:
                    inner = desk.groups.wraps.open(bytes(wrapped))
                    ring.open_data_key(name[4:], bytes(row.id), inner)
                except (Damaged, Locked):
                    continue
                opened += 1
    return opened


KEEPING: dict[str, type[Work]] = {
    "rotating": Rotating,
    "offboarding": Offboarding,
    "replacing the root": Rerooting,
}
