"""A backup is believed only where its maker's card, its parts and every row say the same."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm.backup.errors import BackupUnsound, PartsDiffer
from crm.backup.parts import SIGNATURE, check_backup
from crm.backup.restoring import Restoring
from crm.kartoteka import Kartoteka, migrations, way_in
from crm.keys.rotation import Rotation
from gdpr.audit.events import Event
from gdpr.errors import BadSignature
from gdpr.store.accounts import SecretRow, SlotRow, UserAccount
from gdpr.store.errors import KeysLeft
from gdpr.store.rewrapping import rewrap_batch, rewrap_secrets
from gdpr.store.rowstream import Columns
from gdpr.vault.recovery import RECOVERY_ID
from tests.crm.backup.rewriting import Rewriting
from tests.crm.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.session.context import RegisterContext
    from gdpr.store.rowstream import Frame
    from tests.crm.conftest import Place


def spoil(table: str) -> Callable[[Frame], Frame]:
    """Return what changes the MAC of the first row of a table."""
    state = {"in": False, "done": False}

    def change(frame: Frame) -> Frame:
        if isinstance(frame, Columns):
            state["in"] = frame.table == table
        elif isinstance(frame, tuple) and state["in"] and not state["done"]:
            state["done"] = True
            return (*frame[:2], bytes([frame[2][0], frame[2][1] ^ 1, *frame[2][2:]]), *frame[3:])
        return frame

    return change


@pytest.fixture
def backed(place: Place) -> tuple[Place, Rewriting, Callable[[bytes], bytes]]:
    """Give a backup that can be rewritten, and its maker's signature."""
    with place.open() as register:
        plant(register, "prospect")
        made = register.backups.create(place.folder / "drive")
        sign = register.context.session.ring.sign
    parts = (Path(made.data), Path(made.keys))
    return place, Rewriting(*parts, place.owner.name, place.owner.password), sign


def restore(place: Place, parts: Rewriting) -> Path:
    """Restore to a new place and return it."""
    target = place.folder / "other" / "register.kartoteka"
    target.parent.mkdir(mode=0o700)
    way = way_in(place.owner.name, lambda: place.owner.password)
    try:
        Kartoteka.restore(
            str(target), (parts.data, parts.keys), way, clock=place.clock, accept_older=True
        )
    finally:
        left = [path.name for path in target.parent.iterdir()]
        assert left == [] or target.name in left
    return target


def test_a_backup_that_was_written_anew_but_not_changed_is_believed(
    backed: tuple[Place, Rewriting, Callable[[bytes], bytes]],
) -> None:
    """What the other tests change is the only thing that is wrong there."""
    place, parts, sign = backed
    parts.agree(parts.change_data(lambda frame: frame), sign)

    assert restore(place, parts).exists()


def test_without_its_makers_signature_a_backup_is_refused(
    backed: tuple[Place, Rewriting, Callable[[bytes], bytes]],
) -> None:
    """Whoever can open a backup cannot make one in the name of a keeper."""
    place, parts, _sign = backed
    parts.change_notes({SIGNATURE: os.urandom(64)})

    with pytest.raises(BadSignature):
        restore(place, parts)


@pytest.mark.parametrize("note", ["heads", "anchor", "damages", "maker", "data", "migrations"])
def test_what_a_maker_signed_is_not_changed(
    backed: tuple[Place, Rewriting, Callable[[bytes], bytes]], note: str
) -> None:
    """No note beside the rows says anything else than when it was signed."""
    place, parts, _sign = backed
    parts.change_notes({note: os.urandom(20)})

    with pytest.raises((BadSignature, PartsDiffer, BackupUnsound)):
        restore(place, parts)


@pytest.mark.parametrize("table", ["party", "setting", "ground"])
def test_damage_that_the_backup_does_not_own_up_to_is_refused(
    backed: tuple[Place, Rewriting, Callable[[bytes], bytes]], table: str
) -> None:
    """A row that does not verify and was sound when the backup was made stops the restore."""
    place, parts, sign = backed
    parts.agree(parts.change_data(spoil(table)), sign)

    with pytest.raises(BackupUnsound):
        restore(place, parts)


def test_damage_that_comes_up_on_the_way_is_refused(
    backed: tuple[Place, Rewriting, Callable[[bytes], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is spoilt after it was proved, by a disk or a fault of ours, takes no place."""
    place, parts, _sign = backed
    repeat = Restoring._repeat

    def spoiling(self: Restoring, context: RegisterContext, *known: Any) -> Any:
        missing = repeat(self, context, *known)
        context.session.database.execute_sql("UPDATE party SET mac = zeroblob(length(mac))")
        return missing

    monkeypatch.setattr(Restoring, "_repeat", spoiling)

    with pytest.raises(BackupUnsound):
        restore(place, parts)
    assert list((place.folder / "other").iterdir()) == []


def test_a_data_part_belongs_to_one_keys_part(
    backed: tuple[Place, Rewriting, Callable[[bytes], bytes]],
) -> None:
    """Another data part of the same backup is refused by checking and by restoring."""
    place, parts, _sign = backed
    parts.change_data(spoil("party"))
    way = way_in(place.owner.name, lambda: place.owner.password)

    with pytest.raises(PartsDiffer):
        check_backup(parts.data, parts.keys, way, migrations())
    with pytest.raises(PartsDiffer):
        restore(place, parts)


def test_no_backup_is_sealed_to_a_card_that_the_root_did_not_sign(place: Place) -> None:
    """A host that swaps the keys on a card receives no backup, although the row verifies."""
    with place.open() as register:
        office = register.context
        account = office.session.get(UserAccount, RECOVERY_ID)
        account.x_public = os.urandom(32)
        with office.journal.audited_change(Event.PASSWORD_CHANGED) as deed:
            deed.update(account)

        with pytest.raises(BadSignature):
            register.backups.create(place.folder / "drive")

        assert not (place.folder / "drive").exists()
        assert register.copies.list() == ()


@pytest.mark.parametrize("left", ["data keys", "secrets"])
def test_no_key_is_destroyed_while_something_is_wrapped_under_it(place: Place, left: str) -> None:
    """Had another desk written under the old key meanwhile, it stays and everything reads."""
    with place.open() as register:
        party = plant(register, "prospect")
        office = register.context
        rotation = Rotation(office)
        rotation._begin(("contact",))
        rotation._promote(("contact",))
        with office.journal.audited_change(Event.KEYS_REWRAPPED) as deed:
            if left == "data keys":
                rewrap_secrets(deed, ("contact",))
            else:
                rewrap_batch(deed, ("contact",), b"", 100)

        with pytest.raises(KeysLeft):
            rotation._destroy(("contact",))

        versions = {slot.version for slot in office.session.rows(SlotRow, category="contact")}
        assert versions == {1, 2}
        assert office.session.rows(SecretRow)
        assert register.clients.show(str(party.number), reveal=True).number == party.number
    with place.open() as register:
        register.rotation.run()
        assert {
            slot.version for slot in register.context.session.rows(SlotRow, category="contact")
        } == {2}


def test_every_connection_waits_for_the_disk_and_overwrites(place: Place) -> None:
    """What was confirmed is on the disk and what was deleted is not, from every thread."""
    found = []

    def look() -> None:
        database = register.context.session.database
        found.append(
            tuple(
                database.execute_sql(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "secure_delete", "trusted_schema")
            )
        )

    def apart() -> None:
        with register.apart():
            look()

    with place.open() as register:
        look()
        thread = threading.Thread(target=apart)
        thread.start()
        thread.join()
    assert found == [(2, 1, 0)] * 2
    assert sqlite3.threadsafety >= 1
