"""The command palette: every action that works here, with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from crm.i18n import _
from tui.app_screen import offered
from tui.safe import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Actions(Provider):
    """Offers what the bindings of the screen below offer; it holds words of ours only."""

    def _actions(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        seen = {"command_palette"}
        for active in offered(self.screen):
            binding = active.binding
            if binding.action in seen:
                continue
            seen.add(binding.action)

            def run(action: str = binding.action, node: object = active.node) -> object:
                return self.app.run_action(action, node)  # type: ignore[arg-type]

            yield binding.description, self.app.get_key_display(binding), run

    async def discover(self) -> Hits:
        """Offer everything before a word is typed."""
        for words, key, run in self._actions():
            yield DiscoveryHit(line(f"{words}  ({key})"), run, text=words)

    async def search(self, query: str) -> Hits:
        """Offer what fits the typed words."""
        matcher = self.matcher(query)
        found = False
        for words, key, run in self._actions():
            if (score := matcher.match(words)) > 0:
                found = True
                yield Hit(score, line(f"{words}  ({key})"), run, text=words)
        if not found:
            # Said here, because the toolkit would say it in English.
            yield Hit(1.0, line(_("No matches.")), _nothing)


class Palette(CommandPalette):
    """The box in which they are offered, in the language in use."""

    def __init__(self) -> None:
        """Ask for a word of the action."""
        super().__init__(placeholder=_("Search for a command…"), id="--command-palette")


def _nothing() -> None:
    """Do nothing: nothing was found."""
