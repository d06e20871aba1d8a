"""A question with a line to type in and its verdict; and a new password, asked for twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from crm.i18n import _, current
from gdpr.errors import KartotekaError
from tui.app_screen import explain
from tui.safe import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tui.app_screen import Program


class Wrong(str):
    """What is wrong with a line, in the language in use."""

    __slots__ = ()


class Asked(Vertical):
    """Asks for one line; `check` says something of a right one, or returns or raises what is wrong.

    It is judged when it is left, and from then on with every letter.
    """

    def __init__(
        self,
        name: str,
        words: str,
        check: Callable[[str], str],
        *,
        value: str = "",
        secret: bool = False,
        hint: str = "",
    ) -> None:
        """Take the words in the language in use; the input is found by its name."""
        super().__init__(classes="asked")
        self._words, self._check, self._hint = words, check, hint
        self._typed = Input(value, password=secret, id=name, compact=True)
        self._judged = False

    def compose(self) -> ComposeResult:
        """Draw words and line, and under them a line for the verdict."""
        with Horizontal(classes="asked--row"):
            yield Static(line(self._words), classes="asked--words")
            yield self._typed
        yield Static(line(self._hint), classes="asked--verdict muted")

    @property
    def value(self) -> str:
        """What stands there."""
        return self._typed.value

    @value.setter
    def value(self, text: str) -> None:
        self._typed.value = text

    def go(self) -> None:
        """Let the next key go here."""
        self._typed.focus()

    def judge(self) -> bool:
        """Say whether what stands there is right, and beside it why not."""
        self._judged = True
        verdict = self.query_one(".asked--verdict", Static)
        program = cast("Program", self.app)
        try:
            said = self._check(self.value)
        except KartotekaError as wrong:
            said = Wrong(explain(wrong))
        if isinstance(said, Wrong):
            verdict.set_classes("asked--verdict error")
            verdict.update(line(f"{program.sign('✗', '!')} {said}"))
            return False
        if self.value:
            verdict.set_classes("asked--verdict right")
            verdict.update(line(f"{program.sign('✓', 'ok')} {said}"))
        else:
            verdict.set_classes("asked--verdict muted")
            verdict.update(line(self._hint))
        return True

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Judge what was typed; an empty line only once somebody would go on."""
        event.stop()
        if self.value:
            self.judge()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge again."""
        event.stop()
        if self._judged:
            self.judge()


class Passphrase(Vertical):
    """Offers a phrase in the language in use and says in words how strong the typed one is."""

    def __init__(self, known: Callable[[], tuple[str, ...]]) -> None:
        """Take what gives the names that an attacker would try."""
        super().__init__(classes="passphrase")
        self._known = known
        self._phrase = ""

    def compose(self) -> ComposeResult:
        """Draw the offer and the two lines."""
        yield Static("", id="phrase", markup=False)
        yield Asked("password", _("Password"), self._strength, secret=True)
        yield Asked("again", _("Repeat"), self._same, secret=True)

    def on_mount(self) -> None:
        """Offer the first phrase."""
        self.offer()

    @property
    def value(self) -> str:
        """The password as typed."""
        return self._asked[0].value

    def offer(self) -> None:
        """Draw another phrase."""
        from crm.kartoteka import suggest_passphrase  # noqa: PLC0415 - paint first

        self._phrase = suggest_passphrase(current())
        self.query_one("#phrase", Static).update(line(self._phrase))

    def take(self) -> None:
        """Put the phrase into the first line; it is still typed once, so that it is learned."""
        self._asked[0].value = self._phrase
        self._asked[0].judge()
        self._asked[1].go()

    def judge(self) -> bool:
        """Say of both lines whether they are right."""
        verdicts = [asked.judge() for asked in self._asked]
        return all(verdicts)

    @property
    def _asked(self) -> list[Asked]:
        return list(self.query(Asked))

    def _strength(self, typed: str) -> str:
        from crm.kartoteka import check_password  # noqa: PLC0415 - paint first

        check_password(typed, self._known())
        return _("Strong: guessing it would take longer than a lifetime.")

    def _same(self, typed: str) -> str:
        if typed != self.value:
            return Wrong(_("This does not match."))
        return _("Matches.") if typed else ""
