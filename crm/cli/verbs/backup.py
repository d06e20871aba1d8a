"""`backup`: copies of the whole register, and the way back from them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.cli.errors import OptionsClash, RightsNotRepeated
from crm.cli.frame import group, option, with_register, with_session
from crm.cli.options import recovery_option
from crm.cli.output import answer, answer_rows, columns, say
from crm.cli.password import current_password, typed_recovery_key
from crm.i18n import _, ngettext
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.backup.cards import Restored
    from crm.backup.parts import WayIn
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka

_data = option("--data", required=True, metavar="FILE", help=N_("The data part of the backup."))
_keys = option("--keys", required=True, metavar="FILE", help=N_("The keys part of the backup."))
_DRILL = (
    *("day", "ok", "why", "data", "made", "rows", "live_rows", "differing"),
    *("replayed", "erased", "left"),
)


backup = group("backup")


@backup.command("create", help=N_("Write a backup to a folder and verify it."))
@option("--to", "folder", required=True, metavar="DIR", help=N_("For example a backup drive."))
@with_register
def create(register: Kartoteka, /, folder: str, form: str) -> None:
    """Write both parts of a backup."""
    made = register.backups.create(Path(folder))
    answer(made, form, "backup")
    say(_("Keep both parts: without the keys part nobody can open the data part, not even you."))
    if made.places < 2:  # noqa: PLR2004 - one place is none
        say(_("This is the only location with a backup. Create another one elsewhere."))


@backup.command("verify", help=N_("Verify a backup from end to end; nothing is changed."))
@_data
@_keys
@recovery_option
@with_session
def verify(session: CommandSession, /, data: str, keys: str, recovery: bool, form: str) -> None:
    """Check a backup without a register."""
    from crm.kartoteka import Kartoteka

    parts = (Path(data), Path(keys))
    found = Kartoteka.check_backup(parts, way_in_of(session, recovery=recovery))
    answer(found, form, "backup-check")


@backup.command("restore", help=N_("Restore a backup; what was erased since stays erased."))
@_data
@_keys
@option("--to", "vault", required=True, metavar="FILE", help=N_("Where to put the register."))
@recovery_option
@option(
    "--without-ledger",
    is_flag=True,
    help=N_("Even though it is not known here who was erased since."),
)
@option("--accept-older", is_flag=True, help=N_("Even though newer changes or backups are lost."))
@with_session
def restore(session: CommandSession, /, form: str, recovery: bool, **told: str | bool) -> None:
    """Restore a vault, and say what could not be brought back."""
    from crm.kartoteka import Kartoteka

    restored = Kartoteka.restore(
        str(told["vault"]),
        (Path(str(told["data"])), Path(str(told["keys"]))),
        way_in_of(session, recovery=recovery),
        clock=session.clock,
        accept_older=bool(told["accept_older"]),
        without_ledger=bool(told["without_ledger"]),
    )
    answer(restored, form, "restore")
    if recovery:
        say(_("The recovery key was used. Issue a new one: kartoteka key recovery --new"))
    _tell(restored)


@backup.command("drill", help=N_("Test restoring a backup, then destroy the restored copy."))
@option("--data", metavar="FILE", help=N_("The data part of the backup."))
@option("--keys", metavar="FILE", help=N_("The keys part of the backup."))
@recovery_option
@option("--list", "listed", is_flag=True, help=N_("Show the results of earlier restore tests."))
@option("--every", type=int, metavar="DAYS", help=N_("Days until the next test is due."))
@with_session
def drill(session: CommandSession, /, form: str, recovery: bool, listed: bool, **told: Any) -> None:
    """Do a drill with the newest backup or the one that is named, or say what drills showed."""
    data, keys, every = told["data"], told["keys"], told["every"]
    if (data is None) is not (keys is None) or (listed and data is not None):
        raise OptionsClash
    password = lru_cache(current_password)
    with session.open(password) as register:
        if every is not None:
            register.drills.remind_every(every)
        if listed:
            answer_rows(register.drills.list(), form, columns(*_DRILL, of="drill"))
        elif every is None or data is not None:
            from crm.kartoteka import way_in

            name = register.current_user.name
            way = way_in(name, typed_recovery_key if recovery else password, recovery=recovery)
            parts = None if data is None else (Path(data), Path(keys))
            answer(register.drills.run(way, parts), form, "drill")
            say(_("The backup can be restored. The restored copy has been destroyed."))


@backup.command("adopt", help=N_("Turn a copy of a register into a separate register."))
@with_session
def adopt(session: CommandSession, /, form: str) -> None:
    """Give the copy that --vault names a desk of its own; the original is left as it is."""
    from crm.kartoteka import Kartoteka

    settings = session.settings
    adopted = Kartoteka.adopt(settings.vault, settings.user, current_password, clock=session.clock)
    answer(adopted, form, "adopt")
    say(
        _(
            "There are two registers of the same people now. What is changed or erased in one does"
            " not reach the other."
        )
    )
    if adopted.waiting:
        raise RightsNotRepeated(count=adopted.waiting)


@backup.command("forget-old", help=N_("Destroy the register from before a restore."))
@with_register
def forget_old(register: Kartoteka, /, form: str) -> None:
    """Confirm a restore."""
    gone = register.backups.forget_old()
    answer_rows([{"path": path} for path in gone], form, columns("path"))


def way_in_of(session: CommandSession, *, recovery: bool) -> WayIn:
    """Return how a backup is opened: by a password or by the recovery key."""
    from crm.kartoteka import way_in

    secret = typed_recovery_key if recovery else current_password
    return way_in(session.settings.user, secret, recovery=recovery)


def _tell(restored: Restored) -> None:
    from crm.cli.verbs.audit import refuse_damage

    if restored.first_time:
        say(
            _(
                "This workstation opens the register for the first time and will recognise "
                "it from now on. If you did not expect this, stop and ask its owner."
            )
        )
    if restored.elsewhere:
        say(
            _(
                "The register in {place} is not changed. This one is separate: destroy it "
                "once you have consulted it, or data erased there remain here."
            ).format(place=", ".join(restored.elsewhere))
        )
    if restored.lost_entries:
        say(
            ngettext(
                "{count} entry of this workstation's log is newer than the backup.",
                "{count} entries of this workstation's log are newer than the backup.",
                restored.lost_entries,
            ).format(count=restored.lost_entries)
        )
    if restored.lost:
        say(
            ngettext(
                "{count} row was added or corrected since; see lost. Enter it again.",
                "{count} rows were added or corrected since; see lost. Enter them again.",
                len(restored.lost),
            ).format(count=len(restored.lost))
        )
    if restored.old_vault is not None:
        say(
            _(
                "The previous register is kept beside it. Once everything is in order, "
                "destroy it: kartoteka backup forget-old"
            )
        )
    if restored.damages:
        refuse_damage(restored.damages[0])
    if restored.refused:
        from crm.cli.errors import RightsRefused

        raise RightsRefused(count=len(restored.refused))
