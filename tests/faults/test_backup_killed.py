"""Backups and restores killed at every point where a file changes: old or new, never neither."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import Kartoteka, way_in
from crm.models.party import Party
from crm.session.card_signers import CardSigners
from gdpr.audit.identity import STAGED
from tests.crm.planting import FIELDS, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crm.conftest import Place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL after a fork")
NEWER = "jaunaks@example.com"


# At one point in so many it is the work itself that dies; at each, a child of it does.
EACH = 8


class Points:
    """Counts the calls that change files, and says before each of them which one it is."""

    watched = ("fsync", "replace", "rename", "link", "unlink", "rmdir", "mkdir")

    def __init__(self, at: Callable[[int], None]) -> None:
        self._at = at
        self._count = 0
        self._on = True

    def watch(self) -> None:
        for name in self.watched:
            setattr(os, name, self._met(getattr(os, name)))

    def _met(self, call: Callable[..., object]) -> Callable[..., object]:
        def met(*arguments: object, **options: object) -> object:
            if self._on:
                self._count += 1
                self._on = False
                self._at(self._count)
                self._on = True
            return call(*arguments, **options)

        return met


def _die(point: int) -> Callable[[int], None]:
    def at(count: int) -> None:
        if count == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def _take(folder: Path, taken: Path, every: int) -> Callable[[int], None]:
    """Let a child of the work take along what lies there, and die: nothing written is taken back.

    To begin anew for each point would do the work as often as there are points.
    """

    def at(count: int) -> None:
        if count % every:
            return
        child = os.fork()
        if child == 0:
            try:
                shutil.copytree(folder, taken / str(count))
                os.kill(os.getpid(), signal.SIGKILL)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, count

    return at


def _in_child(work: Callable[[], None], at: Callable[[int], None]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Points(at).watch()
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def killed_everywhere(
    place: Place, work: Callable[[], None], judge: Callable[[], None], every: int = 1
) -> int:
    """Judge what is left of the work at each point, in the place where it was done."""
    template, taken = place.folder.with_name("template"), place.folder.with_name("taken")
    shutil.copytree(place.folder, template)
    taken.mkdir()
    assert _in_child(work, _take(place.folder, taken, every)) == 0
    judge()
    points = sorted(int(left.name) for left in taken.iterdir())
    for number, point in enumerate(points):
        shutil.rmtree(place.folder)
        (taken / str(point)).rename(place.folder)
        judge()
        if number % EACH == 0:
            shutil.rmtree(place.folder)
            shutil.copytree(template, place.folder)
            assert _in_child(work, _die(point)) == -signal.SIGKILL, point
            judge()
    return len(points)


def checked(place: Place, keys: Path) -> None:
    parts = (keys.with_suffix(".data"), keys)
    Kartoteka.check_backup(parts, way_in("anna", lambda: place.owner.password))


def test_a_killed_backup(place: Place) -> None:
    """Every keys part that has its name is whole and has its data part; the next backup works."""
    with place.open() as register:
        plant(register, "prospect")
        first = register.backups.create(place.folder / "drive")

    def work() -> None:
        with place.open() as register:
            register.backups.create(place.folder / "drive")

    def judge() -> None:
        for keys in (place.folder / "drive").glob("*.keys"):
            checked(place, keys)
        assert Path(first.keys).exists()
        with place.open() as register:
            assert register.damage == ()
            known = {line.path for line in register.copies.list(gone=True)}
            shown = [path for path in (place.folder / "drive").iterdir() if path.name[0] != "."]
            assert {str(path) for path in shown} <= known
        assert not list((place.folder / "drive").glob(".*"))

    assert killed_everywhere(place, work, judge) > 15


@pytest.mark.parametrize("there", [True, False])
def test_a_killed_restore(place: Place, there: bool) -> None:
    """What lies at the place is the vault before or the restored one, whole, and opens."""
    with place.open() as register:
        party, gone = plant(register, "prospect"), plant(register, "prospect")
        made = register.backups.create(place.folder / "drive")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
        register.clients.edit(str(party.number), {"email": NEWER})
    if not there:
        for path in place.vault.parent.iterdir():
            path.unlink()
    (state,) = (place.folder / "state" / "kartoteka").iterdir()
    found = set()

    def work() -> None:
        parts = (Path(made.data), Path(made.keys))
        way = way_in("anna", lambda: place.owner.password)
        Kartoteka.restore(str(place.vault), parts, way, clock=place.clock, accept_older=True)

    def judge() -> None:
        if not place.vault.exists():
            assert not there
            found.add(None)
            return
        with place.open() as register:
            assert register.damage == ()
            office = register.context
            (left,) = office.session.rows(Party)
            found.add(left.email)
            assert office.journal.verify(CardSigners(office.session)).ok
        assert not (state / STAGED).exists()
        twins = list(place.vault.parent.glob("*.before-restore-*"))
        assert not [twin for twin in twins if twin.samefile(place.vault)]

    assert killed_everywhere(place, work, judge, every=1 if there else 4) > 10
    assert found == ({FIELDS["email"], NEWER} if there else {FIELDS["email"], None})
