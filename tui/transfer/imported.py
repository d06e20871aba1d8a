"""What became of a file: how many rows, and those that stayed outside, to be mended one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.i18n import _
from crm.parties.words import card_labels
from crm.transfer import words as files
from gdpr.errors import KartotekaError
from tui.app_screen import AppScreen, explain, run_once
from tui.dialogs.asking import Choose, Confirm
from tui.keys import bindings
from tui.safe import line, safe
from tui.transfer.rejected_row import MendScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from crm.transfer.cards import ImportOrder, ImportResult


class ImportedScreen(AppScreen):
    """Counts in words over the list of rejected rows; Enter mends one."""

    BINDINGS = bindings("back", "imported")
    AUTO_FOCUS = "VirtualList"

    def __init__(self, source: Path, order: ImportOrder, result: ImportResult) -> None:
        """Show what became of the rows of `source`."""
        super().__init__()
        self._source, self._result = source, result
        self._order = replace(order, rejects=None)
        self._rejects = order.rejects if result.rejected else None
        self._mended: dict[int, str] = {}
        self._differences = False

    def compose(self) -> ComposeResult:
        """Draw the counts, what was left out, and the list."""
        title = _("Previewed: {file}") if self._result.dry_run else _("Imported: {file}")
        yield Static(line(title.format(file=self._source.name)), classes="title")
        yield Static("", id="counts", classes="told-lines", markup=False)
        yield Static("", id="hint", classes="told-lines muted", markup=False)
        yield VirtualList((), id="rejected")
        yield Static("", id="detail", classes="detail", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the rejected rows."""
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is."""
        if action == "changes":
            return bool(self._result.changes)
        if action == "shred":
            return self._rejects is not None
        return super().check_action(action, parameters)

    def action_changes(self) -> None:
        """Show the differences of known clients, or the rejected rows again."""
        self._differences = not self._differences
        self._show()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Open a row to mend it, or the client that differs."""
        event.stop()
        if self._differences:
            self.register.visit("card", self._result.changes[int(event.key)].number)
            return
        number = int(event.key)
        if number in self._mended:
            self.register.notify(_("This row is imported."))
            return

        alike = self._alike(number)
        if alike:
            self._ask_double(number, alike)
            return

        def mended(how: str | None) -> None:
            if how is not None:
                self._mended[number] = how
                self._show(keep=True)

        self.app.push_screen(MendScreen(self._source, self._order, number), mended)

    def _alike(self, line_number: int) -> tuple[int, ...]:
        return next((one.alike for one in self._result.rejects if one.line == line_number), ())

    def _ask_double(self, number: int, alike: tuple[int, ...]) -> None:
        """Ask whether a row is a client who is there; a trial only opens the client."""
        if self._order.dry_run:
            self.register.visit("card", alike[0])
            return
        choices = [
            (f"same {one}", _("the same as client {number}").format(number=one)) for one in alike
        ]
        choices += [("new", _("a new client")), ("skip", _("leave the row out"))]

        def decided(decision: str | None) -> None:
            if decision is not None:
                self._decide(number, decision)

        self.app.push_screen(Choose(_("Possibly an existing client"), choices), decided)

    @run_once
    async def _decide(self, number: int, decision: str) -> None:
        try:
            done = await self.desk.ask(
                lambda r: r.imports.decide(self._source, self._order, number, decision)
            )
        except KartotekaError as error:
            self.register.notify(explain(error))
            return
        if done.rejects:
            self.register.notify(files.reason(done.rejects[0].reason))
            return
        self._mended[number] = "created" if done.created else "known"
        self._show(keep=True)

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say in full what the row under the cursor has no room for."""
        event.stop()
        row = self.query_one(VirtualList).current
        self.query_one("#detail", Static).update(line(row.cells[-1] if row else ""))

    def action_shred(self) -> None:
        """Ask whether the file of rejected rows may go."""
        title = _("Destroy the file of rejected rows?")
        question = Confirm(title, str(self._rejects), yes=_("Destroy"))

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - an answer, not an option
            if yes:
                self._shred()

        self.app.push_screen(question, answered)

    @run_once
    async def _shred(self) -> None:
        path = str(self._rejects)
        await self.desk.ask(lambda register: register.copies.shred((path,)))
        self._rejects = None
        self._show(keep=True)
        self.refresh_bindings()
        self.register.notify(_("The file has been destroyed."))

    def _show(self, *, keep: bool = False) -> None:
        result = self._result
        told = files.became(result)
        if result.dry_run:
            told.insert(0, _("nothing was stored"))
        if result.stopped:
            told.insert(0, _("stopped; when started again, it continues from here"))
        if self._mended:
            told.append(_("{count} corrected").format(count=len(self._mended)))
        self.query_one("#counts", Static).update(safe(" · ".join(told)))
        self.query_one("#hint", Static).update(safe(self._hint()))
        listed = self.query_one(VirtualList)
        place = listed.cursor
        if self._differences:
            self._show_differences(listed)
        else:
            self._show_rejected(listed)
        for _step in range(place if keep else 0):
            listed.action_cursor_down()

    def _hint(self) -> str:
        if self._differences:
            return _("Enter opens the client.")
        if not self._result.rejected:
            return _("No row was rejected.")
        if self._order.dry_run:
            return _("Enter shows what is wrong with a row.")
        hint = _("Enter opens a row to correct and import it.")
        if self._rejects is not None:
            kept = _("They are also in {file}, a copy to be destroyed within a few weeks.")
            hint += " " + kept.format(file=self._rejects)
        return hint

    def _show_rejected(self, listed: VirtualList) -> None:
        listed.set_columns(
            (
                Column("line", _("Line"), 7, right=True),
                Column("nr", _("No."), 7, rank=2, right=True),
                Column("column", _("Column"), 18, rank=1),
                Column("reason", _("Reason for rejection"), 0),
            )
        )
        done = {"created": _("✓ imported"), "known": _("✓ already known")}
        rows = []
        for one in self._result.rejects:
            how = self._mended.get(one.line)
            why = files.rejected_because(one) if how is None else done.get(how, how)
            cells = (str(one.line), str(one.nr or ""), one.column or "", why)
            rows.append(Row(str(one.line), cells, "quiet" if how else ""))
        listed.fill(rows)

    def _show_differences(self, listed: VirtualList) -> None:
        labels = card_labels()
        listed.set_columns(
            (
                Column("number", labels["number"], 7, right=True),
                Column("field", labels["field"], 18),
                Column("was", _("Before"), 22, rank=1),
                Column("becomes", _("After"), 0),
            )
        )
        listed.fill(
            [
                Row(
                    str(at),
                    (
                        str(one.number),
                        labels.get(one.field, one.field),
                        one.was or "–",
                        one.becomes or "–",
                    ),
                )
                for at, one in enumerate(self._result.changes)
            ]
        )
