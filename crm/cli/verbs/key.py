"""`key`: which keys there are, new ones for old, and whether the recovery key is on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm.cli.errors import OptionsClash
from crm.cli.frame import argument, group, option, with_register, with_session
from crm.cli.options import recovery_option
from crm.cli.output import answer, answer_rows, columns, say
from crm.cli.password import terminal, typed_recovery_key
from crm.cli.recovery import confirm_on_paper, hand_over_next
from crm.i18n import _
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka

_STATUS = ("key", "version", "state", "since", "due", "users", "recovery")


key = group("key")


@key.command(
    "status", help=N_("List the keys, their versions, when they are due and who holds them.")
)
@with_register
def status(register: Kartoteka, /, form: str) -> None:
    """List keys, never their bytes."""
    lines = register.keys.status()
    say(_("Fingerprint of the root key: {root}").format(root=register.root))
    answer_rows(lines, form, columns(*_STATUS, of="key"))


@key.command("rotate", help=N_("Rotate keys; without a name, finish a rotation already begun."))
@argument("categories", nargs=-1, metavar="[CATEGORY]...")
@option(
    "--due", is_flag=True, help=N_("Keys to which somebody lost the right, or that are a year old.")
)
@option("--all", "every", is_flag=True, help=N_("Every key that rotates."))
@with_session
def rotate(
    session: CommandSession, /, categories: tuple[str, ...], due: bool, every: bool, form: str
) -> None:
    """Replace keys; interrupted anywhere it goes on when it is called again."""
    if bool(categories) + due + every > 1:
        raise OptionsClash
    with session.open() as register:
        chosen = register.rotation.known() if every else categories
        rotate_keys(register, form, chosen, due=due)


@key.command(
    "recovery", help=N_("Show whether the recovery key is confirmed; confirm or replace it.")
)
@option(
    "--confirm",
    is_flag=True,
    help=N_("Enter the whole key from your paper, or give it on standard input."),
)
@option(
    "--new", "renewed", is_flag=True, help=N_("Issue a new one; the old one is no longer valid.")
)
@with_session
def recovery(session: CommandSession, /, confirm: bool, renewed: bool, form: str) -> None:
    """Compare what was typed with the vault; the key itself is stored nowhere."""
    if confirm and renewed:
        raise OptionsClash
    with session.open() as register:
        if renewed:
            made = register.recovery.renew()
            hand_over_next(made, form)
            if terminal():
                confirm_on_paper(register, made)
            return
        if confirm:
            register.keys.confirm_typed(typed_recovery_key())
            say(_("The recovery key is confirmed."))
        answer({"confirmed": register.keys.recovery_confirmed()}, form, "key")


@key.command("shred-file", help=N_("Restore a lost or damaged shred file from a backup."))
@option("--keys", required=True, metavar="FILE", help=N_("The keys part of the backup."))
@recovery_option
@with_session
def shred_file(session: CommandSession, /, keys: str, recovery: bool, form: str) -> None:
    """Write the file anew; the database stays as it is."""
    from crm.cli.errors import KeysNewerThanBackup
    from crm.cli.verbs.backup import way_in_of
    from crm.kartoteka import Kartoteka

    way_in = way_in_of(session, recovery=recovery)
    back = Kartoteka.bring_secrets_back(
        session.settings.vault, Path(keys), way_in, clock=session.clock
    )
    answer(back, form, "shred-file")
    if back.shut:
        raise KeysNewerThanBackup(count=back.shut)


def rotate_keys(
    register: Kartoteka, form: str, chosen: Iterable[str] = (), *, due: bool = False
) -> None:
    """Rotate, with a line for every batch, so that nobody stops it for fear that it hangs."""
    reached = 0

    def progress(owners: int) -> None:
        nonlocal reached
        reached += owners
        say(_("{count} key owners processed").format(count=reached))

    lines = register.rotation.run(chosen, due=due, progress=progress)
    answer_rows(lines, form, columns("key", "version", "rewrapped", "keys", of="rotated"))
    if any(not line.gone for line in lines):
        say(
            _(
                "Another program has the register open; the old keys are removed from its "
                "write-ahead log when that program closes."
            )
        )
