"""Where a password comes from: the environment, a command or a hidden prompt; never an argument.

Arguments are shown to every user of the machine and kept in the shell's history.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, TypeVar

import click

from crm.cli.errors import NobodyToAsk, PassCommandFailed, PasswordNeeded
from crm.cli.output import say
from crm.cli.reading import decoded, line_from_stdin
from crm.errors import PasswordsDiffer
from crm.i18n import _
from crm.session.words import translate
from gdpr.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")

_PASSWORD = "KARTOTEKA_PASSWORD"  # noqa: S105 - the name of a variable
_PASSCOMMAND = "KARTOTEKA_PASSCOMMAND"
_PATIENCE = 60


def left_password() -> str | None:
    """Return the password that was left for us, in the environment or with a command, or None."""
    if (told := os.environ.get(_PASSWORD)) is not None:
        return told
    words = os.environ.get(_PASSCOMMAND)
    return _ask_command(words) if words else None


def current_password() -> str:
    """Return the user's password from wherever it was left for us, or ask for it."""
    if (told := left_password()) is not None:
        return told
    if not (terminal() or _terminal_behind_a_pipe()):
        raise PasswordNeeded
    return ask_hidden(_("Password"))


def new_password() -> str:
    """Return a password to be set: typed twice, or the first line of standard input.

    It never comes from `KARTOTEKA_PASSWORD`, where the old one is.
    """
    if not sys.stdin.isatty():
        return line_from_stdin()
    first = ask_hidden(_("New password"))
    if first != ask_hidden(_("New password again")):
        raise PasswordsDiffer
    return first


def first_password() -> str:
    """Return the password of a register about to be made: from the environment or typed twice."""
    if (told := left_password()) is not None:
        return told
    if not terminal():
        raise PasswordNeeded
    return new_password()


def until_right(question: Callable[[], _Answer]) -> _Answer:
    """Ask until the answer is right; where nobody is there, the first one counts."""
    while True:
        try:
            return question()
        except Invalid as wrong:
            if not terminal():
                raise
            say(translate(wrong))


def offer_phrase(language: str) -> None:
    """Say how long a password is, and offer one that may be used."""
    from crm.kartoteka import suggest_passphrase

    words = _("Choose a password of 15 characters or more. You may use this one:\n{phrase}")
    say(words.format(phrase=suggest_passphrase(language)))


def ask(question: str, *, instead: str, default: str | None = None) -> str:
    """Ask on the terminal; where there is none, name the option that answers `instead`."""
    if not terminal():
        raise NobodyToAsk(option=instead)
    return str(click.prompt(question, default=default, show_default=bool(default), err=True))


def terminal() -> bool:
    """Tell whether someone is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _terminal_behind_a_pipe() -> bool:
    # `client add - < client.json`: standard input is taken, the hidden prompt has its own way.
    if not sys.stderr.isatty():
        return False
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True


def ask_hidden(question: str) -> str:
    """Ask on the terminal for what nobody should read over a shoulder."""
    return str(click.prompt(question, hide_input=True, err=True))


def typed_recovery_key() -> str:
    """Return the recovery key: hidden or from standard input, for it stands on paper only."""
    return ask_hidden(_("Recovery key")) if terminal() else line_from_stdin()


def _ask_command(words: str) -> str:
    surroundings = {name: value for name, value in os.environ.items() if name != _PASSWORD}
    try:
        answer = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            shlex.split(words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_PATIENCE,
            env=surroundings,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        raise PassCommandFailed(code=-1) from None
    raw = answer.stdout.partition(b"\n")[0].rstrip(b"\r")
    if answer.returncode or not raw:
        raise PassCommandFailed(code=answer.returncode)
    return decoded(raw)
