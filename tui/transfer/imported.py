"""What became of a file: how many rows, and those that stayed outside, to be mended one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.i18n import _
from crm.parties.words import card_labels
from crm.transfer import words as files
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once
from tui.dialogs.asking import Choose
from tui.dialogs.recognised import recognised
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.transfer.rejected_row import MendScreen
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from pathlib import Path

    from crm.transfer.cards import ImportOrder, ImportResult
    from tui.widgets.virtual_list import VirtualList


class ImportedScreen(ListScreen):
    """Counts in words over the list of rejected rows; Enter mends one."""

    LOADED = "once"
    ABOVE = (("title", "title"), ("counts", "told-lines"), ("hint", "told-lines muted"))
    BELOW = (("detail", "detail"),)
    BINDINGS = bindings("back", "imported")

    def __init__(self, source: Path, order: ImportOrder, result: ImportResult) -> None:
        """Show what became of the rows of `source`."""
        super().__init__()
        self._source, self._result = source, result
        self._order = replace(order, rejects=None)
        self._rejects = order.rejects if result.rejected else None
        self._mended: dict[int, str] = {}
        self._differences = False

    def columns(self) -> tuple[Column, ...]:
        """Say which rows stayed outside, or which clients differ."""
        if self._differences:
            labels = card_labels()
            return (
                Column("number", labels["number"], 7, right=True),
                Column("field", labels["field"], 18),
                Column("was", _("Before"), 22, rank=1),
                Column("becomes", _("After"), 0),
            )
        return (
            Column("line", _("Line"), 7, right=True),
            Column("nr", _("No."), 7, rank=2, right=True),
            Column("column", _("Column"), 18, rank=1),
            Column("reason", _("Reason for rejection"), 0),
        )

    def load(self) -> None:
        """Say what became of the file, and show the rejected rows."""
        title = _("Previewed: {file}") if self._result.dry_run else _("Imported: {file}")
        self.write("title", title.format(file=self._source.name))
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
        elif alike := next((one.alike for one in self._result.rejects if one.line == number), ()):
            self._ask_double(number, alike)
        else:
            self._mend(number)

    @run_once
    async def _mend(self, number: int) -> None:
        screen = MendScreen(self._source, self._order, number)
        how = await self.app.push_screen_wait(screen)
        if how is not None:
            self._mended[number] = how
            self._show(keep=True)

    @run_once
    async def _ask_double(self, number: int, alike: tuple[int, ...]) -> None:
        """Ask whether a row is a client who is there; a trial only opens the client."""
        if self._order.dry_run:
            self.register.visit("card", alike[0])
            return
        people = await self.desk.ask(lambda register: recognised(register, alike))
        choices = [
            (f"same {one}", _("the same as client {number}").format(number=who))
            for one, who in people.items()
        ]
        choices += [("new", _("a new client")), ("skip", _("leave the row out"))]
        question = Choose(_("Possibly an existing client"), choices)
        decision = await self.app.push_screen_wait(question)
        if decision is None:
            return
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
        row = self.listed.current
        self.write("detail", row.cells[-1] if row else "")

    @run_once
    async def action_shred(self) -> None:
        """Destroy the file of rejected rows, once somebody said so."""
        title, path = _("Destroy the file of rejected rows?"), str(self._rejects)
        if not await self.sure(title, path, yes=_("Destroy")):
            return
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
        self.write("counts", " · ".join(told), lines=True)
        self.write("hint", self._hint(), lines=True)
        self.listed.set_columns(self.columns())
        rows = self._differing() if self._differences else self._rejected()
        self.listed.fill(rows, keep=keep)

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

    def _rejected(self) -> list[Row]:
        done = {"created": _("✓ imported"), "known": _("✓ already known")}
        rows = []
        for one in self._result.rejects:
            how = self._mended.get(one.line)
            why = files.rejected_because(one) if how is None else done.get(how, how)
            cells = (str(one.line), str(one.nr or ""), one.column or "", why)
            rows.append(Row(str(one.line), cells, "quiet" if how else ""))
        return rows

    def _differing(self) -> list[Row]:
        labels, rows = card_labels(), []
        for at, one in enumerate(self._result.changes):
            field = labels.get(one.field, one.field)
            cells = (str(one.number), field, one.was or "–", one.becomes or "–")
            rows.append(Row(str(at), cells))
        return rows
