"""`files`: the copies of data outside the register that this program made."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crm.cli.errors import CopiesLeft
from crm.cli.frame import argument, command, group, option, with_register, with_session
from crm.cli.output import answer_rows, columns, say
from crm.i18n import _
from crm.keys.words import COPY_KINDS, COPY_REASONS, COPY_STATES
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.copies.cards import CopyLine
    from crm.kartoteka import Kartoteka


files = group("files")


@command("copies")
@with_register
def copies(register: Kartoteka, /, form: str) -> None:
    """List all known copies, gone or not, for whoever keeps the register."""
    lines = register.copies.list(gone=True)
    _show(lines, form)


@files.command("list", help=N_("List the exports and files of rejected rows that may still exist."))
@option("--all", "gone", is_flag=True, help=N_("Also those that no longer exist."))
@with_register
def list_(register: Kartoteka, /, gone: bool, form: str) -> None:
    """List known copies."""
    lines = register.copies.list(gone=gone)
    _show(lines, form)


@files.command(
    "shred", help=N_("Overwrite and remove copies; only what this program wrote is destroyed.")
)
@argument("file", nargs=-1)
@option("--due", is_flag=True, help=N_("All copies past their destruction date."))
@with_session
def shred(session: CommandSession, /, file: tuple[str, ...], due: bool, form: str) -> None:
    """Destroy known copies, named by path or id."""
    with session.open() as register:
        lines = register.copies.shred(file, due=due)
    _show(lines, form)
    if left := sum(line.state != "gone" for line in lines):
        raise CopiesLeft(count=left)


@files.command("gone", help=N_("Record that copies not found here no longer exist, and why."))
@argument("file", nargs=-1, required=True)
@option(
    "--because",
    type=click.Choice(tuple(COPY_REASONS)),
    required=True,
    help=N_("What happened to them; a lost medium may be a personal data breach (Art. 33)."),
)
@with_register
def gone(register: Kartoteka, /, file: tuple[str, ...], because: str, form: str) -> None:
    """Declare copies gone; the register says from then on that somebody said so."""
    lines = register.copies.declare_gone(file, because)
    _show(lines, form)
    if because == "medium-lost":
        say(
            _(
                "A lost medium with personal data may be a personal data breach: decide within 72 "
                "hours whether the supervisory authority must be notified (Art. 33)."
            )
        )


def _show(lines: tuple[CopyLine, ...], form: str) -> None:
    rows = [asdict(line) for line in lines]
    if form == "table":
        for row in rows:
            row["left"] = ", ".join(row["left"])
            reason = row["because"]
            row |= {
                "because": _(COPY_REASONS[reason]) if reason else "",
                "state": _(COPY_STATES[row["state"]]),
                "kind": _(COPY_KINDS.get(row["kind"], COPY_KINDS["export"])),
            }
    shown = ("kind", "path", "made", "ends", "state", "left", "because")
    answer_rows(rows, form, columns(*shown, of="files"))
