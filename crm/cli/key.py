"""`key`: which keys there are, and whether the recovery key is on paper."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crm.cli.frame import format_option, group, option, pass_session
from crm.cli.output import answer, answer_rows, say
from crm.cli.password import terminal
from crm.i18n import _
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import Session


@group("key", N_("See the keys; confirm the recovery key."))
def key() -> None:
    """Group the verbs about keys."""


@key.command("status", help=N_("List the keys, their versions and who holds them."))
@format_option
@pass_session
def status(session: Session, /, form: str) -> None:
    """List keys, never their bytes."""
    with session.open() as register:
        lines = register.keys.status()
        answer_rows([asdict(line) for line in lines], form, _columns())


def _columns() -> dict[str, str]:
    return {
        "key": _("key"),
        "version": _("version"),
        "users": _("users"),
        "recovery": _("recovery key"),
    }


@key.command("recovery", help=N_("Say whether the recovery key is confirmed; confirm it."))
@option(
    "--confirm",
    is_flag=True,
    help=N_("Type the whole key from your paper, or give it on standard input."),
)
@format_option
@pass_session
def recovery(session: Session, /, confirm: bool, form: str) -> None:
    """Compare what was typed with the vault; the key itself is stored nowhere."""
    with session.open() as register:
        if confirm:
            register.keys.confirm_typed(_typed())
            say(_("The recovery key is confirmed."))
        answer({"confirmed": register.keys.recovery_confirmed()}, form, _labels())


def _typed() -> str:
    if not terminal():
        return sys.stdin.readline()
    return str(click.prompt(_("Recovery key"), hide_input=True, err=True))


def _labels() -> dict[str, str]:
    return {"confirmed": _("recovery key confirmed")}
