"""`contact`: the people who speak for companies; entered, corrected, let go."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import argument, group, option, with_register, with_session
from crm.cli.options import (
    DAY,
    anyway_option,
    day_of,
    informed_of,
    informed_option,
    own_wish_option,
)
from crm.cli.output import answer
from crm.cli.reading import STDIN, fields_from_stdin
from crm.cli.verbs.client import changes_argument, field_options, show_card, texts
from crm.kinds.party import BY_NAME, OF_CONTACTS
from crm.parties.cards import NewContact
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka

_ALL = "all"


contact = group("contact")


@contact.command(
    "add", help=N_("Enter a contact person of a company; with -, fields are read as JSON.")
)
@argument("company")
@argument("source", required=False, type=click.Choice([STDIN]))
@field_options(BY_NAME[name] for name in OF_CONTACTS)
@option("--position", help=N_("Position at the company."))
@option("--person", help=N_("The number of a person already in the register."))
@option("--since", type=DAY, metavar="DATE", help=N_("First day; today if not given."))
@informed_option
@anyway_option
@own_wish_option
@with_session
def add(
    session: CommandSession, /, company: str, source: str | None, form: str, **typed: Any
) -> None:
    """Enter a contact person and show the card."""
    anyway = typed.pop("anyway")
    fields = {name: value for name, value in typed.items() if value is not None}
    if source == STDIN:
        fields = {
            **texts(fields_from_stdin({*OF_CONTACTS, "position", "person", "since", "informed"})),
            **fields,
        }
    days = {"since": day_of(fields.get("since")), "informed": informed_of(fields.get("informed"))}
    new = NewContact(**{**fields, **days})
    with session.open() as register:
        show_card(register.contacts.add(company, new, anyway=anyway), form)


@contact.command("edit", help=N_("Correct fields: FIELD=VALUE …, or - and JSON on standard input."))
@argument("who")
@changes_argument(required=True)
@option("--company", help=N_("The company the position refers to."))
@own_wish_option
@with_register
def edit(
    register: Kartoteka, /, who: str, changes: dict[str, str | None], form: str, **told: Any
) -> None:
    """Correct a contact person and show the card."""
    show_card(register.contacts.edit(who, changes, **told), form)


@contact.command("left", help=N_("Record that a contact person left a company."))
@argument("who")
@argument("company", default=_ALL)
@option("--on", "on", type=DAY, metavar="DATE", help=N_("The last day; today if not given."))
@option("--now", is_flag=True, help=N_("Erase at once, without a grace period."))
@with_register
def left(register: Kartoteka, /, who: str, company: str, form: str, **told: Any) -> None:
    """Let a contact person leave and say what follows."""
    record = asdict(register.contacts.left(who, company, **told))
    if form == "table":
        record = {field: value for field, value in record.items() if value not in (None, ())}
    answer(record, form, "contact-left")
