"""Copies of the whole by the screen: made, verified, destroyed; the way back behind the lock."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.errors import NoDuty
from crm.i18n import use
from crm.kartoteka import Kartoteka
from crm.parties.cards import NewClient
from crm.session.shred_file_place import DRILL_FOLDER
from tests.tui.conftest import seated
from tests.tui.restoring import restored
from tui.entry.restore import RestoreScreen
from tui.entry.unlock import Unlock
from tui.keeper.backups import BackupScreen

if TYPE_CHECKING:
    from crm.backup.cards import BackupMade
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat


def add(place: Place, name: str) -> None:
    """Enter a client."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name=name, relation="client"))


def backed_up(place: Place) -> BackupMade:
    """Make a backup without the screen."""
    with place.open() as register:
        return register.backups.create(place.folder / "backups")


def cut_off(path: Path, whole: bytes) -> None:
    """Lose the end of a file."""
    path.write_bytes(whole[:-40])


def make_whole(path: Path, whole: bytes) -> None:
    """Put the file back as it was."""
    path.write_bytes(whole)


async def visit(seat: Seat, where: str, *told: str) -> None:
    """Open a place."""
    seat.app.visit(where, *told)
    await seat.settle()


async def restore(seat: Seat, made: BackupMade, password: str) -> None:
    """Fill in the wizard and say that it is meant."""
    await visit(seat, "restore", made.data, made.keys)
    assert isinstance(seat.app.screen, RestoreScreen)
    seat.app.screen.query_one("#secret").value = password
    await restored(seat)


def test_a_backup_is_made_listed_and_a_second_place_asked_for(place: Place, drive) -> None:
    """An empty list names its key; after it both parts lie there, and elsewhere is asked for."""
    folder = place.folder / "backups"

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "backup")
            assert "no backup yet" in seat.flat
            await seat.press("n")
            seat.app.screen.query_one("#text").value = str(folder)
            await seat.press("enter")
            assert "only location with a backup" in seat.flat
            seat.app.screen.query_one("#text").value = str(place.folder / "elsewhere")
            await seat.press("enter")
            assert isinstance(seat.app.screen, BackupScreen)
            assert seat.app.screen._found is not None
            assert [one.state for one in seat.app.screen._found.lines] == ["whole", "whole"]
            assert "both parts" in seat.flat
            assert len([*folder.iterdir(), *(place.folder / "elsewhere").iterdir()]) == 4

    drive(scenario())


def test_a_backup_is_verified_with_a_password(place: Place, drive) -> None:
    """A wrong password is said under the field; the right one opens it from end to end."""
    backed_up(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "backup")
            await seat.press("v")
            secret = seat.app.screen.query_one("#fill-secret")
            secret.value = "not this one at all"
            await seat.press("ctrl+s")
            assert "password" in seat.flat
            secret.value = place.owner.password
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, BackupScreen)
            assert any("can be opened" in told for told in seat.notices)

    drive(scenario())


def test_a_drill_brings_the_backup_back_and_destroys_that(place: Place, drive) -> None:
    """A wrong password is said under the field; the right one proves it, and the log says so."""
    backed_up(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "backup")
            await seat.press("t")
            secret = seat.app.screen.query_one("#fill-secret")
            secret.value = "not this one at all"
            await seat.press("ctrl+s")
            assert "password" in seat.flat
            secret.value = place.owner.password
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, BackupScreen)
            assert any("can be restored" in told for told in seat.notices)

    drive(scenario())
    with place.open() as register:
        assert [line.ok for line in register.drills.list()] == [True, False]
        assert not (register.context.state / DRILL_FOLDER).exists()


def test_a_copy_says_what_it_is_and_is_adopted(place: Place, drive, tmp_path: Path) -> None:
    """Its place and the original's are named, nothing that writes is offered, and a adopts it."""
    backed_up(place)
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    for path in place.vault.parent.glob(f"{place.vault.name}*"):
        shutil.copy2(path, copy / path.name)

    async def scenario() -> None:
        async with seated(place, vault=str(copy / place.vault.name)) as seat:
            assert any(str(place.vault) in told for told in seat.notices)
            await visit(seat, "backup")
            assert "a read-only copy" in seat.flat
            assert not any(words in seat.lines[-1] for words in ("New backup", "Drill", "Destroy"))
            await seat.press("a")
            secret = seat.app.screen.query_one("#fill-secret")
            secret.value = "not this one at all"
            await seat.press("ctrl+s")
            assert "password" in seat.flat
            secret.value = place.owner.password
            await seat.press("ctrl+s")
            assert seat.app.current_mode == "locked"

    drive(scenario())
    with Kartoteka.open(
        str(copy / place.vault.name),
        place.owner.name,
        lambda: place.owner.password,
        clock=place.clock,
    ) as register:
        assert register.original is None
        assert register.warnings == ()


def test_a_backup_is_destroyed_and_its_loss_is_shown(place: Place, drive) -> None:
    """Destroying takes both files; a part that somebody removed is said in words."""
    gone, kept = backed_up(place), backed_up(place)
    Path(kept.keys).unlink()

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "backup")
            assert "its keys are gone" in seat.flat
            screen = seat.app.screen
            assert isinstance(screen, BackupScreen)
            assert screen._found is not None
            place_of = [one.data for one in screen._found.lines].index(gone.data)
            for _step in range(place_of):
                await seat.press("down")
            await seat.press("x", "tab", "enter")

    drive(scenario())
    assert not Path(gone.data).exists()
    assert not Path(gone.keys).exists()
    assert Path(kept.data).exists()


def test_the_way_back_locks_restores_and_asks_for_the_password(place: Place, drive) -> None:
    """A restore runs behind the lock; what would be lost is refused first, then listed."""
    add(place, "SIA Ozols")
    made = backed_up(place)
    add(place, "SIA Bērzs")

    async def scenario() -> None:
        async with seated(place) as seat:
            await restore(seat, made, place.owner.password)
            assert seat.app.me is None
            assert not seat.app.desk.is_open
            assert "not in this backup" in seat.flat
            await seat.press("a", "tab", "enter")
            assert "restored" in seat.flat
            assert "enter them again" in seat.flat
            assert "added" in seat.flat
            await seat.press("escape")
            assert isinstance(seat.app.screen, Unlock)
        with place.open() as register:
            assert [one.name for one in register.clients.list()] == ["SIA Ozols"]

    drive(scenario())


def test_what_is_cut_or_foreign_is_refused_in_words(place: Place, drive) -> None:
    """A damaged part and parts that do not belong together change nothing, and say so."""
    first, second = backed_up(place), backed_up(place)
    data = Path(first.data)
    whole = data.read_bytes()

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "restore", first.data, second.keys)
            screen = seat.app.screen
            screen.query_one("#secret").value = place.owner.password
            await seat.press("f8")
            told = screen.query_one("#problem").render().plain
            assert told
            assert "moment" not in told
            cut_off(data, whole)
            screen.query_one("#keys").value = first.keys
            await seat.press("f8")
            cut = screen.query_one("#problem").render().plain
            assert cut
            assert cut != told
            make_whole(data, whole)
            await seat.press("f8")
            assert screen.query_one("#problem").render().plain == ""
            assert any("can be opened" in notice for notice in seat.notices)

    drive(scenario())


def test_the_old_register_is_forgotten_when_somebody_is_content(place: Place, drive) -> None:
    """After a restore the list says that the old register waits, and one key destroys it."""
    made = backed_up(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await restore(seat, made, place.owner.password)
            assert "is kept beside it" in seat.flat
        async with seated(place) as seat:
            await visit(seat, "backup")
            assert "from before the restore still exists" in seat.flat
            await seat.press("o", "tab", "enter")
            assert "from before the restore still exists" not in seat.flat
            assert not [*place.vault.parent.glob("*.before-restore-*")]

    drive(scenario())


def test_without_the_duty_nothing_is_offered_and_all_is_refused(
    place: Place, hire: Hire, drive
) -> None:
    """Office staff see why, no key of a keeper's, and the service refuses each verb."""
    login = hire("office")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await visit(seat, "backup")
            assert "role" in seat.flat
            offered = {
                one.binding.action
                for one in seat.app.screen.active_bindings.values()
                if one.enabled
            }
            assert not offered & {"new", "verify", "restore", "shred", "due", "forget"}
            for verb in (
                lambda r: r.backups.overview(),
                lambda r: r.backups.create(place.folder),
                lambda r: r.backups.forget_old(),
            ):
                with pytest.raises(NoDuty):
                    await seat.app.desk.ask(verb)

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_the_screens_speak(place: Place, drive, language: str) -> None:
    """No English word of ours is left on the list or in the wizard."""
    backed_up(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            use(language)
            await visit(seat, "backup")
            texts = [seat.text]
            await visit(seat, "restore")
            texts.append(seat.text)
            for text in texts:
                words = ("Backups", "backup is", "Bring", "Opened", "Where", "Destroy", "parts")
                assert [word for word in words if word in text] == []

    drive(scenario())
