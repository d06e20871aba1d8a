"""`user`: who may open the register, what they may do, and their passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.frame import (
    argument,
    group,
    option,
    pass_register,
    pass_session,
    with_register,
    with_session,
)
from crm.cli.options import DAY, chosen
from crm.cli.output import answer, answer_rows, columns, say
from crm.cli.password import (
    current_password,
    new_password,
    offer_phrase,
    terminal,
    typed_recovery_key,
    until_right,
)
from crm.cli.recovery import hand_over_next
from crm.cli.verbs.key import rotate_keys
from crm.i18n import LANGUAGES, _
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.keys.cards import NewLogin, UserLine

_role_option = option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE",
    help=N_(
        "Owner (owner), privacy contact (privacy), office staff (office), technician, accountant, "
        "auditor or small office (small-office); may be repeated."
    ),
)
_language_option = option(
    "--language", type=click.Choice(LANGUAGES), help=N_("Language of the first password.")
)


user = group("user")


@user.command("add", help=N_("Add a user; the first password is shown once."))
@argument("name")
@_role_option
@_language_option
@with_register
def add(
    register: Kartoteka, /, name: str, roles: tuple[str, ...], language: str | None, form: str
) -> None:
    """Add a user with keys to what the roles may read."""
    login = register.users.add(name, roles, language=chosen(language))
    _hand_over_login(login, form)


@user.command("list", help=N_("List who may open the register."))
@with_register
def list_(register: Kartoteka, /, form: str) -> None:
    """List the users."""
    _list(register.users.list(), form)


@user.command("password", help=N_("Change your own password."))
@pass_session
def password(session: CommandSession, /) -> None:
    """Take the old password like every command, the new one typed twice or from stdin."""
    old = current_password()
    with session.open(lambda: old, changing_password=True) as register:
        if terminal():
            offer_phrase(session.settings.language)
            until_right(lambda: register.users.change_password(old, new_password()))
        else:
            register.users.change_password(old, new_password())
    say(_("The password is changed. Earlier copies still open with the old one."))


@user.command("reset", help=N_("Give a colleague a new first password and new keys."))
@argument("name")
@_language_option
@with_register
def reset(register: Kartoteka, /, name: str, language: str | None, form: str) -> None:
    """Let a colleague in who forgot the password; the old one opens nothing any more."""
    _hand_over_login(register.users.reset(name, language=chosen(language)), form)


@user.command("disable", help=N_("Disable a user, and rotate every key known to the user."))
@argument("name")
@with_register
def disable(register: Kartoteka, /, name: str, form: str) -> None:
    """Shut the user out first; rotation, which may take a while, goes on when it is repeated."""
    register.users.disable(name)
    say(_("The user is disabled. Programs still open close at their next change."))
    rotate_keys(register, form, due=True)
    say(_("Earlier copies remain readable. Recover laptop, backups and papers."))


@user.command("enable", help=N_("Enable a disabled user again, with a first password."))
@argument("name")
@_language_option
@with_register
def enable(register: Kartoteka, /, name: str, language: str | None, form: str) -> None:
    """Let somebody come back, with new keys."""
    _hand_over_login(register.users.enable(name, language=chosen(language)), form)


@user.command("roles", help=N_("Change the roles of a user, and the keys with them."))
@argument("name")
@_role_option
@pass_register
def roles(register: Kartoteka, /, name: str, roles: tuple[str, ...]) -> None:
    """Grant and take away; what was taken away is due to be rotated."""
    lost = register.users.set_roles(name, roles)
    if lost:
        say(
            _("These keys are known to somebody no longer entitled to them: {keys}.").format(
                keys=", ".join(lost)
            )
        )
        say(_("Rotate them with: kartoteka key rotate --due"))


@user.command("edit", help=N_("Record the date of a user's confidentiality undertaking."))
@argument("name")
@option(
    "--confidentiality",
    "day",
    type=DAY,
    required=True,
    metavar="DATE",
    help=N_("The date on the signed document."),
)
@pass_register
def edit(register: Kartoteka, /, name: str, day: date) -> None:
    """Note a date; the paper itself is kept elsewhere."""
    register.users.confidentiality(name, day)


@user.command("review", help=N_("Review access rights, and record the review."))
@with_register
def review(register: Kartoteka, /, form: str) -> None:
    """List the users; `doctor` reminds of it once a quarter."""
    _list(register.users.review(), form)


@user.command(
    "recover", help=N_("Let an owner log in with the recovery key and set a new password.")
)
@argument("name")
@with_session
def recover(session: CommandSession, /, name: str, form: str) -> None:
    """Take the key and then the new password, typed hidden or as two lines of standard input."""
    from crm.kartoteka import Kartoteka

    typed = typed_recovery_key()
    key = Kartoteka.recover(session.settings.vault, typed, name, new_password, clock=session.clock)
    say(_("The password is set; the recovery key you entered is no longer valid."))
    hand_over_next(key, form)


def _list(users: Iterable[UserLine], form: str) -> None:
    shown = ("name", "roles", "status", "first_password", "added", "confidentiality")
    answer_rows(users, form, columns(*shown, of="user"))


def _hand_over_login(login: NewLogin, form: str) -> None:
    answer(login, form, "user")
    say(_("This first password is shown once. The user must set a new one with:"))
    say(f"kartoteka --user {login.name} user password")
