"""The front door: the only way in for screens, commands and scripts, so every rule holds in all.

It opens vault and database, upgrades, builds the services and injects the clock.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from platformdirs import user_state_path

from crm.rooms import Rooms
from crm.schema import MISTYPED, SCHEMA, explained, token_kinds
from crm.services.access import access_of
from crm.services.audit import LogFilter
from crm.services.checking import check_field, form_fields
from crm.services.errors import ChangedMeanwhile, FirstPasswordMustChange, PerhapsKnown
from crm.services.firm import LAST_SEEN, Firm, check_detail, checked_firm, checked_login
from crm.services.keeping.watching import watch
from crm.services.office import Office
from crm.services.replaying import reconcile_rights
from crm.services.surroundings import risk_of_place
from crm.services.unlocking import (
    note_opening,
    opened_register,
    unlock,
    unlock_with_recovery,
)
from gdpr.audit.entries import STORAGE_ERRORS
from gdpr.audit.events import Event
from gdpr.audit.identity import STAGED
from gdpr.audit.journal import Journal
from gdpr.audit.secrets import check_shred_file
from gdpr.clock import microseconds
from gdpr.errors import Damaged, KartotekaError
from gdpr.rules.grounds import Grounds
from gdpr.rules.retention import accept_day
from gdpr.rules.rulebook import load_rulebook
from gdpr.store.accounts import UserAccount, read_vault, store_vault
from gdpr.store.database import (
    create_database,
    open_database,
    refuse_server,
    refuse_strangers,
)
from gdpr.store.ids import new_id
from gdpr.store.places import safe_folder
from gdpr.store.settings import founding_setting
from gdpr.store.upgrade import Upgrader
from gdpr.vault.founding import Owner, found_vault
from gdpr.vault.kdf import calibrate
from gdpr.vault.passwords import check_password, suggest_passphrase
from gdpr.vault.recovery import parse_recovery_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from peewee import Database

    from crm.keeper_cards import BackupChecked, Restored, SecretsBack
    from crm.services.backup.parts import WayIn
    from crm.services.outside import OutsideView
    from gdpr.clock import Clock
    from gdpr.rights.checking import Checked
    from gdpr.store.desk import Desk
    from gdpr.vault.kdf import KdfCost
    from gdpr.vault.quick import QuickUnlock
    from gdpr.vault.recovery import RecoveryKey


__all__ = [
    "ChangedMeanwhile",
    "Firm",
    "FirstPasswordMustChange",
    "Kartoteka",
    "LogFilter",
    "PerhapsKnown",
    "check_detail",
    "check_field",
    "check_package",
    "check_password",
    "checked_firm",
    "checked_login",
    "demo_logins",
    "form_fields",
    "look_from_outside",
    "migrations",
    "parse_recovery_key",
    "receipt_schema",
    "refuse_server",
    "risk_of_place",
    "state_folder",
    "suggest_passphrase",
    "way_in",
]


class Kartoteka(Rooms):
    """One opened register; use it in a `with` statement, so that what was opened is closed."""

    def __init__(
        self,
        office: Office,
        *,
        warnings: tuple[str, ...] = (),
        proved: datetime | None = None,
    ) -> None:
        """Take what the way in has built; `warnings` are codes a face says aloud.

        `proved` is when the password was typed, where a PIN has opened this since.
        """
        self.office = office
        self.warnings = warnings
        self.proved = proved or office.clock.now()

    @classmethod
    def create(
        cls,
        target: str,
        firm: Firm,
        owner: tuple[str, str],
        *,
        clock: Clock,
        cost: KdfCost | None = None,
        demo: bool = False,
    ) -> tuple[Self, RecoveryKey]:
        """Found a vault at `target` for `owner` (login name and password) and open it.

        The recovery key is returned to be shown once; nobody writes it down for the firm. Without
        `cost` a guess of the password is made as slow as this machine makes bearable.
        """
        from crm.services import founding  # noqa: PLC0415 - YAML is read only here

        refuse_server(target)
        firm = checked_firm(firm)
        name, password = checked_login(owner[0]), owner[1]
        check_password(password, (name, firm.name))
        vault = found_vault(
            SCHEMA.categories,
            token_kinds(),
            Owner(new_id(), ("owner",), password),
            cost or calibrate(),
        )
        database = create_database(target)
        try:
            state = state_folder(vault.vault_id)
            desk, journal = founding.found_desk(database, vault, state, clock, migrations())
            with journal.deed(
                Event.VAULT_CREATED, vault.keyring.user_id, card=vault.keyring.card_counter
            ) as deed:
                store_vault(deed, vault, name, microseconds(clock.now()), demo=demo)
                founding.store_start(deed, firm, clock)
            office = _office(desk, journal, clock, state, ("owner",))
        except BaseException:
            founding.undo_founding(database, vault.vault_id)
            raise
        return cls(office), vault.recovery.key

    @classmethod
    def open(
        cls,
        target: str,
        user: str | QuickUnlock | None,
        password: Callable[[], str],
        *,
        clock: Clock,
        changing_password: bool = False,
    ) -> Self:
        """Unlock the vault at `target`; every wrong way in raises Locked with the same text.

        What `keep_for_pin` gave stands for its user, and then `password` gives the PIN.
        """
        database = open_database(target)
        try:
            refuse_strangers(database)
            upgraded = Upgrader(database, migrations()).upgrade(SCHEMA.declared)
            unlocked = unlock(database, user, password, state_folder)
            desk, state, roles = unlocked.desk, unlocked.state, unlocked.roles
            if desk.get(UserAccount, desk.ring.user_id).must_change and not changing_password:
                _refuse_first_password()
            _settle_restore(target, state, database)
            journal = Journal(desk, state, clock)
            check_shred_file(journal)
            _collect_damage(desk, journal.check_anchor)
            office = _office(desk, journal, clock, state, roles)
            swept = note_opening(office, upgraded)
            _collect_damage(desk, lambda: reconcile_rights(office))
        except (*STORAGE_ERRORS, *MISTYPED) as error:
            problem = explained(error, database)
            database.close()
            raise problem from None
        except BaseException:
            database.close()
            raise
        told = {"root-pinned": unlocked.first_time, "clock-leap": office.asked is not None}
        codes = (*(code for code, true in told.items() if true), *swept)
        return cls(office, warnings=codes, proved=unlocked.proved)

    @staticmethod
    def restore(
        target: str,
        parts: tuple[Path, Path],
        way_in: WayIn,
        *,
        clock: Clock,
        accept_older: bool = False,
    ) -> Restored:
        """Bring a backup, its data and its keys part, back to `target`, or change nothing.

        A vault that stands there is kept beside it until somebody is content.
        """
        from crm.services.backup.restoring import Front, Restoring  # noqa: PLC0415 - a rare day

        refuse_server(target)
        restoring = Restoring(Path(target), Front(state_folder, migrations(), _office), clock)
        return restoring.run(*parts, way_in, accept_older=accept_older)

    @staticmethod
    def check_backup(parts: tuple[Path, Path], way_in: WayIn) -> BackupChecked:
        """Open both parts of a backup from end to end, without a register."""
        from crm.services.backup.parts import check_backup  # noqa: PLC0415 - as above

        return check_backup(*parts, way_in, migrations())

    @staticmethod
    def bring_secrets_back(target: str, keys: Path, way_in: WayIn, *, clock: Clock) -> SecretsBack:
        """Write a shred file that is lost or damaged anew out of the keys part of a backup."""
        from crm.services.backup.secrets_back import bring_secrets_back  # noqa: PLC0415 - as above

        with opened_register(target, migrations()) as database:
            return bring_secrets_back(database, keys, way_in, state_folder, clock)

    @staticmethod
    def recover(
        target: str, typed: str, user: str, password: Callable[[], str], *, clock: Clock
    ) -> RecoveryKey:
        """Let an owner in with the recovery key as `typed` from paper, and return the next one.

        The owner's new password is asked for once the key has opened the vault.
        """
        from crm.services.keeping.recovering import Recovery  # noqa: PLC0415 - a rare day

        key = parse_recovery_key(typed)
        with opened_register(target, migrations()) as database:
            unlocked = unlock_with_recovery(database, key, state_folder)
            desk, state = unlocked.desk, unlocked.state
            office = _office(desk, Journal(desk, state, clock), clock, state, ("owner",))
            return Recovery(office).use(user, password())

    @classmethod
    def demo(cls, target: str, *, clock: Clock, fresh: bool = False, own: bool = False) -> Self:
        """Open the register of invented people at `target`, made first where there is none.

        `fresh` makes it anew; a real register is never touched. `own` says that the place belongs
        to the demo, so that what a crash left there may go.
        """
        from crm.services import demo  # noqa: PLC0415 - a demo pays for its inventions

        refuse_server(target)
        opened = None
        if Path(target).exists() and not fresh and demo.is_demo(target, own=own):
            opened = cls.open(target, demo.OWNER, lambda: demo.PASSWORD, clock=clock)
            if not demo.Demo(opened.office).is_empty():
                return opened
            opened.office.desk.database.close()
        demo.remove(target, state_folder, own=own)
        made, key = cls.create(
            target, demo.FIRM, (demo.OWNER, demo.PASSWORD), clock=clock, cost=demo.COST, demo=True
        )
        demo.Demo(made.office).fill()
        made.keys.confirm_recovery(key)
        return made

    @property
    def damage(self) -> tuple[Damaged, ...]:
        """Return what did not verify so far; the rest of the register stays usable."""
        return tuple(self.office.desk.damage)

    def __enter__(self) -> Self:
        """Return the opened register."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the run: shreds that waited are tried again, the log is closed, then the file."""
        self.name_country(error)
        with suppress(KartotekaError):
            self.office.journal.shred()
            self.office.journal.close()
        problem = None if error is None else explained(error, self.office.desk.database)
        self.office.desk.database.close()
        if problem is not None and problem is not error:
            raise problem from None


def look_from_outside(target: str) -> OutsideView:
    """Tell what can be told of a register without a password."""
    from crm.services.outside import outside_view  # noqa: PLC0415 - only `info` asks

    return outside_view(target, state_path)


def receipt_schema() -> str:
    """Return the JSON Schema of the receipt of a consent."""
    from crm.services import consent_receipts  # noqa: PLC0415 - as above

    return consent_receipts.receipt_schema()


def check_package(
    place: Path, passphrase: Callable[[], str], fingerprint: str | None = None
) -> Checked:
    """Check a package for a person as anybody can who has it: without a register."""
    from gdpr.rights import checking  # noqa: PLC0415 - as above

    return checking.check_package(place, passphrase, fingerprint)


def way_in(user: str | None, secret: Callable[[], str], *, recovery: bool = False) -> WayIn:
    """Return how a backup is opened: by a user's password or by the recovery key."""
    from crm.services.backup.parts import WayIn  # noqa: PLC0415 - as above

    return WayIn(user, secret, recovery)


def demo_logins() -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return the published password of the demo, and its users with their roles."""
    from crm.services import demo  # noqa: PLC0415 - as above

    return demo.PASSWORD, {demo.OWNER: ("owner",), **dict(demo.COLLEAGUES)}


def migrations() -> Path:
    """Return the folder of the migration files."""
    return Path(str(files("migrations")))


def state_folder(vault_id: bytes) -> Path:
    """Return this desk's folder for what must lie outside the database: pin, anchor, ledger."""
    return safe_folder(state_path(vault_id))


def state_path(vault_id: bytes) -> Path:
    """Say where that folder is, without making it."""
    return user_state_path("kartoteka", appauthor=False) / vault_id.hex()


def _collect_damage(desk: Desk, step: Callable[[], object]) -> None:
    """Go on after damage, which is told at the end: it must not shut the undamaged rest away."""
    try:
        step()
    except Damaged as damage:
        desk.damage.append(damage)


def _settle_restore(target: str, state: Path, database: Database) -> None:
    if (state / STAGED).is_dir():
        from crm.services.backup.staging import settle_restore  # noqa: PLC0415 - a restore was cut short

        settle_restore(target, state, database)


def _refuse_first_password() -> NoReturn:
    raise FirstPasswordMustChange


def _office(
    desk: Desk, journal: Journal, clock: Clock, state: Path, roles: tuple[str, ...]
) -> Office:
    watch(journal, roles)
    rulebook = load_rulebook(desk)
    seen = founding_setting(desk, LAST_SEEN)
    day = accept_day(date.fromisoformat(seen) if seen else None, clock.today(), rulebook.settings)
    return Office(
        desk=desk,
        journal=journal,
        grounds=Grounds(desk, rulebook),
        clock=clock,
        access=access_of(roles).narrowed(desk.ring.categories()),
        user=desk.ring.user_id,
        day=day.day,
        asked=day.asked,
        country=founding_setting(desk, "firm_country"),
        state=state,
        demo=read_vault(desk.database).demo,
    )
