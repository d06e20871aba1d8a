"""What one line of the name directory is, and how a name is folded into what searches look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.names.folding import fold_many, is_ambiguous, other_spellings

if TYPE_CHECKING:
    from collections.abc import Sequence


class Listed(NamedTuple):
    """One line of the directory without its name, for whoever only counts, chooses and sorts."""

    key: bytes
    number: int
    kind: str
    state: str


class NameEntry(NamedTuple):
    """One line of the directory, enough to be listed without opening its row."""

    key: bytes
    name: str
    number: int
    kind: str
    state: str = ""

    @property
    def listed(self) -> Listed:
        """The line without its name."""
        return Listed(self.key, self.number, self.kind, self.state)


class Term(NamedTuple):
    """One word of a search: how a line shows it, and which words of the index answer to it.

    `words` are ranges of word numbers, or None when there are too many to be worth listing.
    """

    needles: tuple[bytes, ...]
    words: tuple[tuple[int, int], ...] | None
    hits: int


def lines_of(names: Sequence[str]) -> list[str]:
    """Fold names to lines: a space before each word, and after a tab the other spellings."""
    lines = [f" {folded}" for folded in fold_many(names)]
    if is_ambiguous("\n".join(names)):
        for place, name in enumerate(names):
            if others := other_spellings(name):
                lines[place] += "\t" + "".join(f" {spelling}" for spelling in others)
    return lines


def prefix_needles(options: Sequence[str]) -> tuple[bytes, ...]:
    """Return what a line holds when one of its words begins like one of the options."""
    return tuple(f" {option}".encode() for option in options)


def part_needles(options: Sequence[str]) -> tuple[bytes, ...]:
    """Return what a line holds when an option is part of a word; one letter must begin it."""
    return tuple((option if len(option) > 1 else f" {option}").encode() for option in options)
