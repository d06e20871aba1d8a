"""The way back for a shred file that is lost or damaged: out of the keys part of a backup.

The database stays as it is. Whose group was given a new secret since that backup stays shut, and
is counted; only a whole restore brings those back, and it repeats the erasures.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from crm.backup.cards import SecretsBack
from crm.backup.errors import PartsDiffer, SecretsInOrder
from crm.backup.parts import opened_keys, read_through
from crm.privacy import Duty
from crm.schema import SCHEMA
from crm.session.access import access_of
from crm.session.shred_file_place import shred_place
from gdpr.audit.anchor import anchor_as_it_is, anchored_secrets
from gdpr.audit.backup_state import SHRED
from gdpr.audit.events import Event
from gdpr.audit.journal import Journal
from gdpr.audit.pin import pinned
from gdpr.clock import instant_of
from gdpr.errors import BadSignature, Damaged
from gdpr.store.accounts import read_vault
from gdpr.store.database import file_of
from gdpr.store.errors import ShredFileMissing
from gdpr.store.session import Session
from gdpr.store.shred_file import ShredFile, belongs_to, destroy_secrets
from gdpr.store.shred_groups import KEY
from gdpr.vault.errors import SecretGone, ShredFileForeign

if TYPE_CHECKING:
    from pathlib import Path

    from peewee import Database

    from crm.backup.parts import WayIn
    from gdpr.clock import Clock
    from gdpr.vault.keyring import Keyring


def bring_secrets_back(
    database: Database, keys: Path, way_in: WayIn, state: Path, clock: Clock
) -> SecretsBack:
    """Write the shred file of a register anew from a backup; a file in order is left alone."""
    facts = read_vault(database)
    with opened_keys(keys, way_in) as part:
        if part.head.vault_id != facts.vault_id:
            raise PartsDiffer
        _rows, notes, _digest = read_through(part.keys)
    ring, _keys, roles = part.unlock(database, facts, pinned(state))
    access_of(roles).need(Duty.BACKUP)
    image = notes.get(SHRED)
    if image is None:
        raise BadSignature
    place = shred_place(str(file_of(database)))
    session = Session(database, ring, SCHEMA, frozenset(), place)
    journal = Journal(session, state, clock)
    least = anchored_secrets(journal)
    _make_room(place, ring, least)
    ShredFile.create(place, ring.vault_id, ring.integrity, image, least)
    event = (Event.SHRED_FILE_RESTORED, part.head.backup_id)
    try:
        held, shut = _count(session)
        with journal.audited_change(*event, keys=held, shut=shut) as change:
            anchor_as_it_is(change)
    except BaseException:
        # It was not brought back without an entry that says so; the backup has it still.
        with suppress(OSError):
            destroy_secrets(place)
        place.unlink(missing_ok=True)
        raise
    made = instant_of(part.head.made).isoformat(timespec="seconds")
    return SecretsBack(str(place), part.head.backup_id.hex(), made, held, shut)


def _make_room(place: Path, ring: Keyring, least: int) -> None:
    """Overwrite a file that opens nothing; one that does, or is another register's, stays."""
    try:
        found = ShredFile(place, ring.vault_id, ring.integrity)
    except ShredFileMissing:
        return
    except ShredFileForeign:
        raise
    except Damaged:
        if not belongs_to(place, ring.vault_id) and any(place.read_bytes()):
            raise
    else:
        if found.counter >= least:
            raise SecretsInOrder
    destroy_secrets(place)


def _count(session: Session) -> tuple[int, int]:
    """Count the keys whose secret is there, and those whose secret is newer than the backup."""
    held = shut = 0
    names = session.key_model.layout().columns
    places = [place for place, name in enumerate(names) if name.startswith(KEY)]
    for row in session.stored(session.key_model):
        for place in places:
            if row[place] is None:
                continue
            try:
                session.groups.wraps.open(bytes(row[place]))
                held += 1
            except (SecretGone, TypeError):
                shut += 1
    return held, shut
