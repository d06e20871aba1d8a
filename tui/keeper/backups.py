"""Copies of the whole: which there are, how old, whether they open, and what a keeper should do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from crm.dates import day_text, minute_text
from crm.i18n import _, filled, spoken
from crm.transfer import words as files
from gdpr.errors import KartotekaError
from gdpr.text import Nn_
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import AskText
from tui.dialogs.filling import SECRET, BoxField, Fill, pick
from tui.dialogs.saving import AskPlace, typed_path
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.transfer.copies import told_of_copies
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from crm.backup.cards import BackupLine, BackupList
    from crm.backup.parts import WayIn
    from tui.lock import Gate
    from tui.widgets.virtual_list import VirtualList

    Parts = tuple[Path, Path]

_TWO = 2
# What changes the register or its log, which a copy that is only read refuses.
_WRITING = frozenset({"new", "drill", "shred", "due", "forget"})


class BackupScreen(ListScreen):
    """A list of backups; a line above says what is missing."""

    ABOVE = (("title", "title"), ("reminders", "told-lines warning"))
    BELOW = (("detail", "detail"),)
    DUTIES: ClassVar = dict.fromkeys({*_WRITING, "verify", "restore", "adopt"}, "backup")
    BINDINGS = bindings("back", "backup")

    def __init__(self) -> None:
        """Nothing is listed yet."""
        super().__init__()
        self._found: BackupList | None = None
        self._original: str | None = None

    def columns(self) -> tuple[Column, ...]:
        """Say when each was made, how it is, and how long it stays."""
        return (
            Column("made", _("Created on"), 16),
            Column("age", _("Age"), 9),
            Column("state", _("State"), 0),
            Column("ends", _("Destroy by"), 12, rank=1),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what has something to work on, and no change of a copy that is read."""
        found = self._found
        lines = found.lines if found is not None else ()
        lacking = {
            "verify": not lines,
            "drill": not lines,
            "adopt": self._original is None,
            "shred": not lines,
            "due": not any(one.due for one in lines),
            "forget": found is None or not found.waiting,
        }
        only_read = self._original is not None and action in _WRITING
        if action in self.DUTIES and (found is None or only_read or lacking.get(action)):
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Show what there is, the newest first."""
        self.write("title", _("Backups"))
        try:
            found, self._original = await self.desk.ask(
                lambda register: (register.backups.overview(), register.original)
            )
        except KartotekaError as error:
            self.write("reminders", explain(error))
            return
        self._found = found
        sign = self.register.sign("‼", "!")
        self.write("reminders", "\n".join(f"{sign} {one}" for one in self._told(found)), lines=True)
        rows = []
        for at, one in enumerate(found.lines):
            state_sign, words = files.BACKUPS[one.state]
            ends = f"{one.ends} {sign}" if one.due else one.ends
            made = minute_text(one.made)
            cells = (made, files.age_words(one.age), f"{state_sign} {_(words)}", ends)
            rows.append(Row(str(at), cells, "warning" if one.due or one.state != "whole" else ""))
        self.listed.fill(rows)
        self.refresh_bindings()

    def _told(self, found: BackupList) -> list[str]:
        if self._original is not None:
            return [_("This is a read-only copy; a turns it into a separate register.")]
        told = [_(files.REMINDERS[code]) for code in found.reminders if code in files.REMINDERS]
        if found.waiting:
            told.append(_("The register from before the restore still exists; o destroys it."))
        if not found.lines:
            told.append(_("n creates the first backup."))
        elif "drill" in found.reminders:
            told.append(_("t tests restoring the selected backup."))
        return told

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say where both parts of the row lie."""
        event.stop()
        if (one := self._current()) is not None:
            data = Path(one.data)
            self.write("detail", f"{data.parent}\n{data.stem}  .data + .keys", lines=True)

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Verify the row."""
        event.stop()
        self.action_verify()

    @run_once
    async def action_new(self) -> None:
        """Ask where the backup goes, and as long as it is the only one, for a second place."""
        question: AskText = AskPlace(
            _("New backup: into which folder?"),
            "kartoteka-backup",
            _(
                "Preferably on another disk. Two locations, one of them off-site, are better "
                "than one."
            ),
            filled=True,
        )
        while True:
            folder = typed_path(await self.app.push_screen_wait(question))
            if folder is None or await self._make(folder) >= _TWO:
                return
            question = AskText(
                _("A second location?"),
                _("This is the only location with a backup. Choose another folder, or press Esc."),
            )

    async def _make(self, folder: Path) -> int:
        """Write a backup, read it back, and return in how many places there is one."""
        self.write("reminders", _("The backup is being written and verified …"))
        made = await self.desk.apart(
            lambda register, step: register.backups.create(folder, progress=step),
            self.counting("reminders", _("Backup… {count} entries and rows so far")),
        )
        self.load()
        told = _("Written and verified. Keep both parts: neither opens without the other.")
        self.register.notify(told)
        return made.places

    @run_once
    async def action_verify(self) -> None:
        """Ask who opens the backup under the cursor, and look whether it can be."""

        async def check(parts: Parts, way: WayIn) -> object:
            from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

            return await self.desk.without_register(lambda: Kartoteka.check_backup(parts, way))

        said = Nn_(
            "The backup can be opened: {count} record.",
            "The backup can be opened: {count} records.",
        )
        await self._open_with(_("Verify a backup"), check, said)

    @run_once
    async def action_drill(self) -> None:
        """Ask who opens the backup under the cursor, bring it back, and destroy that again."""

        async def drill(parts: Parts, way: WayIn) -> object:
            return await self.desk.ask(lambda register: register.drills.run(way, parts))

        text = _(
            "The backup is restored to a temporary folder, verified, searched for everybody "
            "who was erased, and destroyed again. The register is not changed."
        )
        said = Nn_(
            "The backup can be restored: {count} record. The restored copy has been destroyed.",
            "The backup can be restored: {count} records. The restored copy has been destroyed.",
        )
        await self._open_with(_("Test restore"), drill, said, text)
        self.load()

    @run_once
    async def action_adopt(self) -> None:
        """Make the copy that is open a register of its own; who is in logs in anew for it."""
        app = cast("Gate", self.app)

        async def adopt(values: Mapping[str, str]) -> object:
            from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

            start, secret = app.start, values["secret"]
            who = None if app.me is None else app.me.name
            return await self.desk.without_register(
                lambda: Kartoteka.adopt(start.vault, who, lambda: secret, clock=start.clock)
            )

        text = _(
            "There will be two registers of the same people. What is changed or erased in"
            " one does not reach the other. The original is not changed. Afterwards "
            "everybody here has to log in again."
        )
        fields = (BoxField("secret", _("my password"), kind=SECRET),)
        box = Fill(_("Turn this copy into a separate register?"), fields, adopt, text=text)
        if await self.app.push_screen_wait(box) is not None:
            # Not as this screen's work: the lock ends that together with the screen.
            app.call_later(app.lock)

    def action_restore(self) -> None:
        """Go to the wizard with the backup under the cursor."""
        one = self._current()
        self.register.visit("restore", *(() if one is None else (one.data, one.keys)))

    @run_once
    async def action_shred(self) -> None:
        """Destroy both parts of the backup under the cursor, once somebody said so."""
        if (one := self._current()) is not None:
            title = _("Destroy the backup of {day}?").format(day=spoken(day_text(one.made)))
            await self._shred(title, f"{one.data}\n{one.keys}", one.copies)

    @run_once
    async def action_due(self) -> None:
        """Destroy every backup past its end, once somebody said so."""
        due = [one for one in self._found.lines if one.due] if self._found is not None else []
        ids = tuple(copy for one in due for copy in one.copies)
        title = _("Destroy the backups past their destruction date?")
        await self._shred(title, "\n".join(one.data for one in due), ids)

    @run_once
    async def action_forget(self) -> None:
        """Destroy the register from before a restore, once somebody said so."""
        waiting = "" if self._found is None else "\n".join(self._found.waiting)
        title = _("Destroy the register from before the restore?")
        if await self.sure(title, waiting, yes=_("Destroy")):
            await self.desk.ask(lambda register: register.backups.forget_old())
            self.register.notify(_("The previous register is destroyed."))
            self.load()

    def action_copies(self) -> None:
        """Show every copy of data outside the register."""
        self.register.visit("copies")

    async def _shred(self, title: str, text: str, copies: tuple[str, ...]) -> None:
        if await self.sure(title, text, yes=_("Destroy")):
            lines = await self.desk.ask(lambda register: register.copies.shred(copies))
            told_of_copies(self.register, lines)
            self.load()

    def _current(self) -> BackupLine | None:
        """Return the backup under the cursor."""
        at, lines = int(self.key or 0), () if self._found is None else self._found.lines
        return lines[at] if at < len(lines) else None

    async def _open_with(
        self,
        title: str,
        work: Callable[[Parts, WayIn], Awaitable[object]],
        said: str,
        text: str = "",
    ) -> None:
        """Ask for a password or for the key on paper, and say what came of `work` with it."""
        if (one := self._current()) is None:
            return
        parts = Path(one.data), Path(one.keys)
        who = self.register.me.name if self.register.me is not None else ""
        ways = (("password", _("my password")), ("recovery", _("the recovery key")))
        fields = (
            pick("way", _("Open with"), ways, "password"),
            BoxField("secret", _("Password or key"), kind=SECRET),
        )

        async def opened(values: Mapping[str, str]) -> object:
            from crm.kartoteka import way_in  # noqa: PLC0415 - paint first

            recovery = values["way"] == "recovery"
            return await work(parts, way_in(who, lambda: values["secret"], recovery=recovery))

        done = await self.app.push_screen_wait(Fill(title, fields, opened, text=text))
        if done is not None:
            self.register.notify(filled(said, {"count": done.rows}))
