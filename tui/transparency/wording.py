"""A text as people saw it, in each of its languages and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.i18n import _, current
from crm.transparency.words import WORDING_KINDS, said
from tui.app_screen import AppScreen, task
from tui.dialogs.asking import Choose
from tui.keys import bindings
from tui.safe import line
from tui.transparency.paper_lists import purpose_names
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import WordingCard, WordingLine


class WordingScreen(AppScreen):
    """Shows one version in one language; the others are a key away."""

    BINDINGS = bindings("back", "wording")
    AUTO_FOCUS = "Sheet"

    def __init__(self, code: str, language: str | None = None, version: int | None = None) -> None:
        """Show the newest version in the language in use, unless told otherwise."""
        super().__init__()
        self._code = code
        self._language = language or current()
        self._version = version
        self._lines: list[WordingLine] = []

    def compose(self) -> ComposeResult:
        """Draw the frame, the title and the sheet."""
        yield Frame("papers")
        yield Static(line(self._code), id="title", classes="question--title", markup=False)
        yield Sheet()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the text."""
        self.load()

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        lines, card, names = await self.desk.look(self._all)
        self._lines = lines
        self._language = card.line.language
        purposes = ", ".join(names.get(one, one) for one in card.line.purposes) or _("none")
        version = f"{card.line.version} · {card.line.language} · {card.line.added}"
        await self.query_one(Sheet).show(
            [
                (_("kind"), said(WORDING_KINDS, card.line.kind)),
                (_("version"), version),
                (_("it covers"), purposes),
                (_("hash"), card.line.hash),
                (_("Text"), ""),
                ("", card.body),
            ]
        )

    def action_language(self) -> None:
        """Show the newest version in the next language."""
        languages = sorted({one.language for one in self._lines})
        if languages:
            place = languages.index(self._language)
            self._language = languages[(place + 1) % len(languages)]
            self._version = None
            self.load()

    @task
    async def action_versions(self) -> None:
        """Choose among all languages and versions."""
        choices = [
            (f"{one.language}/{one.version}", f"{one.language} {one.version} · {one.added}")
            for one in self._lines
        ]
        chosen = await self.app.push_screen_wait(Choose(_("Versions"), choices))
        if chosen is not None:
            language, _slash, version = chosen.partition("/")
            self._language, self._version = language, int(version)
            self.load()

    def _all(self, register: Kartoteka) -> tuple[list[WordingLine], WordingCard, dict[str, str]]:
        lines = [one for one in register.wordings.listing() if one.code == self._code]
        languages = [one.language for one in lines]
        language = self._language
        if language not in languages and languages:
            language = languages[0]
        card = register.wordings.show(self._code, language, self._version)
        return lines, card, purpose_names(register)
