"""A copy becomes a register of its own: another desk, another chain, and the original untouched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm.backup.cards import Adopted
from crm.grounds.ledger_reconcile import replay_rights
from crm.grounds.suppression import complete_from
from crm.opening.errors import NoCopyHere
from crm.opening.opening import context_of, look_at, migrations, state_folders
from crm.opening.unlocking import unlock
from crm.privacy import Duty
from crm.schema import SCHEMA, explained
from crm.session.access import access_of
from crm.session.card_signers import cut_offs
from crm.session.shred_file_place import refuse_shared, shred_place
from gdpr.audit.backup_state import missing_rights, rights_in_ledger
from gdpr.audit.events import Event
from gdpr.audit.identity import chain_lock
from gdpr.audit.journal import Journal
from gdpr.audit.ledger import Ledger
from gdpr.audit.state_folders import Standing
from gdpr.clock import microseconds
from gdpr.store.accounts import read_vault
from gdpr.store.database import STORAGE_ERRORS, open_database
from gdpr.store.readonly import why_read_only
from gdpr.store.upgrade import Upgrader

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.opening.unlocking import Unlocked
    from gdpr.clock import Clock


def adopt(target: str, user: str | None, password: Callable[[], str], clock: Clock) -> Adopted:
    """Give the copy at `target` a state folder of its own, and do again what was erased since.

    Only somebody who keeps backups may: they answer for a second register of the same people.
    """
    folders = state_folders()
    found = look_at(target, folders)
    if found is None or found.standing is not Standing.COPY:
        raise NoCopyHere
    database = open_database(target)
    try:
        vault_id = read_vault(database).vault_id
        refuse_shared(target, (found.original or "", *folders.elsewhere(target, vault_id)))
        state = folders.at(target, vault_id) or folders.new(target, vault_id)
        why = why_read_only(Path(target), state, shred_place(target))
        if why is not None:
            raise why
        Upgrader(database, migrations()).upgrade(SCHEMA.declared)
        unlocked = unlock(database, user, password, state)
        access_of(unlocked.roles).need(Duty.BACKUP)
        replayed, waiting = _begin_chain(unlocked, folders.known(vault_id), clock)
    except STORAGE_ERRORS as error:
        raise explained(error, database) from None
    finally:
        database.close()
    return Adopted(target, found.original or "", replayed, waiting)


def _begin_chain(unlocked: Unlocked, known: list[Path], clock: Clock) -> tuple[int, int]:
    """Write the first entry of a desk of its own, behind a ledger of all that this desk knows.

    Returns how many rights were repeated, and how many damage kept from being.
    """
    session, state = unlocked.session, unlocked.state
    vault_id = session.ring.vault_id
    logs = [cut_offs(session)]
    rights = []
    for folder in known:
        ledger = Ledger(folder / "ledger", session.ring, chain_lock(state))
        rights += rights_in_ledger(ledger, vault_id, logs).events
    journal = Journal(session, state, clock)
    context = context_of(session, journal, clock, state, unlocked.roles)
    missing = missing_rights(journal, rights, microseconds(clock.now()))
    with journal.audited_change(Event.VAULT_ADOPTED, None, missing=len(missing)):
        pass
    # A kill before this is made good by the next opening, which reads the same ledger.
    for folder in known:
        complete_from(context, folder, None)
    repeated = len(replay_rights(context, missing))
    journal.shred()
    return repeated, len(missing) - repeated
