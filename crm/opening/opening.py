"""Opening the file of a register: as this desk's own, as a copy, or for reading only."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from platformdirs import user_state_path

from crm.backup.drill_habit import settle_drill
from crm.grounds.ledger_reconcile import missing_rights, reconcile_rights
from crm.keys.card_watch import watch
from crm.opening.errors import (
    CopyOfEarlierVersion,
    ErasedSinceCopy,
    FirstPasswordMustChange,
    ReadOnlyCopy,
)
from crm.opening.unlocking import note_opening, unlock
from crm.parties.mailing_law import admit
from crm.schema import MISTYPED, SCHEMA, explained
from crm.session.access import access_of
from crm.session.alarms import tell_alarms
from crm.session.calendar import placed_clock, seen_day
from crm.session.context import RegisterContext
from crm.session.shred_file_place import shred_place
from gdpr.audit.anchor import check_shred_file
from gdpr.audit.identity import STAGED, lock_name
from gdpr.audit.journal import Journal
from gdpr.audit.state_folders import Found, Standing, StateFolders
from gdpr.errors import Damaged, KartotekaError, ReadOnlyState
from gdpr.program_files import refuse_damaged_program
from gdpr.rules.grounds import Grounds
from gdpr.rules.rulebook import load_rulebook
from gdpr.store.accounts import UserAccount, read_vault
from gdpr.store.database import (
    STORAGE_ERRORS,
    check_writable,
    open_database,
    open_for_reading,
    reading,
    refuse_strangers,
    why_shut,
)
from gdpr.store.places import is_being_written
from gdpr.store.readonly import why_read_only
from gdpr.store.settings import founding_setting
from gdpr.store.upgrade import Upgrader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peewee import Database

    from crm.opening.unlocking import Unlocked
    from gdpr.clock import Clock
    from gdpr.errors import ReadOnlyRegister
    from gdpr.store.session import Session
    from gdpr.vault.pin_unlock import PinUnlock

# So begins, beside a register or its place, the name of one that is being founded.
FOUNDING: Final = ".founding-"
# What goes with a copy when it is looked into: whom to trust, and whom an erasure has reached.
_OF_A_COPY = frozenset({"root.pin", "ledger"})


@dataclass(slots=True)
class Door:
    """An open file and the state folder that goes with it.

    Where nothing may be written the folder is one of the moment, which `close` removes; `original`
    is where the register lies whose copy this is.
    """

    target: str
    database: Database
    state: Path
    standing: Standing
    original: str | None = None
    passing: TemporaryDirectory[str] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Close the file, and forget the state of the moment."""
        self.database.close()
        if self.passing is not None:
            self.passing.cleanup()


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody inside: their context, what should be said aloud, and the keys they came with."""

    context: RegisterContext
    warnings: tuple[str, ...]
    unlocked: Unlocked


def state_root() -> Path:
    """Return where this desk keeps what must lie outside the database, for every register."""
    return user_state_path("kartoteka", appauthor=False)


def state_folders() -> StateFolders:
    """Return the state folders of this desk."""
    return StateFolders(state_root())


def migrations() -> Path:
    """Return the folder of the migration files."""
    return Path(str(files("migrations")))


def open_door(target: str) -> Door:
    """Open the file of a register; a copy of one that lies elsewhere is never written."""
    refuse_damaged_program()
    folders = state_folders()
    found = look_at(target, folders)
    if found is None:
        door = _own_door(target, folders, None)
        if door.standing is not Standing.COPY:
            return door
        door.close()
        found = Found(Standing.COPY, door.state, door.original)
    why = _why_shut(target, found)
    if why is None:
        return _own_door(target, folders, found)
    passing = TemporaryDirectory(prefix="kartoteka-")
    state = Path(passing.name)
    try:
        _lend_state(found, state)
        database = open_for_reading(target, why)
    except BaseException:
        passing.cleanup()
        raise
    return Door(target, database, state, found.standing, found.original, passing)


@contextmanager
def opened_door(target: str) -> Iterator[Door]:
    """Open a register for a way in that is not a login, and close it again."""
    door = open_door(target)
    try:
        check_writable(door.database)
        refuse_strangers(door.database)
        Upgrader(door.database, migrations()).upgrade(SCHEMA.declared)
        yield door
    except (*STORAGE_ERRORS, *MISTYPED, OSError) as error:
        raise explained(error, door.database) from None
    finally:
        door.close()


def enter(
    door: Door,
    user: str | PinUnlock | None,
    password: Callable[[], str],
    clock: Clock,
    *,
    changing_password: bool = False,
) -> Entered:
    """Unlock what is open, settle what earlier runs left, and note that somebody is in.

    Damage that leaves the rest usable is kept to be told. Every wrong way in raises Locked.
    """
    with _explaining(door):
        refuse_strangers(door.database)
        upgraded = _upgraded(door.database)
        unlocked = unlock(door.database, user, password, door.state)
        session, state = unlocked.session, unlocked.state
        if session.get(UserAccount, session.ring.user_id).must_change and not changing_password:
            raise FirstPasswordMustChange
        shut = why_shut(door.database)
        if shut is None:
            _settle_restore(door)
        journal = Journal(session, state, clock)
        check_shred_file(journal)
        with suppress(Damaged):  # it rings an alarm, which is told below
            journal.check_anchor()
        context = context_of(session, journal, clock, state, unlocked.roles)
        swept: tuple[str, ...] = ()
        if shut is None:
            swept = tuple(note_opening(context, upgraded, unlocked.rebound))
            settle_drill(context)
            _collect_damage(session, lambda: reconcile_rights(context))
        elif count := len(missing_rights(context)):
            raise ErasedSinceCopy(count=count)
        tell_alarms(context)
        told = {
            "root-pinned": unlocked.first_time and shut is None,
            "clock-leap": context.asked is not None,
            "read-only": shut is not None and shut is not ReadOnlyCopy,
            "copy": shut is ReadOnlyCopy,
        }
        codes = (*(code for code, true in told.items() if true), *swept)
        return Entered(context, codes, unlocked)


@contextmanager
def _explaining(door: Door) -> Iterator[None]:
    """Close the file where this does not come to its end, and say what an error of it means."""
    try:
        yield
    except BaseException as error:
        problem = explained(error, door.database)
        door.close()
        if problem is not error:
            raise problem from None
        raise


def context_of(
    session: Session, journal: Journal, clock: Clock, state: Path, roles: tuple[str, ...]
) -> RegisterContext:
    """Build what every service works with, for whoever is in."""
    watch(journal, roles)
    rulebook = load_rulebook(session)
    country = founding_setting(session, "firm_country")
    clock = journal.clock = placed_clock(clock, country)
    day = seen_day(session, clock, rulebook.settings)
    grounds = Grounds(session, rulebook)
    # No ground begins that the law on mailings of the firm's country forbids.
    grounds.admit = partial(admit, country)
    return RegisterContext(
        session=session,
        journal=journal,
        grounds=grounds,
        clock=clock,
        access=access_of(roles).narrowed(session.ring.categories()),
        user=session.ring.user_id,
        day=day.day,
        asked=day.asked,
        country=country,
        state=state,
        demo=read_vault(session.database).demo,
    )


def _own_door(target: str, folders: StateFolders, found: Found | None) -> Door:
    database = open_database(target)
    try:
        refuse_strangers(database)
        vault_id = read_vault(database).vault_id
        if found is None:  # what could not be looked at before is looked at now that it is open
            found = folders.look(target, vault_id, database)
        if found.standing is not Standing.COPY:
            if folders.is_founding(found.folder):
                sweep_names(Path(target))
            folders.claim(target, vault_id, found.folder)
    except BaseException:
        database.close()
        raise
    return Door(target, database, found.folder, found.standing, found.original)


def look_at(target: str, folders: StateFolders) -> Found | None:
    """Say what a file is before it is opened for writing; None where it cannot be told."""
    if not Path(target).is_file():
        return None
    with suppress(*STORAGE_ERRORS, KartotekaError, OSError, TypeError), reading(target) as there:
        return folders.look(target, read_vault(there).vault_id, there)
    return None


def _why_shut(target: str, found: Found) -> type[ReadOnlyRegister] | None:
    if found.standing is Standing.COPY:
        return ReadOnlyCopy
    why = why_read_only(Path(target), found.folder, shred_place(target))
    if why is ReadOnlyState and found.standing is Standing.NEW:
        raise ReadOnlyState  # nobody would know this register again
    return why


def _lend_state(found: Found, state: Path) -> None:
    """Copy what this desk knows into a folder of the moment; the real one is not written."""
    for path in sorted(found.folder.iterdir()) if found.folder.is_dir() else ():
        whole = found.standing is not Standing.COPY and path.name != lock_name()
        if path.is_file() and (whole or path.name in _OF_A_COPY):
            shutil.copyfile(path, state / path.name)
            (state / path.name).chmod(0o600)


def _upgraded(database: Database) -> list[str]:
    upgrader = Upgrader(database, migrations())
    if why_shut(database) is None:
        return upgrader.upgrade(SCHEMA.declared)
    if upgrader.pending():
        raise CopyOfEarlierVersion
    return []


def _collect_damage(session: Session, step: Callable[[], object]) -> None:
    """Go on after damage, which is told at the end: it must not shut the undamaged rest away."""
    try:
        step()
    except Damaged as damage:
        session.damage.append(damage)


def _settle_restore(door: Door) -> None:
    if (door.state / STAGED).is_dir():
        from crm.backup.staging import settle_restore  # noqa: PLC0415 - a restore was cut short

        settle_restore(door.target, door.state, door.database)


def sweep_names(target: Path) -> None:
    """Remove the names of the moment that killed foundings left beside a register, or its place."""
    mine = re.compile(re.escape(f".{target.name}{FOUNDING}") + r"(?P<process>[0-9]+)([.-].+)?")
    for folder in {target.parent, shred_place(str(target)).parent}:
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            found = mine.fullmatch(path.name)
            if found and not is_being_written(path, int(found["process"])):
                with suppress(OSError):
                    path.unlink()
