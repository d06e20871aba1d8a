"""The recovery key: shown once to be written on paper, then asked back by two of its groups."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final, Protocol

from textual.widgets import Button, Static

from crm.i18n import _
from tui.dialogs.asking import AskText, Question
from tui.safe import line
from tui.widgets.answer_button import AnswerButton

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.app_screen import AppScreen

_ASKED: Final = 2
_TRIES: Final = 3
_IN_A_ROW: Final = 5


class Paper(Protocol):
    """What a box needs of a recovery key: its groups, and whether one was typed rightly."""

    def groups(self) -> list[str]:
        """Return the groups one by one."""

    def confirms(self, number: int, typed: str) -> bool:
        """Tell whether what was typed is group `number`, from 1."""


class RecoveryPaper(Question[bool]):
    """Shows the groups with their numbers; nothing of them stays when the box is closed."""

    def __init__(self, key: Paper) -> None:
        """Take the key that was just made."""
        super().__init__(
            _("The new recovery key"),
            _(
                "It is shown only once and stored nowhere. Write it on paper, all groups in "
                "their order, and keep the paper in a safe place. Destroy any earlier paper."
            ),
        )
        self._groups = key.groups()

    def asked(self) -> ComposeResult:
        """Draw the groups, five in a row, and the way on."""
        numbered = [f"{number:>2}: {group}" for number, group in enumerate(self._groups, 1)]
        for at in range(0, len(numbered), _IN_A_ROW):
            yield Static(line("   ".join(numbered[at : at + _IN_A_ROW])), classes="paper")
        yield AnswerButton(_("I have written it down"), "yes")

    def on_button_pressed(self, _event: Button.Pressed) -> None:
        """Go on."""
        self.dismiss(result=True)


async def written_down(room: AppScreen, key: Paper) -> bool:
    """Show a key, then ask two of its groups back; tell whether the paper has them."""
    if not await room.app.push_screen_wait(RecoveryPaper(key)):
        return False
    # Which two are asked is no secret.
    asked = sorted(random.sample(range(1, len(key.groups()) + 1), _ASKED))
    for number in asked:
        if not await _typed(room, key, number):
            return False
    return True


async def _typed(room: AppScreen, key: Paper, number: int) -> bool:
    title = _("Group {number} of the recovery key").format(number=number)
    text = _("Read it from your paper.")
    for _try in range(_TRIES):
        typed = await room.app.push_screen_wait(AskText(title, text))
        if typed is None:
            return False
        if key.confirms(number, typed):
            return True
        text = _("That is not group {number}.").format(number=number)
    return False
