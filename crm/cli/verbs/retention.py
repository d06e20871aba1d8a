"""`retention`: forgetting on time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.cli.frame import group, option, with_register, with_session
from crm.cli.options import DAY, on_option
from crm.cli.output import answer, answer_rows, columns
from gdpr.errors import Due
from gdpr.text import N_

if TYPE_CHECKING:
    from datetime import date

    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka


retention = group("retention")


@retention.command(
    "due", help=N_("List what is due for erasure, what has expired and what awaits a review.")
)
@option(
    "--check", is_flag=True, help=N_("Exit with code 6 if something is due (for scheduled jobs).")
)
@on_option
@with_session
def due(session: CommandSession, *, check: bool, on: date | None, form: str) -> None:
    """List what is due."""
    with session.open() as kartoteka:
        lines = kartoteka.retention.due(on=on)
        answer_rows(lines, form, columns("number", "what", "purpose", "day"))
    if check and lines:
        raise Due


@retention.command(
    "run", help=N_("Erase what is past its grace period; schedule what has expired.")
)
@option(
    "--accept-date",
    "accept",
    type=DAY,
    help=N_("Confirm today's date after the system clock jumped."),
)
@with_register
def run(kartoteka: Kartoteka, accept: date | None, form: str) -> None:
    """Run the clocks."""
    result = kartoteka.retention.run(accept)
    answer(result, form, "retention")
