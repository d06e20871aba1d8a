"""The way back from a backup without an open register: where it was lost, and behind the lock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.i18n import use
from crm.parties.cards import NewClient
from tests.tui.conftest import seated
from tests.tui.restoring import restored
from tui.entry.restore import RestoreScreen
from tui.entry.unlock import Unlock
from tui.entry.welcome import Welcome

if TYPE_CHECKING:
    from crm.backup.cards import BackupMade
    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat


def backed_up(place: Place) -> BackupMade:
    """Enter a client and make a backup."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))
        return register.backups.create(place.folder / "backups")


def write(path: Path, content: bytes) -> None:
    """Put something into a file."""
    path.write_bytes(content)


def lose(place: Place) -> None:
    """Lose the register; what this desk knows of it stays."""
    for part in place.vault.parent.glob(place.vault.name + "*"):
        part.unlink()


async def fill(seat: Seat, made: BackupMade, secret: str, **told: str) -> None:
    """Fill in the form as it stands."""
    screen = seat.app.screen
    assert isinstance(screen, RestoreScreen)
    given = {"data": made.data, "secret": secret, **told}
    for name, text in given.items():
        screen.query_one(f"#{name}").value = text


def test_a_lost_register_comes_back_from_the_first_screen(place: Place, drive) -> None:
    """Where nothing is, F6 leads to the form; after the report the password opens what came."""
    made = backed_up(place)
    lose(place)

    async def scenario() -> None:
        async with seated(place, password=None, user=None) as seat:
            assert isinstance(seat.app.screen, Welcome)
            assert "f6 restore a backup" in seat.lines[-1].lower()
            assert "F6 restores a lost register" in seat.flat
            await seat.press("f6", "escape")
            assert isinstance(seat.app.screen, Welcome)
            await seat.press("f6")
            await fill(seat, made, place.owner.password)
            await seat.press("f8")
            assert any("can be opened" in told for told in seat.notices)
            assert not place.vault.exists()
            report = await restored(seat)
            assert "restored" in seat.flat
            assert report._done is not None
            await seat.press("escape")
            assert isinstance(seat.app.screen, Unlock)
            await seat.give(user=place.owner.name, password=place.owner.password)
            assert "SIA Ozols" in seat.text

    drive(scenario())


def test_it_may_come_back_elsewhere_and_is_opened_there(place: Place, drive) -> None:
    """Another place than the usual one is named in the report, and is what the lock opens."""
    made = backed_up(place)
    lose(place)
    other = place.vault.parent / "other.kartoteka"

    async def scenario() -> None:
        async with seated(place, password=None, user=None) as seat:
            await seat.press("f6")
            await fill(seat, made, place.owner.password, target=str(other), user="anna")
            await restored(seat)
            assert "From now on: kartoteka --vault" in seat.flat
            await seat.press("escape")
            assert other.name in seat.text
            await seat.write(place.owner.password)
            await seat.press("enter")
            assert "SIA Ozols" in seat.text

    drive(scenario())
    assert not place.vault.exists()


def test_the_locked_screen_leads_there_and_refuses_as_the_command_does(place: Place, drive) -> None:
    """Broken files, a wrong password, a server and older data change nothing and are said."""
    made = backed_up(place)
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Bērzs", relation="client"))
    data = Path(made.data)
    whole, before = data.read_bytes(), place.vault.read_bytes()

    async def refused(seat: Seat, *, secret: str = place.owner.password, **told: str) -> str:
        await fill(seat, made, secret, **told)
        await restored(seat)
        said = seat.flat
        assert place.vault.read_bytes() == before
        await seat.press("escape")
        return said

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            assert isinstance(seat.app.screen, Unlock)
            assert "f6 restore a backup" in seat.lines[-1].lower()
            await seat.press("f6")
            write(data, whole[:-40])
            assert "The backup was truncated or extended." in await refused(seat)
            write(data, whole)
            assert "password" in await refused(seat, secret="not this one at all")
            server = "postgresql://localhost/nowhere"
            assert "server" in (await refused(seat, target=server)).lower()
            said = await refused(seat, target=str(place.vault))
            assert "that is not in this backup. Nothing was changed." in said
            await seat.press("escape")
            assert isinstance(seat.app.screen, Unlock)
            assert seat.app.me is None
            await seat.give(password=place.owner.password)
            assert "SIA Bērzs" in seat.text

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_it_speaks(place: Place, drive, language: str) -> None:
    """No English word of ours is left on the way there."""
    made = backed_up(place)
    lose(place)

    async def scenario() -> None:
        use(language)
        async with seated(place, password=None, user=None) as seat:
            texts = [seat.text]
            await seat.press("f6")
            await fill(seat, made, place.owner.password)
            texts.append(seat.text)
            await seat.press("ctrl+s")
            texts.append(seat.text)
            for text in texts:
                words = ("brings", "Bring", "replaces the", "Back ", "the backup", "parts")
                assert [word for word in words if word in text] == []

    drive(scenario())
