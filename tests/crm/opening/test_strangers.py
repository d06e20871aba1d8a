"""Files that are no register, or no longer one, at the front door."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import look_from_outside
from tests.crm.planting import plant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Cli, Place


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir(mode=0o700)
    path = folder / "file"
    path.touch(0o600)
    return path


def test_another_programs_database_is_left_alone(cli: Cli, file: Path) -> None:
    """A database of another program gives 3, and no table of ours is put into it."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE bookmark (url TEXT)")

    assert 3 == cli("--vault", str(file), "client", "list").exit_code
    with closing(sqlite3.connect(file)) as database:
        assert [("bookmark",)] == database.execute("SELECT name FROM sqlite_schema").fetchall()


def test_what_sqlite_cannot_read_is_damage(cli: Cli, file: Path) -> None:
    """A file that SQLite calls malformed gives 7 and a table's name, not a reference number."""
    file.write_bytes(b"not a database at all" * 999)

    refused = cli("--vault", str(file), "client", "list")

    assert (7, "") == (refused.exit_code, refused.stdout)
    assert "sqlite_schema" in refused.stderr


def test_a_malformed_page_is_damage_in_every_command(cli: Cli, place: Place) -> None:
    """A page that SQLite cannot follow gives 7 wherever a command meets it."""
    with place.open() as register:
        plant(register, "client")
    with closing(sqlite3.connect(place.vault)) as database:
        page = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'party'"
        ).fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(place.vault.read_bytes())
    content[(page - 1) * size : (page - 1) * size + 8] = b"\xff" * 8
    place.vault.write_bytes(content)

    for command in (("client", "list"), ("client", "find", "berz"), ("audit", "verify")):
        assert 7 == cli(*command).exit_code


def test_a_look_from_outside_never_fails(place: Place, file: Path, tmp_path: Path) -> None:
    """Whatever lies there, the look tells what it can and raises nothing."""
    assert look_from_outside(str(place.vault)).demo is False
    for target in (str(file), str(tmp_path), str(tmp_path / "nothing"), "postgresql://host/db"):
        assert look_from_outside(target).vault_id is None
