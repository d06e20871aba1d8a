"""Files are there whole or not at all, for their owner alone, and never through a link."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from crm.errors import TargetExists
from crm.files.errors import TargetUnsafe
from crm.files.private import private_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


@pytest.fixture
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_open_umask")
def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the machine's habit, nobody else may read it, not even while it is written."""
    target = tmp_path / "out.csv"
    with private_file(target) as stream:
        stream.write(b"a")
        (part,) = tmp_path.iterdir()
        assert part.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["out.csv"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    """Half a file would look like a whole one."""
    target = tmp_path / "out.csv"

    def fail_midway() -> None:
        with private_file(target) as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert names(tmp_path) == []


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    """What someone mended in it must not be lost by a second run."""
    target = tmp_path / "out.csv"
    target.write_text("old")
    with pytest.raises(TargetExists), private_file(target) as stream:
        stream.write(b"new")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["out.csv"]


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    """The look before writing is not the last word."""
    target = tmp_path / "out.csv"

    def be_overtaken() -> None:
        with private_file(target) as stream:
            stream.write(b"new")
            target.write_text("theirs")

    with pytest.raises(TargetExists):
        be_overtaken()
    assert target.read_text() == "theirs"
    assert names(tmp_path) == ["out.csv"]


def test_links_and_folders_are_refused(tmp_path: Path) -> None:
    """A link planted under a known name must not carry clients elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("x")
    link = tmp_path / "out.csv"
    link.symlink_to(elsewhere)
    folder = tmp_path / "folder"
    folder.mkdir()
    for target in (link, folder):
        with pytest.raises(TargetUnsafe), private_file(target):
            pass
    assert elsewhere.read_text() == "x"


def test_a_folder_moved_away_still_gets_its_file(tmp_path: Path) -> None:
    """The folder is held, so that a link in its place catches nothing."""
    folder = tmp_path / "here"
    folder.mkdir()
    with private_file(folder / "out.csv") as stream:
        stream.write(b"a")
        folder.rename(tmp_path / "there")
        (tmp_path / "trap").mkdir()
        folder.symlink_to(tmp_path / "trap")
    assert names(tmp_path / "trap") == []
    assert names(tmp_path / "there") == ["out.csv"]
