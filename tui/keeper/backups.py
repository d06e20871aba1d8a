"""Copies of the whole: which there are, how old, whether they open, and what a keeper should do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from crm.i18n import _, ngettext, spoken
from crm.transfer import words as files
from gdpr.errors import KartotekaError
from tui.app_screen import AppScreen, explain, run_once, task
from tui.dialogs.asking import AskText, Confirm
from tui.dialogs.filling import PICK, SECRET, BoxField, Fill
from tui.dialogs.saving import AskPlace, typed_path
from tui.keeper.adoption import adopting
from tui.keeper.audit import counter
from tui.keys import bindings
from tui.safe import line, safe
from tui.transfer.copies import told_of_copies
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.app import ComposeResult

    from crm.backup.cards import BackupLine, BackupList, BackupMade
    from crm.backup.parts import WayIn

_TWO = 2
# What changes the register or its log, which a copy that is only read refuses.
_WRITING = frozenset({"new", "drill", "shred", "due", "forget"})


class BackupScreen(AppScreen):
    """A list of backups; a line above says what is missing."""

    BINDINGS = bindings("back", "backup")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Nothing is listed yet."""
        super().__init__()
        self._found: BackupList | None = None
        self._original: str | None = None

    def compose(self) -> ComposeResult:
        """Draw what to do, the list, and the place of the row."""
        columns = (
            Column("made", _("Created on"), 16),
            Column("age", _("Age"), 9),
            Column("state", _("State"), 0),
            Column("ends", _("Destroy by"), 12, rank=1),
        )
        yield Static(line(_("Backups")), classes="title")
        yield Static("", id="reminders", classes="told-lines warning", markup=False)
        yield VirtualList(columns)
        yield Static("", id="detail", classes="detail", markup=False)
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Read the list anew, here and when somebody comes back."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a keeper's verbs to a keeper, and only those that have something to work on."""
        if action not in {*_WRITING, "verify", "restore", "adopt"}:
            return super().check_action(action, parameters)
        found = self._found
        if found is None or not self.register.may(duty="backup"):
            return False
        if self._original is not None and action in _WRITING:
            return False
        there = {
            "new": True,
            "restore": True,
            "verify": bool(found.lines),
            "drill": bool(found.lines),
            "adopt": self._original is not None,
            "shred": bool(found.lines),
            "due": any(one.due for one in found.lines),
            "forget": bool(found.waiting),
        }
        return there[action]

    @task
    async def load(self) -> None:
        """Show what there is, the newest first."""
        try:
            found, self._original = await self.desk.ask(
                lambda register: (register.backups.overview(), register.original)
            )
        except KartotekaError as error:
            self.query_one("#reminders", Static).update(line(explain(error)))
            return
        self._found = found
        told = [_(files.REMINDERS[code]) for code in found.reminders if code in files.REMINDERS]
        if found.waiting:
            told.append(_("The register from before the restore still exists; o destroys it."))
        if self._original is not None:
            told = [_("This is a read-only copy; a turns it into a separate register.")]
        elif not found.lines:
            told.append(_("n creates the first backup."))
        elif "drill" in found.reminders:
            told.append(_("t tests restoring the selected backup."))
        sign = self.register.sign("‼", "!")
        said = "\n".join(f"{sign} {one}" for one in told)
        self.query_one("#reminders", Static).update(safe(said))
        rows = []
        for at, one in enumerate(found.lines):
            state_sign, words = files.BACKUPS[one.state]
            ends = f"{one.ends} {sign}" if one.due else one.ends
            made = one.made[:16].replace("T", " ")
            cells = (made, files.age_words(one.age), f"{state_sign} {_(words)}", ends)
            rows.append(Row(str(at), cells, "warning" if one.due or one.state != "whole" else ""))
        self.query_one(VirtualList).fill(rows)
        self.refresh_bindings()

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say where both parts of the row lie."""
        event.stop()
        if self._found is not None and int(event.key) < len(self._found.lines):
            one = self._found.lines[int(event.key)]
            data = Path(one.data)
            said = f"{data.parent}\n{data.stem}  .data + .keys"
            self.query_one("#detail", Static).update(safe(said))

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Verify the row."""
        event.stop()
        self.action_verify()

    def action_new(self) -> None:
        """Ask where the backup goes."""
        question = AskPlace(
            _("New backup: into which folder?"),
            "kartoteka-backup",
            _(
                "Preferably on another disk. Two locations, one of them off-site, are better "
                "than one."
            ),
        )

        def answered(place: str | None) -> None:
            folder = typed_path(place or "")
            if folder is not None:
                self.make(folder)

        self.app.push_screen(question, answered)

    @run_once
    async def make(self, folder: Path) -> None:
        """Write a backup, read it back, and say what to do with it."""
        told = self.query_one("#reminders", Static)
        waits = _("The backup is being written and verified …")
        told.update(line(waits))

        def reached(count: int) -> None:
            words = _("Backup… {count} entries and rows so far").format(count=count)
            told.update(line(words))

        made = await self.desk.apart(
            lambda register, step: register.backups.create(folder, progress=step), counter(reached)
        )
        self.load()
        self._second(made)

    def action_verify(self) -> None:
        """Ask who opens the backup under the cursor."""
        one = self._current()
        if one is None:
            return

        async def check(way: WayIn) -> object:
            from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

            return await self.desk.outside(lambda: Kartoteka.check_backup(parts_of(one), way))

        def checked(found: Any) -> None:
            if found is not None:
                said = ngettext(
                    "The backup can be opened: {count} record.",
                    "The backup can be opened: {count} records.",
                    found.rows,
                )
                self.register.notify(said.format(count=found.rows))

        self.app.push_screen(self._opened_with(_("Verify a backup"), check), checked)

    def action_drill(self) -> None:
        """Ask who opens the backup under the cursor, bring it back, and destroy that again."""
        one = self._current()
        if one is None:
            return

        async def drill(way: WayIn) -> object:
            return await self.desk.ask(lambda register: register.drills.run(way, parts_of(one)))

        def drilled(done: Any) -> None:
            if done is not None:
                said = ngettext(
                    "The backup can be restored: {count} record. The restored copy has"
                    " been destroyed.",
                    "The backup can be restored: {count} records. The restored copy has"
                    " been destroyed.",
                    done.rows,
                )
                self.register.notify(said.format(count=done.rows))
            self.load()

        text = _(
            "The backup is restored to a temporary folder, verified, searched for everybody "
            "who was erased, and destroyed again. The register is not changed."
        )
        self.app.push_screen(self._opened_with(_("Test restore"), drill, text), drilled)

    def action_adopt(self) -> None:
        """Make the copy that is open a register of its own; who is in logs in anew for it."""
        adopting(self)

    def action_restore(self) -> None:
        """Go to the wizard with the backup under the cursor."""
        if (one := self._current()) is not None:
            self.register.visit("restore", one.data, one.keys)
        else:
            self.register.visit("restore")

    def action_shred(self) -> None:
        """Ask whether the backup under the cursor may go."""
        one = self._current()
        if one is None:
            return
        title = _("Destroy the backup of {day}?").format(day=spoken(one.made[:10]))
        self._sure(title, f"{one.data}\n{one.keys}", one.copies)

    def action_due(self) -> None:
        """Ask whether every backup past its end may go."""
        if self._found is None:
            return
        due = [one for one in self._found.lines if one.due]
        ids = tuple(copy for one in due for copy in one.copies)
        title = _("Destroy the backups past their destruction date?")
        self._sure(title, "\n".join(one.data for one in due), ids)

    def action_forget(self) -> None:
        """Ask whether the register from before a restore may go."""
        if self._found is None:
            return
        question = Confirm(
            _("Destroy the register from before the restore?"),
            "\n".join(self._found.waiting),
            yes=_("Destroy"),
        )

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - the answer of a question
            if yes:
                self.forget()

        self.app.push_screen(question, answered)

    def action_copies(self) -> None:
        """Show every copy of data outside the register."""
        self.register.visit("copies")

    @run_once
    async def forget(self) -> None:
        """Destroy what waited."""
        await self.desk.ask(lambda register: register.backups.forget_old())
        self.register.notify(_("The previous register is destroyed."))
        self.load()

    @run_once
    async def shred(self, copies: tuple[str, ...]) -> None:
        """Destroy both parts of backups."""
        lines = await self.desk.ask(lambda register: register.copies.shred(copies))
        told_of_copies(self.register, lines)
        self.load()

    def _sure(self, title: str, text: str, copies: tuple[str, ...]) -> None:
        def answered(yes: bool | None) -> None:  # noqa: FBT001 - the answer of a question
            if yes:
                self.shred(copies)

        self.app.push_screen(Confirm(title, text, yes=_("Destroy")), answered)

    def _current(self) -> BackupLine | None:
        """Return the backup under the cursor."""
        listed = self.query_one(VirtualList).current
        if self._found is None or listed is None or not self._found.lines:
            return None
        return self._found.lines[int(listed.key)]

    def _opened_with(
        self, title: str, work: Callable[[WayIn], Awaitable[object]], text: str = ""
    ) -> Fill:
        """Ask for a password or for the key on paper, and do `work` with it."""
        me = self.register.me
        who = me.name if me is not None else ""
        ways = (("password", _("my password")), ("recovery", _("the recovery key")))
        fields = (
            BoxField("way", _("Open with"), "password", PICK, choices=ways),
            BoxField("secret", _("Password or key"), "", SECRET),
        )

        async def opened(values: Mapping[str, str]) -> object:
            from crm.kartoteka import way_in  # noqa: PLC0415 - paint first

            recovery = values["way"] == "recovery"
            return await work(way_in(who, lambda: values["secret"], recovery=recovery))

        return Fill(title, fields, opened, text=text)

    def _second(self, made: BackupMade) -> None:
        """Say what was written, and ask for a second place while there is only one."""
        told = _("Written and verified. Keep both parts: neither opens without the other.")
        self.register.notify(told)
        if made.places >= _TWO:
            return
        question = AskText(
            _("A second location?"),
            _("This is the only location with a backup. Choose another folder, or press Esc."),
        )

        def answered(place: str | None) -> None:
            folder = typed_path(place or "")
            if folder is not None:
                self.make(folder)

        self.app.push_screen(question, answered)


def parts_of(one: BackupLine) -> tuple[Path, Path]:
    """Return where both files of a backup lie."""
    return Path(one.data), Path(one.keys)
