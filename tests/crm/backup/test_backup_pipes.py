"""A pipe that somebody put into a folder of backups makes nobody wait."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.errors import FileUnreadable
from crm.kartoteka import Kartoteka, way_in

if TYPE_CHECKING:
    from tests.crm.conftest import Place


def test_a_pipe_among_backups_holds_up_no_backup(place: Place) -> None:
    """The next backup is made beside it, and whoever names it is told that it cannot be read."""
    with place.open() as register:
        made = register.backups.create(place.folder / "drive")
        data, keys = Path(made.data), Path(made.keys)
        moved = keys.rename(place.folder / "moved.keys")
        os.mkfifo(keys, 0o600)
        assert register.backups.create(place.folder / "drive").keys

    way = way_in(place.owner.name, lambda: place.owner.password)
    with pytest.raises(FileUnreadable):
        Kartoteka.check_backup((data, keys), way)
    keys.unlink()
    keys.symlink_to(moved)
    assert Kartoteka.check_backup((data, keys), way).backup == made.backup
