"""What the screens before a register share: they say what this is, and in which language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Static

from crm.i18n import TONGUES, _, current
from tui.dialogs.asking import StepScreen
from tui.dialogs.screen_kinds import FramedScreen, following
from tui.safe import line, one_line
from tui.widgets.asked_line import Passphrase

if TYPE_CHECKING:
    from tui.lock import Gate
    from tui.opening import Start


class EntryScreen(FramedScreen):
    """A screen that nobody has unlocked: what it shows, everybody may see."""

    LOADED = "otherwise"

    @property
    def start(self) -> Start:
        """How the program was started."""
        return self.entrance.start

    @property
    def entrance(self) -> Gate:
        """The app, as what opens a register."""
        return cast("Gate", self.app)

    async def action_language(self) -> None:
        """Speak the next language, and the next time too."""
        await self.speak(following(current()))

    async def speak(self, language: str) -> None:
        """Speak a language, and the next time too."""
        self.keep()
        self.register.prefer(replace(self.register.preferences, language=language))
        await self.register.speak(language)

    def keep(self) -> None:
        """Keep what was typed, before everything is drawn anew."""

    async def recompose(self) -> None:
        """Draw everything anew, in the language in use."""
        await super().recompose()
        self.call_after_refresh(self._anew)

    def begin(self) -> None:
        """Let the next key go where it belongs."""
        if self.AUTO_FOCUS:
            self.query(self.AUTO_FOCUS).first().focus()

    def _anew(self) -> None:
        if self.is_mounted:
            self.begin()
            self.refresh_bindings()


class PhraseScreen(EntryScreen, StepScreen):
    """One on which a new password may be chosen, of which a phrase is offered."""

    def action_phrase(self) -> None:
        """Take the phrase that is offered."""
        for offered in self.query(Passphrase):  # none while the screen is still being drawn
            offered.take()

    def action_another(self) -> None:
        """Offer another phrase."""
        for offered in self.query(Passphrase):
            offered.offer()


class Masthead(Static):
    """The first line: the program, its version, and the language with its key."""

    def __init__(self) -> None:
        """Fill one line."""
        super().__init__(id="masthead", markup=False)

    def on_mount(self) -> None:
        """Draw."""
        self.on_resize()

    def on_resize(self) -> None:
        """Draw what fits."""
        from importlib.metadata import version  # noqa: PLC0415 - paint first

        left = one_line(f" Kartotēka {version('kartoteka')}")
        tongues = [
            (f" {word} ", "reverse bold" if code == current() else "")
            for code, word in TONGUES.items()
        ]
        right = Content.assemble("F8 ", *tongues)
        room = max(self.size.width - len(left) - right.cell_length, 1)
        self.update(Content.assemble((left, "bold"), " " * room, right))


def demo_hint() -> Content:
    """Say who may open the register of invented people: that is published."""
    from crm.kartoteka import demo_logins  # noqa: PLC0415 - paint first

    password, logins = demo_logins()
    users = ", ".join(logins)
    return line(
        _(
            "Everybody in this register is invented, so its password is published: {password}. "
            "Its users: {users}."
        ).format(password=password, users=users)
    )
