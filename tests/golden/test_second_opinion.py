"""Whoever trusts neither us nor our verification can check log and ledger by one page of code."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.crm.planting import plant
from tests.golden import second_opinion
from tests.house.source import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crm.conftest import Hire, Place


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Say where that register lies once it was made, for each test to begin with a copy of."""
    return tmp_path_factory.mktemp("lived_in") / "place"


@pytest.fixture
def lived_in(place: Place, hire: Hire, kept: Path) -> Place:
    """Give a register in which people came and went, on both sides of the desk."""
    if kept.exists():
        shutil.rmtree(place.folder)
        shutil.copytree(kept, place.folder)
        return place
    colleague = hire("office")
    hire("owner")
    with place.open(colleague) as register:
        plant(register, "prospect")
    with place.open() as register:
        people = [plant(register, "prospect") for _ in range(2)]
        plant(register, "client")
        for one in people:
            number = str(one.number)
            register.subjects.erase(number, "no-longer-needed", int(number))
    with place.open() as register:
        register.users.disable("office")
        register.users.disable("owner")  # who knew the root key: it is replaced
    with place.open() as register:
        register.rotation.run(due=True)
    shutil.copytree(place.folder, kept)
    return place


def ledger_of(place: Place) -> Path:
    (state,) = (place.folder / "state" / "kartoteka").iterdir()
    return state / "ledger"


def told(place: Place) -> list[str]:
    found: list[str] = second_opinion.opinion(place.vault, ledger_of(place))["problems"]
    return found


def test_both_agree_on_a_sound_register(lived_in: Place) -> None:
    """What the program calls whole is whole by public keys alone, line by line."""
    with lived_in.open() as register:
        assert register.audit.verify().ok
        entries = len(register.context.journal.entries())

    found = second_opinion.opinion(lived_in.vault, ledger_of(lived_in))

    assert [] == found["problems"]
    assert entries <= found["entries"]
    assert 2 <= found["lines"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET body = 'x=1' WHERE seq = 4",
        "UPDATE audit_entry SET time = time + 1 WHERE seq = 3",
        "DELETE FROM audit_entry WHERE seq = 2",
        "UPDATE audit_entry SET sig = randomblob(64) WHERE seq = 3",
        "UPDATE audit_entry SET rights = NULL WHERE rights IS NOT NULL",
        "UPDATE user_account SET roles = 'owner' WHERE name = 'office'",
        "UPDATE user_account SET ed_public = randomblob(32)",
        "DELETE FROM card_issue",
    ],
)
def test_what_a_host_changes_shows_without_a_key(lived_in: Place, statement: str) -> None:
    """An entry or a card that was touched past the program is named by the second opinion too."""
    with closing(sqlite3.connect(lived_in.vault)) as raw:
        assert raw.execute(statement).rowcount > 0
        raw.commit()

    assert told(lived_in)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: lines[::-1],
        lambda lines: [lines[0].replace(b"erased-whole", b"erased-parts"), *lines[1:]],
        lambda lines: lines[:-1] if len(lines) == 1 else lines[:1],
    ],
    ids=["first line gone", "turned round", "another word", "cut"],
)
def test_a_changed_ledger_shows_without_a_key(
    lived_in: Place, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    """A line that is missing, moved or edited is named."""
    path = ledger_of(lived_in)
    path.write_bytes(b"\n".join(change(path.read_bytes().splitlines())) + b"\n")

    assert told(lived_in)


def test_it_stands_alone(lived_in: Place) -> None:
    """It runs from anywhere, without the product, and its exit code says what it found."""
    page = Path(second_opinion.__file__)
    done = subprocess.run(
        [sys.executable, "-I", str(page), str(lived_in.vault), str(ledger_of(lived_in))],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    imported = [line for line in page.read_text().splitlines() if "import " in line]

    assert (0, "") == (done.returncode, done.stderr)
    assert not [line for line in imported if any(f" {name}" in line for name in PACKAGES)]
