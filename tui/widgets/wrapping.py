"""Text broken into lines of a given width, counted in the cells a terminal gives each letter."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells

from tui.safe import one_line


def wrapped(text: str, width: int) -> list[str]:
    """Break text into lines; a word longer than a line is broken too. At least one line."""
    width = max(4, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in one_line(paragraph).split(" "):
            joined = f"{line} {word}" if line else word
            if cell_len(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            *full, line = chop_cells(word, width) or [""]
            lines += full
        lines.append(line)
    return lines
