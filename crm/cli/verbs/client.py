"""`client`: natural and legal persons; entered, found, shown, corrected, explained."""

from __future__ import annotations

import shlex
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from crm.cli.choices import DAY, EVIDENCE, SOURCES
from crm.cli.days import informed_of, informed_option, on_option, own_wish_option
from crm.cli.frame import argument, format_option, group, option, pass_session
from crm.cli.output import answer, answer_rows, say
from crm.cli.reading import STDIN, Field, fields_from_stdin
from crm.grounds.words import say_because
from crm.i18n import _
from crm.parties.cards import Further, NewClient
from crm.parties.words import (
    card_labels,
    card_record,
    line_row,
    list_columns,
    why_labels,
)
from crm.session.errors import DayUnreadable, NothingToChange
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crm.cli.session import CommandSession
    from crm.parties.cards import ClientCard

_KINDS = ("natural", "legal")
_CHANNELS = ("email", "phone", "post", "sms", "person")
_STATUS = ("active", "former", "prospect", "contact", "going")
_SETTABLE = ("active", "former", "prospect", "contact")
_FURTHER = ("phone", "email", "address", "iban")
_PAGE = 50

# field -> (help line, codes or None); an option each, and a field of the JSON object.
_FIELDS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "country": (N_("Two letters, such as LV or IT; the firm's own if not given."), None),
    "name": (N_("Name of a company, or the whole name of a person."), None),
    "given_name": (N_("Given name of a person."), None),
    "family_name": (N_("Family name of a person."), None),
    "reg_no": (N_("Registration number of a company."), None),
    "vat_no": (N_("VAT number, with the letters of its country."), None),
    "personal_code": (N_("Personal code or codice fiscale of a person."), None),
    "email": (N_("E-mail address."), None),
    "phone": (N_("Phone number."), None),
    "iban": (N_("Bank account (IBAN)."), None),
    "legal_address": (N_("Legal address, or where a person lives or works."), None),
    "delivery_address": (N_("Address for deliveries."), None),
    "language": (N_("Language to write in, such as lv, it or en."), None),
    "channel": (N_("The way they prefer to be reached."), _CHANNELS),
    "provenance": (N_("Who told us these data."), SOURCES),
}
_REASONS = ("relation", "purposes", "evidence", "since", "informed", "own_wish")


def field_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an option for each field of a party."""

    def add_all(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            line, codes = _FIELDS[name]
            kind = click.Choice(codes) if codes else None
            switch = f"--{name.replace('_', '-')}"
            function = option(switch, name, type=kind, help=line)(function)
        return function

    return add_all


@group("client", N_("Enter clients; find, show, correct and explain them."))
def client() -> None:
    """Group the verbs on clients."""


@client.command("add", help=N_("Enter a client; with - the fields come as JSON on standard input."))
@argument("source", required=False, type=click.Choice([STDIN]))
@option("--kind", type=click.Choice(_KINDS), help=N_("A natural or a legal person."))
@field_options(*_FIELDS)
@option("--relation", help=N_("What they are to us, such as client or prospect."))
@option("--purpose", "purposes", multiple=True, help=N_("A single purpose; may be repeated."))
@option("--evidence", type=click.Choice(EVIDENCE), help=N_("What proves it."))
@option("--since", type=DAY, metavar="DATE", help=N_("First day; today if not given."))
@informed_option
@option("--anyway", is_flag=True, help=N_("Store it although somebody similar is there."))
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
@option("--limit", type=click.IntRange(1), default=_PAGE, help=N_("Most lines to show."))
@format_option
@pass_session
def find(session: CommandSession, text: tuple[str, ...], limit: int, form: str) -> None:
    """Search and list."""
    with session.open() as kartoteka:
        found = kartoteka.clients.find(" ".join(text), limit=limit)
        answer_rows([line_row(line, form) for line in found.lines], form, _columns(form))
        if found.proofs:
            said = _("A proof of consent is kept under it: {purposes}. Show it: {command}")
            command = "kartoteka consent list " + shlex.quote(" ".join(text))
            say(said.format(purposes=", ".join(found.proofs), command=command))
        if found.alike and found.lines:
            say(_("No exact match; these are similar."))
        if found.more:
            say(_("There are more; say more of the name, or raise --limit."))


@client.command("list", help=N_("List clients by number, without those who are only contacts."))
@option("--status", type=click.Choice(_STATUS), help=N_("Only those with this status."))
@option("--contacts", is_flag=True, help=N_("Contact persons too."))
@option(
    "--to-check", is_flag=True, help=N_("Only those of whom something was guessed or not checked.")
)
@option("--limit", type=click.IntRange(1), help=N_("Most lines to show."))
@format_option
@pass_session
def listing(session: CommandSession, /, form: str, **chosen: Any) -> None:
    """List."""
    with session.open() as kartoteka:
        lines = kartoteka.clients.list(**chosen)
        answer_rows([line_row(line, form) for line in lines], form, _columns(form))


@client.command("checked", help=N_("Note that what was guessed of a client was looked at."))
@argument("who")
@format_option
@pass_session
def checked(session: CommandSession, who: str, form: str) -> None:
    """Take the marks away and show the card."""
    with session.open() as kartoteka:
        show_card(kartoteka.clients.checked(who), form)


@client.command("show", help=N_("Show the card of a client, found by a number of theirs."))
@argument("who")
@option("--reveal", is_flag=True, help=N_("Show what is hidden behind dots; this is logged."))
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
@option("--add-phone", multiple=True, help=N_("One more phone."))
@option("--add-email", multiple=True, help=N_("One more e-mail address."))
@option("--add-address", multiple=True, help=N_("One more postal address."))
@option("--add-iban", multiple=True, help=N_("One more bank account."))
@option("--remove-phone", multiple=True, help=N_("Take this phone off the card."))
@option("--remove-email", multiple=True, help=N_("Take this e-mail address off the card."))
@option("--remove-address", multiple=True, help=N_("Take this postal address off the card."))
@option("--remove-iban", multiple=True, help=N_("Take this bank account off the card."))
@option("--anyway", is_flag=True, help=N_("Store it although somebody similar is there."))
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
        for kind in _FURTHER
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
def why(session: CommandSession, who: str, on: datetime | None, form: str) -> None:
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
        say(_("The phone is kept as typed; its format could not be checked."))


def new_client(fields: Mapping[str, Any]) -> NewClient:
    """Fill the card of a new client; the register knows the fields that have no option here."""
    named = {name: fields[name] for name in ("kind", *_FIELDS, *_REASONS) if name in fields}
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


def day_of(value: datetime | str | None) -> date | None:
    """Read a day from an option or from JSON."""
    if value is None or isinstance(value, datetime):
        return None if value is None else value.date()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise DayUnreadable from None
