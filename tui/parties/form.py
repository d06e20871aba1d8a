"""A form: one column of fields, checked as they are left; undo, a guard, and what others changed.

What a form asks and how it stores stand in the classes made from it.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING, Final

from textual.containers import VerticalScroll
from textual.widgets import Static

from crm.i18n import _, ngettext
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import Choose, may_leave
from tui.dialogs.screen_kinds import FramedScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget
    from textual.widgets import Input

    from tui.widgets.form_field import FormField

_STEPS: Final = 200


class Form(FramedScreen):
    """Fields that are stored together, or not at all."""

    AREA = "clients"
    LOADED = "otherwise"
    BINDINGS = bindings("back", "form")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        """Nothing has been asked or typed yet."""
        super().__init__()
        self.fields: dict[str, FormField] = {}
        self._begun: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._steps: list[tuple[str, str]] = []
        self._typing = ""
        self._judged: set[str] = set()
        self.known: dict[str, int] = {}
        self.first = ""
        # What somebody confirmed of a person who was erased on request.
        self.own_wish = False
        self._saving = False
        self._laying = asyncio.Lock()

    def drawn(self) -> ComposeResult:
        """Draw the title, room for fields, and what is said of all of them."""
        yield Static("", id="form-title", markup=False)
        yield VerticalScroll(id="form-fields", can_focus=False)
        yield Static("", id="form-said", markup=False)

    def on_mount(self) -> None:
        """Ask what the form needs to know."""
        self.begin()

    @task
    async def begin(self) -> None:
        """Ask, then draw the fields; a form that may not be filled in is left again."""
        try:
            title = await self.prepare()
        except KartotekaError as problem:
            self.register.tell(problem)
            self.dismiss(None)
            return
        self.write("form-title", title)
        fields = self.asked()
        if not fields:
            self.register.notify(
                _("There is nothing here that your role may change."), severity="warning"
            )
            self.dismiss(None)
            return
        await self.lay(fields)

    @abstractmethod
    async def prepare(self) -> str:
        """Ask the register what is needed, and return the title."""

    @abstractmethod
    def asked(self) -> Sequence[FormField]:
        """Return the fields in their order."""

    @abstractmethod
    async def store(self, *, anyway: bool) -> str:
        """Store what was typed and say so; whatever may not be stored is raised."""

    async def doubt(self) -> str:
        """Say who is alike, for the question whether to store anyway."""
        return ""

    async def compare(self) -> bool:
        """Compare with what another desk changed; tell whether to store once more."""
        return False

    def judge_text(self, key: str, text: str) -> tuple[str, str]:
        """Return a sign and what is said of a field that holds something; raise what is wrong."""
        del key, text
        return "✓", ""

    def after_left(self, key: str) -> None:
        """Do what follows when a sound field was left."""

    def after_changed(self, key: str) -> None:
        """Do what follows when something else stands in a field."""

    async def lay(self, fields: Sequence[FormField]) -> None:
        """Show these fields; one that was there keeps what was typed."""
        async with self._laying:
            if self.is_attached:
                await self._lay(fields)

    async def _lay(self, fields: Sequence[FormField]) -> None:
        typed = dict(self._now)
        room = self.query_one("#form-fields", VerticalScroll)
        # A field that asks the same stays as it is: somebody may be typing into it.
        kept = {
            one.key: self.fields[one.key]
            for one in fields
            if one.key in self.fields and self.fields[one.key].definition == one.definition
        }
        focused = next((one.key for one in self.fields.values() if one.control.has_focus), "")
        await room.remove_children([one for key, one in self.fields.items() if key not in kept])
        fresh = [one for one in fields if one.key not in kept]
        self.fields = {one.key: kept.get(one.key, one) for one in fields}
        for one in fresh:
            self._begun.setdefault(one.key, one.value)
            if one.key in typed:
                one.value = typed[one.key]
            self._now[one.key] = one.value
        await room.mount_all(fresh)
        places: dict[Widget, int] = {one: place for place, one in enumerate(self.fields.values())}
        room.sort_children(key=lambda child: places.get(child, 0))
        if not any(one.control.has_focus for one in self.fields.values()):
            at = focused if focused in self.fields else self.first
            self.fields[at or next(iter(self.fields))].go()
        for key in self._judged & set(self.fields):
            self.judge(key)
        self.after_laid()

    def after_laid(self) -> None:
        """Say below fields what stands there before anybody types."""

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields that are shown."""
        return {key: one.value for key, one in self.fields.items() if one.display}

    @property
    def changes(self) -> dict[str, str]:
        """What is not as it was when the form was opened."""
        return {key: text for key, text in self.values.items() if text != self._begun.get(key, "")}

    def settle(self, key: str, text: str) -> None:
        """Take a value as the one the form began with."""
        self._begun[key] = self._now[key] = text

    def put(self, key: str, text: str) -> None:
        """Write into a field, as a step that can be undone."""
        if (field := self.fields.get(key)) is not None and field.value != text:
            self._step(key, field.value)
            self._typing = ""
            self._now[key] = text
            field.value = text
            self.after_changed(key)

    def _step(self, key: str, before: str) -> None:
        self._steps.append((key, before))
        del self._steps[:-_STEPS]
        self.refresh_bindings()

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Remember how it was; one visit to a field is one step back."""
        event.stop()
        key, field = event.field.key, event.field
        before = self._now.get(key, "")
        if self.fields.get(key) is not field or field.value == before:
            return
        if self._typing != key:
            self._step(key, before)
            self._typing = key
        self._now[key] = field.value
        if key in self._judged or isinstance(field.control, Pick):
            self.judge(key)
        self.after_changed(key)

    def on_form_field_left(self, event: FormField.Left) -> None:
        """Judge a field when it is left, and from then on with every letter."""
        event.stop()
        key = event.field.key
        if self.fields.get(key) is not event.field:
            return
        self._typing = ""
        if event.field.value != self._begun.get(key, "") or key in self._judged:
            self._judged.add(key)
            if self.judge(key) and event.field.value:
                self.after_left(key)

    def judge(self, key: str) -> bool:
        """Say beside a field whether it can be stored."""
        field = self.fields[key]
        self.known.pop(key, None)
        if not field.value:
            field.say()
            return True
        try:
            sign, text = self.judge_text(key, field.value)
        except KartotekaError as wrong:
            field.say(explain(wrong), "✗")
            return False
        field.say(text, sign)
        return sign != "✗"

    def blame(self, key: str, text: str, sign: str = "✗") -> None:
        """Say below a field what is wrong with it."""
        if key in self.fields:
            self.fields[key].say(text, sign)

    def tell_all(self, text: str) -> None:
        """Say something of the whole form."""
        for said in self.query("#form-said").results(Static):
            said.update(line(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        event.stop()
        self.focus_next()

    def on_pick_wanted(self, event: Pick.Wanted) -> None:
        """Show all choices of a field."""
        event.stop()
        self.choose(event.pick)

    @task
    async def choose(self, pick: Pick) -> None:
        """Let one be chosen from the list."""
        field = next(one for one in self.fields.values() if one.control is pick)
        title = _("Choose: {field}").format(field=field.label)
        chosen = await self.app.push_screen_wait(Choose(title, pick.choices, now=pick.value))
        if chosen is not None:
            self.put(field.key, chosen)

    def action_undo(self) -> None:
        """Take the last step back."""
        if not self._steps:
            return
        key, before = self._steps.pop()
        self.refresh_bindings()
        self._typing = ""
        if (field := self.fields.get(key)) is None:
            return
        self._now[key] = before
        field.value = before
        field.go()
        self.judge(key)
        self.after_changed(key)

    def action_jump(self) -> None:
        """Open the card of who is alike, first of all that of the field one is in."""
        here = [key for key, one in self.fields.items() if one.control.has_focus]
        for key in (*here, *self.known):
            if key in self.known:
                self.register.visit("card", self.known[key])
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is to do."""
        if action == "reveal":
            return False
        if action == "jump":
            return bool(self.known)
        if action == "undo":
            return bool(self._steps)
        return super().check_action(action, parameters)

    @run_once
    async def action_back(self) -> None:  # asks before it leaves
        """Leave; only where something would be lost is it asked for."""
        if await may_leave(self, changed=bool(self.changes)):
            self.dismiss(None)

    def action_save(self) -> None:
        """Store, once all fields are sound."""
        if not self._saving:
            self.save()

    @run_once
    async def save(self) -> None:
        """Judge everything, then store; a refusal leaves all as it was typed."""
        wrong = [key for key in self.values if not self.judge(key)]
        self._judged |= set(self.fields)
        if wrong:
            count = len(wrong)
            self.tell_all(
                ngettext("{count} field to correct.", "{count} fields to correct.", count).format(
                    count=count
                )
            )
            self.fields[wrong[0]].go()
            return
        self._saving = True
        try:
            await self._save()
        finally:
            self._saving = False

    async def _save(self) -> None:
        from crm.kartoteka import ChangedMeanwhile, PerhapsKnown  # noqa: PLC0415 - loaded long ago
        from gdpr.errors import Conflict  # noqa: PLC0415 - as above

        anyway = False
        for _round in range(5):
            try:
                said = await self.store(anyway=anyway)
            except PerhapsKnown as problem:
                alike = await self.doubt() or explain(problem)
                title = _("Possibly in the register already")
                if not await self.sure(title, alike, yes=_("Save anyway")):
                    return
                anyway = True
            except (ChangedMeanwhile, Conflict):
                if not await self.compare():
                    return
            except KartotekaError as problem:
                if not await self._wished(problem):
                    self.refused(problem)
                    return
            else:
                self.register.notify(said)
                self.done()
                return

    async def _wished(self, problem: KartotekaError) -> bool:
        """Ask whether somebody who was erased on request has come back of their own accord."""
        from crm.session.words import erased_on_request  # noqa: PLC0415 - it seldom happens

        if self.own_wish or not erased_on_request(problem):
            return False
        title, yes = _("Erased on request"), _("At the person's own request")
        self.own_wish = await self.sure(title, explain(problem), yes=yes)
        return self.own_wish

    def refused(self, problem: KartotekaError) -> None:
        """Say why nothing was stored, beside the field where it is known."""
        self.tell_all(explain(problem))
        key = str(problem.arguments.get("field", ""))
        if key in self.fields:
            self.blame(key, explain(problem))
            self.fields[key].go()

    def done(self) -> None:
        """Leave, because all is stored."""
        self.dismiss(None)
