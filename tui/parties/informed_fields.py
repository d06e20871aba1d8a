"""The question whether a new person was told that their data are kept, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.grounds.words import day_typed
from crm.i18n import _
from tui.parties.party_form import PartyForm
from tui.widgets.form_field import FormField

if TYPE_CHECKING:
    from datetime import date

UNKNOWN = "unknown"


class InformedFields(PartyForm):
    """A form that asks it."""

    def informed_fields(self) -> list[FormField]:
        """Ask whether, and on which day."""
        if not self.may_prove():
            return []
        choices = [
            ("", _("not yet")),
            ("today", _("yes, today")),
            ("day", _("yes, on another day")),
            (UNKNOWN, _("not known")),
        ]
        return [
            FormField("informed", _("informed?"), choices=choices),
            FormField("informed_day", _("informed on"), hint="2026-03-31"),
        ]

    def may_prove(self) -> bool:
        """Tell whether the user may put on record that somebody was told."""
        return self.register.may(write="evidence")

    def informed_drawn(self) -> None:
        """Ask for the day only where it is another one."""
        if "informed_day" in self.fields:
            self.fields["informed_day"].display = self.fields["informed"].value == "day"

    def judge_text(self, key: str, text: str) -> tuple[str, str]:
        """Check the day."""
        if key == "informed_day":
            day = day_typed(text)
            if day is None:
                return "✗", _("Write the day as 2026-03-31.")
            if self.today is not None and day > self.today:
                return "✗", _("The day must not be in the future.")
        return super().judge_text(key, text)

    def informed(self) -> date | str | None:
        """Return the day they were told, `unknown`, or None."""
        told: dict[str, Any] = {"today": self.today, UNKNOWN: UNKNOWN}
        values = self.values
        if values.get("informed") == "day":
            return day_typed(values.get("informed_day", ""))
        return told.get(values.get("informed", ""))
