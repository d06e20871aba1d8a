"""The last line of every screen: the keys that work here, as many as the window has room for.

One widget that draws one line. The toolkit's footer is a widget for each key, built anew with
every move of the focus, which cost more than the rest of a screen; and what it had no room for it
cut, the help first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.content import Content
from textual.widget import Widget

from tui.safe import one_line

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

# These stay when others have no room: the way out, and the list of all the others.
_KEPT = frozenset({"back", "app.help"})
_MORE = "…"


class ShownKey(NamedTuple):
    """One key of the line: what is pressed, what stands there, and whether it stays."""

    key: str
    display: str
    words: str
    enabled: bool
    kept: bool

    @property
    def width(self) -> int:
        """How many cells it takes."""
        return self.content(plain=True).cell_length

    def content(self, *, plain: bool = False) -> Content:
        """Return the key and its words as they are drawn."""
        look = "" if plain else "bold $footer-key-foreground"
        faint = "" if self.enabled or plain else "dim"
        return Content.assemble((f" {self.display} ", look), (f"{self.words} ", faint))


class KeyBar(Widget):
    """Draws the keys of its screen on one line; a click on one presses it."""

    ALLOW_SELECT = False
    can_focus = False
    DEFAULT_CSS: ClassVar[str] = """
    KeyBar {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
    }
    """

    def __init__(self) -> None:
        """Know no key before the screen says which work."""
        super().__init__()
        self._keys: list[ShownKey] = []

    def on_mount(self) -> None:
        """Hear of every change of the keys that work."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[Any]) -> None:
        if not (self.is_attached and screen is self.screen):
            return
        keys: dict[str, ShownKey] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.description:
                shown = ShownKey(
                    binding.key,
                    one_line(self.app.get_key_display(binding)),
                    one_line(binding.description),
                    active.enabled,
                    binding.id in _KEPT,
                )
                keys.setdefault(binding.action, shown)
        if list(keys.values()) != self._keys:
            self._keys = list(keys.values())
            self.refresh()

    def render(self) -> Content:
        """Draw the keys that fit, and a sign where some did not."""
        fitting = fitted(self._keys, self.size.width)
        line = Content.assemble(*(shown.content() for shown in fitting))
        if len(fitting) < len(self._keys):
            line = Content.assemble(line, _MORE)
        return line

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked on."""
        at = event.x
        for shown in fitted(self._keys, self.size.width):
            if at < shown.width:
                if shown.enabled:
                    self.app.simulate_key(shown.key)
                return
            at -= shown.width


def fitted(keys: list[ShownKey], width: int) -> list[ShownKey]:
    """Return the keys that fit into a width, in their order; what stays is counted first."""
    if sum(shown.width for shown in keys) <= width:
        return keys
    room = width - len(_MORE) - sum(shown.width for shown in keys if shown.kept)
    chosen: list[ShownKey] = []
    for shown in keys:
        if not shown.kept and shown.width > room:
            room = 0  # the first that does not fit is followed by none
        elif not shown.kept:
            room -= shown.width
        if shown.kept or room:
            chosen.append(shown)
    return chosen
