"""Lists in files: old consents that come in, and people who want no more news."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.consents.words import import_labels, say_reason, stop_labels
from crm.grounds import words as ground_words
from crm.i18n import _, pgettext
from gdpr.text import N_
from tui.app_screen import run_once, task
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.filling import worded
from tui.dialogs.saving import typed_path
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.dry_run import PlannedList
from tui.widgets.pick import Pick
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from crm.transfer.cards import ConsentImport

_MARKETING = "direct_marketing"
# Lines of a list that stopped nobody, which somebody has to look at.
_OUTSIDE = ("unknown", "differing")


class _FromFile(FieldsScreen):
    """A file to be read, and a list of what became of it."""

    WRITES: ClassVar = {"save": "evidence"}
    BINDINGS = bindings("back", "run")
    AUTO_FOCUS = "#source"
    TITLE_WORDS: ClassVar = ""
    HINT_WORDS: ClassVar = ""

    def drawn(self) -> ComposeResult:
        """Draw the fields, and room for what became of the lines."""
        yield Static(line(_(self.TITLE_WORDS)), classes="title")
        yield Static(line(_(self.HINT_WORDS)), classes="standing muted")
        with Vertical(classes="told"):
            yield self.row(_("File"), Input(id="source", compact=True))
            yield from self.asked()
            yield Static("", id="problem", classes="error")
            yield PlannedList((Column("what", _("What"), 0), Column("count", _("Count"), 44)))

    def asked(self) -> ComposeResult:
        """Yield the further fields."""
        yield from ()

    @run_once
    async def action_save(self) -> None:
        """Read the file."""
        path = typed_path(self.typed("source"))
        if path is None:
            self.say(_("Choose a file."))
            return
        self.say(_("One moment…"))
        if (rows := await self.attempt(self.read(path))) is not None:
            self.query_one(VirtualList).fill(rows)

    @abstractmethod
    async def read(self, path: Path) -> list[Row]:
        """Let the register read it, and say what became of it."""


class UnsubscribeScreen(_FromFile):
    """Exactly those on the list stop; lines of nobody are told by their number."""

    TITLE_WORDS = N_("Stop it for everybody on a list")
    HINT_WORDS = N_("One e-mail address or number on each line; nobody else is affected.")

    def asked(self) -> ComposeResult:
        """Ask what stops, and how the word reached us."""
        yield self.row(_("Purpose"), Pick(((_MARKETING, _MARKETING),), id="purpose"))
        yield self.row(_("Channel"), Pick(worded(ground_words.CHANNELS_OF_NO), id="channel"))

    @task
    async def load(self) -> None:
        """Offer every purpose, the news first."""
        names = ground_words.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        pick = self.query_one("#purpose", Pick)
        pick.choices = tuple(sorted(names.items(), key=lambda pair: pair[0] != _MARKETING))
        pick.value = _MARKETING

    async def read(self, path: Path) -> list[Row]:
        """Stop them."""
        purpose, channel = self.picked("purpose"), self.picked("channel")
        done = await self.desk.ask(lambda r: r.consent_lists.stop(path, purpose, channel=channel))
        labels = stop_labels()
        rows = [Row("read", (labels["read"], str(done.read)))]
        for name in ("stopped", "already", *_OUTSIDE):
            found: tuple[int, ...] = getattr(done, name)
            numbers = ", ".join(map(str, found))
            said = f"{len(found)}: {numbers}" if found else "0"
            style = "warning" if name in _OUTSIDE and found else ""
            rows.append(Row(name, (labels[name], said), style))
        if done.going_until is not None:
            rows.append(Row("going_until", (labels["going_until"], done.going_until)))
        return rows


class ConsentImportScreen(_FromFile):
    """A yes without a text that can be shown comes in as not given; a no stays a no."""

    TITLE_WORDS = N_("Import a list of earlier consents")
    HINT_WORDS = N_("CSV with purpose, state and date, and number, e-mail or registration number.")

    def asked(self) -> ComposeResult:
        """Ask where rejected rows go."""
        hint = _("rejected rows are written here, to be corrected")
        yield self.row(_("Rejected rows"), Input("", hint, id="rejects", compact=True))

    async def read(self, path: Path) -> list[Row]:
        """Take it in; the demo is asked about first."""
        me = self.register.me
        demo = me is not None and me.demo
        text = _("These are invented people; real data do not belong here.")
        if demo and not await self.sure(_("Into the demo?"), text, yes=pgettext("verb", "Import")):
            return []
        rejects = typed_path(self.typed("rejects"))
        done = await self.desk.ask(
            lambda r: r.consent_lists.take(path, rejects=rejects, into_demo=demo)
        )
        return imported(done)


def imported(done: ConsentImport) -> list[Row]:
    """Say what became of the rows, and of each one that stays outside why."""
    labels = import_labels()
    counts = ("read", "created", "given", "ended", "not_given", "duplicates", "rejected")
    rows = [Row(name, (labels[name], str(getattr(done, name)))) for name in counts]
    for one in done.rejects:
        where = _("line {line}, {column}").format(line=one.line, column=one.column or "–")
        rows.append(Row(f"line-{one.line}", (where, say_reason(one.reason)), "warning"))
    return rows
