"""The front door: the only way in for screens, commands and scripts, so every rule holds in all.

It opens vault and database, upgrades, builds the services and injects the clock.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from crm.dates import use_place
from crm.opening.errors import FirstPasswordMustChange
from crm.opening.opening import (
    context_of,
    enter,
    migrations,
    open_door,
    opened_door,
    state_folders,
)
from crm.opening.preflight import risk_of_place
from crm.opening.unlocking import unlock_with_recovery
from crm.oversight.audit import LogFilter
from crm.parties.errors import ChangedMeanwhile, PerhapsKnown
from crm.parties.field_rules import check_field, form_fields
from crm.schema import SCHEMA, explained, token_kinds
from crm.services import Services
from crm.session.firm import Firm, check_detail, checked_firm, checked_login
from gdpr.audit.events import Event
from gdpr.audit.journal import Journal
from gdpr.clock import microseconds
from gdpr.errors import Damaged, KartotekaError
from gdpr.program_files import refuse_damaged_program
from gdpr.store.accounts import store_vault
from gdpr.store.database import STORAGE_ERRORS, refuse_server
from gdpr.store.ids import new_id
from gdpr.vault.founding import Owner, found_vault
from gdpr.vault.kdf import calibrate
from gdpr.vault.passwords import check_password, suggest_passphrase
from gdpr.vault.recovery import parse_recovery_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from crm.backup.cards import Adopted, BackupChecked, Restored, SecretsBack
    from crm.backup.parts import WayIn
    from crm.opening.opening import Door
    from crm.opening.preflight import OutsideView
    from crm.session.context import RegisterContext
    from gdpr.clock import Clock
    from gdpr.rights.checking import Checked
    from gdpr.vault.kdf import KdfCost
    from gdpr.vault.pin_unlock import PinUnlock
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
    "suggest_passphrase",
    "way_in",
]


class Kartoteka(Services):
    """One opened register; use it in a `with` statement, so that what was opened is closed."""

    def __init__(
        self,
        context: RegisterContext,
        *,
        warnings: tuple[str, ...] = (),
        proved: datetime | None = None,
        door: Door | None = None,
    ) -> None:
        """Take what the way in has built; `warnings` are codes a face says aloud.

        `proved` is when the password was typed, where a PIN has opened this since.
        """
        use_place(context.clock)
        self.context = context
        self.door = door
        self.warnings = warnings
        self.proved = proved or context.clock.now()

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
        from crm.opening import foundation as founding  # noqa: PLC0415 - YAML is read only here

        refuse_damaged_program()
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
        foundation = founding.Foundation(target, vault.vault_id, state_folders())
        try:
            state = foundation.state
            session, journal = founding.found_desk(
                foundation.database, vault, state, clock, migrations()
            )
            with journal.audited_change(
                Event.VAULT_CREATED, vault.keyring.user_id, card=vault.keyring.card_counter
            ) as change:
                store_vault(change, vault, name, microseconds(clock.now()), demo=demo)
                founding.store_start(change, firm, clock)
            context = context_of(session, journal, clock, state, ("owner",))
            foundation.finish(session.groups.file)
        except BaseException:
            foundation.undo()
            raise
        return cls(context), vault.recovery.key

    @classmethod
    def open(
        cls,
        target: str,
        user: str | PinUnlock | None,
        password: Callable[[], str],
        *,
        clock: Clock,
        changing_password: bool = False,
    ) -> Self:
        """Unlock the vault at `target`; every wrong way in raises Locked with the same text.

        What `keep_for_pin` gave stands for its user, and then `password` gives the PIN.
        """
        door = open_door(target)
        found = enter(door, user, password, clock, changing_password=changing_password)
        return cls(found.context, warnings=found.warnings, proved=found.unlocked.proved, door=door)

    @staticmethod
    def adopt(
        target: str, user: str | None, password: Callable[[], str], *, clock: Clock
    ) -> Adopted:
        """Make the copy at `target` a register of its own; the original stays as it is."""
        from crm.opening.adoption import adopt  # noqa: PLC0415 - a rare day

        return adopt(target, user, password, clock)

    @staticmethod
    def restore(
        target: str,
        parts: tuple[Path, Path],
        way_in: WayIn,
        *,
        clock: Clock,
        accept_older: bool = False,
        without_ledger: bool = False,
    ) -> Restored:
        """Bring a backup, its data and its keys part, back to `target`, or change nothing.

        A vault that stands there is kept beside it until somebody is content.
        """
        from crm.backup.restoring import Front, Restoring  # noqa: PLC0415 - a rare day

        refuse_server(target)
        restoring = Restoring(Path(target), Front(state_folders(), migrations(), context_of), clock)
        return restoring.run(
            *parts, way_in, accept_older=accept_older, without_ledger=without_ledger
        )

    @staticmethod
    def check_backup(parts: tuple[Path, Path], way_in: WayIn) -> BackupChecked:
        """Open both parts of a backup from end to end, without a register."""
        from crm.backup.parts import check_backup  # noqa: PLC0415 - as above

        return check_backup(*parts, way_in, migrations())

    @staticmethod
    def bring_secrets_back(target: str, keys: Path, way_in: WayIn, *, clock: Clock) -> SecretsBack:
        """Write a shred file that is lost or damaged anew out of the keys part of a backup."""
        from crm.backup.secrets_back import bring_secrets_back  # noqa: PLC0415 - as above

        with opened_door(target) as door:
            return bring_secrets_back(door.database, keys, way_in, door.state, clock)

    @staticmethod
    def recover(
        target: str, typed: str, user: str, password: Callable[[], str], *, clock: Clock
    ) -> RecoveryKey:
        """Let an owner in with the recovery key as `typed` from paper, and return the next one.

        The owner's new password is asked for once the key has opened the vault.
        """
        from crm.keys.keys import Recovery  # noqa: PLC0415 - a rare day

        key = parse_recovery_key(typed)
        with opened_door(target) as door:
            unlocked = unlock_with_recovery(door.database, key, door.state)
            session, state = unlocked.session, unlocked.state
            context = context_of(session, Journal(session, state, clock), clock, state, ("owner",))
            return Recovery(context).use(user, password())

    @classmethod
    def demo(cls, target: str, *, clock: Clock, fresh: bool = False, own: bool = False) -> Self:
        """Open the register of invented people at `target`, made first where there is none.

        `fresh` makes it anew; a real register is never touched. `own` says that the place belongs
        to the demo, so that what a crash left there may go.
        """
        from crm.demo import demo_register as demo  # noqa: PLC0415 - a demo pays for its inventions

        refuse_server(target)
        opened = None
        if Path(target).exists() and not fresh and demo.is_demo(target, own=own):
            opened = cls.open(target, demo.OWNER, lambda: demo.PASSWORD, clock=clock)
            if not demo.Demo(opened.context).is_empty():
                return opened
            opened.context.session.database.close()
        demo.remove(target, state_folders(), own=own)
        made, key = cls.create(
            target, demo.FIRM, (demo.OWNER, demo.PASSWORD), clock=clock, cost=demo.COST, demo=True
        )
        demo.Demo(made.context).fill()
        made.keys.confirm_recovery(key)
        return made

    @property
    def original(self) -> str | None:
        """Return where the register lies whose copy this is, None for a register of its own."""
        return None if self.door is None else self.door.original

    @property
    def damage(self) -> tuple[Damaged, ...]:
        """Return what did not verify so far; the rest of the register stays usable."""
        return tuple(self.context.session.damage)

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
        self.furnish(error)
        with suppress(KartotekaError, OSError, *STORAGE_ERRORS):
            self.context.journal.shred()
            self.context.journal.close()
        problem = None if error is None else explained(error, self.context.session.database)
        self.context.session.database.close()
        if self.door is not None:
            self.door.close()
        if problem is not None and problem is not error:
            raise problem from None


def look_from_outside(target: str) -> OutsideView:
    """Tell what can be told of a register without a password."""
    from crm.opening.preflight import outside_view  # noqa: PLC0415 - only `info` asks

    return outside_view(target, state_folders())


def receipt_schema() -> str:
    """Return the JSON Schema of the receipt of a consent."""
    from crm.consents import consent_receipts  # noqa: PLC0415 - as above

    return consent_receipts.receipt_schema()


def check_package(
    place: Path, passphrase: Callable[[], str], fingerprint: str | None = None
) -> Checked:
    """Check a package for a person as anybody can who has it: without a register."""
    from gdpr.rights import checking  # noqa: PLC0415 - as above

    return checking.check_package(place, passphrase, fingerprint)


def way_in(user: str | None, secret: Callable[[], str], *, recovery: bool = False) -> WayIn:
    """Return how a backup is opened: by a user's password or by the recovery key."""
    from crm.backup.parts import WayIn  # noqa: PLC0415 - as above

    return WayIn(user, secret, recovery)


def demo_logins() -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return the published password of the demo, and its users with their roles."""
    from crm.demo import demo_register as demo  # noqa: PLC0415 - as above

    return demo.PASSWORD, {demo.OWNER: ("owner",), **dict(demo.COLLEAGUES)}
