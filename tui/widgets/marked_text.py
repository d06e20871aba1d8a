"""A text walked word by word, in which stretches are marked to be blacked out or kept."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Static

from crm.packages.cards import RedactionMark
from tui.key_bindings import bindings
from tui.safe import piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD: Final = re.compile(r"\S+")


class MarkedText(Static, can_focus=True):
    """Shows `✗«…»` around what is blacked out and `✓«…»` around what was looked at and stays."""

    BINDINGS = bindings("redaction")

    class Reason(Message):
        """Somebody would give the mark under the cursor another reason."""

        def __init__(self, mark: RedactionMark) -> None:
            """Name the mark."""
            super().__init__()
            self.mark = mark

    class Changed(Message):
        """A mark was set, turned, or walked to."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Begin empty."""
        super().__init__(id=id, markup=False)
        self.marks: list[RedactionMark] = []
        self._text = ""
        self._reason = ""
        self._words: list[tuple[int, int]] = []
        self._at = 0
        self._anchor: int | None = None

    def show_text(self, text: str, marks: Sequence[RedactionMark], reason: str) -> None:
        """Show a text with its marks; new ones get `reason`."""
        self._text, self._reason = text, reason
        self.marks = sorted(marks, key=lambda mark: mark.start)
        self._words = [match.span() for match in _WORD.finditer(text)]
        self._at, self._anchor = 0, None
        if self.marks:
            self._at = self._word_at(self.marks[0].start)
        self._draw()

    @property
    def is_marking(self) -> bool:
        """Tell whether a mark was begun and not ended yet."""
        return self._anchor is not None

    @property
    def mark(self) -> RedactionMark | None:
        """Return the mark under the cursor."""
        if not self._words:
            return None
        start, end = self._words[self._at]
        return next((one for one in self.marks if one.start < end and start < one.end), None)

    def action_word_left(self) -> None:
        """Go to the word before."""
        self._go(self._at - 1)

    def action_word_right(self) -> None:
        """Go to the next word."""
        self._go(self._at + 1)

    def action_mark_before(self) -> None:
        """Go to the mark before."""
        here = self._words[self._at][0] if self._words else 0
        before = [mark for mark in self.marks if mark.end <= here]
        self._go(self._word_at(before[-1].start) if before else 0)

    def action_mark_next(self) -> None:
        """Go to the next mark."""
        here = self._words[self._at][1] if self._words else 0
        after = [mark for mark in self.marks if mark.start >= here]
        self._go(self._word_at(after[0].start) if after else len(self._words) - 1)

    def action_mark(self) -> None:
        """Begin a mark at this word, or end it here and black it out."""
        if not self._words:
            return
        if self._anchor is None:
            self._anchor = self._at
        else:
            first, last = sorted((self._anchor, self._at))
            self._anchor = None
            self._black_out(self._words[first][0], self._words[last][1])
        self._draw()

    def action_turn(self) -> None:
        """Black the mark under the cursor out, or keep what it covers."""
        if (mark := self.mark) is not None:
            self._replace(mark, replace(mark, redact=not mark.redact))

    def action_reason(self) -> None:
        """Ask for another reason."""
        if (mark := self.mark) is not None:
            self.post_message(self.Reason(mark))

    def give_reason(self, mark: RedactionMark, reason: str) -> None:
        """Give a mark another reason."""
        self._replace(mark, replace(mark, reason=reason))

    def _black_out(self, start: int, end: int) -> None:
        """Mark a stretch; marks it touches become one with it, so that none is lost."""
        touched = [one for one in self.marks if one.start < end and start < one.end]
        kept = [one for one in self.marks if one not in touched]
        start = min([start, *(one.start for one in touched)])
        end = max([end, *(one.end for one in touched)])
        fresh = RedactionMark(start, end, redact=True, reason=self._reason)
        self.marks = sorted([*kept, fresh], key=lambda mark: mark.start)

    def _replace(self, old: RedactionMark, new: RedactionMark) -> None:
        self.marks = [new if one == old else one for one in self.marks]
        self._draw()

    def _go(self, at: int) -> None:
        self._at = max(0, min(at, len(self._words) - 1))
        self._draw()

    def _word_at(self, place: int) -> int:
        return next(
            (at for at, (_start, end) in enumerate(self._words) if end > place),
            max(0, len(self._words) - 1),
        )

    def _draw(self) -> None:
        pieces = list(self._pieces())
        self.update(Content.assemble(*pieces))
        self.post_message(self.Changed())
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Keep the cursor in sight of whatever scrolls this text."""
        width = self.size.width
        if not self._words or not width or self.parent is None:
            return
        before = self._text[: self._words[self._at][0]]
        lines = sum(max(1, -(-len(part) // width)) for part in before.split("\n"))
        place = Region(0, self.virtual_region.y + max(0, lines - 1), 1, 2)
        self.screen.get_widget_by_id("text-place").scroll_to_region(place, animate=False)

    def _pieces(self) -> Iterator[Content | tuple[str, str]]:
        """Cut the text where marks and the cursor begin and end."""
        cuts = {0, len(self._text)}
        for mark in self.marks:
            cuts |= {mark.start, mark.end}
        first = last = (0, 0)
        if self._words:
            anchor = self._at if self._anchor is None else self._anchor
            first, last = (self._words[at] for at in sorted((anchor, self._at)))
            cuts |= {first[0], last[1]}
        places = sorted(cut for cut in cuts if cut <= len(self._text))
        for start, end in pairwise(places):
            over = self._over(start)
            if over is not None and over.start == start:
                yield "✗«" if over.redact else "✓«", "bold"
            here = first[0] <= start < last[1]
            style = "reverse" if here else "strike" if over is not None and over.redact else ""
            drawn = piece(self._text[start:end])
            yield drawn.stylize(style) if style else drawn
            if over is not None and over.end == end:
                yield "»", "bold"

    def _over(self, place: int) -> RedactionMark | None:
        return next((one for one in self.marks if one.start <= place < one.end), None)
