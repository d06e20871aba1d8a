"""Copies that an upgrade left behind hold whoever is erased later, so they go, and are told."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from peewee import SqliteDatabase

from crm.kartoteka import Kartoteka, migrations
from crm.models.files import KnownCopy
from crm.models.party import Party
from crm.schema import SCHEMA
from gdpr.store.schema_check import things_in
from gdpr.store.upgrade import Upgrader, failed_copies
from tests.crm.conftest import residue
from tests.crm.planting import plant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Cli, Place

STEP = """
from peewee import TextField


def up(migrator, db):
    migrator.migrate(migrator.add_column("party", "nickname", TextField(null=True)))
"""


def leave_copy(place: Place, name: str = "0099_later") -> Path:
    """Leave beside the register what an upgrade leaves that failed after its copy was made."""
    with place.open() as register:
        register.context.journal.shred()
    copy = place.vault.with_name(f"{place.vault.name}.before-{name}")
    shutil.copyfile(place.vault, copy)
    copy.chmod(0o600)
    return copy


def test_a_left_copy_goes_when_the_register_opens(place: Place, cli: Cli) -> None:
    """The next opening destroys the copy and enters it among the known ones as gone."""
    with place.open() as register:
        plant(register, "prospect")
    copy = leave_copy(place)

    with place.open() as register:
        (row,) = register.context.session.rows(KnownCopy, kind="upgrade")
        assert (row.path, row.gone) == (str(copy), register.today.isoformat())
    assert not copy.exists()
    assert "register before an upgrade" in cli("files", "list", "--all").stdout


def test_an_erasure_reaches_a_copy_that_an_opening_could_not(place: Place) -> None:
    """What appears while the register is open dies with the erasure; the receipt waits for it."""
    with place.open() as register:
        party = plant(register, "prospect")
        wrapped = wrapped_keys(register, party.id)
        copy = leave_copy(place)
        receipt = register.subjects.erase(str(party.number), "no-longer-needed", party.number)
    assert receipt.state == "shredded"
    assert not copy.exists()
    for name, content in residue(place.folder):
        assert not [name for key in wrapped if key in content]


def test_a_copy_that_cannot_be_destroyed_keeps_the_erasure_waiting(place: Place) -> None:
    """A copy an upgrade still needs, or out of reach, is told: the shred is not called done."""
    with place.open() as register:
        party = plant(register, "prospect")
        blocked = place.vault.with_name(place.vault.name + ".before-0099_later")
        blocked.mkdir()
        receipt = register.subjects.erase(str(party.number), "no-longer-needed", party.number)
        assert receipt.state == "shred_pending"
    with place.open() as register:
        (row,) = register.context.session.rows(KnownCopy, kind="upgrade")
        assert row.gone is None
        upgrades = next(c for c in register.doctor.examine().checks if c.check == "upgrades")
        assert (upgrades.state, upgrades.detail) == ("warning", (blocked.name,))
    blocked.rmdir()
    with place.open() as register:
        assert register.context.journal.ledger.pending() == []
        (row,) = register.context.session.rows(KnownCopy, kind="upgrade")
        assert row.gone is not None


def test_a_link_with_the_name_of_a_copy_harms_nothing(place: Place) -> None:
    """Whoever plants a link under that name has the link removed, and not what it points at."""
    precious = place.folder / "precious"
    precious.write_bytes(b"precious")
    place.vault.with_name(place.vault.name + ".before-0099_later").symlink_to(precious)
    with place.open() as register:
        assert failed_copies(register.context.session.database) == []
    assert precious.read_bytes() == b"precious"


@pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL after a fork")
def test_an_upgrade_killed_anywhere_leaves_nobody_readable_after_the_erasure(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever an upgrade is killed, the next opening and an erasure leave nobody in a copy."""
    steps = tmp_path / "steps"
    shutil.copytree(migrations(), steps)
    with place.open() as register:
        party = plant(register, "prospect")
        wrapped = wrapped_keys(register, party.id)
    template = tmp_path / "template"
    shutil.copytree(place.folder, template)
    (steps / "0099_later.py").write_text(STEP)
    declare_later(steps, monkeypatch)
    orphans = 0
    for point in range(1, 100):
        shutil.rmtree(place.folder)
        shutil.copytree(template, place.folder)
        monkeypatch.setattr("crm.opening.opening.migrations", lambda: steps)
        ended = in_child(lambda: upgraded(place, steps), point)
        orphans += bool(list(place.vault.parent.glob("*.before-*")))
        with place.open() as register:
            assert [row.number for row in register.context.session.rows(Party)] == [party.number]
            receipt = register.subjects.erase(str(party.number), "no-longer-needed", party.number)
            assert receipt.state == "shredded"
        assert not list(place.vault.parent.glob("*.before-*"))
        for name, content in residue(place.folder):
            assert not [name for key in wrapped if key in content], point
        if ended:
            break
    assert not list(place.vault.parent.glob("*.upgrading"))
    assert point > 4
    assert orphans > 1


def declare_later(steps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program of later on declare the schema that its steps make."""
    database = SqliteDatabase(":memory:")
    Upgrader(database, steps).install([path.stem for path in steps.glob("[0-9]*.py")])
    later = replace(SCHEMA, declared=things_in(database))
    database.close()
    for place in ("schema", "opening.opening", "opening.unlocking"):
        monkeypatch.setattr(f"crm.{place}.SCHEMA", later)


def wrapped_keys(register: Kartoteka, party: bytes) -> list[bytes]:
    """Return the wrapped keys of somebody, by which a copy of them can be told."""
    row = register.context.session.first(register.context.session.key_model, id=party)
    assert row is not None
    return [key for key in map(_as_bytes, (row.stored or ())[3:]) if key is not None]


def _as_bytes(value: object) -> bytes | None:
    """Leave out the number of the group, which is no key."""
    return bytes(value) if isinstance(value, bytes | memoryview) else None


def upgraded(place: Place, steps: Path) -> None:
    from gdpr.store.database import open_database

    Upgrader(open_database(str(place.vault)), steps).upgrade()


def in_child(work, point: int) -> bool:
    """Do it in a child that dies before its nth sync or statement; True if it got through."""
    import gdpr.store.database as store_database

    child = os.fork()
    if child == 0:
        left = point

        def meet(*_told: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def met(call):
            def meeting(*arguments, **options):
                meet()
                return call(*arguments, **options)

            return meeting

        for name in ("fsync", "unlink", "replace"):
            setattr(os, name, met(getattr(os, name)))
        connect = store_database._connect

        def traced(path):
            database = connect(path)
            database.connection().set_trace_callback(meet)
            return database

        store_database._connect = traced
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    how = os.waitstatus_to_exitcode(status)
    assert how in {0, -signal.SIGKILL}
    return how == 0
