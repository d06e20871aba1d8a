"""What options of several commands ask and offer; a test holds the words to those services take.

They are repeated here because the help of every command has to come without loading a service.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import option, together
from crm.errors import DayUnreadable
from crm.i18n import LANGUAGES, current
from crm.transparency.cards import UNKNOWN
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.cli.frame import Function

    # click's types are generic in newer releases only.
    _DayType = click.ParamType[date | str]
else:
    _DayType = click.ParamType

EVIDENCE = ("consent", "contract", "notice", "soft-opt-in")
DOUBLES = ("ask", "same", "new", "skip")
SAID_BY = ("web_form", "paper", "email", "phone", "in_person", "double_opt_in")
# A no counts however it came: where nobody says how, "unknown" is what is written down.
UNSAID = "unknown"
NO_SAID_BY = (UNSAID, *SAID_BY)
# The purpose that is meant where somebody takes a consent back and names none.
DIRECT_MARKETING = "direct_marketing"
# How many lines a search shows where nobody says otherwise.
PAGE = 50


class DayType(click.DateTime):
    """A day, without the hour that click reads with it."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Say that it is a day; how it is written, its error says."""
        del param, ctx
        return "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a day in ISO form."""
        return super().convert(value, param, ctx).date()


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


DAY = DayType(formats=["%Y-%m-%d"])
on_option = option(
    "--on",
    "on",
    type=DAY,
    metavar="DATE",
    help=N_("As of this day, past or future; changes nothing."),
)
informed_option = option(
    "--informed",
    type=InformedType(),
    metavar="DATE|unknown",
    help=N_("When the people were informed that we hold their data."),
)
own_wish_option = option(
    "--own-wish",
    is_flag=True,
    help=N_("The person was erased on request and now asks to be registered again."),
)
language_option = option(
    "--language",
    type=click.Choice(LANGUAGES),
    help=N_("Language; if not given, the one in use."),
)
recovery_option = option(
    "--recovery",
    is_flag=True,
    help=N_("Open it with the recovery key, typed or given on standard input."),
)
preview_option = option(
    "--preview", is_flag=True, help=N_("Preview what would be erased and kept; change nothing.")
)


# How a no reached us and what backs it, and a preview of what follows from it.
no_options = together(
    option(
        "--channel",
        type=click.Choice(NO_SAID_BY),
        default=UNSAID,
        show_default=True,
        help=N_("How the answer or objection was received."),
    ),
    option("--evidence-note", "note", metavar="TEXT|-", help=N_("Evidence in words.")),
    preview_option,
)


def limit_option(usual: int | None = None) -> Callable[[Function], Function]:
    """Offer to show no more than so many lines."""
    line = N_("Maximum number of lines to show.")
    return option("--limit", type=click.IntRange(1), default=usual, help=line)


relation_option = option(
    "--relation", help=N_("Their relationship with us, such as client or prospect.")
)
purposes_option = option(
    "--purpose", "purposes", multiple=True, help=N_("A single purpose; may be repeated.")
)
evidence_option = option("--evidence", type=click.Choice(EVIDENCE), help=N_("The evidence for it."))
anyway_option = option(
    "--anyway", is_flag=True, help=N_("Save it although there is a possible duplicate.")
)


def day_of(value: date | str | None) -> date | None:
    """Read a day from an option or from JSON."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise DayUnreadable from None


def informed_of(value: date | str | None) -> date | str | None:
    """Read the same, or the word `unknown`."""
    return UNKNOWN if value == UNKNOWN else day_of(value)


def chosen(language: str | None) -> str:
    """Take the language of a text, or the one this program is speaking."""
    return language or current()
