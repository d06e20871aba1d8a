"""`export`: files for spreadsheets and other programs."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.frame import format_option, group, option, pass_session
from crm.cli.output import answer, say
from crm.cli.reading import STDIN
from crm.i18n import _
from gdpr.text import N_

if TYPE_CHECKING:
    from typing import BinaryIO

    from crm.cli.session import CommandSession

_PROFILES = ("excel-lv", "excel-it", "rfc4180")


# What every export has to be told.
profile_option = option(
    "--profile",
    type=click.Choice(_PROFILES),
    required=True,
    help=N_("For Excel in Latvian or Italian, or plain RFC 4180."),
)
out_option = option(
    "--out",
    required=True,
    metavar="FILE|-",
    help=N_("Where to write; - is standard output. An existing file is kept."),
)


export = group("export")


@export.command("clients", help=N_("Write the clients you may see to a file (CSV)."))
@profile_option
@option(
    "--number",
    "numbers",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="N",
    help=N_("Only the client with this number; may be repeated."),
)
@option(
    "--purpose",
    "purposes",
    multiple=True,
    metavar="CODE",
    help=N_("Only who is kept for this purpose, such as accounting; may be repeated."),
)
@out_option
@format_option
@pass_session
def clients(
    session: CommandSession,
    /,
    profile: str,
    numbers: tuple[int, ...],
    purposes: tuple[str, ...],
    out: str,
    form: str,
) -> None:
    """Export; what is written to a file is remembered as a copy that has to go."""
    with session.open() as register:
        result = register.exports.clients(
            target_of(out), profile, only=numbers or None, purposes=purposes
        )
    say_written(asdict(result), form, {"written": _("clients written")})


def target_of(out: str) -> Path | BinaryIO:
    """Return where to write."""
    return sys.stdout.buffer if out == STDIN else Path(out)


def say_written(told: dict[str, object], form: str, labels: dict[str, str]) -> None:
    """Say what was written to a file, which is a copy from then on; of a stream nothing is said."""
    if told["ends"] is None:
        return
    known = {
        "profile": _("profile"),
        "path": _("location"),
        "ends": _("destroy by"),
        "left_out": _("left out: scheduled for erasure"),
        "contacts": _("left out: contact persons only"),
        "others": _("left out: kept for other purposes"),
    }
    answer(told, form, {**labels, **known})
    say(_("This file is a copy of personal data. Destroy it with: kartoteka files shred FILE"))


@export.command(
    "everything", help=N_("Export the whole register unencrypted, to move to another program.")
)
@option("--to", "folder", required=True, metavar="DIR", help=N_("A new or empty folder."))
@format_option
@pass_session
def everything(session: CommandSession, /, folder: str, form: str) -> None:
    """Write every table as CSV and JSON; for owners."""
    with session.open() as register:
        result = register.full_export.write(Path(folder))
    answer(asdict(result), form, _whole_labels())
    say(_("Everything there is unencrypted. Destroy it with: kartoteka files shred FILE"))


def _whole_labels() -> dict[str, str]:
    return {
        "folder": _("location"),
        "tables": _("tables"),
        "files": _("files"),
        "rows": _("rows"),
        "ends": _("destroy by"),
    }
