"""`export`: files for spreadsheets and other programs."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import group, option, with_register
from crm.cli.output import answer, own_words, say
from crm.cli.reading import STDIN
from crm.i18n import _
from gdpr.text import N_

if TYPE_CHECKING:
    from typing import BinaryIO

    from crm.kartoteka import Kartoteka

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
@with_register
def clients(
    register: Kartoteka, /, profile: str, numbers: tuple[int, ...], out: str, form: str, **told: Any
) -> None:
    """Export; what is written to a file is remembered as a copy that has to go."""
    result = register.exports.clients(target_of(out), profile, only=numbers or None, **told)
    say_written(asdict(result), form)


def target_of(out: str) -> Path | BinaryIO:
    """Return where to write."""
    return sys.stdout.buffer if out == STDIN else Path(out)


def say_written(told: dict[str, object], form: str, **own: str) -> None:
    """Say what was written to a file, which is a copy from then on; of a stream nothing is said."""
    if told["ends"] is not None:
        answer(told, form, {**own_words("export"), **own})
        say(_("This file is a copy of personal data. Destroy it with: kartoteka files shred FILE"))


@export.command(
    "everything", help=N_("Export the whole register unencrypted, to move to another program.")
)
@option("--to", "folder", required=True, metavar="DIR", help=N_("A new or empty folder."))
@with_register
def everything(register: Kartoteka, /, folder: str, form: str) -> None:
    """Write every table as CSV and JSON; for owners."""
    answer(register.full_export.write(Path(folder)), form, "export")
    say(_("Everything there is unencrypted. Destroy it with: kartoteka files shred FILE"))
