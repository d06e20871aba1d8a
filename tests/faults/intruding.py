"""Somebody with keys of an earlier day and the file: our own source, a desk of their own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm.schema import SCHEMA
from crm.session.card_signers import CardSigners
from gdpr.audit.journal import Journal
from gdpr.audit.verify import VerifyScope, verify
from gdpr.store.database import open_database
from gdpr.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gdpr.vault.keyring import Keyring
    from tests.crm.conftest import Login, Place


def keys_of_today(place: Place, login: Login | None = None) -> Keyring:
    """Open the register and keep the keys as they are now, however long ago that becomes."""
    with place.open(login) as opened:
        ring = opened.context.session.ring
    ring.refresh = None
    return ring


@contextmanager
def intruder(place: Place, ring: Keyring, state: Path | None = None) -> Iterator[Journal]:
    """Write with these keys past every service, as a desk of one's own or in a given state."""
    folder = state or place.folder / "elsewhere"
    folder.mkdir(mode=0o700, exist_ok=True)
    database = open_database(str(place.vault))
    try:
        desk = Session(database, ring, SCHEMA, frozenset(SCHEMA.categories))
        yield Journal(desk, folder, place.clock)
    finally:
        database.close()


def found_by(place: Place, *, quick: bool = False) -> list[tuple[str, str | None, str]]:
    """Verify as the owner, without an entry of it: (table, row, why) of each damage."""
    with place.open() as opened:
        journal, desk = opened.context.journal, opened.context.session
        scope = VerifyScope(journal.desk_id, journal.anchors, quick)
        return [damage[:3] for damage in verify(desk, scope, CardSigners(desk)).damages]


def state_of(place: Place) -> Path:
    """Return the state folder of the register's desk."""
    (folder,) = (place.folder / "state" / "kartoteka").iterdir()
    return folder
