"""`client`: natural and legal persons; entered, found, shown, corrected, explained."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import argument, format_option, group, option, pass_session
from crm.cli.options import (
    DAY,
    EVIDENCE,
    day_of,
    informed_of,
    informed_option,
    on_option,
    own_wish_option,
)
from crm.cli.output import answer, answer_rows, say
from crm.cli.reading import STDIN, Field, fields_from_stdin
from crm.grounds.words import say_because
from crm.i18n import _
from crm.kinds.party import BY_NAME, FURTHER, TYPED
from crm.parties.cards import NAMED, Further, NewClient
from crm.parties.words import (
    card_labels,
    card_record,
    line_row,
    list_columns,
    why_labels,
)
from crm.session.errors import NothingToChange
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from crm.cli.session import CommandSession
    from crm.parties.cards import ClientCard
    from crm.shape import description as of

_KINDS = ("natural", "legal")
_STATUS = ("active", "former", "prospect", "contact", "going")
_SETTABLE = ("active", "former", "prospect", "contact")
_PAGE = 50

_REASONS = ("country", "relation", "purposes", "evidence", "since", "informed", "own_wish")
_country = option(
    "--country", help=N_("Two letters, such as LV or IT; the firm's own if not given.")
)


def field_options(
    fields: Iterable[of.Field],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an option for each field; an object on standard input has them under the same names."""

    def add_all(function: Callable[..., Any]) -> Callable[..., Any]:
        for field in reversed(tuple(fields)):
            kind = click.Choice(tuple(field.codes)) if field.codes else None
            line = field.help or field.label
            function = option(field.switch, field.name, type=kind, help=line)(function)
        return function

    return add_all


def _further_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for verb in ("remove", "add"):
        for one in reversed(FURTHER.values()):
            line = one.add if verb == "add" else one.remove
            function = option(f"--{verb}-{one.kind}", multiple=True, help=line)(function)
    return function


client = group("client")


@client.command(
    "add", help=N_("Enter a client; with -, fields are read as JSON from standard input.")
)
@argument("source", required=False, type=click.Choice([STDIN]))
@option("--kind", type=click.Choice(_KINDS), help=N_("A natural or a legal person."))
@_country
@field_options(BY_NAME[name] for name in TYPED if name in NAMED)
@option("--relation", help=N_("Their relationship with us, such as client or prospect."))
@option("--purpose", "purposes", multiple=True, help=N_("A single purpose; may be repeated."))
@option("--evidence", type=click.Choice(EVIDENCE), help=N_("The evidence for it."))
@option("--since", type=DAY, metavar="DATE", help=N_("First day; today if not given."))
@informed_option
@option("--anyway", is_flag=True, help=N_("Save it although there is a possible duplicate."))
@own_wish_option
@format_option
@pass_session
def add(
    session: CommandSession, /, source: str | None, anyway: bool, form: str, **typed: Any
) -> None:
    """Enter a party and show its card."""
    fields = {name: value for name, value in typed.items() if value not in (None, (), False)}
    if source == STDIN:
        fields = {**texts(fields_from_stdin(None)), **fields}
    new = new_client(fields)
    with session.open() as kartoteka:
        card = kartoteka.clients.add(new, anyway=anyway)
        show_card(card, form)


@client.command(
    "find", help=N_("Find by part of a name, a number, an e-mail, a phone, an account.")
)
@argument("text", nargs=-1, required=True)
@option(
    "--limit", type=click.IntRange(1), default=_PAGE, help=N_("Maximum number of lines to show.")
)
@format_option
@pass_session
def find(session: CommandSession, text: tuple[str, ...], limit: int, form: str) -> None:
    """Search and list."""
    with session.open() as kartoteka:
        found = kartoteka.clients.find(" ".join(text), limit=limit)
        answer_rows([line_row(line, form) for line in found.lines], form, _columns(form))
        if found.proofs:
            said = _("A proof of consent is kept for it: {purposes}. Show it: {command}")
            command = "kartoteka consent list " + shlex.quote(" ".join(text))
            say(said.format(purposes=", ".join(found.proofs), command=command))
        if found.alike and found.lines:
            say(_("No exact match; these are similar."))
        if found.more:
            say(_("There are more; give more of the name, or raise --limit."))


@client.command("list", help=N_("List clients by number, without those who are only contacts."))
@option("--status", type=click.Choice(_STATUS), help=N_("Only those with this status."))
@option("--contacts", is_flag=True, help=N_("Contact persons too."))
@option(
    "--to-check", is_flag=True, help=N_("Only those with a value that was inferred or not checked.")
)
@option("--limit", type=click.IntRange(1), help=N_("Maximum number of lines to show."))
@format_option
@pass_session
def listing(session: CommandSession, /, form: str, **chosen: Any) -> None:
    """List."""
    with session.open() as kartoteka:
        lines = kartoteka.clients.list(**chosen)
        answer_rows([line_row(line, form) for line in lines], form, _columns(form))


@client.command("checked", help=N_("Mark the inferred values of a client as checked."))
@argument("who")
@format_option
@pass_session
def checked(session: CommandSession, who: str, form: str) -> None:
    """Take the marks away and show the card."""
    with session.open() as kartoteka:
        show_card(kartoteka.clients.checked(who), form)


@client.command("show", help=N_("Show the card of a client, by one of the client's numbers."))
@argument("who")
@option("--reveal", is_flag=True, help=N_("Show masked values; this is logged."))
@format_option
@pass_session
def show(session: CommandSession, who: str, reveal: bool, form: str) -> None:
    """Show one card."""
    with session.open() as kartoteka:
        card = kartoteka.clients.show(who, reveal=reveal)
        show_card(card, form)


@client.command("edit", help=N_("Correct fields: FIELD=VALUE …, or - and JSON on standard input."))
@argument("who")
@argument("changes", nargs=-1)
@_further_options
@option("--anyway", is_flag=True, help=N_("Save it although there is a possible duplicate."))
@own_wish_option
@format_option
@pass_session
def edit(
    session: CommandSession,
    /,
    who: str,
    changes: tuple[str, ...],
    anyway: bool,
    form: str,
    **further: Any,
) -> None:
    """Correct a party and show its card."""
    beside = [
        Further(kind, value, remove=verb == "remove")
        for verb in ("remove", "add")
        for kind in FURTHER
        for value in further[f"{verb}_{kind}"]
    ]
    fields = changes_of(changes)
    wish = bool(further["own_wish"])
    with session.open() as kartoteka:
        card = kartoteka.clients.edit(who, fields, beside, anyway=anyway, own_wish=wish)
        show_card(card, form)


@client.command("why", help=N_("Explain for each stored field why it is kept and until when."))
@argument("who")
@on_option
@format_option
@pass_session
def why(session: CommandSession, who: str, on: date | None, form: str) -> None:
    """Explain a party."""
    with session.open() as kartoteka:
        told = kartoteka.clients.why(who, say_because, on=day_of(on))
        if form == "table":
            rows: list[dict[str, Any]] = [dict(datum) for datum in told["data"]]
            fields = ("field", "item", "purpose", "article", "until", "because")
            labels = why_labels()
            answer_rows(rows, form, {field: labels[field] for field in fields})
        else:
            answer({"data": [dict(datum) for datum in told["data"]]}, form)


def _columns(form: str) -> dict[str, str] | None:
    """Choose the columns of a table; the machine forms hold every field in its fixed order."""
    return list_columns() if form == "table" else None


def show_card(card: ClientCard, form: str) -> None:
    """Write a card and say what somebody accepted or what is hidden."""
    answer(card_record(card, form), form, card_labels())
    if card.phone_to_check:
        say(_("The phone number is saved as entered; its format could not be checked."))


def new_client(fields: Mapping[str, Any]) -> NewClient:
    """Fill the card of a new client; the register knows the fields that have no option here."""
    known = {"kind", *NAMED, *_REASONS}
    named = {name: value for name, value in fields.items() if name in known}
    more = {name: value for name, value in fields.items() if name not in named}
    days = {"since": day_of(named.get("since")), "informed": informed_of(named.get("informed"))}
    return NewClient(**{**named, **days, "more": more})


def changes_of(changes: Iterable[str]) -> dict[str, str | None]:
    """Read FIELD=VALUE pairs, or a JSON object from standard input where there is a dash."""
    words = tuple(changes)
    if words == (STDIN,):
        return {name: as_text(value) for name, value in fields_from_stdin(None).items()}
    fields: dict[str, str | None] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise NothingToChange
        fields[name.replace("-", "_")] = value
    return fields


def texts(told: Mapping[str, Field]) -> dict[str, Any]:
    """Turn what JSON held into the text the services read; `purposes` stays a list."""
    fields: dict[str, Any] = {}
    for name, value in told.items():
        if name == "purposes":
            fields[name] = tuple(value) if isinstance(value, list) else (str(value),)
        elif value is not None:
            fields[name] = as_text(value)
    return fields


def as_text(value: Field) -> str | None:
    """Write a JSON value the way somebody would have typed it."""
    if isinstance(value, list):
        return ", ".join(value)
    return None if value is None else str(value)
