"""What commands on papers share: days, languages, and where a text is written to."""

from __future__ import annotations

from pathlib import Path

import click

from crm.cli.errors import OutputUnusable
from crm.cli.frame import option
from crm.cli.output import write
from crm.cli.reading import STDIN
from crm.i18n import LANGUAGES, current
from gdpr.text import N_

language_option = option(
    "--language",
    type=click.Choice(LANGUAGES),
    help=N_("Language; if not given, the one in use."),
)


def chosen(language: str | None) -> str:
    """Take the language of a text, or the one this program is speaking."""
    return language or current()


def put(text: str, out: str) -> None:
    """Write a text that concerns nobody in particular to a file or to standard output, as it is."""
    if out == STDIN:
        write(text)
        return
    try:
        Path(out).write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        raise OutputUnusable from None
