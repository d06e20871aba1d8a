"""On which grounds one party is kept: added, kept, brought back, or ended after a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.grounds import words as ground_words
from crm.grounds.words import say_because
from crm.i18n import _, spoken
from crm.session.words import article_words
from tui.app_screen import run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.filling import BoxField, Fill, pick, worded
from tui.dialogs.screen_kinds import BoardScreen, PlanScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.dry_run import Planned
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from crm.grounds.cards import GroundLine, Receipt
    from tui.app_screen import AppScreen
    from tui.widgets.virtual_list import VirtualList


_RELATION, _PURPOSE = "relation", "purpose"
_STYLES = {"live": "", "going": "warning", "ended": "quiet"}


class GroundsScreen(BoardScreen):
    """Every ground with its state and day; the one under the cursor in full."""

    WRITES: ClassVar = dict.fromkeys(("add", "end", "only", "keep", "reopen"), "identity")
    BINDINGS = bindings("back", "grounds")

    def __init__(self, number: int) -> None:
        """Show the grounds of the party with this number."""
        super().__init__()
        self._number = number
        self._lines: list[GroundLine] = []
        self._names: dict[str, str] = {}
        self._relations: dict[str, str] = {}

    def columns(self) -> tuple[Column, ...]:
        """Say for what they are kept, and how long."""
        return (
            Column("purpose", _("Purpose"), 0),
            Column("state", _("State"), 15),
            Column("since", _("Since"), 10, rank=1),
            Column("until", _("Until"), 10),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to bring back only what is going."""
        if action == "reopen" and not any(one.state == "going" for one in self._lines):
            return False
        return super().check_action(action, parameters)

    @property
    def present(self) -> GroundLine | None:
        """Return the ground under the cursor."""
        key = self.key
        return self._lines[int(key)] if key is not None and self._lines else None

    @task
    async def load(self) -> None:
        """Ask for the grounds."""
        number = str(self._number)
        if (found := await self.about_still(self._number)) is None:
            self._lines = []
            return
        card, self._names = found
        self._relations = ground_words.purpose_names(
            await self.desk.ask(lambda r: r.purposes.relations())
        )
        title = _("Lawful bases: {name} ({number})")
        self.write("title", title.format(name=card.name or "–", number=card.number))
        self._fill(await self.desk.ask(lambda r: r.grounds.listing(number)))

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Show the ground under the cursor in full."""
        event.stop()
        if (one := self.present) is not None:
            self.write("detail", "\n".join(self._described(one)), lines=True)

    @run_once
    async def action_add(self) -> None:
        """Say what they are to us, or for which single purpose they are kept."""
        choices = [
            *((f"{_RELATION}:{code}", name) for code, name in self._relations.items()),
            *(
                (f"{_PURPOSE}:{code}", _("only for: {purpose}").format(purpose=name))
                for code, name in self._names.items()
            ),
        ]
        code = await self.app.push_screen_wait(Choose(_("Relationship?"), choices))
        if code is not None:
            await self._ask_how(code, dict(choices)[code])

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

    @run_once
    async def action_reopen(self) -> None:
        """Bring back everything that is going."""
        because = await self.app.push_screen_wait(why_back())
        if because is not None:
            number = str(self._number)
            self._fill(await self.desk.ask(lambda r: r.grounds.reopen(number, because)))
            self.register.notify(_("Restored; it may be used again."))

    async def _ask_how(self, chosen: str, named: str) -> None:
        evidence = [("", _("the default")), *worded(ground_words.EVIDENCE)]
        fields = (
            pick("evidence", _("Evidence"), evidence),
            BoxField("since", _("Since"), hint=_("today; else as 2026-03-31")),
            BoxField("informed", _("Informed on"), hint=_("if not on record yet")),
        )

        async def save(values: Mapping[str, Any]) -> bool:
            kind, _colon, code = chosen.partition(":")
            since, informed = (
                ground_words.day_typed(values[name]) for name in ("since", "informed")
            )
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

        box = Fill(_("Kept as: {what}").format(what=named), fields, save)
        if await self.app.push_screen_wait(box):
            self.load()

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
            self.load()
            self.register.notify(_("Kept. It will come up for review again on the new date."))

    def _fill(self, lines: list[GroundLine]) -> None:
        order = {"going": 0, "live": 1, "ended": 2}
        self._lines = sorted(lines, key=lambda one: order.get(one.state, 3))
        self.listed.fill([self._row(at, one) for at, one in enumerate(self._lines)], keep=True)
        if not self._lines:
            self.write("detail", _("No lawful basis yet: a adds one."))
        self.refresh_bindings()

    def _row(self, at: int, one: GroundLine) -> Row:
        cells = (
            self._names.get(one.purpose, one.purpose),
            ground_words.signed(ground_words.GROUND_STATES, one.state),
            one.since,
            one.until,
        )
        return Row(str(at), cells, _STYLES.get(one.state, ""))

    def _described(self, one: GroundLine) -> list[str]:
        basis = ground_words.word_of(ground_words.BASES, one.basis)
        if one.article:
            basis += " · " + article_words(one.article)
        lines = [
            _("{purpose}, version {version}").format(
                purpose=self._names.get(one.purpose, one.purpose), version=one.version
            ),
            _("Basis: {basis}").format(basis=basis),
            _("Evidence: {what}").format(
                what=ground_words.word_of(ground_words.EVIDENCE, one.evidence)
            ),
        ]
        if one.relation:
            name = self._relations.get(one.relation, one.relation)
            lines.append(_("Relationship: {relation}").format(relation=name))
        if one.ended_on:
            ended = _("Ended on {day}: {why}.")
            lines.append(
                ended.format(day=spoken(one.ended_on), why=ground_words.ending(one.ended_why))
            )
        if one.going_until and one.state == "going":
            going = _("Scheduled for erasure; it can be restored until {day}.")
            lines.append(going.format(day=spoken(one.going_until)))
        return lines


def why_back() -> Choose:
    """Return the question why something that is going is brought back."""
    return Choose(_("Reason for restoring"), worded(ground_words.BACK))


def keep_form(room: AppScreen, number: int, purpose: str, name: str) -> Fill:
    """Return the box that asks why something is kept, and when somebody looks again."""
    fields = (
        pick("because", _("Reason"), worded(ground_words.KEEPING)),
        BoxField("until", _("Review on"), hint=_("after the usual period")),
    )

    async def save(values: Mapping[str, Any]) -> bool:
        until = ground_words.day_typed(values["until"])
        because = values["because"]
        await room.desk.ask(lambda r: r.grounds.keep(str(number), purpose, because, until=until))
        return True

    return Fill(_("Keep: {purpose}").format(purpose=name), fields, save)


class GroundEndScreen(FieldsScreen, PlanScreen):
    """The dry run of an end; one key of its own does it."""

    WRITES: ClassVar = {"save": "identity"}
    BINDINGS = bindings("back", "save")
    AUTO_FOCUS = "Planned"

    def __init__(self, number: int, purpose: str, which: str = "") -> None:
        """End this purpose of a party, or with `all-but` every other one."""
        super().__init__()
        self._number, self._purpose, self._only = number, purpose, which == "all-but"

    def drawn(self) -> ComposeResult:
        """Draw what ends, since when, and what would go."""
        yield Static("", id="title", classes="title")
        with Vertical(classes="told"):
            hint = _("today; else as 2026-03-31")
            yield self.row(_("Ends on"), Input("", hint, id="on", compact=True))
            yield Static("", id="problem", classes="error")
            yield Planned(id="planned")
        yield Static(
            line(_("Data are first kept unused for 14 days; until then they can be restored.")),
            classes="standing muted",
        )

    @task
    async def load(self) -> None:
        """Show the plan; nothing is changed by looking."""
        card, names = await self.about(self._number)
        name = names.get(self._purpose, self._purpose)
        title = _("End all but: {purpose}") if self._only else _("End: {purpose}")
        who = f"{card.name or '–'} ({card.number})"
        self.write("title", f"{title.format(purpose=name)} · {who}")
        preview = self.desk.ask(
            lambda r: r.grounds.preview(str(self._number), **self._chosen(), say=say_because)
        )
        if (plan := await self.attempt(preview)) is not None:
            self.query_one(Planned).show_plan(plan, names)

    @run_once
    async def action_save(self) -> None:
        """End it."""
        if (done := await self.attempt(self._end())) is not None:
            self.dismiss(done)

    async def _end(self) -> Receipt:
        number, on = str(self._number), ground_words.day_typed(self.typed("on"))
        return await self.desk.ask(lambda r: r.grounds.end(number, **self._chosen(), on=on))

    def _chosen(self) -> dict[str, Any]:
        return {"all_but" if self._only else "purposes": (self._purpose,)}
