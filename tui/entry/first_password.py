"""A new user's own password in the place of the first one, which an owner has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from crm.i18n import _
from tui.entry.entry_screen import EntryScreen, Masthead
from tui.keys import bindings
from tui.safe import line
from tui.widgets.key_bar import KeyBar
from tui.widgets.passphrase import Passphrase

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FirstPassword(EntryScreen):
    """Asks for the new password twice and gives it back; nothing is changed here."""

    BINDINGS = bindings("back", "wizard")
    AUTO_FOCUS = "#password"

    def __init__(self, known: tuple[str, ...], problem: str = "") -> None:
        """Take names that must not be in it, and why the one before was refused."""
        super().__init__()
        self._known, self._problem = known, problem

    def compose(self) -> ComposeResult:
        """Draw the box."""
        yield Masthead()
        with Vertical(classes="entry"):
            yield Static(line(_("Your own password")), classes="question--title")
            yield Static(
                line(
                    _(
                        "Somebody else has seen the first password, so choose one of your own now: "
                        "at least 15 characters. F9 accepts this phrase, F7 offers another."
                    )
                ),
                classes="entry--text",
            )
            yield Passphrase(lambda: self._known)
            yield Static(line(self._problem), id="said", classes="error")
            with Horizontal(classes="question--buttons"):
                yield Button(line(_("Back")), id="back")
                yield Button(line(_("Change")), id="change", variant="primary")
        yield KeyBar()

    def action_phrase(self) -> None:
        """Take the phrase."""
        self.query_one(Passphrase).take()

    def action_another(self) -> None:
        """Offer another phrase."""
        self.query_one(Passphrase).offer()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on; after the second line give the password back."""
        event.stop()
        if event.input.id == "password":
            self.query_one("#again").focus()
        else:
            self._give()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the password back, or nothing."""
        event.stop()
        if event.button.id == "change":
            self._give()
        else:
            self.dismiss(None)

    def _give(self) -> None:
        phrase = self.query_one(Passphrase)
        if phrase.judge():
            self.dismiss(phrase.value)
