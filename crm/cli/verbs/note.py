"""`note`: what staff wrote down about a party."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.frame import argument, format_option, group, pass_session
from crm.cli.output import answer, answer_rows
from crm.cli.reading import STDIN, fields_from_stdin
from crm.cli.verbs.client import as_text
from crm.i18n import _, pgettext
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession


note = group("note")


@note.command("add", help=N_("Write a note; with -, the text is read as JSON from standard input."))
@argument("who")
@argument("text")
@format_option
@pass_session
def add(session: CommandSession, who: str, text: str, form: str) -> None:
    """Write a note."""
    if text == STDIN:
        text = as_text(fields_from_stdin({"text"}).get("text")) or ""
    with session.open() as kartoteka:
        card = kartoteka.notes.add(who, text)
        answer(asdict(card), form, _labels())


@note.command("list", help=N_("List the notes about a client, newest first."))
@argument("who")
@format_option
@pass_session
def listing(session: CommandSession, who: str, form: str) -> None:
    """List notes."""
    with session.open() as kartoteka:
        cards = kartoteka.notes.list(who)
        labels = _labels()
        columns = {field: labels[field] for field in ("written", "author", "text")}
        answer_rows([asdict(card) for card in cards], form, columns)


def _labels() -> dict[str, str]:
    return {
        "number": _("number"),
        "written": _("written on"),
        "author": pgettext("note", "written by"),
        "text": _("note"),
    }
