"""What text passes on its way to the terminal: nothing that came from data is obeyed.

Textual reads square brackets in a string as markup, and an escape code in a name would reach the
terminal as it is. So widgets are given `Content`, which is drawn letter by letter, and a last
filter drops what a terminal would act on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.content import Content
from textual.filter import LineFilter

from gdpr.text import clean, undriven
from gdpr.text import safe as fit

if TYPE_CHECKING:
    from textual.color import Color


def safe(text: object) -> Content:
    """Return any text as content that is drawn and never read as markup."""
    return Content(fit("" if text is None else str(text)))


def line(text: object) -> Content:
    """Return any text as content of one line."""
    return Content(one_line(text))


def form_label(text: str) -> Content:
    """Return what a form calls a field; within a sentence or a column it begins small."""
    words = one_line(text)
    return Content(words[:1].upper() + words[1:])


def piece(text: str) -> Content:
    """Return a part of a text as content, with the spaces at its ends."""
    return Content(undriven(text))


def one_line(text: object) -> str:
    """Return any text as one line that a terminal draws as it stands."""
    return clean("" if text is None else str(text))


class ControlGuard(LineFilter):
    """Drops from every drawn line what would drive a terminal, whichever widget drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line without control, bidi and zero-width characters, as wide as before."""
        del background
        return [segment if segment.control else _guarded(segment) for segment in segments]


def _guarded(segment: Segment) -> Segment:
    text = undriven(segment.text).replace("\n", " ").replace("\t", " ")
    if text == segment.text:
        return segment
    # What was dropped may have taken a cell, or joined two letters into one.
    return Segment(set_cell_size(text, segment.cell_length), segment.style)
