"""`suppression`: who said no, remembered without a name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.frame import argument, group, with_register, with_session
from crm.cli.output import answer, answer_rows, columns, say
from crm.cli.reading import typed_text
from crm.consents.words import suppression_labels, suppression_row
from crm.i18n import _
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka

_COLUMNS = ("day", "why", "scope", "known_by", "until")


suppression = group("suppression")


@suppression.command("list", help=N_("List the entries; none reveals whose it is."))
@with_register
def listing(register: Kartoteka, form: str) -> None:
    """List the entries that stand."""
    lines = [asdict(line) for line in register.suppressions.entries()]
    rows = [suppression_row(line) for line in lines] if form == "table" else lines
    answer_rows(rows, form, columns(*_COLUMNS, **suppression_labels()))


@suppression.command(
    "check",
    help=N_(
        "Show what is kept for an e-mail address, phone or other number; - reads it from "
        "standard input."
    ),
)
@argument("text")
@with_session
def check(session: CommandSession, text: str, form: str) -> None:
    """Look one address or number up; that nothing is kept is an answer too."""
    wanted = str(typed_text(text)).strip()
    with session.open() as register:
        found = register.suppressions.check(wanted)
        shown = asdict(found)
        if form == "table":
            shown["listed"] = [suppression_row(line) for line in shown["listed"]]
        answer(shown, form, suppression_labels())
    if found.nothing:
        say(_("Nothing is kept for it: not in the register, not on the list, no proof."))
