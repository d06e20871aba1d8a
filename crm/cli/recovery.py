"""Asks for the recovery key back, because a key nobody wrote down recovers nothing."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

import click

from crm.cli.output import answer, say, write
from crm.i18n import _

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from gdpr.vault.recovery import RecoveryKey

_ASKED = 2
_TRIES = 3
# The visible screen and what was scrolled off it, where the terminal obeys.
_CLEAR = "\x1b[3J\x1b[2J\x1b[H"


def hand_over_next(key: RecoveryKey, form: str) -> None:
    """Show a key that took the place of another, this one time."""
    say(
        _(
            "This is the new recovery key. It is shown only once and stored nowhere: write it on "
            "paper and destroy the old paper. Then run: kartoteka key recovery --confirm"
        )
    )
    if form == "table":
        write(f"{key.printed()}\n")
        sys.stdout.flush()
    else:
        answer({"recovery_key": key.printed()}, form)


def confirm_on_paper(register: Kartoteka, key: RecoveryKey) -> None:
    """Ask two groups back after the screen was cleared, and note that they were right."""
    click.prompt(
        _("Press Enter once you have written it down; the screen is then cleared"),
        default="",
        show_default=False,
        prompt_suffix=" ",
        err=True,
    )
    if sys.stdout.isatty():
        write(_CLEAR)
        sys.stdout.flush()
    # Which two are asked is no secret.
    groups = sorted(random.sample(range(1, len(key.groups()) + 1), _ASKED))
    if all(_typed(key, number) for number in groups):
        register.keys.confirm_recovery(key)
        say(_("The recovery key is confirmed."))
    else:
        say(
            _(
                "The recovery key is not confirmed. Compare it with your paper, then run: "
                "kartoteka key recovery --confirm"
            )
        )


def _typed(key: RecoveryKey, number: int) -> bool:
    for _try in range(_TRIES):
        typed = click.prompt(
            _("Group {number} of the recovery key").format(number=number), err=True
        )
        if key.confirms(number, typed):
            return True
        say(_("That is not group {number}.").format(number=number))
    return False
