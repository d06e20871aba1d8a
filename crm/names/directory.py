"""The name directory: every name the user may read, in memory, folded and sorted.

Names have no index in the database, because a table of blinded beginnings can be read like a book
by whoever holds it. They are opened at unlock, searched here, and forgotten at lock. Numbers,
addresses and the rest are not here; they are found through their tokens.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from crm.names.folding import words
from crm.names.name_entry import Listed, NameEntry, lines_of
from crm.names.name_index import NameIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm.names.name_entry import Term

__all__ = ["Directory", "Hits", "NameEntry"]

_MOST_WORDS = 8
# A typing error of one letter in four; closer is found, farther is another word.
_CLOSE = 75
_SHORTEST_FUZZY = 3


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: the first entries, and whether there are more than were asked for.

    Names whose words begin as typed come first, then names that hold what was typed elsewhere, each
    in the order of the list. `fuzzy` hits are only alike, the closest first.
    """

    entries: tuple[NameEntry, ...] = ()
    more: bool = False
    fuzzy: bool = False


class _Change(NamedTuple):
    """An entry that came after the index was built; its first two fields are its sort key."""

    line: bytes
    number: int
    entry: NameEntry


# A place in the index, or a change that came after it.
_Found: TypeAlias = "int | _Change"
_Options: TypeAlias = "Sequence[tuple[str, ...]]"


class Directory:
    """The names of one unlocked register; it belongs to the thread that owns the desk.

    Numbers must be unique: they decide the order of equal names.
    """

    def __init__(self) -> None:
        self._start(())

    def build(self, entries: Iterable[NameEntry]) -> None:
        """Take in all entries, replacing whatever was held; a key may come once only."""
        self._start(entries)

    def drop(self) -> None:
        """Forget every name and overwrite the buffers they stood in, because the desk locks."""
        self._index.wipe()
        self._start(())

    def __len__(self) -> int:
        return len(self._index) - len(self._gone) + len(self._added)

    def get(self, key: bytes) -> NameEntry | None:
        """Return the entry of a key, or None when it is not listed."""
        found = self._found_by_key(key)
        return None if found is None else self._shown([found])[0]

    def add(self, entry: NameEntry) -> None:
        """List a new entry, or put it in the place of the one that has its key."""
        self.remove(entry.key)
        line = lines_of([entry.name])[0].encode()
        change = _Change(line, entry.number, entry)
        insort(self._added, change)
        self._added_by_key[entry.key] = change
        if len(self._added) > self._most_changes:
            self._start(self._entries())

    def remove(self, key: bytes) -> None:
        """Take an entry off the list; nothing happens when it is not there."""
        found = self._found_by_key(key)
        if found is None:
            return
        if isinstance(found, int):
            insort(self._gone, found)
            self._skip.add(found)
            if len(self._gone) > self._most_changes:
                self._start(self._entries())
        else:
            self._added.remove(found)
            del self._added_by_key[key]

    def search(self, text: str, limit: int = 50) -> Hits:
        """Find names by any part of any words, in any order and spelling.

        Every word must be found. Only when nothing holds them are alike names looked for.
        """
        options = words(text)[:_MOST_WORDS]
        if not options:
            return Hits(self._shown(list(islice(self._all(), limit))), more=len(self) > limit)
        need = limit + 1
        found: list[_Found] = []
        for tier in (self._beginning, self._containing):
            if len(found) < need:
                known = set(found)
                found += [hit for hit in tier(options, need) if hit not in known]
        fuzzy = not found
        if fuzzy:
            found = self._alike(options)
        entries = self._shown(found[:limit])
        return Hits(entries, more=len(found) > limit, fuzzy=fuzzy and bool(entries))

    def walk(self, text: str = "") -> Iterator[Listed | None]:
        """Yield all that `search` finds but for alike names, in its order, a little at a time.

        None says that many were looked at in vain, so that whoever has other work can do it.
        Nothing may be added or removed until it ends.
        """
        options = words(text)[:_MOST_WORDS]
        if not options:
            yield from map(self._listed, self._all())
            return
        begins = [self._index.begins(word) for word in options]
        shows = [self._index.shows(word) for word in options]
        # The longest word is the rarest, as a rule; the others are looked for in its lines.
        shows.sort(key=lambda term: -min(map(len, term.needles)))
        known: set[_Found] = set()
        for found in chain(self._walked(begins), self._walked(shows)):
            if found == -1:
                yield None
            elif found not in known:
                known.add(found)
                yield self._listed(found)

    def count_of(self, state: str) -> int:
        """Count the entries in a state."""
        gone = sum(self._index.listed(position).state == state for position in self._gone)
        added = sum(change.entry.state == state for change in self._added)
        return self._index.count_of(state) - gone + added

    def _walked(self, terms: Sequence[Term]) -> Iterator[_Found]:
        if not all(term.hits for term in terms):
            positions: Iterator[int] = iter(())
        else:
            positions = self._index.walk(terms)
        return self._merged(positions, self._changes(terms))

    def _changes(self, terms: Sequence[Term]) -> list[_Change]:
        """Return what came after the index was built and shows every word."""
        return [
            change
            for change in self._added
            if all(any(needle in change.line for needle in term.needles) for term in terms)
        ]

    def _all(self) -> Iterator[_Found]:
        return self._merged(iter(range(len(self._index))), self._added)

    def _merged(self, positions: Iterator[int], changes: Sequence[_Change]) -> Iterator[_Found]:
        waiting = deque((self._index.place(change[:2]), change) for change in changes)
        for position in positions:
            while waiting and waiting[0][0] <= position:
                yield waiting.popleft()[1]
            if position not in self._skip:
                yield position
        yield from (change for _place, change in waiting)

    def _listed(self, found: _Found) -> Listed:
        if isinstance(found, int):
            return self._index.listed(found)
        return found.entry.listed

    def _start(self, entries: Iterable[NameEntry]) -> None:
        self._index = NameIndex(entries)
        self._added: list[_Change] = []
        self._added_by_key: dict[bytes, _Change] = {}
        self._gone: list[int] = []
        self._skip: set[int] = set()
        # Every search walks the changes, so they are worked in before they are felt.
        self._most_changes = max(500, len(self._index) // 500)

    def _entries(self) -> list[NameEntry]:
        kept = [position for position in range(len(self._index)) if position not in self._skip]
        return [*self._shown(kept), *(change.entry for change in self._added)]

    def _found_by_key(self, key: bytes) -> _Found | None:
        change = self._added_by_key.get(key)
        if change is not None:
            return change
        position = self._index.position(key)
        return None if position is None or position in self._skip else position

    def _shown(self, found: Sequence[_Found]) -> tuple[NameEntry, ...]:
        positions = [hit for hit in found if isinstance(hit, int)]
        opened = iter(self._index.entries(positions))
        return tuple(next(opened) if isinstance(hit, int) else hit.entry for hit in found)

    def _sort_key(self, found: _Found) -> tuple[bytes, int]:
        return self._index.sort_key(found) if isinstance(found, int) else found[:2]

    def _beginning(self, options: _Options, need: int) -> list[_Found]:
        return self._answering([self._index.begins(word) for word in options], need)

    def _containing(self, options: _Options, need: int) -> list[_Found]:
        # The longest word leads to the fewest names; looking at those decides about the others.
        longest = max(options, key=lambda word: min(map(len, word)))
        terms = [
            self._index.contains(word) if word is longest else self._index.shows(word)
            for word in options
        ]
        return self._answering(terms, need)

    def _answering(self, terms: list[Term], need: int) -> list[_Found]:
        """Merge what the index finds with the changes that came after it was built."""
        found: list[_Found] = []
        if all(term.hits for term in terms):
            found += self._index.positions(terms, need, self._skip)
        changes = self._changes(terms)
        if not changes:
            return found
        return sorted([*found, *changes], key=self._sort_key)[:need]

    def _alike(self, options: _Options) -> list[_Found]:
        """Find names whose words are nearly those typed, the closest first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a search in vain needs it

        listed = self._index.vocabulary()
        for change in self._added:
            listed += change.line.decode().split()
        scores: list[dict[str, float]] = []
        for word in options:
            close = {near: 100.0 for near in listed if near.startswith(word)}
            for option in word:
                if len(option) < _SHORTEST_FUZZY:
                    continue
                for near, score, _ in process.extract(
                    option, listed, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=None
                ):
                    close[near] = max(score, close.get(near, 0.0))
            scores.append(close)
        return self._ranked(scores)

    def _ranked(self, scores: list[dict[str, float]]) -> list[_Found]:
        terms = [self._index.equals(close) for close in scores]
        lines: list[tuple[_Found, list[str]]] = []
        if all(term.hits for term in terms):
            lines += [
                (position, self._index.line(position).decode().split())
                for position in self._index.holding(terms, self._skip)
            ]
        lines += [(change, change.line.decode().split()) for change in self._added]
        ranked: list[tuple[float, tuple[bytes, int], _Found]] = []
        for found, line in lines:
            best = [max((close.get(word, 0.0) for word in line), default=0.0) for close in scores]
            if all(best):
                ranked.append((-sum(best), self._sort_key(found), found))
        ranked.sort(key=lambda hit: hit[:2])
        return [found for _, _, found in ranked]
