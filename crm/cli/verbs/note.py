"""`note`: what staff wrote down about a party."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.frame import argument, group, with_register, with_session
from crm.cli.output import answer, answer_rows, columns
from crm.cli.reading import STDIN, fields_from_stdin
from crm.cli.verbs.client import as_text
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka


note = group("note")


@note.command("add", help=N_("Write a note; with -, the text is read as JSON from standard input."))
@argument("who")
@argument("text")
@with_session
def add(session: CommandSession, who: str, text: str, form: str) -> None:
    """Write a note."""
    if text == STDIN:
        text = as_text(fields_from_stdin({"text"}).get("text")) or ""
    with session.open() as register:
        answer(asdict(register.notes.add(who, text)), form, "note")


@note.command("list", help=N_("List the notes about a client, newest first."))
@argument("who")
@with_register
def listing(register: Kartoteka, who: str, form: str) -> None:
    """List notes."""
    cards = [asdict(card) for card in register.notes.list(who)]
    answer_rows(cards, form, columns("written", "author", "text", of="note"))
