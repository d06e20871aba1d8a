"""`demo`: a register of invented people, to be tried without fear."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from crm.cli.frame import Group, command, option, with_session
from crm.cli.output import answer_rows, has_terminal, say
from crm.cli.settings import demo_vault
from crm.i18n import _
from crm.opening.words import shown_place
from crm.parties.words import line_row, list_columns
from gdpr.errors import KartotekaError
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession

_SHOWN = 12


@command("demo")
@option("--fresh", is_flag=True, help=N_("Create it again if it already exists."))
@with_session
def demo(session: CommandSession, /, fresh: bool, form: str) -> None:
    """Make the register once, in a place of its own, and show it every time."""
    from crm.kartoteka import Kartoteka

    context = click.get_current_context()
    told = context.find_root().params.get("vault")
    target = told or demo_vault()
    if form == "table" and has_terminal():
        _show_screens(context, fresh=fresh)
        return
    if fresh or not os.path.exists(target):  # noqa: PTH110 - a path of any kind, not ours to normalise
        say(_("Inventing people …"))
    try:
        register = Kartoteka.demo(target, clock=session.clock, fresh=fresh, own=told is None)
    except KartotekaError:
        say(_("To create the demo again: kartoteka demo --fresh"))
        raise
    with register:
        lines = sorted(register.clients.list(limit=_SHOWN), key=lambda line: line.number)
        answer_rows([line_row(line, form) for line in lines], form, list_columns())
    _say_how_to_go_on(target)


def _show_screens(context: click.Context, *, fresh: bool) -> None:
    root = context.find_root()
    screens = root.command.get_command(root, "open") if isinstance(root.command, Group) else None
    if screens is not None:
        context.invoke(screens, demo=True, fresh=fresh)


def _say_how_to_go_on(target: str) -> None:
    from crm.kartoteka import demo_logins

    password, logins = demo_logins()
    users = ", ".join(f"{name} ({', '.join(roles)})" for name, roles in logins.items())
    say(
        _(
            "Everybody in it is invented, so its password is published. To go on, set:\n"
            "  export KARTOTEKA_VAULT={vault} KARTOTEKA_USER={user} KARTOTEKA_PASSWORD={password}\n"
            "and try: kartoteka client find berz, kartoteka client show 1, kartoteka client why 1, "
            "kartoteka subject erase 2 --preview, kartoteka audit verify, kartoteka doctor.\n"
            "Its users: {users}."
        ).format(vault=shown_place(target), user=next(iter(logins)), password=password, users=users)
    )
