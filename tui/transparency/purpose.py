"""One purpose, whole: why, on what basis, which data, how long, and who receives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crm.i18n import TONGUES, _, pgettext
from crm.transparency.words import purpose_labels
from tui.app_screen import run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.screen_kinds import SheetScreen
from tui.key_bindings import bindings
from tui.transparency.paper_lists import purpose_state
from tui.transparency.papers import confirm
from tui.transparency.purpose_forms import edit_balance, edit_document, edit_purpose

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import PurposeCard, PurposeWords
    from tui.widgets.sheet import Part


class PurposeScreen(SheetScreen):
    """Shows one version in one language; changes are made from here."""

    DUTIES: ClassVar = dict.fromkeys(
        ("edit", "balance", "confirm", "retire", "document"), "purposes"
    )
    BINDINGS = bindings("back", "purpose")

    def __init__(self, code: str) -> None:
        """Show the current version in the language in use."""
        super().__init__()
        self._code = code
        self._name = code
        self._version: int | None = None
        self._card: PurposeCard | None = None

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        card, words = await self.desk.look(self._both)
        self._card = card
        state = purpose_state(
            confirmed=card.confirmed, retired=card.document.get("retired") is True
        )
        self._name = f"{card.document['number']} {words.name or self._code}"
        title = f"{self._name} · {state}".rstrip(" ·")
        await self.show(title, _parts(card, words))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer changes of the current version only."""
        card = self._card
        if action in self.DUTIES and self._version is not None:
            return False
        if action == "confirm" and (card is None or card.confirmed is True):
            return False
        if action == "retire" and (card is None or card.document.get("retired") is True):
            return False
        return super().check_action(action, parameters)

    @run_once
    async def action_edit(self) -> None:
        """Change texts, data and periods."""
        if await edit_purpose(self, self._code) is not None:
            self.load()

    @run_once
    async def action_balance(self) -> None:
        """Write the balancing note."""
        if await edit_balance(self, self._code) is not None:
            self.load()

    @run_once
    async def action_document(self) -> None:
        """Change the whole document."""
        if await edit_document(self, self._code) is not None:
            self.load()

    @run_once
    async def action_confirm(self) -> None:
        """Make note and periods the firm's own."""
        if await confirm(self, (self._code,)):
            self.load()

    @run_once
    async def action_retire(self) -> None:
        """Let the purpose open no new grounds, once somebody said so twice."""
        text = _(
            "No new lawful bases are added for it. Those in force run until their periods end."
        )
        if await self.sure(_("Retire {code}").format(code=self._name), text, yes=_("Retire")):
            await self.desk.ask(lambda register: register.purposes.retire(self._code))
            self.load()

    @task
    async def action_versions(self) -> None:
        """Show another version."""
        if self._card is None:
            return
        versions = [(str(one), str(one)) for one in reversed(self._card.versions)]
        now = str(self._card.document["version"])
        chosen = await self.app.push_screen_wait(Choose(_("Versions"), versions, now=now))
        if chosen is not None:
            newest = int(chosen) == self._card.versions[-1]
            self._version = None if newest else int(chosen)
            self.load()

    def _both(self, register: Kartoteka) -> tuple[PurposeCard, PurposeWords]:
        card = register.purposes.show(self._code, self._version)
        return card, register.purposes.say(self._code, self.language, self._version)


def _parts(card: PurposeCard, words: PurposeWords) -> list[Part]:
    labels = purpose_labels()
    document = card.document
    versions = ", ".join(map(str, card.versions))
    parts: list[Part] = [
        (labels["language"], TONGUES[words.language]),
        (labels["why"], words.why or _("no text in this language")),
        (labels["bases"], "\n".join(words.bases)),
        (labels["items"], words.items or _("none in this register")),
        (labels["retention"], words.periods),
        (labels["recipients"], "; ".join(words.recipients) or _("none")),
        (labels["laws"], "; ".join(words.laws) or _("none")),
        (labels["direct_marketing"], _("yes") if document.get("direct_marketing") else _("no")),
        (labels["compelling"], _("yes") if document.get("compelling") else _("no")),
    ]
    if words.balancing is not None:
        interest, need, balance = words.balancing
        parts += [
            (_("Balancing test"), ""),
            (labels["interest"], interest),
            (labels["need"], need),
            (labels["balance"], balance),
        ]
    source = document.get("source")
    return [
        *parts,
        (pgettext("noun", "Record"), ""),
        (labels["version"], f"{document['version']} ({labels['versions']}: {versions})"),
        *([(labels["source"], str(source))] if source else []),
        (labels["hash"], card.content_hash),
    ]
