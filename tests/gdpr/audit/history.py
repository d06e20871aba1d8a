"""Putting a database back to what it was, as a hostile or careless host would."""

from __future__ import annotations

import shutil

from gdpr.store.database import open_database
from gdpr.store.desk import Desk
from tests.gdpr.kernel import SCHEMA


def copy_of(place, name):
    """Keep a copy of the whole database file."""
    for database in place.opened:
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(place.path, place.folder / name)


def put_back(place, name):
    """Put the copy in the place of the file and open it again."""
    place.close()
    for suffix in ("-wal", "-shm"):
        (place.folder / f"vault.db{suffix}").unlink(missing_ok=True)
    shutil.copy(place.folder / name, place.path)
    place.path.chmod(0o600)
    place.opened = [open_database(str(place.path))]
    return Desk(place.opened[0], place.vault.ring, SCHEMA, frozenset(SCHEMA.categories))
