"""On which grounds one party is kept: added, ended, kept longer, brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from crm.grounds import words as rights
from crm.i18n import _, spoken
from crm.session.words import article_words
from tui.app_screen import AppScreen, run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.filling import LINE, PICK, BoxField, Fill
from tui.keys import bindings
from tui.safe import line, safe
from tui.widgets.key_bar import KeyBar
from tui.widgets.planned import PlannedList
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from crm.grounds.cards import GroundLine, Receipt

_RELATION, _PURPOSE = "relation", "purpose"
_STYLES = {"live": "", "going": "warning", "ended": "quiet"}


class GroundsScreen(AppScreen):
    """Every ground with its state and day; the one under the cursor in full."""

    BINDINGS = bindings("back", "grounds")

    def __init__(self, number: int) -> None:
        """Show the grounds of the party with this number."""
        super().__init__()
        self._number = number
        self._lines: list[GroundLine] = []
        self._names: dict[str, str] = {}
        self._relations: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Draw whose grounds, the list, and the one under the cursor."""
        yield Static("", id="title", classes="title")
        with Vertical(classes="board"):
            yield PlannedList(
                (
                    Column("purpose", _("Purpose"), 0),
                    Column("state", _("State"), 15),
                    Column("since", _("Since"), 10, rank=1),
                    Column("until", _("Until"), 10),
                )
            )
            with VerticalScroll(id="board-detail", can_focus=False):
                yield Static("", id="detail")
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Load what holds now."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the user may do."""
        if action in {"add", "end", "only", "keep"}:
            return self.register.may(write="identity")
        if action == "reopen":
            going = any(one.state == "going" for one in self._lines)
            return self.register.may(write="identity") and going
        return super().check_action(action, parameters)

    @property
    def present(self) -> GroundLine | None:
        """Return the ground under the cursor."""
        row = self.query_one(VirtualList).current
        return self._lines[int(row.key)] if row is not None and self._lines else None

    @task
    async def load(self) -> None:
        """Ask for the grounds."""
        number = str(self._number)
        card = await self.desk.ask(lambda r: r.clients.show(number))
        self._names = rights.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        self._relations = rights.purpose_names(
            await self.desk.ask(lambda r: r.purposes.relations())
        )
        title = _("Lawful bases: {name} ({number})")
        self.query_one("#title", Static).update(
            line(title.format(name=card.name or "–", number=card.number))
        )
        self._fill(await self.desk.ask(lambda r: r.grounds.listing(number)))

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Show the ground under the cursor in full."""
        event.stop()
        if (one := self.present) is not None:
            self.query_one("#detail", Static).update(safe("\n".join(self._described(one))))

    def action_add(self) -> None:
        """Say what they are to us, or for which single purpose they are kept."""
        choices = [
            *((f"{_RELATION}:{code}", name) for code, name in self._relations.items()),
            *(
                (f"{_PURPOSE}:{code}", _("only for: {purpose}").format(purpose=name))
                for code, name in self._names.items()
            ),
        ]

        def chosen(code: str | None) -> None:
            if code is not None:
                self._ask_how(code, dict(choices)[code])

        self.app.push_screen(Choose(_("Relationship?"), choices), chosen)

    def action_end(self) -> None:
        """Show what would go if the ground under the cursor ended."""
        if (one := self.present) is not None:
            self.register.visit("ground-end", self._number, one.purpose, then=self._ended)

    def action_only(self) -> None:
        """Show what would go if all but the ground under the cursor ended."""
        if (one := self.present) is not None:
            self.register.visit(
                "ground-end", self._number, one.purpose, "all-but", then=self._ended
            )

    def action_keep(self) -> None:
        """Keep the ground under the cursor after somebody looked, until a day to look again."""
        if (one := self.present) is not None:
            name = self._names.get(one.purpose, one.purpose)
            self.app.push_screen(keep_form(self, self._number, one.purpose, name), self._kept)

    def action_reopen(self) -> None:
        """Bring back everything that is going."""
        choices = [(code, _(words)) for code, words in rights.BACK.items()]

        def chosen(because: str | None) -> None:
            if because is not None:
                self.reopen(because)

        self.app.push_screen(Choose(_("Reason for restoring"), choices), chosen)

    @run_once
    async def reopen(self, because: str) -> None:
        """Bring it back."""
        number = str(self._number)
        self._fill(await self.desk.ask(lambda r: r.grounds.reopen(number, because)))
        self.register.notify(_("Restored; it may be used again."))

    def _ask_how(self, chosen: str, named: str) -> None:
        evidence = [("", _("the default"))]
        evidence += [(code, _(words)) for code, words in rights.EVIDENCE.items()]
        fields = (
            BoxField("evidence", _("Evidence"), kind=PICK, choices=tuple(evidence)),
            BoxField("since", _("Since"), kind=LINE, hint=_("today; else as 2026-03-31")),
            BoxField("informed", _("Informed on"), kind=LINE, hint=_("if not on record yet")),
        )

        async def save(values: Mapping[str, Any]) -> bool:
            kind, _colon, code = chosen.partition(":")
            since, informed = (rights.day_typed(values[name]) for name in ("since", "informed"))
            await self.desk.ask(
                lambda r: r.grounds.add(
                    str(self._number),
                    relation=code if kind == _RELATION else None,
                    purposes=() if kind == _RELATION else (code,),
                    since=since,
                    evidence=values["evidence"] or None,
                    informed=informed,
                )
            )
            return True

        self.app.push_screen(Fill(_("Kept as: {what}").format(what=named), fields, save))

    def _ended(self, receipt: Receipt | None) -> None:
        if receipt is None:
            return
        text = _("Lawful bases ended: {count}.").format(count=receipt.grounds_ended)
        if receipt.going_until:
            day = _("Scheduled for erasure; it can be restored until {day}.")
            text += " " + day.format(day=spoken(receipt.going_until))
        self.register.notify(text)

    def _kept(self, done: object) -> None:
        if done:
            self.register.notify(_("Kept. It will come up for review again on the new date."))

    def _fill(self, lines: list[GroundLine]) -> None:
        order = {"going": 0, "live": 1, "ended": 2}
        self._lines = sorted(lines, key=lambda one: order.get(one.state, 3))
        listed = self.query_one(VirtualList)
        place = min(listed.cursor, max(0, len(lines) - 1))
        listed.fill([self._row(at, one) for at, one in enumerate(self._lines)])
        for _step in range(place):
            listed.action_cursor_down()
        if not self._lines:
            self.query_one("#detail", Static).update(line(_("No lawful basis yet: a adds one.")))
        self.refresh_bindings()

    def _row(self, at: int, one: GroundLine) -> Row:
        cells = (
            self._names.get(one.purpose, one.purpose),
            rights.signed(rights.GROUND_STATES, one.state),
            one.since,
            one.until,
        )
        return Row(str(at), cells, _STYLES.get(one.state, ""))

    def _described(self, one: GroundLine) -> list[str]:
        basis = rights.told(rights.BASES, one.basis)
        if one.article:
            basis += " · " + article_words(one.article)
        lines = [
            f"{self._names.get(one.purpose, one.purpose)} ({one.purpose}, {one.version})",
            _("Basis: {basis}").format(basis=basis),
            _("Evidence: {what}").format(what=rights.told(rights.EVIDENCE, one.evidence)),
        ]
        if one.relation:
            name = self._relations.get(one.relation, one.relation)
            lines.append(_("Relationship: {relation}").format(relation=name))
        if one.ended_on:
            ended = _("Ended on {day}: {why}.")
            lines.append(ended.format(day=spoken(one.ended_on), why=rights.ending(one.ended_why)))
        if one.going_until and one.state == "going":
            going = _("Scheduled for erasure; it can be restored until {day}.")
            lines.append(going.format(day=spoken(one.going_until)))
        return lines


def keep_form(room: AppScreen, number: int, purpose: str, name: str) -> Fill:
    """Return the box that asks why something is kept, and when somebody looks again."""
    reasons = tuple((code, _(words)) for code, words in rights.KEEPING.items())
    fields = (
        BoxField("because", _("Reason"), kind=PICK, choices=reasons),
        BoxField("until", _("Review on"), kind=LINE, hint=_("after the usual period")),
    )

    async def save(values: Mapping[str, Any]) -> bool:
        until = rights.day_typed(values["until"])
        because = values["because"]
        await room.desk.ask(lambda r: r.grounds.keep(str(number), purpose, because, until=until))
        return True

    return Fill(_("Keep: {purpose}").format(purpose=name), fields, save)
