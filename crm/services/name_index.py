"""The sorted columns and the word index that the name directory searches.

Everything is kept in a few flat buffers instead of a Python object per client: a million names fit
in about a hundred megabytes, and locking can overwrite what it forgets. The buffers never change
after they are built; the directory lays single changes over them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from heapq import merge
from itertools import accumulate, chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from crm.folding import fold, other_spellings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

KEY_LENGTH = 16
_LONGEST_STEM = 3
# How many first rows of a short stem are known beforehand, so that one letter answers at once.
_KNOWN_FIRST = 128
# Up to so many postings are sorted outright; beyond, only the head of each word's list is.
_SORTABLE = 8_192
# With more words than this containing a part, its hits are dense and a scan meets them sooner.
_FEW_WORDS = 256


class Entry(NamedTuple):
    """One line of the directory, enough to be listed without opening its row.

    `exact` holds further texts that find the entry when they are typed whole.
    """

    key: bytes
    name: str
    number: int
    kind: str
    exact: tuple[str, ...] = ()


class Term(NamedTuple):
    """One word of a search: how a line shows it, and which words of the index answer to it.

    `words` are ranges of word numbers, or None when there are too many to be worth listing.
    """

    needles: tuple[bytes, ...]
    words: tuple[tuple[int, int], ...] | None
    count: int


class Folder:
    """Folds names to lines, each distinct word once, because names are made of the same words."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._cyrillic: set[str] = set()

    def line(self, name: str) -> str:
        """Return the folded words, a space before each, other spellings after a tab."""
        known = self._known
        written = name.split()
        try:
            line = "".join([known[word] for word in written])
        except KeyError:
            for word in written:
                known[word] = "".join(f" {part}" for part in fold(word).split())
                if other_spellings(word):
                    self._cyrillic.add(word)
            line = "".join([known[word] for word in written])
        if self._cyrillic and not self._cyrillic.isdisjoint(written):
            line += "\t" + "".join(f" {spelling}" for spelling in other_spellings(name))
        return line


def prefix_needles(options: Sequence[str]) -> tuple[bytes, ...]:
    """Return what a line holds when one of its words begins like one of the options."""
    return tuple(f" {option}".encode() for option in options)


def part_needles(options: Sequence[str]) -> tuple[bytes, ...]:
    """Return what a line holds when an option is part of a word; one letter must begin it."""
    return tuple((option if len(option) > 1 else f" {option}").encode() for option in options)


class NameIndex:
    """Names in sorted order with an index of their words; built once, then only read."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        folder = Folder()
        lines: list[str] = []
        names: list[bytes] = []
        keys: list[bytes] = []
        numbers = array("Q")
        kinds = bytearray()
        codes: dict[str, int] = {}
        for key, name, number, kind, _ in entries:
            lines.append(folder.line(name))
            names.append(name.encode())
            keys.append(key)
            numbers.append(number)
            kinds.append(codes.setdefault(kind, len(codes)))
        if any(len(key) != KEY_LENGTH for key in keys):
            raise ValueError("a directory key has sixteen bytes")
        by_number = sorted(range(len(lines)), key=numbers.__getitem__)
        order = sorted(by_number, key=lines.__getitem__)
        self._kind_names = list(codes)
        self._keys = bytearray().join([keys[place] for place in order])
        self._numbers = array("Q", [numbers[place] for place in order])
        self._kinds = bytearray([kinds[place] for place in order])
        self._names, self._name_at = _packed([names[place] for place in order])
        del keys, names, numbers, kinds, folder
        lines = [lines[place] for place in order]
        del order, by_number
        self._lines, self._line_at = _packed([f"{line}\n".encode() for line in lines])
        self._index(lines)

    def _index(self, lines: list[str]) -> None:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for position, line in enumerate(lines):
            for word in set(line.split()):
                found[word].append(position)
        words = sorted(found)
        self._words, self._word_at = _packed([f"{word}\n".encode() for word in words])
        self._postings = array("I", chain.from_iterable(map(found.__getitem__, words)))
        self._starts = array("I", accumulate((len(found[word]) for word in words), initial=0))
        self._first = self._first_of_stems(words)

    def _first_of_stems(self, words: list[str]) -> dict[bytes, array[int]]:
        """Know the first rows of every stem of up to three letters, each level from the longer."""
        numbered = [(word[:_LONGEST_STEM], place) for place, word in enumerate(words)]
        level: list[tuple[str, list[int]]] = []
        for stem, members in groupby(numbered, key=itemgetter(0)):
            places = [place for _, place in members]
            level.append((stem, self._heads(((places[0], places[-1] + 1),), _KNOWN_FIRST)))
        first: dict[bytes, array[int]] = {}
        for size in range(_LONGEST_STEM, 0, -1):
            shorter: list[tuple[str, list[int]]] = []
            for stem, group in groupby(level, key=lambda entry: entry[0][:size]):
                heads = [head for _, head in group]
                best = heads[0] if len(heads) == 1 else sorted(set(chain(*heads)))[:_KNOWN_FIRST]
                shorter.append((stem, best))
                if len(best) == _KNOWN_FIRST and len(stem) == size:
                    first[stem.encode()] = array("I", best)
            level = shorter
        return first

    def __len__(self) -> int:
        return len(self._numbers)

    def entry(self, position: int) -> Entry:
        """Return what stands at a position, without its exact texts."""
        at = self._name_at
        return Entry(
            bytes(self._keys[position * KEY_LENGTH : (position + 1) * KEY_LENGTH]),
            self._names[at[position] : at[position + 1]].decode(),
            self._numbers[position],
            self._kind_names[self._kinds[position]],
        )

    def line(self, position: int) -> bytes:
        """Return the folded line at a position."""
        return bytes(self._lines[self._line_at[position] : self._line_at[position + 1] - 1])

    def sort_key(self, position: int) -> tuple[bytes, int]:
        """Return what decides the order: the folded line, then the number."""
        return self.line(position), self._numbers[position]

    def place(self, sort_key: tuple[bytes, int]) -> int:
        """Return where something with this sort key would stand."""
        return bisect_left(range(len(self)), sort_key, key=self.sort_key)

    def position(self, key: bytes) -> int | None:
        """Return where a key stands; a plain scan, because only single changes ask."""
        found = self._keys.find(key)
        while found >= 0 and found % KEY_LENGTH:
            found = self._keys.find(key, found + 1)
        return found // KEY_LENGTH if found >= 0 else None

    def vocabulary(self) -> list[str]:
        """Return every folded word once, sorted."""
        return self._words.decode().split()

    def begins(self, options: Sequence[str]) -> Term:
        """Make the term for words that begin like one of the options."""
        ranges = tuple(self._range(option.encode()) for option in options)
        return self._term(prefix_needles(options), ranges)

    def contains(self, options: Sequence[str]) -> Term:
        """Make the term for words that hold one of the options anywhere."""
        needles = part_needles(options)
        ranges: list[tuple[int, int]] = []
        for option, needle in zip(options, needles, strict=True):
            if needle[:1] == b" ":
                ranges.append(self._range(option.encode()))
                continue
            places = self._places(needle)
            if places is None:
                return Term(needles, None, len(self._postings))
            ranges += [(place, place + 1) for place in places]
        return self._term(needles, tuple(ranges))

    def equals(self, words: Iterable[str]) -> Term:
        """Make the term for exactly these words."""
        places = [self._range(f"{word}\n".encode()) for word in words]
        return self._term((), tuple(places))

    def _term(self, needles: tuple[bytes, ...], ranges: tuple[tuple[int, int], ...]) -> Term:
        starts = self._starts
        return Term(needles, ranges, sum(starts[end] - starts[begin] for begin, end in ranges))

    def _range(self, stem: bytes) -> tuple[int, int]:
        """Return which words begin with a stem, as a range of their numbers."""
        at, words = self._word_at, self._words

        def beginning(place: int) -> bytes:
            return words[at[place] : min(at[place] + len(stem), at[place + 1])]

        every = range(len(at) - 1)
        begin = bisect_left(every, stem, key=beginning)
        return begin, bisect_right(every, stem, lo=begin, key=beginning)

    def _places(self, part: bytes) -> list[int] | None:
        places: list[int] = []
        found = self._words.find(part)
        while found >= 0:
            place = bisect_right(self._word_at, found) - 1
            places.append(place)
            if len(places) > _FEW_WORDS:
                return None
            found = self._words.find(part, self._word_at[place + 1])
        return places

    def positions(self, terms: Sequence[Term], need: int, skip: Collection[int]) -> list[int]:
        """Return the first `need` positions that answer every term, in order, none in `skip`."""
        if len(terms) == 1 and terms[0].words is not None:
            return self._of_one(terms[0], need, skip)
        driver, *others = sorted(terms, key=lambda term: term.count)
        if driver.words is None or driver.count > 2 * _SORTABLE:
            candidates = self._scan(driver.needles)
        else:
            kept = set(chain.from_iterable(self._slices(driver)))
            while others and others[0].words is not None and others[0].count <= 8 * len(kept):
                kept.intersection_update(chain.from_iterable(self._slices(others.pop(0))))
            candidates = iter(sorted(kept))
        return list(self._checked(candidates, others, need, skip))

    def holding(self, terms: Sequence[Term], skip: Collection[int]) -> list[int]:
        """Return every position whose words answer all terms, by their words alone."""
        first, *others = sorted(terms, key=lambda term: term.count)
        kept = set(chain.from_iterable(self._slices(first)))
        for term in others:
            kept.intersection_update(chain.from_iterable(self._slices(term)))
        return sorted(kept.difference(skip))

    def _of_one(self, term: Term, need: int, skip: Collection[int]) -> list[int]:
        wanted = need
        while True:
            first = self._first_of(term, wanted)
            kept = [position for position in first if position not in skip][:need]
            if len(kept) == need or len(first) < wanted:
                return kept
            wanted = max(2 * wanted, need + len(skip))

    def _first_of(self, term: Term, wanted: int) -> list[int]:
        if wanted <= _KNOWN_FIRST and len(term.needles) == 1:
            known = self._first.get(term.needles[0][1:])
            if known is not None and term.needles[0][:1] == b" ":
                return list(known[:wanted])
        return self._heads(term.words or (), wanted)

    def _heads(self, ranges: Sequence[tuple[int, int]], wanted: int) -> list[int]:
        """Merge the postings of some words; of long lists only as many as could be wanted."""
        starts, postings = self._starts, self._postings
        total = sum(starts[end] - starts[begin] for begin, end in ranges)
        if total <= min(_SORTABLE, 8 * wanted):
            slices = [postings[starts[begin] : starts[end]] for begin, end in ranges]
        else:
            slices = [
                postings[starts[place] : min(starts[place] + wanted, starts[place + 1])]
                for begin, end in ranges
                for place in range(begin, end)
            ]
        return sorted(set(chain.from_iterable(slices)))[:wanted]

    def _slices(self, term: Term) -> Iterator[array[int]]:
        starts = self._starts
        for begin, end in term.words or ():
            yield self._postings[starts[begin] : starts[end]]

    def _scan(self, needles: Sequence[bytes]) -> Iterator[int]:
        """Walk the lines that show one of the needles, in order; quick where they are many."""
        last = -1
        for position in merge(*map(self._scan_one, needles)):
            if position != last:
                yield position
            last = position

    def _scan_one(self, needle: bytes) -> Iterator[int]:
        at, find = self._line_at, self._lines.find
        found = find(needle)
        while found >= 0:
            position = bisect_right(at, found) - 1
            yield position
            found = find(needle, at[position + 1])

    def _checked(
        self, candidates: Iterable[int], terms: Sequence[Term], need: int, skip: Collection[int]
    ) -> Iterator[int]:
        at, find = self._line_at, self._lines.find
        for position in candidates:
            if need <= 0:
                return
            begin, end = at[position], at[position + 1]
            if position not in skip and all(
                any(find(needle, begin, end) >= 0 for needle in term.needles) for term in terms
            ):
                need -= 1
                yield position

    def wipe(self) -> None:
        """Overwrite the buffers, so that no name is left where it stood; the index ends with it."""
        for buffer in (self._lines, self._names, self._words, self._keys):
            buffer[:] = bytes(len(buffer))
        self._first.clear()


def _packed(parts: list[bytes]) -> tuple[bytearray, array[int]]:
    """Lay byte strings end to end, with the place where each begins."""
    return bytearray().join(parts), array("I", accumulate(map(len, parts), initial=0))
