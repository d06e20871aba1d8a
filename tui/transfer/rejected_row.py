"""One row that stayed outside: its cells, and beside each what is wrong with it, to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from crm.i18n import _
from crm.transfer import words as files
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import may_leave
from tui.dialogs.screen_kinds import FramedScreen
from tui.key_bindings import bindings
from tui.safe import line, safe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.widget import Widget

    from crm.transfer.cards import ImportOrder, RejectedRow

    Faults = Iterable[tuple[str | None, str]]


class MendScreen(FramedScreen):
    """Answers `created` or `known` once the row is in."""

    LOADED = "once"
    BINDINGS = bindings("back", "rejected", "lines")
    AUTO_FOCUS = None

    def __init__(self, source: Path, order: ImportOrder, number: int) -> None:
        """Mend the row that begins on line `number` of `source`."""
        super().__init__()
        self._source, self._order, self._line = source, order, number
        self._row: RejectedRow | None = None

    def drawn(self) -> ComposeResult:
        """Draw the head; the cells follow when they were read."""
        title = _("Line {line} of {file}").format(line=self._line, file=self._source.name)
        yield Static(line(title), classes="title")
        yield Static("", id="problem", classes="error", markup=False)
        yield VerticalScroll(classes="mend", can_focus=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing after a trial, nor to whom may not write."""
        if action == "save":
            return not self._order.dry_run and self.register.user_may(write="identity")
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Show the cells as they stand in the file; the first bad one is ready to be typed."""
        path, order, number = self._source, self._order, self._line
        row = await self.desk.look(lambda r: r.imports.rejected_row(path, order, number))
        self._row = row
        box = self.query_one(VerticalScroll)
        await box.mount_all(
            _cell(at, heading, cell)
            for at, (heading, cell) in enumerate(zip(row.headings, row.cells, strict=True))
        )
        if row.over:
            said = _("Cells without a heading: {cells}").format(cells=" | ".join(row.over))
            await box.mount(Static(safe(said), classes="muted"))
        self._show(row.faults)
        bad = {column for column, _reason in row.faults}
        first = next((at for at, one in enumerate(row.headings) if one in bad), 0)
        self.query_one(f"#cell-{first}", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge the row as it stands now."""
        event.stop()
        if self._row is not None:
            self.judge()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next cell."""
        event.stop()
        self.focus_next()

    @task
    async def judge(self) -> None:
        """Say beside each cell what is wrong with it now."""
        row, order = self._row, self._order
        if row is None:
            return
        cells = self._cells(row)
        self._show(await self.desk.look(lambda r: r.imports.faults(row.headings, cells, order)))

    @run_once
    async def action_save(self) -> None:
        """Bring the row in, or say why it stays outside."""
        row, order = self._row, self._order
        if row is None:
            return
        cells = self._cells(row)
        try:
            done = await self.desk.ask(lambda r: r.imports.mend(row.headings, cells, order))
        except KartotekaError as error:
            self.write("problem", explain(error))
            return
        if not done.rejected:
            self.dismiss("known" if done.duplicates else "created")
            return
        self.judge()
        self.register.notify(_("The row is still rejected: something in it is not right yet."))

    @run_once
    async def action_back(self) -> None:  # asks before it leaves
        """Leave; what was mended is lost only when somebody says so."""
        row, title = self._row, _("Close without importing the row?")
        changed = row is not None and self._cells(row) != row.cells
        if await may_leave(self, changed=changed, title=title):
            self.dismiss(None)

    def _cells(self, row: RejectedRow) -> tuple[str, ...]:
        return tuple(self.query_one(f"#cell-{at}", Input).value for at in range(len(row.headings)))

    def _show(self, faults: Faults) -> None:
        """Put each reason under its cell; what belongs to no cell stands above all."""
        row = self._row
        if row is None:
            return
        sign = self.register.sign("✗", "!")
        places = {heading: at for at, heading in reversed(list(enumerate(row.headings)))}
        beside: dict[int, list[str]] = {}
        above: list[str] = []
        for column, reason in faults:
            place = places.get(column or "")
            if place is None:
                above.append(f"{sign} {files.reason(reason)}")
            else:
                beside.setdefault(place, []).append(f"{sign} {files.reason(reason)}")
        self.write("problem", " ".join(above))
        for at in range(len(row.headings)):
            said = self.query_one(f"#reason-{at}", Static)
            said.set_class(at in beside, "-wrong")
            said.update(line(" ".join(beside.get(at, ()))))


def _cell(at: int, heading: str, cell: str) -> Widget:
    label = Static(line(heading), classes="paper--label")
    typed = Input(cell, compact=True, id=f"cell-{at}")
    return Vertical(
        Horizontal(label, typed, classes="paper--row"),
        Static("", id=f"reason-{at}", classes="mend--reason", markup=False),
        classes="mend--row",
    )
