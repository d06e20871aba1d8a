"""`wording`: texts people are shown, added once and never changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import argument, group, option, pass_register, with_register, with_session
from crm.cli.options import chosen, language_option
from crm.cli.output import answer, answer_rows, columns, say
from crm.cli.reading import bytes_of
from crm.i18n import LANGUAGES, ngettext
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import WordingCard

_KINDS = ("consent", "notice-part", "unsubscribe", "confirmation", "other")
_MOST = 1 << 20
_REACH = ("email", "phone", "post")


wording = group("wording")


@wording.command("add", help=N_("Add a text (a file, or -) as the next version of its code."))
@argument("file")
@option("--code", required=True, help=N_("What the text is called, such as newsletter."))
@option("--kind", type=click.Choice(_KINDS), required=True, help=N_("What the text is for."))
@option(
    "--language", type=click.Choice(LANGUAGES), required=True, help=N_("The language it is in.")
)
@option("--purpose", "purposes", multiple=True, help=N_("A purpose it covers; may be repeated."))
@option(
    "--reach",
    type=click.Choice(_REACH),
    multiple=True,
    help=N_(
        "Channels by which the text says people are contacted; if not given, all that it names."
    ),
)
@with_session
def add(session: CommandSession, /, file: str, form: str, **named: Any) -> None:
    """Add a text byte for byte."""
    raw = bytes_of(file, _MOST)
    with session.open() as register:
        _show(register.wordings.add(raw, **named), form)


@wording.command("load", help=N_("Add the program's own texts that are still missing."))
@pass_register
def load(register: Kartoteka) -> None:
    """Add starter texts."""
    count = register.wordings.load()
    said = ngettext("{count} text was added.", "{count} texts were added.", count)
    say(said.format(count=count))


@wording.command("list", help=N_("List every text with its versions."))
@option("--language", type=click.Choice(LANGUAGES), help=N_("Only texts in this language."))
@with_register
def listing(register: Kartoteka, language: str | None, form: str) -> None:
    """List texts."""
    lines = register.wordings.listing(language)
    shown = ("code", "kind", "language", "version", "purposes", "reach", "hash")
    answer_rows(lines, form, columns(*shown))


@wording.command("show", help=N_("Show a text as people saw it."))
@argument("code")
@language_option
@option("--version", type=int, help=N_("Which version; the newest if not given."))
@with_register
def show(
    register: Kartoteka, code: str, language: str | None, version: int | None, form: str
) -> None:
    """Show a text."""
    _show(register.wordings.show(code, chosen(language), version), form)


def _show(card: WordingCard, form: str) -> None:
    answer({**asdict(card.line), "text": card.body}, form, "wording")
