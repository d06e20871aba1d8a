"""`retention`: forgetting on time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crm.cli.days import on_option
from crm.cli.frame import format_option, group, option, pass_session
from crm.cli.output import answer, answer_rows
from crm.cli.verbs.ground import as_day
from crm.i18n import _
from gdpr.errors import Due
from gdpr.text import N_

if TYPE_CHECKING:
    from datetime import datetime

    from crm.cli.session import CommandSession


@group("retention", N_("List what is due for erasure, and erase it."))
def retention() -> None:
    """Group the verbs of the clocks."""


@retention.command(
    "due", help=N_("List what is due for erasure, what has expired and what awaits a review.")
)
@option("--check", is_flag=True, help=N_("Exit with 6 when something is due, for schedules."))
@on_option
@format_option
@pass_session
def due(session: CommandSession, *, check: bool, on: datetime | None, form: str) -> None:
    """List what is due."""
    with session.open() as kartoteka:
        lines = kartoteka.retention.due(on=as_day(on))
        answer_rows([asdict(line) for line in lines], form, _columns())
    if check and lines:
        raise Due


@retention.command(
    "run", help=N_("Erase what is past its grace period; schedule what has expired.")
)
@option(
    "--accept-date",
    "accept",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help=N_("Confirm today's date after the system clock leapt."),
)
@format_option
@pass_session
def run(session: CommandSession, accept: datetime | None, form: str) -> None:
    """Run the clocks."""
    with session.open() as kartoteka:
        result = kartoteka.retention.run(as_day(accept))
        labels = {
            "day": _("day"),
            "parties": _("persons and companies"),
            "destroyed": _("data erased"),
            "going": _("grounds now going"),
            "left": _("still due"),
            **_columns(),
        }
        answer(asdict(result), form, labels)


def _columns() -> dict[str, str]:
    return {
        "number": _("number"),
        "what": _("what"),
        "purpose": _("purpose"),
        "day": _("day"),
    }
