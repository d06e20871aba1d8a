"""The copies of data outside the register that this program made, and their end."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from crm.dates import day_text
from crm.i18n import _, ngettext
from crm.keys.words import COPY_KINDS, COPY_REASONS, COPY_STATES
from crm.transparency.words import said
from tui.app_screen import Program, run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from datetime import date

    from crm.copies.cards import CopyLine
    from crm.kartoteka import Kartoteka
    from tui.widgets.virtual_list import VirtualList


class CopiesScreen(ListScreen):
    """A list of files; marked ones, or the one under the cursor, can be destroyed."""

    AREA = "settings"
    LOADED = "once"
    ABOVE = (("count", "question--title"),)
    BELOW = (("where", "muted"),)
    BINDINGS = bindings("back", "copies")

    def __init__(self) -> None:
        """Show those that may still exist."""
        super().__init__()
        self._gone = False
        self._lines: dict[str, CopyLine] = {}

    def columns(self) -> tuple[Column, ...]:
        """Say which file it is, how it is, and how long it stays."""
        return (
            Column("kind", _("kind"), 22),
            Column("file", _("file"), 0, least=24),
            Column("made", _("created on"), 10, rank=1),
            Column("ends", _("destroy by"), 14),
            Column("state", _("state"), 11),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let those destroy copies who may change something."""
        if action in {"shred", "due", "gone"}:
            return bool(self.register.writes)
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the list; that somebody read it is an entry in the log."""
        lines, today = await self.desk.ask(self._state)
        self._lines = {one.id: one for one in lines}
        self.listed.marked &= self._lines.keys()
        self.listed.fill([_row(one, today) for one in lines], keep=True)
        words = ngettext("{count} known copy", "{count} known copies", len(lines))
        said_ = words.format(count=len(lines))
        if not lines:
            said_ = _("No known copies. Exports, packages and backups are listed here.")
            self.write("where", "")
        self.write("count", said_)

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say where the row lies."""
        one = self._lines.get(event.key)
        self.write("where", one.path if one is not None else "")

    def action_all(self) -> None:
        """Show also those that are gone, or leave them out again."""
        self._gone = not self._gone
        self.load()

    @run_once
    async def action_shred(self) -> None:
        """Overwrite and remove the marked copies, or the one under the cursor."""
        chosen, files = self._chosen()
        if chosen and await self.sure(_("Destroy these files?"), files, yes=_("Destroy")):
            lines = await self.desk.ask(lambda register: register.copies.shred(chosen))
            self.listed.marked = set()
            self._told(lines)

    @run_once
    async def action_gone(self) -> None:
        """Note that the marked copies, or the one under the cursor, are gone though not found."""
        chosen, files = self._chosen()
        if not chosen:
            return
        reasons = [(code, _(words)) for code, words in COPY_REASONS.items()]
        question = Choose(_("What happened to these files?"), reasons, files)
        because = await self.app.push_screen_wait(question)
        if because is not None:
            await self.desk.ask(lambda register: register.copies.declare_gone(chosen, because))
            self.listed.marked = set()
            self.load()

    def _chosen(self) -> tuple[list[str], str]:
        """Return what is marked, or under the cursor, and not gone yet; and where it lies."""
        marked = sorted(self.listed.marked or {self.key or ""})
        lines = [self._lines[key] for key in marked if key in self._lines]
        there = [one for one in lines if one.gone is None]
        return [one.id for one in there], "\n".join(one.path for one in there)

    @run_once
    async def action_due(self) -> None:
        """Overwrite and remove every copy past its end, but the newest backup in each place."""
        text = _(
            "All copies past their destruction date, except the newest backup in each location."
        )
        if await self.sure(_("Destroy what is due?"), text, yes=_("Destroy")):
            lines = await self.desk.ask(lambda register: register.copies.shred(due=True))
            self._told(lines)

    def _told(self, lines: tuple[CopyLine, ...]) -> None:
        told_of_copies(self.register, lines)
        self.load()

    def _state(self, register: Kartoteka) -> tuple[tuple[CopyLine, ...], date]:
        return register.copies.list(gone=self._gone), register.notices.today


def told_of_copies(app: Program, lines: tuple[CopyLine, ...]) -> None:
    """Say how many copies were destroyed, and of each other what is where it should be."""
    gone = sum(line.state == "gone" for line in lines)
    words = ngettext("{count} copy destroyed.", "{count} copies destroyed.", gone)
    app.notify(words.format(count=gone))
    for one in lines:
        if one.state != "gone" or one.left:
            named = ", ".join((PurePath(one.path).name, *one.left))
            app.notify(f"{named}: {said(COPY_STATES, one.state)}", severity="warning", timeout=12)


def _row(one: CopyLine, today: date) -> Row:
    over = one.gone is None and one.ends < today.isoformat()
    ends = f"!{one.ends}" if over else one.ends
    style = "warning" if over else "quiet" if one.gone is not None else ""
    name = PurePath(one.path).name
    cells = (
        said(COPY_KINDS, one.kind),
        name,
        day_text(one.made),
        ends,
        said(COPY_STATES, one.state),
    )
    return Row(one.id, cells, style)
