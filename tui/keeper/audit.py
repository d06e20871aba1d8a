"""The log: what happened, by whom and when, without a name; and the proof that it is whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from crm.i18n import _, ngettext, pgettext
from crm.kartoteka import LogFilter
from crm.oversight.audit_details import SOURCES, told_name, told_value, told_words
from crm.oversight.words import EVENTS, acknowledged_words, damage_words, event_words
from tui.app_screen import AppScreen, run_once, task
from tui.dialogs.asking import Confirm
from tui.dialogs.filling import PICK, BoxField, Sift
from tui.dialogs.reading import ReadingBox
from tui.keys import bindings
from tui.safe import line
from tui.transparency.notice_forms import day_of
from tui.transparency.paper_lists import purpose_names
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from crm.oversight.cards import LogLine, Verified
    from tui.widgets.sheet import Part

# All entries, however many: the list fetches only what is seen.
_EVERYTHING = LogFilter(limit=None)


class AuditScreen(AppScreen):
    """A list of any length, the newest first; opening it is an entry too."""

    BINDINGS = bindings("log")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Show everything."""
        super().__init__()
        self._filter = _EVERYTHING
        self._seen: dict[str, LogLine] = {}
        self._names: dict[str, str] = {}
        self._damaged = False

    def compose(self) -> ComposeResult:
        """Draw the frame, the filter, the list, and what the proof found."""
        columns = (
            Column("time", _("time"), 16),
            Column("user", _("user"), 12, rank=1),
            Column("event", _("event"), 0, least=30),
            Column("number", _("client"), 7, right=True),
            Column("told", _("details"), 0, rank=2, least=36),
            Column("entry", _("entry"), 7, rank=3, right=True),
        )
        yield Frame("audit")
        yield Static("", id="shown", classes="line", markup=False)
        yield VirtualList(columns, self._fetch)
        yield Static("", id="proof", classes="muted", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read once; going away and coming back is no new reading."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to take a filter away only where there is one."""
        if action == "clear":
            return self._filter != _EVERYTHING
        if action == "acknowledge":
            return self._damaged and self.register.may(duty="keys")
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Find what the filter asks for."""
        wanted = self._filter
        self._names = await self.desk.look(purpose_names)
        self._show(await self.desk.ask(lambda register: register.audit.browse(wanted)))

    def _show(self, count: int) -> None:
        """Show what was found, however much it is."""
        self._seen = {}
        self.query_one(VirtualList).show(count)
        words = ngettext("{count} entry", "{count} entries", count).format(count=count)
        if said := _said(self._filter):
            words += " · " + _("filter: {filter} · c shows all").format(filter=said)
        self.query_one("#shown", Static).update(line(words))
        self.refresh_bindings()

    async def _fetch(self, start: int, count: int) -> Sequence[Row]:
        lines = await self.desk.look(lambda register: register.audit.page(start, count))
        rows = []
        for place, one in enumerate(lines, start):
            if one is None:
                rows.append(Row(f"?{place}", ("", "", _("! damaged entry"), "", ""), "warning"))
                continue
            key = f"{one.desk}/{one.seq}"
            self._seen[key] = one
            rows.append(Row(key, _cells(one, self._names)))
        return rows

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show all that an entry says."""
        if (one := self._seen.get(event.key)) is not None:
            self.app.push_screen(ReadingBox(event_words(one.event), _details(one, self._names)))

    def action_again(self) -> None:
        """Read anew, with what was written meanwhile."""
        self.load()

    def action_clear(self) -> None:
        """Show everything."""
        self._filter = _EVERYTHING
        self.load()

    @task
    async def action_filter(self) -> None:
        """Ask what to show."""
        users = await self.desk.look(lambda register: register.users.list())
        names = [(one.name, one.name) for one in users]

        async def save(values: Mapping[str, Any]) -> tuple[LogFilter, int]:
            wanted = _read(values)
            return wanted, await self.desk.ask(lambda register: register.audit.browse(wanted))

        fill = Sift(pgettext("noun", "Filter"), _filter_fields(self._filter, names), save)
        chosen = await self.app.push_screen_wait(fill)
        if chosen is not None:
            self._filter, count = chosen
            self._show(count)

    @task
    async def action_verify(self) -> None:
        """Verify the whole log and every row, saying how far it came, and tell what was found.

        Searching goes on meanwhile.
        """
        proof = self.query_one("#proof", Static)
        proof.update(line(_("Verifying…")))

        def reached(count: int) -> None:
            words = _("Verifying… {count} entries and rows so far").format(count=count)
            proof.update(line(words))

        report = counter(reached)
        found = await self.desk.apart(
            lambda register, step: register.audit.verify(progress=step), report
        )
        proof.update(line(_verdict(found)))
        self._damaged = not found.ok
        self.refresh_bindings()
        await self.app.push_screen_wait(ReadingBox(_("Verification"), _found(found)))

    @run_once
    async def action_acknowledge(self) -> None:
        """Sign for the damage there is, once somebody said so; what is damaged stays so."""
        count = await self.desk.ask(lambda register: len(register.audit.damages()))
        title = ngettext(
            "Acknowledge {count} damaged place?", "Acknowledge {count} damaged places?", count
        ).format(count=count)
        text = _(
            "The damage remains. From now on only other damage is reported as new, and every "
            "verification states who acknowledged this and when. What is missing about a "
            "person counts as lost: decisions about their data are based on what remains. If "
            "a backup contains it, restore it first."
        )
        if await self.app.push_screen_wait(Confirm(title, text, yes=_("Acknowledge"))):
            await self.desk.ask(lambda register: register.audit.acknowledge(count))
            self._damaged = False
            self.query_one("#proof", Static).update("")
            self.load()

    @task
    async def action_head(self) -> None:
        """Show the newest entry's hash, which on paper proves later that nobody cut the log."""
        head = await self.desk.look(lambda register: register.audit.head())
        if head is None:
            return
        groups = " ".join(head.hash[at : at + 8] for at in range(0, len(head.hash), 8))
        parts = [(_("workstation"), head.desk), (_("entry"), str(head.seq)), (_("hash"), groups)]
        text = _("Keep it on paper: it proves later that the log was not truncated.")
        await self.app.push_screen_wait(ReadingBox(_("Checkpoint of the log"), parts, text))


def counter(show: Callable[[int], None]) -> Callable[[int], None]:
    """Return what is told how much more was done: it adds up and shows the whole."""
    reached = 0

    def report(done: int) -> None:
        nonlocal reached
        reached += done
        show(reached)

    return report


def _local(time: datetime) -> datetime:
    return time.astimezone()


def _cells(one: LogLine, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        f"{_local(one.time):%Y-%m-%d %H:%M}",
        one.user,
        event_words(one.event),
        "" if one.number is None else str(one.number),
        told_words(one.told, names),
        str(one.seq),
    )


def _details(one: LogLine, names: Mapping[str, str]) -> list[Part]:
    parts: list[Part] = [
        (_("time"), f"{_local(one.time):%Y-%m-%d %H:%M:%S}"),
        (_("user"), one.user),
        (_("code"), one.event),
    ]
    if one.number is not None:
        parts.append((_("client"), str(one.number)))
    elif one.object is not None:
        parts.append((_("record"), one.object))
    parts += [(told_name(name), told_value(value, names)) for name, value in one.told.items()]
    return [*parts, (_("workstation"), one.desk), (_("entry"), str(one.seq))]


def _filter_fields(now: LogFilter, names: Sequence[tuple[str, str]]) -> list[BoxField]:
    events = (
        ("", pgettext("filter", "all events")),
        *((code, _(words)) for code, words in SOURCES.items()),
        *((code, "· " + _(words)) for code, words in EVENTS.items()),
    )
    everybody = ("", pgettext("filter", "all users"))
    since = now.since.isoformat() if now.since else ""
    until = now.until.isoformat() if now.until else ""
    return [
        BoxField("event", _("what"), now.event or "", PICK, choices=events),
        BoxField("user", _("user"), now.user or "", PICK, choices=(everybody, *names)),
        BoxField("client", _("client number"), now.client or ""),
        BoxField("since", _("from the day"), since, hint=_("YYYY-MM-DD")),
        BoxField("until", _("to the day"), until, hint=_("YYYY-MM-DD")),
    ]


def _read(values: Mapping[str, Any]) -> LogFilter:
    days = {name: values[name].strip() for name in ("since", "until")}
    return replace(
        _EVERYTHING,
        event=values["event"] or None,
        user=values["user"] or None,
        client=values["client"].strip() or None,
        since=day_of(days["since"]) if days["since"] else None,
        until=day_of(days["until"]) if days["until"] else None,
    )


def _said(wanted: LogFilter) -> str:
    parts = []
    if wanted.event:
        group = SOURCES.get(wanted.event)
        parts.append(_(group) if group else event_words(wanted.event))
    if wanted.user:
        parts.append(wanted.user)
    if wanted.client:
        parts.append(_("client {number}").format(number=wanted.client))
    if wanted.since or wanted.until:
        parts.append(f"{wanted.since or '…'} – {wanted.until or '…'}")
    return ", ".join(parts)


def _verdict(found: Verified) -> str:
    counts = {"entries": found.entries, "rows": found.rows}
    if found.ok and found.acknowledged:
        return _("! No new damage: {entries} entries, {rows} rows.").format(**counts)
    if found.ok:
        return _("✓ The log and every row are intact: {entries} entries, {rows} rows.").format(
            **counts
        )
    return ngettext(
        "✗ {count} place is damaged. Restore it from a backup.",
        "✗ {count} places are damaged. Restore them from a backup.",
        len(found.damages),
    ).format(count=len(found.damages))


def _whole() -> str:
    return _("Nothing has been changed, removed, added or reverted since it was written.")


def _found(found: Verified) -> list[Part]:
    parts: list[Part] = [("", words) for words in (_verdict(found), *acknowledged_words(found))]
    if found.ok:
        return [
            *parts,
            (_("entries in the log"), str(found.entries)),
            (_("rows"), str(found.rows)),
            *([] if found.acknowledged else [("", _whole())]),
        ]
    return [
        *parts,
        *((f"{one.table} {one.row or ''}".strip(), damage_words(one.why)) for one in found.damages),
    ]
