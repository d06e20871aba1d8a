"""`open`: the screens, also what a bare `kartoteka` does in a terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import click

from crm.cli.frame import command, option, pass_session
from crm.cli.output import has_terminal
from crm.cli.password import left_password
from crm.cli.settings import demo_vault
from gdpr.errors import Locked
from gdpr.text import N_
from tui.errors import TerminalNeeded

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from tui.app import Register
    from tui.opening import Start


@command("open")
@option("--demo", is_flag=True, help=N_("With the demo register."))
@option("--fresh", is_flag=True, help=N_("Create it again."))
@pass_session
def open_screens(session: CommandSession, /, *, demo: bool, fresh: bool) -> None:
    """Run the screens until they are left; their exit code is that of the program."""
    if not has_terminal():
        raise TerminalNeeded
    told = click.get_current_context().find_root().params.get("vault")
    start = starting(session, told, demo=demo, fresh=fresh)
    from tui.app import Register  # noqa: PLC0415 - the help of this command draws nothing

    run_app(Register(start))


def run_app(app: Register) -> NoReturn:
    """Draw until somebody leaves; a crash is no success, and the register is closed after both."""
    try:
        code = app.run(mouse=app.preferences.mouse)
    finally:
        app.desk.end()
    sys.exit(code or app.return_code or 0)


def starting(
    session: CommandSession, told: str | None = None, *, demo: bool = False, fresh: bool = False
) -> Start:
    """Decide what the screens begin with; `told` is the register that was named with a flag."""
    from tui.opening import Start  # noqa: PLC0415 - as above

    if demo:
        place, own = told or demo_vault(), told is None
        return Start(place, None, session.clock, password="", demo=True, fresh=fresh, own=own)
    settings = session.settings
    start = Start(settings.vault, settings.user, session.clock, demo_place=demo_vault())
    if start.is_new():
        return start  # there is nothing yet that a password opens
    try:
        # Before anything is drawn, so that the command has the terminal to itself.
        return replace(start, password=left_password())
    except Locked as problem:
        return replace(start, problem=problem)
