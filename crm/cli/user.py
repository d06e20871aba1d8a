"""`user`: who may open the register, and their passwords."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crm.cli.frame import argument, format_option, group, option, pass_session
from crm.cli.output import answer, answer_rows, say
from crm.cli.password import current_password, new_password, terminal
from crm.i18n import LANGUAGES, _, translate
from gdpr.errors import Invalid
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import Session
    from crm.kartoteka import Kartoteka


@group("user", N_("Add users, list them, change a password."))
def user() -> None:
    """Group the verbs about users."""


@user.command("add", help=N_("Add a user; the first password is shown once."))
@argument("name")
@option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE",
    help=N_("owner, privacy, office, technician, accountant, auditor or small-office; repeatable."),
)
@option("--language", type=click.Choice(LANGUAGES), help=N_("Language of the first password."))
@format_option
@pass_session
def add(
    session: Session, /, name: str, roles: tuple[str, ...], language: str | None, form: str
) -> None:
    """Add a user with keys to what the roles may read."""
    with session.open() as register:
        login = register.users.add(name, roles, language=language or session.settings.language)
    answer(asdict(login), form, _labels())
    say(_("This first password is shown once. Its owner must set another with:"))
    say(f"kartoteka --user {login.name} user password")


@user.command("list", help=N_("List who may open the register."))
@format_option
@pass_session
def list_(session: Session, /, form: str) -> None:
    """List the users."""
    with session.open() as register:
        users = register.users.list()
        answer_rows([asdict(each) for each in users], form, _columns())


@user.command("password", help=N_("Change your own password."))
@pass_session
def password(session: Session, /) -> None:
    """Take the old password like every command, the new one typed twice or from stdin."""
    old = current_password()
    with session.open(lambda: old, changing_password=True) as register:
        if terminal():
            _ask_until_strong(register, old, session.settings.language)
        else:
            register.users.change_password(old, new_password())
    say(_("The password is changed. Copies made before still open with the old one."))


def _ask_until_strong(register: Kartoteka, old: str, language: str) -> None:
    from crm.kartoteka import suggest_passphrase

    say(
        _("Choose a password of 15 characters or more. You may take this one:\n{phrase}").format(
            phrase=suggest_passphrase(language)
        )
    )
    while True:
        try:
            register.users.change_password(old, new_password())
        except Invalid as wrong:
            say(translate(wrong))
        else:
            return


def _columns() -> dict[str, str]:
    return {
        "name": _("name"),
        "roles": _("roles"),
        "status": _("status"),
        "first_password": _("first password"),
        "added": _("added"),
    }


def _labels() -> dict[str, str]:
    return {"name": _("name"), "roles": _("roles"), "password": _("first password")}
