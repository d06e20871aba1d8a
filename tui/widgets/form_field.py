"""One field of a form: its label, what is typed or chosen, a sign, and below it what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.safe import form_label, line
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.app_screen import Program


class FormField(Vertical):
    """Holds one value; what it means is the form's affair."""

    DEFAULT_CSS = """
    FormField { height: auto; }
    FormField .field--row { height: auto; }
    FormField .field--label { width: 22; height: auto; padding-right: 1; }
    FormField .field--control { width: 1fr; height: 1; }
    FormField .field--sign { width: 3; padding-left: 1; }
    FormField .field--said { display: none; height: auto; padding-left: 22; color: $text-muted; }
    FormField .field--said.-warning { color: $warning; }
    FormField .field--said.-error { color: $error; }
    """

    class Changed(Message):
        """Something else stands there now."""

        def __init__(self, field: FormField) -> None:
            """Name the field."""
            super().__init__()
            self.field = field

    class Left(Changed):
        """The field was left."""

    def __init__(
        self,
        key: str,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        choices: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Take the label in the language in use; with `choices` one of them is chosen."""
        super().__init__(id=f"field-{key.replace('/', '-').replace('+', 'new')}")
        self.key, self.label = key, label
        self.definition = (label, hint, tuple(choices))
        self.control: Input | Pick
        if choices:
            self.control = Pick(choices, value)
        else:
            self.control = Input(value, placeholder=hint, compact=True, select_on_focus=False)
        self.control.add_class("field--control")

    def compose(self) -> ComposeResult:
        """Draw label, control and sign in one line, and what is said below."""
        with Horizontal(classes="field--row"):
            yield Static(form_label(self.label), classes="field--label")
            yield self.control
            yield Static("", classes="field--sign", markup=False)
        yield Static("", classes="field--said", markup=False)

    @property
    def value(self) -> str:
        """What stands there."""
        return self.control.value

    @value.setter
    def value(self, text: str) -> None:
        self.control.value = text

    def say(self, text: str = "", sign: str = "") -> None:
        """Set the sign and the text below; a mistake has words and not its colour alone."""
        if not self.children:
            return  # it was taken away again while somebody was asked
        said = self.query_one(".field--said", Static)
        said.set_class(sign == "✗", "-error")
        said.set_class(sign == "!", "-warning")
        said.update(line(text))
        said.display = bool(text)
        plain = {"✓": "ok", "✗": "!!"}.get(sign, sign)
        shown = cast("Program", self.app).sign(sign, plain)
        self.query_one(".field--sign", Static).update(line(shown))

    def go(self) -> None:
        """Let the next key go here."""
        self.control.focus()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let one of others be chosen; what was chosen stays where it is still offered."""
        if isinstance(self.control, Pick):
            chosen = self.value
            self.control.choices = tuple(choices)
            self.value = chosen

    def reveal(self, text: str) -> None:
        """Show what was masked, and let it be corrected."""
        if isinstance(self.control, Input):
            self.control.placeholder = ""
            self.control.disabled = False
        self.value = text

    @on(Input.Changed)
    @on(Pick.Turned)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    @on(Input.Blurred)
    def _left(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Left(self))
