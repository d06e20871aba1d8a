"""Bringing in a list: which file, what its people are to us, and what becomes of each column."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.grounds import words as ground_words
from crm.i18n import _
from crm.transfer import words as files
from crm.transfer.cards import ImportOrder
from crm.transparency.cards import UNKNOWN
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.fields import LongFileForm
from tui.dialogs.files import ChooseFile
from tui.dialogs.filling import Fill, ticks
from tui.dialogs.saving import beside, suggested, typed_path
from tui.key_bindings import bindings
from tui.safe import line
from tui.transfer.import_preview import (
    FOUND_OUT,
    LETTERS,
    encodings_to_choose,
    preview_rows,
)
from tui.transfer.imported import ImportedScreen
from tui.widgets.gauge import Gauge
from tui.widgets.path_line import PathLine
from tui.widgets.pick import Pick
from tui.widgets.virtual_list import Column, VirtualList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from crm.transfer.cards import FileColumns, ImportResult
    from crm.transparency.cards import RelationLine

_ENDINGS = files.FILE_ENDINGS
_NO_PLACE = "-"
# Instead of a relation: purposes one by one.
_SINGLE = ""
_AS_HEADED = ""


class ImportScreen(LongFileForm):
    """Shows what a file would bring before a row of it is stored."""

    BINDINGS = bindings("back", "import")
    AUTO_FOCUS = "#file"

    def __init__(self) -> None:
        """Begin without a file."""
        super().__init__()
        self._relations: dict[str, RelationLine] = {}
        self._purposes: dict[str, str] = {}
        self._chosen: tuple[str, ...] = ()
        self._mapping: dict[str, str] = {}
        self._columns: FileColumns | None = None
        self._encoding: str | None = None
        self._finished: ImportedScreen | None = None

    def drawn(self) -> ComposeResult:
        """Draw the form, and room for the columns under it."""
        yield Static(line(_("Import a list")), classes="title")
        with Vertical(classes="papers--form"):
            hint = _("CSV, xlsx or vCard; F9 looks for it")
            yield self.row(_("File"), PathLine("", hint, endings=_ENDINGS, id="file"))
            yield self.row(_("Relationship"), Pick((), id="relation"))
            yield self.row(_("Evidence"), Pick((), id="evidence"))
            told = (
                ("", _("not yet, or not known yet")),
                (UNKNOWN, _("not known")),
                ("day", _("yes, on this day:")),
            )
            day = Input("", "2026-03-31", id="informed-day", compact=True)
            yield self.row(_("Informed?"), Pick(told, id="informed"), day)
            sources = [("", _("not stated")), *((c, _(w)) for c, w in files.SOURCES.items())]
            yield self.row(_("Who gave us the data"), Pick(sources, id="source"))
            known = (("", _("leave them as they are")), ("update", _("update them")))
            yield self.row(_("Clients known already"), Pick(known, id="update"))
            twice = (
                ("ask", _("the row is rejected")),
                ("same", _("complete the client")),
                ("new", _("enter as new")),
                ("skip", _("leave the row out")),
            )
            yield self.row(_("Possible duplicates"), Pick(twice, id="doubles"))
            bad = (("", _("the row is rejected")), ("keep", _("set the value aside")))
            yield self.row(_("Invalid value"), Pick(bad, id="defective"))
            yield self.row(_("Save rejected rows to"), PathLine("", _("no file"), id="rejects"))
            demo = (("", _("no")), ("demo", _("yes, nobody in the file is real")))
            yield self.row(_("Into the demo register"), Pick(demo, id="demo"), name="demo-row")
        yield Static("", id="problem", classes="error", markup=False)
        yield Gauge(id="gauge")
        columns = (
            Column("column", _("Column"), 18),
            Column("holds", _("Contents"), 19, rank=1),
            Column("purposes", _("Needed for, or why it is left out"), 0),
        )
        yield VirtualList(columns, id="columns")

    def on_mount(self) -> None:
        """Offer the relations."""
        me = self.register.me
        self.query_one("#demo-row").display = me is not None and me.demo
        self.query_one("#informed-day").display = False
        self.load()

    def on_screen_resume(self) -> None:
        """Show what a run came to that ended while somebody was elsewhere."""
        if self._finished is not None:
            done, self._finished = self._finished, None
            self.app.push_screen(done)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing to whom may not write, and only stopping while rows come in."""
        if action in {"start", "try_out", "choose"}:
            return self.register.user_may(write="identity") and self.halt is None
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Bring what a clerk may choose."""
        lines = await self.desk.ask(lambda register: register.purposes.relations())
        purposes = await self.desk.ask(lambda register: register.purposes.listing())
        self._purposes = ground_words.purpose_names(purposes)
        self._relations = {one.code: one for one in lines}
        names = ground_words.purpose_names(lines)
        pick = self.query_one("#relation", Pick)
        pick.choices = (*names.items(), (_SINGLE, _("kept for single purposes …")))
        pick.value = "client"
        self._offer_evidence()

    def on_pick_turned(self, event: Pick.Turned) -> None:
        """Another relation covers other columns, and is shown by other things."""
        event.stop()
        if event.pick.id == "relation":
            self._offer_evidence()
            if event.pick.value == _SINGLE:
                self._ask_purposes()
                return
        if event.pick.id == "informed":
            self.query_one("#informed-day").display = event.pick.value == "day"
        if event.pick.id in {"relation", "evidence"}:
            self.look()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Look into the file as soon as its name stands there."""
        if event.input.id == "file":
            self._named()

    @run_once
    async def action_choose(self) -> None:
        """Look for a file."""
        typed = self._path()
        folder = Path.home() if typed is None else typed.parent
        path = await self.app.push_screen_wait(ChooseFile(_("Choose a file"), folder, _ENDINGS))
        if path is not None:
            self.query_one("#file", Input).value = path
            self._named()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Ask what a column holds, or in which letters the file is written."""
        event.stop()
        if self._columns is not None and event.key == LETTERS:
            self._ask_encoding(self._columns)
        elif self._columns is not None and event.key.isdigit():
            self._ask_contents(self._columns, int(event.key))

    @run_once
    async def _ask_contents(self, found: FileColumns, at: int) -> None:
        use = found.columns[at]
        choices = [
            (_AS_HEADED, _("according to its heading")),
            (_NO_PLACE, _("nothing: leave it out")),
            *((code, _(files.FIELDS.get(code, code))) for code in found.fields),
        ]
        now = self._mapping.get(use.column, use.field or _AS_HEADED)
        question = Choose(_("What does this column contain?"), choices, use.column, now=now)
        code = await self.app.push_screen_wait(question)
        if code is not None:
            self._mapping.pop(use.column, None)
            if code != _AS_HEADED:
                self._mapping[use.column] = code
            self.look()

    @run_once
    async def _ask_encoding(self, found: FileColumns) -> None:
        now = self._encoding or FOUND_OUT
        question = Choose(_("Which character encoding?"), encodings_to_choose(found), now=now)
        name = await self.app.push_screen_wait(question)
        if name is not None:
            self._encoding = name or None
            self.look()

    @task
    async def look(self) -> None:
        """Show what becomes of each column."""
        await self._look()

    @run_once
    async def action_start(self) -> None:
        """Take the file in."""
        await self._run(dry_run=False)

    @task
    async def action_try_out(self) -> None:
        """Go through the whole file and store nothing."""
        await self._run(dry_run=True)

    def stopping(self) -> str:
        """Say that it stops behind the rows that are being stored."""
        return _("Stopping after the rows now being stored …")

    async def _look(self) -> bool:
        """Fill the list of columns and tell whether the file can be taken in like this."""
        path = self._path()
        if path is None:
            return False
        try:
            order = self._order(dry_run=True)
            found = await self.desk.look(lambda r: r.imports.look(path, order))
        except KartotekaError as error:
            self.say(explain(error))
            return False
        keep = self._columns is not None
        self._columns = found
        rows = preview_rows(found, self._purposes, self.register.sign)
        self.query_one(VirtualList).fill(rows, keep=keep)
        lacks = {
            "known": _("No heading is recognised. Press Enter on a column to set its contents."),
            "name": _("No column contains a name. Press Enter on a column to set one."),
        }
        self.say(lacks.get(found.lacks or "", ""))
        return found.lacks is None

    async def _run(self, *, dry_run: bool) -> None:
        path = self._path()
        if path is None:
            self.say(_("Choose a file first."))
        elif self.halt is None and await self._look():
            with self.at_work(path.stat().st_size) as stop:
                self.say(_("Esc stops it between two batches; you can go on searching (F2)."))
                order = self._order(dry_run=dry_run)
                work = self.desk.long(
                    lambda r, step: r.imports.take(path, order, progress=step, stop=stop.is_set),
                    self.query_one(Gauge).advance,
                )
                if (result := await self.attempt(work)) is not None:
                    self._show(path, order, result)

    def _show(self, path: Path, order: ImportOrder, result: ImportResult) -> None:
        done = ImportedScreen(path, order, result)
        # The next run keeps its rejected rows in a file of its own.
        self.query_one("#rejects", Input).value = str(beside(path, _("rejected")))
        if self.is_current:
            self.app.push_screen(done)
        else:
            self._finished = done
            self.register.notify(_("The import is finished."))

    def _named(self) -> None:
        path = self._path()
        if path is None or not path.is_file():
            if path is not None:
                self.say(_("There is no such file."))
            return
        self._mapping.clear()
        self._columns = None
        self._encoding = None
        place = beside(path, _("rejected"))
        self.query_one("#rejects", Input).value = str(_writable(place))
        self.look()

    def _path(self) -> Path | None:
        return typed_path(self.typed("file"))

    def _offer_evidence(self) -> None:
        one = self._relations.get(self.picked("relation"))
        known = tuple(ground_words.EVIDENCE) if one is None else one.evidence
        pick = self.query_one("#evidence", Pick)
        pick.choices = tuple(
            (code, ground_words.word_of(ground_words.EVIDENCE, code)) for code in known
        )
        pick.value = "" if one is None else one.assumed or ""

    @run_once
    async def _ask_purposes(self) -> None:
        field = ticks("purposes", _("Purposes"), self._purposes.items(), self._chosen)

        async def taken(values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
            return values["purposes"]

        codes = await self.app.push_screen_wait(Fill(_("Purposes?"), (field,), taken))
        self._chosen = codes or self._chosen
        self.look()

    def _order(self, *, dry_run: bool) -> ImportOrder:
        informed = self.picked("informed")
        return ImportOrder(
            relation=self.picked("relation") or None,
            purposes=() if self.picked("relation") else self._chosen,
            evidence=self.picked("evidence") or None,
            informed=ground_words.day_typed(self.typed("informed-day"))
            if informed == "day"
            else informed or None,
            obtained_from=self.picked("source") or None,
            mapping=tuple(self._mapping.items()),
            rejects=None if dry_run else typed_path(self.typed("rejects")),
            dry_run=dry_run,
            keep_defective=bool(self.picked("defective")),
            update=bool(self.picked("update")),
            into_demo=bool(self.picked("demo")),
            encoding=self._encoding,
            doubles=self.picked("doubles") or "ask",
        )


def _writable(place: Path) -> Path:
    """Return the place, or one among the documents where its folder cannot be written to."""
    return place if os.access(place.parent, os.W_OK) else Path(suggested(place.name))
