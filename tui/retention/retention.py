"""Forgetting on time: what goes, what ran out, what waits for a look; a person lets it happen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.widgets import Static

from crm.grounds import words as ground_words
from crm.grounds.words import say_because
from crm.i18n import _, pgettext, spoken
from crm.session.words import day_to_confirm
from gdpr.errors import KartotekaError
from gdpr.word_tables import WordTable
from tui.app_screen import run_once, task
from tui.dialogs.asking import AskText, Confirm
from tui.dialogs.reading import Tell
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.retention.grounds import keep_form, why_back
from tui.safe import line
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.app import ComposeResult

    from crm.grounds.cards import DueLine, RetentionResult
    from tui.widgets.virtual_list import VirtualList

_STYLES = {"goes": "warning", "ran-out": "warning", "going": "quiet"}
# What is told of each kind of line: over its group, of how many there are, and what comes next.
_HEADINGS: Final = WordTable("tui.retention", "headings")
_COUNTS: Final = WordTable("tui.retention", "counts")
_NEXT: Final = WordTable("tui.retention", "next")
_LEAPT = "clock-leap"
_NOBODY = 0


class RetentionScreen(ListScreen):
    """What clocks have brought up, in three groups by day; nothing happens by itself."""

    AREA = "retention"
    ABOVE = (("standing", "standing"),)
    FETCHES = True
    DUTIES: ClassVar = {"run": "erasure"}
    WRITES: ClassVar = {"keep": "identity", "reopen": "identity"}
    BINDINGS = bindings("retention")

    def __init__(self) -> None:
        """Begin before anything was looked at."""
        super().__init__()
        self._entries: list[DueLine | str] = []
        self._names: dict[str, str] = {}
        self._looking = False

    def drawn(self) -> ComposeResult:
        """Draw what is due in words, and the lines."""
        yield from super().drawn()
        promise = _("Nothing is erased until someone confirms it.")
        yield Static(line(promise), classes="standing muted")

    def columns(self) -> tuple[Column, ...]:
        """Say on which day what happens, and to whom."""
        return (
            Column("day", _("Day"), 10),
            Column("number", pgettext("client", "Number"), 6, right=True),
            Column("name", _("Name"), 0),
            Column("what", _("What"), 15),
            Column("purpose", _("Purpose"), 0, rank=1),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is something to do with."""
        if action in {"keep", "reopen", "card"} and not self._entries:
            return False
        return super().check_action(action, parameters)

    @property
    def present(self) -> DueLine | None:
        """Return the line under the cursor; a heading is none."""
        at = self.listed.cursor
        entry = self._entries[at] if 0 <= at < len(self._entries) else None
        return None if isinstance(entry, str) else entry

    @task
    async def load(self) -> None:
        """Ask the clocks of everybody; searching goes on meanwhile."""
        self.write("standing", _("Checking retention periods…"))
        self._names = ground_words.purpose_names(
            await self.desk.ask(lambda r: r.purposes.listing())
        )
        due = await self.desk.long(lambda r, between: r.retention.due(between, going=True))
        self._show(due)
        if _LEAPT in await self.desk.ask(lambda r: r.warnings):
            words = _(
                "The date of this computer jumped: x asks you to confirm it; nothing is "
                "erased before that."
            )
            self.write("standing", f"! {words}")

    def _show(self, due: Sequence[DueLine]) -> None:
        self._entries = _grouped(due)
        self.listed.show(len(self._entries), keep=True)
        self.write("standing", summary(due))
        self.refresh_bindings()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Enter says why."""
        event.stop()
        if (one := self.present) is not None:
            self.why(one)

    @task
    async def why(self, one: DueLine) -> None:
        """Say which data it is about, and by which ground they are kept."""
        name = self._names.get(one.purpose, one.purpose)
        title = f"{ground_words.signed(ground_words.DUE, one.what)} · {name} · {one.day}"
        if one.number == _NOBODY:
            text = _("It is the proof of a consent of a person who was erased.")
        else:
            told = await self.desk.ask(lambda r: r.clients.why(str(one.number), say_because))
            text = _reasons(told["data"], one.purpose)
        await self.app.push_screen_wait(Tell(title, f"{text}\n\n{_(_NEXT[one.what])}"))

    def action_card(self) -> None:
        """Open the card of whom the line is about."""
        if (one := self.present) is not None and one.number != _NOBODY:
            self.register.visit("card", one.number)

    @run_once
    async def action_keep(self) -> None:
        """Keep it after a look, and say when to look again."""
        if (one := self.present) is not None and one.number != _NOBODY:
            name = self._names.get(one.purpose, one.purpose)
            if await self.app.push_screen_wait(keep_form(self, one.number, one.purpose, name)):
                self.load()

    @run_once
    async def action_reopen(self) -> None:
        """Bring back everything of a party that is going."""
        one = self.present
        if one is None or one.what != "going":
            self.register.notify(_("Only data scheduled for erasure can be restored."))
            return
        because = await self.app.push_screen_wait(why_back())
        if because is not None:
            await self.desk.ask(lambda r: r.grounds.reopen(str(one.number), because))
            self.register.notify(_("Restored; it may be used again."))
            self.load()

    @run_once
    async def action_run(self) -> None:
        """Ask before anything is forgotten."""
        due = [one for one in self._entries if not isinstance(one, str)]
        text = "{}\n\n{}".format(
            summary(due),
            _(
                "Data whose grace period is over are erased now; data whose period has expired are "
                "scheduled for erasure in 14 days. Data that await a review are kept."
            ),
        )
        if await self.app.push_screen_wait(Confirm(_("Erase what is due?"), text, yes=_("Erase"))):
            self.run_clocks()

    @run_once
    async def run_clocks(self, accept: date | None = None) -> None:
        """Let the clocks run; a leap of the machine's date is confirmed by a person first."""
        if self._looking:
            return
        self._looking = True
        try:
            done = await self.desk.long(lambda r, between: r.retention.run(accept, between))
        except KartotekaError as problem:
            if (day := day_to_confirm(problem)) is None:
                raise
            self.ask_day(day)
        else:
            text = _told(done)
            if accept is not None:
                again = _("Lock (^l) and unlock now, so that everything uses this date.")
                text += f"\n\n{again}"
            self.load()
            self.app.push_screen(Tell(_("Erased"), text))
        finally:
            self._looking = False

    @run_once
    async def ask_day(self, day: str) -> None:
        """Let somebody type the day that the machine says it is, before its clocks run."""
        text = _(
            "The date of this computer jumped to {day!s}. If that is today, type it"
            " again; otherwise press Esc and correct the clock. Nothing was destroyed."
        ).format(day=spoken(day))
        answer = await self.app.push_screen_wait(AskText(_("Is this today?"), text))
        if answer is not None and answer.strip() == day:
            self.run_clocks(date.fromisoformat(day))
        elif answer is not None:
            self.register.notify(_("This is a different date."), severity="warning")

    async def fetch(self, start: int, count: int) -> Sequence[Row]:
        """Bring lines with the names of whom they are about, each once it is seen."""
        page = self._entries[start : start + count]
        numbers = {one.number for one in page if not isinstance(one, str)} - {_NOBODY}
        found = await self.desk.look(lambda r: r.retention.names(sorted(numbers)))
        return [self._row(start + at, one, found) for at, one in enumerate(page)]

    def _row(self, at: int, one: DueLine | str, found: dict[int, str | None]) -> Row:
        if isinstance(one, str):
            return Row(str(at), ("", "", one, "", ""), "quiet")
        erased = one.number == _NOBODY
        name = _("person erased") if erased else found.get(one.number) or "–"
        cells = (
            one.day,
            "–" if erased else str(one.number),
            name,
            ground_words.signed(ground_words.DUE, one.what),
            self._names.get(one.purpose, one.purpose),
        )
        return Row(str(at), cells, _STYLES.get(one.what, ""))


def summary(due: Sequence[DueLine]) -> str:
    """Say in words how many lines of each kind there are."""
    if not due:
        return _("Nothing is due.")
    counts = {kind: sum(one.what == kind for one in due) for kind in ground_words.DUE}
    told = (_(_COUNTS[kind]).format(count=count) for kind, count in counts.items() if count)
    return " · ".join(told)


def _reasons(data: Iterable[Mapping[str, Any]], purpose: str) -> str:
    """Say why each datum stays that a purpose names, and which others keep as well."""
    mine: dict[str, list[str]] = {}
    for datum in data:
        of_record = ground_words.record_words(datum)
        item = ground_words.word_of(ground_words.ITEMS, str(datum["item"]))
        item = item if of_record is None else "{} ({})".format(*of_record)
        if datum["purpose"] == purpose:
            mine.setdefault(str(datum["because"]), []).append(item)
        elif any(each["purpose"] == purpose for each in datum["also"]):
            why = _("Another purpose keeps it longer.")
            mine.setdefault(why, []).append(item)
    parts = [f"{why}\n  {', '.join(dict.fromkeys(items))}" for why, items in mine.items()]
    return "\n\n".join(parts) or _("No data depend on this purpose any more.")


def _grouped(due: Sequence[DueLine]) -> list[DueLine | str]:
    """Put the lines into their groups, each under its heading, the earliest day first."""
    entries: list[DueLine | str] = []
    for kind, words in _HEADINGS.items():
        mine = [one for one in due if one.what == kind]
        if mine:
            entries += [f"{_(words)} ({len(mine)})", *mine]
    return entries


def _told(done: RetentionResult) -> str:
    lines = [
        _("Day: {day}").format(day=spoken(done.day)),
        _("Persons and companies: {count}").format(count=done.parties),
        _("Fields erased: {count}").format(count=done.destroyed),
        _("Lawful bases now scheduled for erasure: {count}").format(count=done.going),
        _("Still due: {count}").format(count=len(done.left)),
    ]
    return "\n".join(lines)
