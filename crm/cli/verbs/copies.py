"""`files`: the copies of data outside the register that this program made."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crm.cli.errors import CopiesLeft
from crm.cli.frame import argument, command, group, option, with_register, with_session
from crm.cli.labels import columns
from crm.cli.output import answer_rows, say
from crm.i18n import _
from crm.keys.words import COPY_KINDS, COPY_REASONS, COPY_STATES
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.copies.cards import CopyLine
    from crm.kartoteka import Kartoteka


@group("files", N_("List the copies of data outside the register, and destroy them."))
def files() -> None:
    """Group the verbs on known copies."""


@command("copies", N_("List every copy of data outside the register, and until when."))
@with_register
def copies(register: Kartoteka, /, form: str) -> None:
    """List all known copies, gone or not, for whoever keeps the register."""
    lines = register.copies.list(gone=True)
    _show(lines, form)


@files.command("list", help=N_("List the exports and rejects files that may still exist."))
@option("--all", "gone", is_flag=True, help=N_("Also those that are gone."))
@with_register
def list_(register: Kartoteka, /, gone: bool, form: str) -> None:
    """List known copies."""
    lines = register.copies.list(gone=gone)
    _show(lines, form)


@files.command(
    "shred", help=N_("Overwrite and remove copies; only what this program wrote is destroyed.")
)
@argument("file", nargs=-1)
@option("--due", is_flag=True, help=N_("All copies past the day by which they should be gone."))
@with_session
def shred(session: CommandSession, /, file: tuple[str, ...], due: bool, form: str) -> None:
    """Destroy known copies, named by path or id."""
    with session.open() as register:
        lines = register.copies.shred(file, due=due)
    _show(lines, form)
    if left := sum(line.state != "gone" for line in lines):
        raise CopiesLeft(count=left)


@files.command("gone", help=N_("Note that copies are gone which cannot be found here, and why."))
@argument("file", nargs=-1, required=True)
@option(
    "--because",
    type=click.Choice(tuple(COPY_REASONS)),
    required=True,
    help=N_("What became of them; a medium that was lost may be a breach (Art. 33)."),
)
@with_register
def gone(register: Kartoteka, /, file: tuple[str, ...], because: str, form: str) -> None:
    """Declare copies gone; the register says from then on that somebody said so."""
    lines = register.copies.declare_gone(file, because)
    _show(lines, form)
    if because == "medium-lost":
        say(
            _(
                "A lost medium with personal data may be a breach: decide within 72 hours whether"
                " the authority has to be notified (Art. 33)."
            )
        )


def _show(lines: tuple[CopyLine, ...], form: str) -> None:
    rows = [asdict(line) for line in lines]
    if form == "table":
        for row in rows:
            row["left"] = ", ".join(row["left"])
            row["because"] = _(COPY_REASONS[row["because"]]) if row["because"] else ""
            row |= {
                "state": _(COPY_STATES[row["state"]]),
                "kind": _(COPY_KINDS.get(row["kind"], COPY_KINDS["export"])),
            }
    own = {"left": _("what else lies there")}
    shown = ("kind", "path", "made", "ends", "state", "left", "because")
    answer_rows(rows, form, columns(*shown, **own))
