"""Days as people type them at options, and what else is asked of several commands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.cli.choices import DAY
from crm.cli.frame import option
from crm.session.errors import DayUnreadable
from crm.transparency.cards import UNKNOWN
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    # click's types are generic in newer releases only.
    _DayType = click.ParamType[date | str]
else:
    _DayType = click.ParamType


class InformedType(_DayType):
    """A day, or the word `unknown`."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | str:
        """Take a day in ISO form."""
        if isinstance(value, date) or value == UNKNOWN:
            return value if isinstance(value, date) else UNKNOWN
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(str(value), param, ctx)


def informed_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Ask when somebody was told that their data are kept, or that nobody knows."""
    return option(
        "--informed",
        type=InformedType(),
        metavar="DATE|unknown",
        help=N_("When the people were informed that we hold their data."),
    )(function)


def on_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for another day to look at."""
    return option(
        "--on",
        "on",
        type=DAY,
        metavar="DATE",
        help=N_("As of this day, past or future; changes nothing."),
    )(function)


def own_wish_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Ask whether somebody who was erased on request has come back of their own accord."""
    return option(
        "--own-wish",
        is_flag=True,
        help=N_("The person was erased on request and now asks to be registered again."),
    )(function)


def informed_of(value: date | str | None) -> date | str | None:
    """Read the same from an option or from JSON."""
    if value is None or isinstance(value, date) or value == UNKNOWN:
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise DayUnreadable from None
