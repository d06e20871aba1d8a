"""The questions every screen may put: yes or no, one line of text, one of several, a number."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Input, Static

from crm.i18n import _
from tui.app_screen import LeavingScreen
from tui.key_bindings import bindings, help_here
from tui.safe import line, safe
from tui.widgets.answer_button import AnswerButton
from tui.widgets.key_bar import KeyBar
from tui.widgets.pick import Pick
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

_Answer = TypeVar("_Answer")


# A class has the look of its first base only, so the box stands before the manner of leaving.
class Question(ModalScreen["_Answer | None"], LeavingScreen["_Answer | None"], Generic[_Answer]):
    """A box over a screen; escape answers nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("back"), help_here()]
    AUTO_FOCUS = "Input, VirtualList, Button"

    def __init__(self, title: str, text: str = "") -> None:
        """Take the title and the text under it, in the language in use."""
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Draw the box: title, text, what is asked, the ways out."""
        with Vertical(classes="question"):
            yield Static(line(self._title), classes="question--title")
            if self._text:
                yield Static(safe(self._text), classes="question--text")
            yield from self.asked()
        yield KeyBar()

    def asked(self) -> ComposeResult:
        """Yield what is asked."""
        yield from ()

    def action_back(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


class PicksScreen(Screen[Any]):
    """A screen with fields of choices: all of those of one can be shown at once."""

    def on_pick_wanted(self, event: Pick.Wanted) -> None:
        """Show all choices of a field; another one is as if it had been turned to."""
        event.stop()
        pick = event.pick

        def chosen(code: str | None) -> None:
            if code is not None and code != pick.value:
                pick.value = code
                pick.post_message(Pick.Turned(pick))

        self.app.push_screen(Choose(self.naming(pick), pick.choices, now=pick.value), chosen)

    def naming(self, pick: Pick) -> str:  # noqa: ARG002 - a box knows what each of its fields is
        """Return what stands over the choices of a field."""
        return _("Choose")


class StepScreen(Screen[Any]):
    """Enter goes to the next line and after the last one on, as buttons do; one goes back."""

    BINDINGS = bindings("lines")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next line; after the last one go on."""
        event.stop()
        lines = [one for one in self.focus_chain if isinstance(one, Input)]
        if event.input is lines[-1]:
            self.go_on()
        else:
            lines[lines.index(event.input) + 1].focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on, or back."""
        event.stop()
        if event.button.id == "back":
            self.action_back()
        else:
            self.go_on()

    @abstractmethod
    def go_on(self) -> object:
        """Do what the lines were filled in for."""

    @abstractmethod
    def action_back(self) -> object:
        """Go back."""


class Confirm(Question[bool]):
    """Yes or no; `yes` names the change, so that nobody agrees to a bare yes."""

    def __init__(self, title: str, text: str = "", *, yes: str) -> None:
        """Take what is to be confirmed and the words on the button that does it."""
        super().__init__(title, text)
        self._yes = yes

    def asked(self) -> ComposeResult:
        """Offer to go back first, so that a stray Enter does nothing."""
        with Horizontal(classes="question--buttons"):
            yield AnswerButton(_("Back"), "no")
            yield AnswerButton(self._yes, "yes", "warning")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")


async def may_leave(screen: LeavingScreen[Any], *, changed: bool, title: str = "") -> bool:
    """Tell whether somebody may leave: what would be lost by it is asked for first."""
    if screen.is_saving or not changed:
        return not screen.is_saving
    sure = Confirm(title or _("Close without saving?"), yes=_("Close"))
    return await screen.app.push_screen_wait(sure) is True


class AskText(Question[str]):
    """One line of text; `secret` hides it."""

    def __init__(
        self, title: str, text: str = "", *, value: str = "", secret: bool = False
    ) -> None:
        """Take what is asked and what stands there already."""
        super().__init__(title, text)
        self._value, self._secret = value, secret

    def asked(self) -> ComposeResult:
        """Offer the line."""
        yield Input(value=self._value, password=self._secret, id="text")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with what was typed."""
        self.dismiss(event.value)


class TypeNumber(Question[int]):
    """The number of a party, typed once more before something cannot be brought back."""

    def __init__(self, title: str, text: str, number: int) -> None:
        """Take the number that must be typed."""
        super().__init__(title, text)
        self._number = number

    def asked(self) -> ComposeResult:
        """Offer the line."""
        yield Input(id="number", restrict=r"[0-9]*", max_length=9)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer only when it is the number."""
        if event.value == str(self._number):
            self.dismiss(self._number)
        else:
            self.register.notify(_("This is a different number."), severity="warning")


class Choose(Question[str]):
    """One of several; each choice is a code and what it is called."""

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str]], text: str = "", *, now: str = ""
    ) -> None:
        """Take the choices in their order; the cursor starts on `now`."""
        super().__init__(title, text)
        self._choices, self._now = tuple(choices), now

    def asked(self) -> ComposeResult:
        """Offer the list."""
        yield VirtualList((Column("choice", "", 0),), id="choices")

    def on_mount(self) -> None:
        """Fill the list."""
        listed = self.query_one(VirtualList)
        listed.styles.height = min(len(self._choices) + 1, 14)
        listed.fill([Row(code, (words,)) for code, words in self._choices])
        codes = [code for code, _words in self._choices]
        if self._now in codes:
            listed.move_to(codes.index(self._now))

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Answer with the code."""
        event.stop()
        self.dismiss(event.key)
