"""`client`: natural and legal persons; entered, found, shown, corrected, explained."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import argument, group, option, together, with_register, with_session
from crm.cli.options import (
    DAY,
    PAGE,
    anyway_option,
    day_of,
    evidence_option,
    informed_of,
    informed_option,
    limit_option,
    on_option,
    own_wish_option,
    purposes_option,
    relation_option,
)
from crm.cli.output import answer, answer_rows, say
from crm.cli.reading import STDIN, Field, fields_from_stdin
from crm.errors import NothingToChange
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
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from crm.cli.frame import Function
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.parties.cards import ClientCard, ClientLine
    from crm.shape import description as of

_KINDS = ("natural", "legal")
_STATUS = ("active", "former", "prospect", "contact", "going")
_SETTABLE = ("active", "former", "prospect", "contact")

_REASONS = ("country", "relation", "purposes", "evidence", "since", "informed", "own_wish")
_country = option(
    "--country", help=N_("Two letters, such as LV or IT; the firm's own if not given.")
)


def field_options(fields: Iterable[of.Field]) -> Callable[[Function], Function]:
    """Add an option for each field; an object on standard input has them under the same names."""

    def option_of(field: of.Field) -> Callable[[Function], Function]:
        kind = click.Choice(tuple(field.codes)) if field.codes else None
        needed = field.required
        words = field.help or field.label
        return option(field.switch, field.name, type=kind, help=words, needed=needed)

    return together(*map(option_of, fields))


_further_options = together(
    *(option(f"--add-{one.kind}", multiple=True, help=one.add) for one in FURTHER.values()),
    *(option(f"--remove-{one.kind}", multiple=True, help=one.remove) for one in FURTHER.values()),
)


def changes_argument(**attributes: Any) -> Callable[[Function], Function]:
    """Take fields as they should be, which are read before anything is opened."""

    def read(context: click.Context, _: click.Parameter, words: tuple[str, ...]) -> object:
        return {} if context.resilient_parsing else changes_of(words)

    return argument("changes", nargs=-1, callback=read, **attributes)


client = group("client")


@client.command(
    "add", help=N_("Enter a client; with -, fields are read as JSON from standard input.")
)
@argument("source", required=False, type=click.Choice([STDIN]))
@option("--kind", type=click.Choice(_KINDS), help=N_("A natural or a legal person."))
@_country
@field_options(BY_NAME[name] for name in TYPED if name in NAMED)
@relation_option
@purposes_option
@evidence_option
@option("--since", type=DAY, metavar="DATE", help=N_("First day; today if not given."))
@informed_option
@anyway_option
@own_wish_option
@with_session
def add(
    session: CommandSession, /, source: str | None, anyway: bool, form: str, **typed: Any
) -> None:
    """Enter a party and show its card."""
    fields = {name: value for name, value in typed.items() if value not in (None, (), False)}
    if source == STDIN:
        fields = {**texts(fields_from_stdin(None)), **fields}
    new = new_client(fields)
    with session.open() as register:
        show_card(register.clients.add(new, anyway=anyway), form)


@client.command(
    "find", help=N_("Find by part of a name, a number, an e-mail, a phone, an account.")
)
@argument("text", nargs=-1, required=True)
@limit_option(PAGE)
@with_register
def find(register: Kartoteka, text: tuple[str, ...], limit: int, form: str) -> None:
    """Search and list."""
    found = register.clients.find(" ".join(text), limit=limit)
    _show_lines(found.lines, form)
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
@limit_option()
@with_register
def listing(register: Kartoteka, /, form: str, **chosen: Any) -> None:
    """List."""
    _show_lines(register.clients.list(**chosen), form)


@client.command("checked", help=N_("Mark the inferred values of a client as checked."))
@argument("who")
@with_register
def checked(register: Kartoteka, who: str, form: str) -> None:
    """Take the marks away and show the card."""
    show_card(register.clients.checked(who), form)


@client.command("show", help=N_("Show the card of a client, by one of the client's numbers."))
@argument("who")
@option("--reveal", is_flag=True, help=N_("Show masked values; this is logged."))
@with_register
def show(register: Kartoteka, who: str, reveal: bool, form: str) -> None:
    """Show one card."""
    show_card(register.clients.show(who, reveal=reveal), form)


@client.command("edit", help=N_("Correct fields: FIELD=VALUE …, or - and JSON on standard input."))
@argument("who")
@changes_argument()
@_further_options
@anyway_option
@own_wish_option
@with_register
def edit(
    register: Kartoteka,
    /,
    who: str,
    changes: dict[str, str | None],
    anyway: bool,
    own_wish: bool,
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
    card = register.clients.edit(who, changes, beside, anyway=anyway, own_wish=own_wish)
    show_card(card, form)


@client.command("why", help=N_("Explain for each stored field why it is kept and until when."))
@argument("who")
@on_option
@with_register
def why(register: Kartoteka, who: str, on: date | None, form: str) -> None:
    """Explain a party."""
    told = register.clients.why(who, say_because, on=on)
    rows: list[dict[str, Any]] = [dict(datum) for datum in told["data"]]
    if form == "table":
        fields = ("field", "item", "purpose", "article", "until", "because")
        labels = why_labels()
        answer_rows(rows, form, {field: labels[field] for field in fields})
    else:
        answer({"data": rows}, form)


def _show_lines(lines: Iterable[ClientLine], form: str) -> None:
    """Write a list; the machine forms hold every field in its fixed order."""
    columns = list_columns() if form == "table" else None
    answer_rows([line_row(line, form) for line in lines], form, columns)


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
