"""`init`: found a register, by options or in a short dialogue, and hand over the recovery key.

The recovery key is the answer of this command and goes to stdout, once, so that a script can take
it to where it belongs without fishing in messages. On a terminal two of its groups are asked back.
"""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

import click

from crm.cli.frame import command, option, with_session
from crm.cli.output import answer, say, write
from crm.cli.password import ask, first_password, offer_phrase, terminal, until_right
from crm.cli.recovery import confirm_on_paper
from crm.i18n import LANGUAGES, _, use
from crm.opening.words import RISKS, shown_place
from gdpr.errors import Invalid, VaultExists
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession

_ASKED: dict[str, tuple[str, bool]] = {
    "firm": (N_("Name of the firm"), True),
    "country": (N_("Country (two letters, such as LV or IT)"), True),
    "reg_no": (N_("Registration number (empty if none)"), False),
    "address": (N_("Address"), False),
    "email": (N_("E-mail address for privacy questions"), False),
}


@command("init")
@option("--firm", metavar="NAME", help=N_("Name of the firm."))
@option(
    "--country",
    metavar="CC",
    help=N_("Its country in two letters; the law of LV and IT is built in."),
)
@option("--reg-no", metavar="NUMBER", help=N_("Its registration number."))
@option("--address", metavar="TEXT", help=N_("Its address."))
@option("--email", metavar="ADDRESS", help=N_("Contact for questions about personal data."))
@option("--user", metavar="NAME", help=N_("Login name of the owner."))
@option("--language", type=click.Choice(LANGUAGES), help=N_("The firm's language."))
@with_session
def init(session: CommandSession, /, form: str, **told: str | None) -> None:
    """Ask for what no option told, found the register, show the recovery key."""
    from crm.kartoteka import Firm, Kartoteka, refuse_server

    target = session.settings.vault
    refuse_server(target)
    if os.path.lexists(target):
        raise VaultExists
    language = _language(told["language"], session.settings.language)
    firm = Firm(
        name=_told("firm", told),
        country=(country := _told("country", told)),
        reg_no=_told("reg_no", told, country),
        address=_told("address", told),
        email=_told("email", told),
        language=language,
    )
    user = _user(told["user"] or session.settings.user)
    password = _password(language, (user, firm.name))
    _warn_of(target)
    say(_("Creating the keys …"))
    register, key = Kartoteka.create(target, firm, (user, password), clock=session.clock)
    with register:
        say(_("The register is in {place}.").format(place=shown_place(target)))
        _hand_over(key.printed(), form, {"vault": shown_place(target), "user": user})
        if terminal():
            confirm_on_paper(register, key)
        else:
            say(_("Confirm it once it is on paper: kartoteka key recovery --confirm"))
    say(_("Next: kartoteka client add, kartoteka import FILE, or kartoteka --help."))


def _language(told: str | None, spoken: str) -> str:
    if told is None and terminal():
        told = click.prompt(_("Language"), default=spoken, type=click.Choice(LANGUAGES), err=True)
        use(told)
    return told or spoken


def _told(name: str, told: dict[str, str | None], country: str = "") -> str:
    """Return a detail from its option or from a question, which is asked until it fits."""
    from crm.kartoteka import check_detail

    value = told[name]
    if value is not None:
        return check_detail(name, value, country)
    question, needed = _ASKED[name]
    if not needed and not terminal():
        return ""
    return until_right(
        lambda: check_detail(name, _answered(name, question, needed=needed), country)
    )


def _answered(name: str, question: str, *, needed: bool) -> str:
    instead = f"--{name.replace('_', '-')}"
    return ask(_(question), instead=instead, default=None if needed else "")


def _user(told: str | None) -> str:
    from crm.kartoteka import checked_login

    if told is not None:
        return checked_login(told)
    try:
        proposed = checked_login(getpass.getuser())
    except (Invalid, OSError, KeyError):
        proposed = "owner"
    if not terminal():
        return proposed
    question = _("Your user name")
    return until_right(lambda: checked_login(ask(question, instead="--user", default=proposed)))


def _password(language: str, known: tuple[str, ...]) -> str:
    """Take the password from the surroundings, or offer a phrase and ask until one is strong."""
    from crm.kartoteka import check_password

    def chosen() -> str:
        password = first_password()
        check_password(password, known)
        return password

    if not terminal() or {"KARTOTEKA_PASSWORD", "KARTOTEKA_PASSCOMMAND"} & os.environ.keys():
        return chosen()
    offer_phrase(language)
    return until_right(chosen)


def _warn_of(target: str) -> None:
    from crm.kartoteka import risk_of_place

    if (risk := risk_of_place(target)) is not None:
        say(_(RISKS[risk]))


def _hand_over(printed: str, form: str, place: dict[str, str]) -> None:
    say(
        _(
            "This is the recovery key. It opens everything if the password is forgotten. It "
            "is shown only once and stored nowhere: write it on paper, keep it away from "
            "this computer, and show it to nobody."
        )
    )
    if form == "table":
        write(f"{printed}\n")
        sys.stdout.flush()
    else:
        answer({**place, "recovery_key": printed}, form)
