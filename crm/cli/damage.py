"""What a list had to leave out: told after the rest was printed, with the exit code of damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.output import say
from crm.i18n import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdpr.errors import Damaged


def report_damage(found: Sequence[Damaged]) -> None:
    """Name each unreadable row by table and id; do nothing when there is none."""
    for line in dict.fromkeys(translate(damage) for damage in found):
        say(line)
    if found:
        raise click.exceptions.Exit(found[0].exit_code)
