"""Founding in one step: a register gets its name only when all of it is there.

Whoever is killed on the way leaves a file with a name of the moment and a marked state folder; the
next founding removes both.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm.session.shred_file_place import shred_place
from gdpr.errors import Busy, VaultExists
from gdpr.store.database import (
    close_whole,
    create_database,
    discard_database,
)
from gdpr.store.places import is_being_written, safe_folder, sync_folder
from gdpr.store.shred_file import belongs_to, destroy_secrets

if TYPE_CHECKING:
    from gdpr.audit.state_folders import StateFolders
    from gdpr.store.shred_file import ShredFile

_MARK: Final = ".founding-"


class Foundation:
    """The database and the state folder of a register that is being founded."""

    def __init__(self, target: str, vault_id: bytes, folders: StateFolders) -> None:
        """Prepare a place of the moment beside `target`, which must be free."""
        self._target = target
        self._vault_id = vault_id
        self._folders = folders
        self._secrets = shred_place(target)
        self._sweep_states()
        built = self._beside()
        self.state = folders.new(target, vault_id, founding=True)
        self.database = create_database(built)

    def finish(self, secrets: ShredFile) -> None:
        """Give the register its name; from now on it is there, and before it was not at all.

        Its shred file goes first: alone it is nothing, and the database alone would open nothing.
        """
        built, target = self.database.path, Path(self._target)
        if not close_whole(self.database):
            raise Busy
        if os.path.lexists(self._secrets):
            raise VaultExists
        secrets.move(self._secrets)
        _name(built, target)
        sync_folder(target.parent)
        self.database.move(target)
        _forget(built)
        self._folders.claim(self._target, self._vault_id, self.state)

    def undo(self) -> None:
        """Leave nothing of what did not come to be."""
        discard_database(self.database)
        _forget(self.database.path)
        for place in (self._secrets, shred_place(str(self.database.path))):
            if belongs_to(place, self._vault_id):
                destroy_secrets(place)
        shutil.rmtree(self.state, ignore_errors=True)

    def _beside(self) -> str:
        target = Path(self._target)
        sweep_names(target)
        if os.path.lexists(target) or os.path.lexists(self._secrets):
            raise VaultExists
        safe_folder(target.parent)
        return str(target.with_name(f".{target.name}{_MARK}{os.getpid()}"))

    def _sweep_states(self) -> None:
        """Remove the states of foundings that were killed, and the secrets they had named here."""
        for folder, vault_id, process in self._folders.unfinished():
            if not is_being_written(folder, process):
                if belongs_to(self._secrets, vault_id):
                    destroy_secrets(self._secrets)
                shutil.rmtree(folder, ignore_errors=True)


def sweep_names(target: Path) -> None:
    """Remove the names of the moment that killed foundings left beside a register, or its place."""
    mine = re.compile(re.escape(f".{target.name}{_MARK}") + r"(?P<process>[0-9]+)([.-].+)?")
    for folder in {target.parent, shred_place(str(target)).parent}:
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            found = mine.fullmatch(path.name)
            if found and not is_being_written(path, int(found["process"])):
                with suppress(OSError):
                    path.unlink()


def _forget(built: Path) -> None:
    """Remove what stood beside the file while it had its name of the moment."""
    for path in built.parent.glob(built.name + "*"):
        if path.name != built.name:
            path.unlink(missing_ok=True)


def _name(built: Path, target: Path) -> None:
    try:
        os.link(built, target)
    except FileExistsError:
        raise VaultExists from None
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise VaultExists from None
        built.rename(target)
    else:
        built.unlink()
