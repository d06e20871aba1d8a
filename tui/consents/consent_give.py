"""Recording what somebody said to a purpose: the text they saw, how they said it, what backs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from crm.grounds import words as rights
from crm.grounds.cards import Receipt
from crm.i18n import _, current
from crm.transfer.cards import ConsentOrder
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.saving import typed_path
from tui.keys import bindings
from tui.safe import line, safe
from tui.widgets.key_bar import KeyBar
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import WordingCard

_SHOWN = frozenset({"given", "requested"})


class GiveScreen(FieldsScreen):
    """The newest text in their language stands there already; saving takes one key."""

    BINDINGS = bindings("back", "told")
    AUTO_FOCUS = "#channel"

    def __init__(self, number: int, purpose: str, state: str = "given") -> None:
        """Record that the party said `state` to a purpose."""
        super().__init__()
        self._number, self._purpose, self._state = number, purpose, state
        self._texts: dict[str, WordingCard] = {}

    def compose(self) -> ComposeResult:
        """Draw the fields, and the text that was shown, in full."""
        word = rights.signed(rights.CONSENT_STATES, self._state)
        # Nothing is chosen beforehand: how a yes came is evidence, and somebody has to say it.
        channels = [("", _("choose …")), *((code, _(w)) for code, w in rights.CHANNELS.items())]
        yield Static(line(word), id="title", classes="title")
        with VerticalScroll(classes="told", can_focus=False):
            yield self._field(_("Channel"), Pick(channels, id="channel"))
            hint = _("today; else as 2026-03-31")
            yield self._field(_("On which day"), Input("", hint, id="on", compact=True))
            yield self._field(_("Text shown"), Pick((), id="wording"))
            yield self._field(_("Evidence in words"), Input(id="note", compact=True))
            hint = _("path of a scan or message; it is encrypted")
            yield self._field(_("Evidence file"), Input("", hint, id="scan", compact=True))
            if self._state == "given":
                yes_no = (("", _("no, or the age is known already")), ("minor", _("yes")))
                yield self._field(_("Is it a child?"), Pick(yes_no, id="minor"))
                hint = _("number of the parent who consented")
                guardian = Input("", hint, id="guardian", restrict=r"[0-9]*", compact=True)
                yield self._field(_("Parent"), guardian)
            yield Static("", id="problem", classes="error")
            yield Static("", id="words", classes="told--words")
        yield KeyBar()

    def on_mount(self) -> None:
        """Bring who it is, and the texts that speak of the purpose."""
        self.load()

    @task
    async def load(self) -> None:
        """Offer the newest texts first, in their language before others."""
        number, purpose = str(self._number), self._purpose

        def read(register: Kartoteka) -> tuple[Any, list[WordingCard], Any]:
            card = register.clients.show(number)
            shown = register.wordings
            cards = [
                shown.show(one.code, one.language, one.version)
                for one in shown.listing()
                if one.kind == "consent" and purpose in one.purposes
            ]
            return card, cards, register.purposes.listing()

        card, cards, purposes = await self.desk.ask(read)
        names = rights.purpose_names(purposes)
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
        word = rights.signed(rights.CONSENT_STATES, self._state)
        who = f"{card.name or '–'} ({card.number})"
        self.query_one("#title", Static).update(line(f"{word} · {names[purpose]} · {who}"))
        self._show()

    def on_pick_turned(self, event: Pick.Turned) -> None:
        """Show the text that is chosen now."""
        event.stop()
        self._show()

    @run_once
    async def action_save(self) -> None:
        """Record it, or say beside the fields why not."""
        problem = self.query_one("#problem", Static)
        problem.update("")
        try:
            done = await self._record(self._order())
        except KartotekaError as error:
            problem.update(line(explain(error)))
            self.query_one(".told").scroll_to_widget(problem, animate=False)
        else:
            self.dismiss(done)

    async def _record(self, order: ConsentOrder) -> Receipt | str:
        number = str(self._number)
        if order.state == "given":
            await self.desk.ask(lambda r: r.consents.give(number, order))
        else:
            done = await self.desk.ask(lambda r: r.consents.note(number, order))
            if isinstance(done, Receipt):
                return done
        return _("Recorded.")

    def _order(self) -> ConsentOrder:
        text = self._texts.get(self.query_one("#wording", Pick).value)
        given = self._state == "given"
        return ConsentOrder(
            purpose=self._purpose,
            channel=self.query_one("#channel", Pick).value,
            state=self._state,
            wording=None if text is None else f"{text.line.code}@{text.line.version}",
            language=None if text is None else text.line.language,
            on=rights.day_typed(self.query_one("#on", Input).value),
            note=self.query_one("#note", Input).value.strip() or None,
            scan=typed_path(self.query_one("#scan", Input).value),
            guardian=(self.query_one("#guardian", Input).value or None) if given else None,
            minor=given and self.query_one("#minor", Pick).value == "minor",
        )

    def _show(self) -> None:
        text = self._texts.get(self.query_one("#wording", Pick).value)
        words = self.query_one("#words", Static)
        words.display = text is not None or self._state in _SHOWN
        if text is None:
            words.update(line(_("There is no text for this purpose yet; add one first.")))
            return
        head = f"{_named(text)} · SHA-256 {text.line.hash[:16]}…"
        words.update(safe(f"{head}\n\n{text.body}"))

    def _field(self, label: str, field: Widget) -> Horizontal:
        return Horizontal(Static(line(label), classes="told--label"), field, classes="told--row")


def _key(text: WordingCard) -> str:
    return f"{text.line.code}@{text.line.version}:{text.line.language}"


def _named(text: WordingCard) -> str:
    one = text.line
    return _("{code}, version {version}, {language}").format(
        code=one.code, version=one.version, language=one.language
    )
