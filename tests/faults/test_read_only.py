"""A register that cannot be written just now is read, says why, and works again afterwards."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from crm.session.card_signers import CardSigners
from tests.crm.planting import FIELDS, plant
from tests.faults.unprivileged import NotPossible, bound, read_only_disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crm.conftest import Cli, Place

WHERE = {"file": 0o400, "folder": 0o500, "state": 0o500, "ledger": 0o400}
WORDS = {
    "file": "file permissions",
    "folder": "folder permissions",
    "state": "state folder",
    "ledger": "state folder",
}


@pytest.fixture
def lived_in(place: Place) -> Place:
    with place.open() as register:
        plant(register, "prospect")
        gone = plant(register, "prospect")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
    return place


def places(place: Place) -> dict[str, Path]:
    (state,) = (place.folder / "state" / "kartoteka").iterdir()
    return {
        "file": place.vault,
        "folder": place.vault.parent,
        "state": state,
        "ledger": state / "ledger",
    }


@pytest.fixture
def writable_again(place: Place) -> Iterator[None]:
    yield
    for path in places(place).values():
        path.chmod(0o700 if path.is_dir() else 0o600)


def typed(cli: Cli) -> dict[str, Any]:
    """Read and write by command, as somebody does who does not know yet."""
    shown = cli("client", "show", "1", "--format", "json")
    noted = cli("client", "edit", "1", "email=jaunaks@example.com")
    checked = cli("audit", "verify")
    return {
        "shown": [shown.exit_code, shown.stdout, shown.stderr],
        "noted": [noted.exit_code, noted.stdout, noted.stderr],
        "checked": [checked.exit_code, checked.stdout, checked.stderr],
    }


def works(place: Place) -> None:
    """Prove that the register is written again, and verifies."""
    with place.open() as register:
        assert register.warnings == ()
        register.clients.edit("1", {"email": "jaunaks@example.com"})
        found = register.context.journal.verify(CardSigners(register.context.session))
        assert found.ok
        assert register.damage == ()


def judged(told: dict[str, Any], words: str) -> None:
    """Prove that everything is shown, that nothing was written, and that both were said."""
    code, out, err = told["shown"]
    assert code == 0, err
    assert json.loads(out)["email"] == FIELDS["email"]
    assert "not logged" in err
    code, _out, err = told["noted"]
    assert (code, words in err) == (5, True), err
    assert told["checked"][0] == 0, told["checked"]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.usefixtures("writable_again")
def test_what_may_not_be_written_is_read(lived_in: Place, cli: Cli, where: str) -> None:
    """File, folder, state folder or ledger without the right to write: read, told, exit 5."""
    path = places(lived_in)[where]
    path.chmod(WHERE[where])
    before = {one.name: one.read_bytes() for one in lived_in.vault.parent.iterdir()}
    told = bound(lambda: typed(cli))
    assert {one.name: one.read_bytes() for one in lived_in.vault.parent.iterdir()} == before
    path.chmod(0o700 if path.is_dir() else 0o600)
    judged(told, WORDS[where])
    works(lived_in)


@pytest.mark.parametrize("where", ["folder", "state"])
def test_a_disk_mounted_for_reading_is_read(lived_in: Place, cli: Cli, where: str) -> None:
    """A disk that takes nothing is named, and the register works once it takes something."""
    path = places(lived_in)[where]
    told = bound(lambda: typed(cli), lambda: read_only_disk(path))
    judged(told, "(disk)")
    works(lived_in)


def test_a_log_from_a_read_only_time_does_not_keep_the_register_shut(lived_in: Place) -> None:
    """A log that was made with the mode of a read-only file is made writable with the file."""
    with lived_in.open() as register:
        register.clients.edit("1", {"email": "pirms@example.com"})
        saved = {}
        for ending in ("-wal", "-shm"):
            beside = lived_in.vault.with_name(lived_in.vault.name + ending)
            saved[ending] = beside.read_bytes()
        main = lived_in.vault.read_bytes()
    lived_in.vault.write_bytes(main)
    for ending, content in saved.items():
        beside = lived_in.vault.with_name(lived_in.vault.name + ending)
        beside.write_bytes(content)
        beside.chmod(0o400)

    def opened() -> str:
        with lived_in.open() as register:
            register.clients.edit("1", {"email": "tagad@example.com"})
            return register.clients.show("1").email or ""

    assert bound(opened) == "tagad@example.com"
    works(lived_in)


def test_a_file_of_somebody_else_is_not_called_damaged(lived_in: Place, cli: Cli) -> None:
    """A file that may not even be read is named as that, with exit 5."""

    def given_away() -> None:
        try:
            os.chown(lived_in.vault, 65534, 65534)
        except PermissionError:
            raise NotPossible("only root gives files away") from None

    told = bound(lambda: typed(cli), given_away)
    os.chown(lived_in.vault, os.getuid(), os.getgid())
    code, _out, err = told["shown"]
    assert code == 5
    assert "owner" in err
    works(lived_in)


@pytest.mark.usefixtures("writable_again")
def test_a_first_meeting_needs_a_state_folder(lived_in: Place, cli: Cli) -> None:
    """A desk that could not remember the register does not begin with it, and says why."""
    state = places(lived_in)["state"]
    shutil.move(state, lived_in.folder / "kept")
    state.parent.chmod(0o500)
    told = bound(lambda: typed(cli))
    state.parent.chmod(0o700)
    shutil.move(lived_in.folder / "kept", state)
    code, _out, err = told["shown"]
    assert (code, "state folder" in err) == (5, True)
    works(lived_in)
