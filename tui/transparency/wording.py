"""A text as people saw it, in each of its languages and versions; and adding one from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.grounds.words import purpose_names
from crm.i18n import _, current
from crm.parties.words import language_words
from crm.transparency.words import WORDING_KINDS, said, wording_name
from tui.app_screen import AppScreen, task
from tui.dialogs.asking import Choose
from tui.dialogs.filling import BoxField, Fill, pick, ticks, tongues, worded
from tui.dialogs.screen_kinds import SheetScreen
from tui.key_bindings import bindings
from tui.transparency.paper_lists import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import WordingCard, WordingLine


class WordingScreen(SheetScreen):
    """Shows one version in one language; the others are a key away."""

    LOADED = "once"
    BINDINGS = bindings("back", "wording")

    def __init__(self, code: str, language: str | None = None, version: int | None = None) -> None:
        """Show the newest version in the language in use, unless told otherwise."""
        super().__init__()
        self._code = code
        self.language = language or self.language
        self._version = version
        self._lines: list[WordingLine] = []

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        lines, card, names = await self.desk.look(self._all)
        self._lines = lines
        self.language = card.line.language
        purposes = ", ".join(names.get(one, one) for one in card.line.purposes) or _("none")
        tongue = language_words(card.line.language)
        version = f"{card.line.version} · {tongue} · {card.line.added}"
        parts = [
            (_("kind"), said(WORDING_KINDS, card.line.kind)),
            (_("version"), version),
            (_("it covers"), purposes),
            (_("hash"), card.line.hash),
            (_("Text"), ""),
            ("", card.body),
        ]
        await self.show(wording_name(self._code), parts)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another language only where there is one."""
        if action == "language":
            return len({one.language for one in self._lines}) > 1
        return super().check_action(action, parameters)

    def action_language(self) -> None:
        """Show the newest version in the next language there is."""
        languages = sorted({one.language for one in self._lines})
        if languages:
            place = languages.index(self.language)
            self.language = languages[(place + 1) % len(languages)]
            self._version = None
            self.load()

    @task
    async def action_versions(self) -> None:
        """Choose among all languages and versions."""
        choices = [
            (
                f"{one.language}/{one.version}",
                f"{language_words(one.language)} · v{one.version} · {one.added}",
            )
            for one in self._lines
        ]
        chosen = await self.app.push_screen_wait(Choose(_("Versions"), choices))
        if chosen is not None:
            self.language, _slash, version = chosen.partition("/")
            self._version = int(version)
            self.load()

    def _all(self, register: Kartoteka) -> tuple[list[WordingLine], WordingCard, dict[str, str]]:
        lines = [one for one in register.wordings.listing() if one.code == self._code]
        languages = [one.language for one in lines]
        language = self.language
        if language not in languages and languages:
            language = languages[0]
        card = register.wordings.show(self._code, language, self._version)
        return lines, card, purpose_names(register.purposes.listing())


async def add_wording(room: AppScreen) -> object:
    """Add a text of the firm's own, byte for byte, as the next version of its code."""
    lines = await room.desk.look(lambda register: register.purposes.listing())

    async def save(values: Mapping[str, Any]) -> object:
        return await room.desk.ask(lambda register: _add(register, values))

    fields = [
        BoxField("file", _("file"), hint=_("file with the text")),
        BoxField("code", _("code"), hint=_("small letters, such as newsletter")),
        pick("kind", _("kind"), worded(WORDING_KINDS)),
        pick("language", _("language"), tongues(), current()),
        ticks("purposes", _("it covers"), numbered(lines)),
    ]
    text = _("The text is kept as it stands in the file and is never changed afterwards.")
    return await room.app.push_screen_wait(Fill(_("Add a text"), fields, save, text=text))


def _add(register: Kartoteka, values: Mapping[str, Any]) -> WordingCard:
    return register.wordings.add(
        register.wordings.read(values["file"].strip()),
        code=values["code"].strip(),
        kind=values["kind"],
        language=values["language"],
        purposes=values["purposes"],
    )
