"""A PIN for the locks of the next hours, set by whoever is at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Input, Static

from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once
from tui.dialogs.asking import Question, StepScreen
from tui.lock import Gate
from tui.safe import line
from tui.widgets.answer_button import AnswerButton

if TYPE_CHECKING:
    from textual.app import ComposeResult

_MOST = 12


class PinScreen(Question[bool], StepScreen):
    """Asks for a PIN twice; nothing of it is stored, and it ends with the program."""

    AUTO_FOCUS = "#pin"

    def __init__(self) -> None:
        """Say what a PIN is for."""
        super().__init__(
            _("A PIN for the next hours"),
            _(
                "After a lock the PIN opens the register again, for 12 hours after the "
                "password was entered and on this screen only. After three wrong attempts, "
                "or once the program is closed, it is no longer valid."
            ),
        )

    def asked(self) -> ComposeResult:
        """Offer both lines."""
        for name, words in (("pin", _("PIN, 4 to 12 digits")), ("again", _("Repeat"))):
            yield Static(line(words))
            yield Input(password=True, id=name, restrict="[0-9]*", max_length=_MOST, compact=True)
        yield Static("", id="said", classes="error", markup=False)
        with Horizontal(classes="question--buttons"):
            yield AnswerButton(_("Back"), "back")
            yield AnswerButton(_("Set the PIN"), "set", "primary")

    @run_once
    async def go_on(self) -> None:
        """Set the PIN, if it was typed twice."""
        app, (pin, again) = self.app, self.query(Input)
        said = self.query_one("#said", Static)
        if pin.value != again.value:
            said.update(line(_("This does not match.")))
            again.value = ""
            again.focus()
            return
        said.update(line(_("One moment…")))
        typed = pin.value
        try:
            kept = await self.register.desk.ask(lambda register: register.keep_for_pin(typed))
        except KartotekaError as error:
            said.update(line(explain(error)))
            pin.focus()
            return
        if isinstance(app, Gate):
            app.kept = kept
        self.register.notify(_("From the next lock on, the PIN opens the register."))
        self.dismiss(result=True)
