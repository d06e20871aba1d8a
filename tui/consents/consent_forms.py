"""Recording what somebody said to a purpose: a yes with the text they saw, a no with what goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from crm.grounds import words as ground_words
from crm.grounds.cards import Receipt
from crm.grounds.words import say_because
from crm.i18n import _, current
from crm.parties.words import language_words
from crm.transfer.cards import ConsentOrder
from crm.transparency.words import wording_name
from tui.app_screen import run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.filling import worded
from tui.dialogs.saving import typed_path
from tui.dialogs.screen_kinds import PlanScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.dry_run import Planned
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import WordingCard


_SHOWN = frozenset({"given", "requested"})


class GiveScreen(FieldsScreen):
    """The newest text in their language stands there already; saving takes one key."""

    BINDINGS = bindings("back", "save")
    AUTO_FOCUS = "#channel"

    def __init__(self, number: int, purpose: str, state: str = "given") -> None:
        """Record that the party said `state` to a purpose."""
        super().__init__()
        self._number, self._purpose, self._state = number, purpose, state
        self._texts: dict[str, WordingCard] = {}

    def drawn(self) -> ComposeResult:
        """Draw the fields, and the text that was shown, in full."""
        word = ground_words.signed(ground_words.CONSENT_STATES, self._state)
        # Nothing is chosen beforehand: how a yes came is evidence, and somebody has to say it.
        channels = [("", _("choose …")), *worded(ground_words.CHANNELS)]
        yield Static(line(word), id="title", classes="title")
        with VerticalScroll(classes="told", can_focus=False):
            yield self.row(_("Channel"), Pick(channels, id="channel"))
            hint = _("today; else as 2026-03-31")
            yield self.row(_("On which day"), Input("", hint, id="on", compact=True))
            yield self.row(_("Text shown"), Pick((), id="wording"))
            yield self.row(_("Evidence in words"), Input(id="note", compact=True))
            hint = _("path of a scan or message; it is encrypted")
            yield self.row(_("Evidence file"), Input("", hint, id="scan", compact=True))
            if self._state == "given":
                yes_no = (("", _("no, or the age is known already")), ("minor", _("yes")))
                yield self.row(_("Is it a child?"), Pick(yes_no, id="minor"))
                hint = _("number of the parent who consented")
                guardian = Input("", hint, id="guardian", restrict=r"[0-9]*", compact=True)
                yield self.row(_("Parent"), guardian)
            yield Static("", id="problem", classes="error")
            yield Static("", id="words", classes="told--words")

    @task
    async def load(self) -> None:
        """Offer the newest texts first, in their language before others."""
        card, names = await self.about(self._number)
        cards = await self.desk.ask(self._wordings)
        wishes = [card.language, current()]

        def order(one: WordingCard) -> tuple[bool, bool, int, str]:
            tongue = one.line.language
            return tongue != wishes[0], tongue != wishes[1], -one.line.version, one.line.code

        # What a parent agrees to stands last: it is the rarer one.
        cards.sort(key=lambda one: (one.line.code == "guardian", order(one)))
        self._texts = {_key(one): one for one in cards}
        choices = [(key, _named(one)) for key, one in self._texts.items()]
        if self._state not in _SHOWN:
            choices.insert(0, ("", _("none")))
        pick = self.query_one("#wording", Pick)
        pick.choices = tuple(choices)
        pick.value = choices[0][0] if choices else ""
        word = ground_words.signed(ground_words.CONSENT_STATES, self._state)
        who = f"{card.name or '–'} ({card.number})"
        self.write("title", f"{word} · {names[self._purpose]} · {who}")
        self._show()

    def _wordings(self, register: Kartoteka) -> list[WordingCard]:
        shown = register.wordings
        return [
            shown.show(one.code, one.language, one.version)
            for one in shown.listing()
            if one.kind == "consent" and self._purpose in one.purposes
        ]

    def on_pick_turned(self, event: Pick.Turned) -> None:
        """Show the text that is chosen now."""
        event.stop()
        self._show()

    @run_once
    async def action_save(self) -> None:
        """Record it, or say beside the fields why not."""
        self.say()
        channel = self.query_one("#channel", Pick)
        if not channel.value:
            # How a yes came is evidence: it is asked for, and nothing is assumed.
            asked = Choose(_("Channel"), channel.choices[1:], _("How did they say it?"))
            chosen = await self.app.push_screen_wait(asked)
            if chosen is None:
                return
            channel.value = chosen
        if (done := await self.attempt(self._record())) is not None:
            self.dismiss(done)
        else:
            problem = self.query_one("#problem")
            self.query_one(".told").scroll_to_widget(problem, animate=False)

    async def _record(self) -> Receipt | str:
        number, order = str(self._number), self._order()
        if order.state == "given":
            await self.desk.ask(lambda r: r.consents.give(number, order))
        else:
            done = await self.desk.ask(lambda r: r.consents.note(number, order))
            if isinstance(done, Receipt):
                return done
        return _("Recorded.")

    def _order(self) -> ConsentOrder:
        text = self._texts.get(self.picked("wording"))
        given = self._state == "given"
        return ConsentOrder(
            purpose=self._purpose,
            channel=self.picked("channel"),
            state=self._state,
            wording=None if text is None else f"{text.line.code}@{text.line.version}",
            language=None if text is None else text.line.language,
            on=ground_words.day_typed(self.typed("on")),
            note=self.typed("note") or None,
            scan=typed_path(self.typed("scan")),
            guardian=(self.typed("guardian") or None) if given else None,
            minor=given and self.picked("minor") == "minor",
        )

    def _show(self) -> None:
        text = self._texts.get(self.picked("wording"))
        words = self.query_one("#words", Static)
        words.display = text is not None or self._state in _SHOWN
        if text is None:
            none = _("There is no text for this purpose yet; add one first.")
            self.write("words", none)
            return
        head = f"{_named(text)} · SHA-256 {text.line.hash[:16]}…"
        self.write("words", f"{head}\n\n{text.body}", lines=True)


def _key(text: WordingCard) -> str:
    return f"{text.line.code}@{text.line.version}:{text.line.language}"


def _named(text: WordingCard) -> str:
    one = text.line
    return _("{code}, version {version}, {language}").format(
        code=wording_name(one.code), version=one.version, language=language_words(one.language)
    )


class WithdrawScreen(FieldsScreen, PlanScreen):
    """Takes as many keys as a yes does (Art. 7(3))."""

    BINDINGS = bindings("back", "save")
    AUTO_FOCUS = "#channel"

    def __init__(self, number: int, purpose: str) -> None:
        """Let the party take back its consent to a purpose."""
        super().__init__()
        self._number, self._purpose = number, purpose

    def drawn(self) -> ComposeResult:
        """Draw how it reached us, and what would go and stay."""
        channels = Pick(worded(ground_words.CHANNELS_OF_NO), id="channel")
        yield Static(line(_("Consent withdrawn")), id="title", classes="title")
        with Vertical(classes="told"):
            yield self.row(_("Channel"), channels)
            yield self.row(_("Evidence in words"), Input(id="note", compact=True))
            yield Static("", id="problem", classes="error")
            yield Planned(id="planned")

    @task
    async def load(self) -> None:
        """Show what a no would destroy; nothing is changed by looking."""
        card, names = await self.about(self._number)
        who = f"{names[self._purpose]} · {card.name or '–'} ({card.number})"
        self.write("title", _("Consent withdrawn: {what}").format(what=who))
        number, purpose = str(self._number), self._purpose
        preview = self.desk.ask(lambda r: r.consents.preview(number, purpose, say_because))
        if (planned := await self.attempt(preview)) is not None:
            self.query_one(Planned).show_plan(planned, names)

    @run_once
    async def action_save(self) -> None:
        """Let the no take effect at once."""
        channel, note = self.picked("channel"), self.typed("note") or None
        number, purpose = str(self._number), self._purpose
        withdrawal = self.desk.ask(
            lambda r: r.consents.withdraw(number, purpose, channel=channel, note=note)
        )
        if (done := await self.attempt(withdrawal)) is not None:
            self.dismiss(done)
