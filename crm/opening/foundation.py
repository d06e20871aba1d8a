"""Founding in one step: a register gets its name only when all of it is there, its start too.

Whoever is killed on the way leaves a file with a name of the moment and a marked state folder; the
next founding removes both.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from crm.opening.opening import FOUNDING, sweep_names
from crm.schema import SCHEMA
from crm.session.access import access_of
from crm.session.calendar import placed_clock
from crm.session.firm import LAST_SEEN
from crm.session.shred_file_place import shred_place
from crm.starter import starter
from crm.transparency.wordings import load_starter
from gdpr.audit.journal import Journal
from gdpr.audit.pin import pin_root
from gdpr.clock import microseconds
from gdpr.errors import Busy, VaultExists
from gdpr.rules.rulebook import store_registers
from gdpr.store.database import (
    close_whole,
    create_database,
    discard_database,
    file_of,
)
from gdpr.store.places import is_being_written, safe_folder, sync_folder
from gdpr.store.session import Session
from gdpr.store.settings import Sequence, write_setting
from gdpr.store.shred_file import ShredFile, belongs_to, destroy_secrets
from gdpr.store.upgrade import Upgrader

if TYPE_CHECKING:
    from peewee import Database

    from crm.session.firm import Firm
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.state_folders import StateFolders
    from gdpr.clock import Clock
    from gdpr.vault.founding import NewVault


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
        return str(target.with_name(f".{target.name}{FOUNDING}{os.getpid()}"))

    def _sweep_states(self) -> None:
        """Remove the states of foundings that were killed, and the secrets they had named here."""
        for folder, vault_id, process in self._folders.unfinished():
            if not is_being_written(folder, process):
                if belongs_to(self._secrets, vault_id):
                    destroy_secrets(self._secrets)
                shutil.rmtree(folder, ignore_errors=True)


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


def found_desk(
    database: Database, vault: NewVault, state: Path, clock: Clock, migrations: Path
) -> tuple[Session, Journal]:
    """Give a new database its shape and its shred file, and open the desk of its owner."""
    Upgrader(database, migrations).upgrade()
    pin_root(state, vault.root_public)
    ring, place = vault.keyring, shred_place(str(file_of(database)))
    ShredFile.create(place, ring.vault_id, ring.integrity)
    session = Session(database, ring, SCHEMA, access_of(("owner",)).writes, place)
    return session, Journal(session, state, clock)


def store_start(change: AuditedChange, firm: Firm, clock: Clock) -> None:
    """Store the firm's details, the day, and the purposes and relations of its country."""
    for field, value in asdict(firm).items():
        write_setting(change, f"firm_{field}", value)
    today = placed_clock(clock, firm.country).today()
    write_setting(change, LAST_SEEN, today.isoformat(), kept=Sequence)
    registers = starter(firm.country)
    store_registers(change, registers.purposes, registers.relations)
    load_starter(change, microseconds(clock.now()))
    change.note(purposes=len(registers.purposes), relations=len(registers.relations))
