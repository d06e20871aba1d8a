"""Writing a file: for whom, where to, and which columns somebody with these keys puts into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from crm.i18n import _, current, ngettext, spoken
from crm.lists.words import counted
from crm.parties.words import card_labels
from crm.transfer import words as files
from tui.app_screen import run_once, task
from tui.dialogs.fields import LongFileForm
from tui.dialogs.saving import suggested, typed_path
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.gauge import Gauge
from tui.widgets.path_line import PathLine
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import ExportResult

_MARKED, _CLIENTS, _ALL = "marked", "clients", "everything"
_USUAL = {"lv": "excel-lv", "it": "excel-it"}


class _HaltedError(Exception):
    """Somebody has stopped it."""


class ExportScreen(LongFileForm):
    """Shows what would be in the file before it is written."""

    BINDINGS = bindings("back", "export")
    AUTO_FOCUS = "#profile"

    def __init__(self, marked: tuple[int, ...] = ()) -> None:
        """Nothing is written yet; `marked` are the numbers of clients marked in the list."""
        super().__init__()
        self._marked = marked
        self._suggested = ""

    def drawn(self) -> ComposeResult:
        """Draw the form, and what the file would hold."""
        yield Static(line(_("Write a file")), classes="title")
        with Vertical(classes="papers--form"):
            what = [(_CLIENTS, _("the clients"))]
            if self._marked:
                said = ngettext(
                    "the {count} marked client", "the {count} marked clients", len(self._marked)
                )
                what = [
                    (_MARKED, said.format(count=counted(len(self._marked)))),
                    (_CLIENTS, _("all clients")),
                ]
            if self.register.user_may(duty="keys"):
                what.append((_ALL, _("full unencrypted export")))
            yield self.row(_("What"), Pick(what, id="what"))
            profiles = [(code, _(words)) for code, words in files.PROFILES.items()]
            usual = _USUAL.get(current(), "rfc4180")
            yield self.row(_("Format"), Pick(profiles, usual, id="profile"), name="profile-row")
            yield self.row(_("Save to"), PathLine(id="path"))
        yield Static("", id="problem", classes="error", markup=False)
        yield Gauge(id="gauge")
        with VerticalScroll(classes="report", can_focus=False):
            yield Static("", id="contents", markup=False)

    def on_mount(self) -> None:
        """Say what would be in the file."""
        self.look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing to whom may not read, and nothing twice at once."""
        if action == "start":
            return "identity" in self.register.reads and self.halt is None
        return super().check_action(action, parameters)

    def on_pick_turned(self, event: Pick.Turned) -> None:
        """Another form has other headings."""
        event.stop()
        self.query_one("#profile-row").display = self.picked("what") != _ALL
        self.look()

    @task
    async def look(self) -> None:
        """Say which columns the user's keys allow."""
        everything = self.picked("what") == _ALL
        self._suggest(_("register") if everything else _("clients") + ".csv")
        if everything:
            told = _(
                "Every table as CSV and JSON, in a new or empty folder, readable by anyone who "
                "obtains it. Destroy it as soon as the other program has imported it."
            )
            self.write("contents", told, lines=True)
            return
        profile = self.picked("profile")
        only = self._chosen()
        found = await self.desk.look(lambda register: register.exports.contents(profile, only))
        count = ngettext("{count} client", "{count} clients", found.clients)
        rule = _(
            "Clients scheduled for erasure are left out. The file is a copy of personal"
            " data: the program remembers its location; destroy it within a few weeks."
        )
        labels = card_labels()
        headings = ", ".join(labels.get(one, one) for one in found.headings)
        columns = _("Columns: {columns}").format(columns=headings)
        parts = [count.format(count=found.clients)]
        if only is not None and len(only) > found.clients:
            parts.append(_contacts(len(only) - found.clients))
        self.write("contents", "\n".join((*parts, "", columns, "", rule)), lines=True)

    @run_once
    async def action_start(self) -> None:
        """Write the file; searching goes on meanwhile."""
        path = typed_path(self.typed("path"))
        if self.halt is not None or path is None:
            self.say(_("Enter a location first.") if path is None else "")
            return
        everything, profile = self.picked("what") == _ALL, self.picked("profile")
        only = self._chosen()
        self.say("" if everything else _("Esc stops it; nothing of the file is left then."))
        with self.at_work(len(only or ())) as halt:

            def verb(register: Kartoteka, between: Callable[[int], None]) -> str:
                def step(more: int) -> None:
                    between(more)
                    if halt.is_set():
                        raise _HaltedError

                if everything:
                    # What is on the disk of it is known by then, so it is written to its end.
                    return _whole(register, path, between)
                return _written(register.exports.clients(path, profile, only=only, progress=step))

            try:
                work = self.desk.long(verb, self.query_one(Gauge).advance)
                told = await self.attempt(work)
            except _HaltedError:
                self.say(_("Stopped. Nothing is left of the file."))
            else:
                if told is not None:
                    self.write("contents", told, lines=True)
                    self.register.notify(_("The file has been written."))

    def stopping(self) -> str:
        """Say that it is being stopped."""
        return _("Stopping …")

    def _chosen(self) -> tuple[int, ...] | None:
        """Return the numbers of those who are meant, or None for all."""
        return self._marked if self.picked("what") == _MARKED else None

    def _suggest(self, name: str) -> None:
        """Offer a place, unless somebody has typed another one."""
        field = self.query_one("#path", Input)
        if field.value == self._suggested:
            self._suggested = suggested(name)
            field.value = self._suggested


def _written(done: ExportResult) -> str:
    told = [
        ngettext("{count} client written", "{count} clients written", done.written).format(
            count=done.written
        ),
        _("The file: {path}").format(path=done.path),
        _("Destroy it by {day}; Settings lists all copies.").format(day=spoken(done.ends or "")),
    ]
    if done.left_out:
        left = ngettext(
            "{count} client left out: scheduled for erasure",
            "{count} clients left out: scheduled for erasure",
            done.left_out,
        )
        told.insert(1, left.format(count=done.left_out))
    if done.contacts:
        told.insert(1, _contacts(done.contacts))
    return "\n".join(told)


def _contacts(count: int) -> str:
    left = ngettext(
        "{count} marked entry left out: contact person only",
        "{count} marked entries left out: contact persons only",
        count,
    )
    return left.format(count=count)


def _whole(register: Kartoteka, folder: Path, between: Callable[[int], None]) -> str:
    done = register.full_export.write(folder, progress=between)
    told = [
        ngettext("{count} file written", "{count} files written", done.files).format(
            count=done.files
        ),
        _("The folder: {path}").format(path=done.folder),
        _("Destroy it by {day}; Settings lists all copies.").format(day=spoken(done.ends or "")),
    ]
    return "\n".join(told)
