"""The receipt of a destruction: counts and codes, no value; it can be saved to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.grounds import words as rights
from crm.i18n import _, ngettext, spoken
from crm.session.words import copies_words, stays_words
from tui.app_screen import run_once, task
from tui.dialogs.plan_screen import PlanScreen
from tui.dialogs.saving import AskPlace, typed_path
from tui.keys import bindings
from tui.safe import line, safe
from tui.widgets.key_bar import KeyBar
from tui.widgets.planned import Planned, heading, kept_row
from tui.widgets.virtual_list import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from crm.grounds.cards import Receipt


class ReceiptScreen(PlanScreen):
    """What was destroyed, what stays and why, and how far the proof has come."""

    BINDINGS = bindings("back", "receipt")

    def __init__(self, receipt: Receipt) -> None:
        """Show this receipt."""
        super().__init__()
        self._receipt = receipt

    def compose(self) -> ComposeResult:
        """Draw the counts, what stays, and the entry that proves it."""
        receipt = self._receipt
        yield Static(
            line(_("Receipt for number {number}").format(number=receipt.number)), classes="title"
        )
        yield Static(safe("\n".join(_summary(receipt))), classes="told--summary")
        yield Planned(id="planned")
        yield Static(
            line(_("Entry in the log: {entry}").format(entry=receipt.audit_entry)),
            classes="standing muted",
        )
        yield KeyBar()

    def on_mount(self) -> None:
        """Name the purposes."""
        self.load()

    @task
    async def load(self) -> None:
        """Fill the list."""
        names = rights.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        self.query_one(Planned).fill(_rows(self._receipt, names))

    def action_save(self) -> None:
        """Save the receipt to a file."""

        def chosen(place: str | None) -> None:
            if place:
                self.write(place)

        name = f"erasure-{self._receipt.number}.json"
        self.app.push_screen(AskPlace(_("Receipt: where to?"), name), chosen)

    @run_once
    async def write(self, place: str) -> None:
        """Write it; it holds no personal value, so it is no copy of data."""
        path = typed_path(place)
        if path is not None:
            await self.desk.ask(lambda r: r.subjects.save_receipt(self._receipt, path))
            self.register.notify(_("Written to {path}.").format(path=str(path)))


def _summary(receipt: Receipt) -> list[str]:
    data = sum(receipt.destroyed.values())
    lines = [
        _("The whole entry has been erased.")
        if receipt.whole
        else _("Part of it is kept, see below."),
        ngettext("{count} field erased", "{count} fields erased", data).format(count=data)
        + " · "
        + ngettext(
            "{count} lawful basis ended", "{count} lawful bases ended", receipt.grounds_ended
        ).format(count=receipt.grounds_ended),
        rights.told(rights.SHREDS, receipt.state),
    ]
    if receipt.going_until:
        lines.append(
            _("Scheduled for erasure; it can be restored until {day}.").format(
                day=spoken(receipt.going_until)
            )
        )
    if receipt.stays:
        lines.append(stays_words())
    elif receipt.whole and receipt.state == "shredded":
        lines.append(copies_words())
    if receipt.contacts_going:
        lines.append(
            _("Contact persons to be erased: {numbers}").format(
                numbers=", ".join(map(str, receipt.contacts_going))
            )
        )
    return lines


def _rows(receipt: Receipt, names: Mapping[str, str]) -> list[Row]:
    rows = []
    if receipt.destroyed:
        rows.append(heading(_("ERASED")))
    rows += [
        Row(f"gone-{item}", (f"✗ {rights.told(rights.ITEMS, item)}", str(count), "", ""))
        for item, count in receipt.destroyed.items()
    ]
    if receipt.stays:
        rows.append(heading(_("KEPT")))
    rows += [kept_row(at, one, names) for at, one in enumerate(receipt.stays)]
    if receipt.copies:
        rows.append(heading(_("COPIES ELSEWHERE, to destroy manually")))
    rows += [
        Row(
            f"copy-{at}",
            (f"☐ {rights.told(rights.COPIES, one['kind'])}", "", one["path"], one["ends"]),
        )
        for at, one in enumerate(receipt.copies)
    ]
    return rows
