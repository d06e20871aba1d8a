"""What a new register holds before its first client: the firm, the day, the starter registers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

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
from gdpr.rules.rulebook import store_registers
from gdpr.store.database import file_of
from gdpr.store.session import Session
from gdpr.store.settings import Sequence, write_setting
from gdpr.store.shred_file import ShredFile
from gdpr.store.upgrade import Upgrader

if TYPE_CHECKING:
    from pathlib import Path

    from peewee import Database

    from crm.session.firm import Firm
    from gdpr.audit.journal import AuditedChange
    from gdpr.clock import Clock
    from gdpr.vault.founding import NewVault


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
