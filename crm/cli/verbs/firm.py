"""`firm`: the details of the firm itself, as letters and notices quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.cli.frame import argument, group, option, with_register, with_session
from crm.cli.output import answer
from crm.cli.reading import STDIN, fields_from_stdin
from crm.keys.words import firm_labels
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka


firm = group("firm")


@firm.command("show", help=N_("Show the details of the firm."))
@with_register
def show(register: Kartoteka, form: str) -> None:
    """Show every detail."""
    details = register.controller.show()
    answer(dict(details), form, firm_labels())


@firm.command("edit", help=N_("Correct details; an empty value removes the detail."))
@argument("source", required=False, metavar="[-]")
@option("--name", help=N_("Name of the firm."))
@option("--reg-no", metavar="NUMBER", help=N_("Its registration number."))
@option("--address", metavar="TEXT", help=N_("Its address."))
@option("--email", metavar="ADDRESS", help=N_("Contact for questions about personal data."))
@option("--phone", metavar="NUMBER", help=N_("Its telephone number."))
@option("--dpo", metavar="TEXT", help=N_("The data protection officer, if there is one."))
@option(
    "--transfers",
    metavar="TEXT",
    help=N_("What the notice says about transfers outside the EEA; none: there are none."),
)
@option(
    "--automated",
    metavar="TEXT",
    help=N_("What the notice says about automated decisions; none: there are none."),
)
@option(
    "--sources",
    metavar="LIST",
    help=N_("Sources of data other than the data subjects: client, public, third-party, or none."),
)
@with_session
def edit(session: CommandSession, /, source: str | None, form: str, **told: str | None) -> None:
    """Change details."""
    changes = {name: value for name, value in told.items() if value is not None}
    if source == STDIN:
        typed = fields_from_stdin(tuple(told))
        changes |= {name: str(value or "") for name, value in typed.items()}
    with session.open() as register:
        details = register.controller.edit(changes)
    answer(dict(details), form, firm_labels())
