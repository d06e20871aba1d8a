"""The screen of a locked register: it holds no data and asks for a password or a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from crm.i18n import _, current, ngettext
from crm.opening.words import shown_place
from gdpr.errors import Invalid, KartotekaError, WrongPassword
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import StepScreen
from tui.entry.entry_screen import EntryScreen, Masthead, PhraseScreen, demo_hint
from tui.key_bindings import bindings
from tui.opening import Attempt
from tui.safe import line, safe
from tui.waiting import Patience
from tui.widgets.answer_button import AnswerButton
from tui.widgets.asked_line import Passphrase

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FirstPassword(PhraseScreen):
    """Asks for the new password twice and gives it back; nothing is changed here."""

    BINDINGS = bindings("back", "wizard")
    AUTO_FOCUS = "#password"

    def __init__(self, known: tuple[str, ...], problem: str = "") -> None:
        """Take names that must not be in it, and why the one before was refused."""
        super().__init__()
        self._known, self._problem = known, problem

    def drawn(self) -> ComposeResult:
        """Draw the box."""
        yield Masthead()
        with Vertical(classes="entry"):
            yield Static(line(_("Your own password")), classes="question--title")
            text = _(
                "Somebody else has seen the first password, so choose one of your own "
                "now: at least 15 characters. F9 accepts this phrase, F7 offers another."
            )
            yield Static(line(text), classes="entry--text")
            yield Passphrase(lambda: self._known)
            yield Static(line(self._problem), id="said", classes="error")
            with Horizontal(classes="question--buttons"):
                yield AnswerButton(_("Back"), "back")
                yield AnswerButton(_("Change"), "change", "primary")

    def go_on(self) -> None:
        """Give the password back, once both lines are right."""
        phrase = self.query_one(Passphrase)
        if phrase.judge():
            self.dismiss(phrase.value)


_TICK: Final = 0.5


class Unlock(EntryScreen, StepScreen):
    """Asks who is there and for the password; after it was typed once, a PIN will do for hours."""

    BINDINGS = bindings("entry")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        """Nobody has tried yet."""
        super().__init__()
        self._patience = Patience()
        self._said = ""
        self._failed = False
        self._busy = False
        self._wants_password = False
        self._language = current()

    def drawn(self) -> ComposeResult:
        """Draw the box."""
        yield Masthead()
        with Vertical(classes="entry"):
            yield Static(line(_("Unlock the register")), classes="question--title")
            yield Static(line(shown_place(self.start.vault)), classes="muted entry--text")
            with Vertical(id="by-pin"):
                pin = Input(password=True, id="pin", restrict="[0-9]*", max_length=12, compact=True)
                yield _row(_("PIN"), pin)
            with Vertical(id="by-password"):
                alone = _("may be left empty if there is only one")
                user = Input(self.start.user or "", alone, id="user", compact=True)
                yield _row(_("Login name"), user)
                yield _row(_("Password"), Input(password=True, id="password", compact=True))
            yield Static("", id="said", markup=False)
            yield AnswerButton(_("Unlock"), "unlock", "primary")
            yield Static("", id="hint", classes="muted", markup=False)

    def on_mount(self) -> None:
        """Count down from then on."""
        self.set_interval(_TICK, self._draw)

    async def on_screen_resume(self) -> None:  # type: ignore[override] # the toolkit waits for it
        """Ask anew; what was given with its password, such as the demo, is opened at once."""
        self._wants_password = False
        if self._language != current():
            await self.recompose()
        else:
            self._ask()
        if self.start.password is not None:
            self.go_on()
        elif (problem := self.start.problem) is not None:
            # It is said once, to whom it concerns: who types now is a person.
            self.entrance.start = self.start.found(self.start.user)
            self._say(explain(problem), failed=True)

    async def recompose(self) -> None:
        """Draw the box in the language in use."""
        self._language = current()
        if not self._busy:
            self._said = ""
        await super().recompose()

    def begin(self) -> None:
        """Ask for what opens the register now."""
        self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the other way only where there is one."""
        if action == "other":
            return self.entrance.has_pin()
        return super().check_action(action, parameters)

    def action_other(self) -> None:
        """Ask for the password instead of the PIN, or the other way round."""
        self._wants_password = not self._wants_password
        self._ask()

    def action_recover(self) -> None:
        """Go on with the key on paper."""
        if not self._busy:
            self.register.visit("recover")

    def action_restore(self) -> None:
        """Bring the register back from a backup, which whoever opens that backup may do."""
        if not self._busy:
            self.register.visit("restore")

    def _by_pin(self) -> bool:
        return self.entrance.has_pin() and not self._wants_password

    def _ask(self) -> None:
        by_pin = self._by_pin()
        self.query_one("#by-pin").display = by_pin
        self.query_one("#by-password").display = not by_pin
        pin, password = self.query_one("#pin", Input), self.query_one("#password", Input)
        pin.value = password.value = ""
        user = self.query_one("#user", Input)
        (pin if by_pin else password if user.value else user).focus()
        self.refresh_bindings()
        self._draw()
        self._hint()

    def _draw(self) -> None:
        words, left = self._said, self._patience.left()
        if left:
            words += "\n" + ngettext(
                "You can try again in {count} second.",
                "You can try again in {count} seconds.",
                left,
            ).format(count=left)
        elif not words and self.entrance.closing and self.desk.at_work:
            words = _("Work in progress is being finished; then the keys are removed from memory.")
        # While the box is drawn anew in another language there is none.
        for problem in self.query("#said").results(Static):
            problem.set_class(self._failed, "error")
            problem.update(safe(words))

    def go_on(self) -> None:
        """Try what was typed."""
        if self._busy or self._patience.left():
            return
        start, kept = self.start, self.entrance.kept if self._by_pin() else None
        typed = self.query_one("#password" if kept is None else "#pin", Input)
        secret = start.password if start.password is not None else typed.value
        if not secret and start.password is None:
            # Nothing typed is no try: it must not make anybody wait.
            typed.focus()
            self._say(_("Enter the password.") if kept is None else _("Enter the PIN."))
            return
        user = self.query_one("#user", Input).value.strip() or start.user
        typed.value = ""
        # What the program was started with opens it once; after a lock a person must type.
        self.entrance.start = start.found(user if kept is None else start.user)
        self._enter(Attempt(start, user, secret, kept))

    def _say(self, words: str, *, failed: bool = False) -> None:
        self._said, self._failed = words, failed
        self._draw()

    @run_once
    async def _enter(self, attempt: Attempt, renewed: str | None = None) -> None:
        self._busy = True
        self._say(_("Inventing people …") if attempt.start.invents() else _("Opening …"))
        try:
            if renewed is None:
                await self.entrance.enter(attempt.open, kept=attempt.kept)
            else:
                await self.entrance.enter(lambda: attempt.open_renewed(renewed))
        except KartotekaError as error:
            self._refused(error, attempt, renewing=renewed is not None)
        else:
            self._patience.rewarded()
            self._say("")
            self._remember()
        finally:
            self._busy = False

    def _remember(self) -> None:
        """Let the name of who is in stand there after a lock, also where nobody had to type it."""
        if (me := self.register.me) is not None:
            self.entrance.start = self.start.found(me.name)
            for user in self.query("#user").results(Input):
                user.value = me.name

    def _refused(self, error: KartotekaError, attempt: Attempt, *, renewing: bool) -> None:
        from crm.kartoteka import FirstPasswordMustChange  # noqa: PLC0415 - loaded by now

        if isinstance(error, FirstPasswordMustChange):
            self._ask_new(attempt, "")
            return
        if renewing and isinstance(error, Invalid):
            # The service knows names that this screen does not, and refuses a password with one.
            self._ask_new(attempt, explain(error))
            return
        if isinstance(error, WrongPassword) or attempt.kept is not None:
            self._patience.failed()
        self._say(explain(error), failed=True)
        if attempt.kept is not None and not self.entrance.has_pin():
            self._ask()

    def _ask_new(self, attempt: Attempt, problem: str) -> None:
        def chosen(password: str | None) -> None:
            if password is None:
                self._say("")
            else:
                self._enter(attempt, password)

        self._say("")
        self.app.push_screen(FirstPassword((attempt.user or "",), problem), chosen)

    @task
    async def _hint(self) -> None:
        from crm.kartoteka import look_from_outside  # noqa: PLC0415 - on the desk's thread

        start = self.start
        seen = await self.desk.without_register(lambda: look_from_outside(start.vault))
        hint = demo_hint() if start.demo or seen.demo else line("")
        for said in self.query("#hint").results(Static):
            said.update(hint)


def _row(words: str, typed: Input) -> Horizontal:
    return Horizontal(Static(line(words), classes="asked--words"), typed, classes="asked--row")
