"""What options of several commands offer; a test holds these words to those the services take.

They are repeated here because the help of every command has to come without loading a service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import date


class _Day(click.DateTime):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # type: ignore[override]  # a day of an option has no hour
        """Take the day out of what click reads."""
        return super().convert(value, param, ctx).date()


DAY = _Day(formats=["%Y-%m-%d"])
EVIDENCE = ("consent", "contract", "notice", "soft-opt-in")
DOUBLES = ("ask", "same", "new", "skip")
SAID_BY = ("web_form", "paper", "email", "phone", "in_person", "double_opt_in")
# A no counts however it came: where nobody says how, "unknown" is what is written down.
UNSAID = "unknown"
NO_SAID_BY = (UNSAID, *SAID_BY)
# The purpose that is meant where somebody takes a consent back and names none.
NEWS = "direct_marketing"
