"""Text to be read: labels with what belongs to them, or one long text; it scrolls by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from tui.key_bindings import bindings
from tui.safe import line, safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

# A label without a text is a heading, a text without a label runs over the whole width.
Part = tuple[str, str]


class Sheet(VerticalScroll, can_focus=True):
    """Shows parts one under the other."""

    BINDINGS = bindings("text")
    DEFAULT_CSS = """
    Sheet { height: 1fr; padding: 0 1; }
    Sheet .sheet--row { height: auto; }
    Sheet .sheet--label { width: 24; color: $text-muted; padding-right: 1; }
    Sheet .sheet--text { width: 1fr; }
    Sheet .sheet--heading { text-style: bold; margin-top: 1; }
    """

    async def show(self, parts: Iterable[Part]) -> None:
        """Show these parts from their beginning."""
        await self.remove_children()
        await self.mount_all(_drawn(label, text) for label, text in parts)
        self.scroll_home(animate=False)


def _drawn(label: str, text: str) -> Widget:
    if not label:
        return Static(safe(text))
    if not text:
        return Static(line(label), classes="sheet--heading")
    return Horizontal(
        Static(line(label), classes="sheet--label"),
        Static(safe(text), classes="sheet--text"),
        classes="sheet--row",
    )
