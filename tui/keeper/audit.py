"""The log: what happened, by whom and when, without a name; and the proof that it is whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from crm.dates import minute_text
from crm.grounds.words import purpose_names
from crm.i18n import _, ngettext, pgettext
from crm.kartoteka import LogFilter
from crm.oversight.audit_details import SOURCES, told_words
from crm.oversight.words import EVENTS, acknowledged_words, damage_words, event_words
from tui.app_screen import run_once, task
from tui.dialogs.filling import BoxField, Sift, day_of, pick, worded
from tui.dialogs.log_entry import entry_box
from tui.dialogs.reading import ReadingBox
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.oversight.cards import LogLine, Verified
    from crm.session.cards import DamageLine
    from tui.widgets.sheet import Part
    from tui.widgets.virtual_list import VirtualList

# All entries, however many: the list fetches only what is seen.
_EVERYTHING = LogFilter(limit=None)


class AuditScreen(ListScreen):
    """A list of any length, the newest first; opening it is an entry too."""

    AREA = "audit"
    # Going away and coming back is no new reading.
    LOADED = "once"
    ABOVE = (("shown", "line"),)
    BELOW = (("proof", "muted"),)
    FETCHES = True
    DUTIES: ClassVar = {"acknowledge": "keys"}
    BINDINGS = bindings("log")

    def __init__(self) -> None:
        """Show everything."""
        super().__init__()
        self._filter = _EVERYTHING
        self._seen: dict[str, LogLine] = {}
        self._names: dict[str, str] = {}
        self._damaged = False

    def columns(self) -> tuple[Column, ...]:
        """Say when, who, what, and about whom."""
        return (
            Column("time", _("time"), 16),
            Column("user", _("user"), 12, rank=1),
            Column("event", _("event"), 0, least=30),
            Column("number", _("client"), 7, right=True),
            Column("told", _("details"), 0, rank=2, least=36),
            Column("entry", _("entry"), 7, rank=3, right=True),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to take a filter away only where there is one."""
        if action == "clear":
            return self._filter != _EVERYTHING
        if action == "acknowledge" and not self._damaged:
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Find what the filter asks for."""
        wanted = self._filter
        self._names = await self.desk.look(lambda one: purpose_names(one.purposes.listing()))
        self._show(await self.desk.ask(lambda register: register.audit.browse(wanted)))

    def _show(self, count: int) -> None:
        """Show what was found, however much it is."""
        self._seen = {}
        self.listed.show(count)
        words = ngettext("{count} entry", "{count} entries", count).format(count=count)
        if said := _said(self._filter):
            words += " · " + _("filter: {filter} · c shows all").format(filter=said)
        self.write("shown", words)
        self.refresh_bindings()

    async def fetch(self, start: int, count: int) -> Sequence[Row]:
        """Bring entries, each once it is seen."""
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
            self.app.push_screen(entry_box(one, self._names))

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
        self.write("proof", _("Verifying…"))
        found = await self.desk.apart(
            lambda register, step: register.audit.verify(progress=step),
            self.counting("proof", _("Verifying… {count} entries and rows so far")),
        )
        self.write("proof", _verdict(found))
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
        if await self.sure(title, text, yes=_("Acknowledge")):
            await self.desk.ask(lambda register: register.audit.acknowledge(count))
            self._damaged = False
            self.write("proof", "")
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


def _cells(one: LogLine, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        minute_text(one.time),
        one.user,
        event_words(one.event),
        "" if one.number is None else str(one.number),
        told_words(one.told, names),
        str(one.seq),
    )


def _filter_fields(now: LogFilter, names: Sequence[tuple[str, str]]) -> list[BoxField]:
    events = [
        ("", pgettext("filter", "all events")),
        *worded(SOURCES),
        *((code, f"· {words}") for code, words in worded(EVENTS)),
    ]
    users = [("", pgettext("filter", "all users")), *names]
    since = now.since.isoformat() if now.since else ""
    until = now.until.isoformat() if now.until else ""
    return [
        pick("event", _("what"), events, now.event),
        pick("user", _("user"), users, now.user),
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


def _found(found: Verified) -> list[Part]:
    parts: list[Part] = [("", words) for words in (_verdict(found), *acknowledged_words(found))]
    if not found.ok:
        return parts + damage_parts(found.damages)
    parts += [(_("entries in the log"), str(found.entries)), (_("rows"), str(found.rows))]
    if not found.acknowledged:
        parts.append(
            ("", _("Nothing has been changed, removed, added or reverted since it was written."))
        )
    return parts


def damage_parts(damages: Iterable[DamageLine]) -> list[Part]:
    """Say of each damaged place where it is and what is wrong there."""
    return [(f"{one.table} {one.row or ''}".strip(), damage_words(one.why)) for one in damages]
