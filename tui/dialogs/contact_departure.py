"""A contact person leaves: on which day, and what is going then, before it is done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.widgets import Input, Static

from crm.grounds.words import TABLES, day_typed, word_of
from crm.i18n import _, spoken
from crm.parties.words import card_labels
from tui.dialogs.asking import Question
from tui.safe import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from crm.parties.cards import GoingLine


class LeftDialog(Question[date]):
    """Asks for the last day; Enter lets the person go."""

    def __init__(self, person: int, company: int, today: date, goes: Sequence[GoingLine]) -> None:
        """Take who leaves whom, the day it is, and what would be going."""
        title = _("Number {person} leaves {company}").format(person=person, company=company)
        super().__init__(title, _what_goes(goes))
        self._today = today

    def asked(self) -> ComposeResult:
        """Offer today as the last day."""
        yield Static(line(_("Last day")))
        yield Input(value=self._today.isoformat(), id="day", max_length=10)
        yield Static(line(_("Enter confirms, Esc goes back.")), classes="muted")
        yield Static("", id="problem", classes="error", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the day, or say why it is none."""
        day = day_typed(event.value)
        problem = ""
        if day is None:
            problem = _("Write the day as 2026-03-31.")
        elif day > self._today:
            problem = _("The day must not be in the future.")
        self.query_one("#problem", Static).update(line(problem))
        if day is not None and not problem:
            self.dismiss(day)


def _what_goes(goes: Sequence[GoingLine]) -> str:
    if not goes:
        return _(
            "They remain a contact person elsewhere, or are kept for another reason: nothing "
            "is erased."
        )
    labels = card_labels()
    fields = dict.fromkeys(
        labels.get(one.field, one.field) if one.table == "party" else word_of(TABLES, one.table)
        for one in goes
    )
    return _("No longer used, and erased after {day}: {fields}").format(
        day=spoken(max(one.until for one in goes)), fields=", ".join(fields)
    )
