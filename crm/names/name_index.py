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
from itertools import accumulate, chain, groupby, islice
from operator import gt
from typing import TYPE_CHECKING, NamedTuple

from crm.names.folding import fold_many, is_ambiguous, other_spellings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

KEY_LENGTH = 16
_LONGEST_STEM = 3
# How many first rows of a short stem are known beforehand, so that one letter answers at once.
_KNOWN_FIRST = 128
_KNOWN_FROM = 1_024
_BATCH = 4_096
# Up to so many postings are sorted outright; beyond, only the head of each word's list is.
_SORTABLE = 8_192
# With more words than this containing a part, its hits are dense and a scan meets them sooner.
_FEW_WORDS = 128


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


class NameIndex:
    """Names in sorted order with an index of their words; built once, then only read."""

    def __init__(self, entries: Iterable[NameEntry]) -> None:
        lines: list[str] = []
        names: list[bytes] = []
        self._keys = bytearray()
        self._blank: set[int] = set()
        self._numbers = array("Q")
        self._kinds = bytearray()
        self._states = bytearray()
        codes: dict[str, int] = {}
        rest = iter(entries)
        while batch := tuple(islice(rest, _BATCH)):
            keys, batch_names, numbers, kinds, states = zip(*batch, strict=True)
            if set(map(len, keys)) != {KEY_LENGTH}:
                raise ValueError("a directory key has sixteen bytes")
            lines += lines_of(batch_names)
            names += map(str.encode, batch_names)
            self._keys += b"".join(keys)
            self._numbers.extend(numbers)
            self._kinds += bytes([codes.setdefault(kind, len(codes)) for kind in kinds])
            self._states += bytes([codes.setdefault(state, len(codes)) for state in states])
        # Kinds and states share one table of words; there are few.
        self._codes = list(codes)
        self._names = bytearray().join(names)
        self._name_at = _places(map(len, names))
        del names
        order: Sequence[int] = range(len(lines))
        if any(map(gt, self._numbers, islice(self._numbers, 1, None))):
            order = sorted(order, key=self._numbers.__getitem__)
        # The columns stay in the order they came; only lines and postings follow the alphabet.
        self._order = array("I", sorted(order, key=lines.__getitem__))
        self._index([lines[place] for place in self._order])

    def _index(self, lines: list[str]) -> None:
        self._lines = bytearray("\n".join([*lines, ""]), "ascii")
        self._line_at = _places([len(line) + 1 for line in lines])
        found: defaultdict[str, list[int]] = defaultdict(list)
        for position, line in enumerate(lines):
            for word in line.split():
                found[word].append(position)
        words = sorted(found)
        self._words = bytearray("\n".join([*words, ""]), "ascii")
        self._word_at = _places([len(word) + 1 for word in words])
        # A word that stands twice in a name is listed once.
        lists = [dict.fromkeys(found.pop(word)) for word in words]
        self._postings = array("I", chain.from_iterable(lists))
        self._starts = _places(map(len, lists))
        self._first = self._first_of_stems(words)

    def _first_of_stems(self, words: list[str]) -> dict[bytes, array[int]]:
        """Find the first rows of every short stem that too many names share to sort in time.

        A stem's first rows are among the first rows of the stems one letter longer.
        """
        first: dict[bytes, array[int]] = {}
        postings, starts = self._postings, self._starts
        level: list[tuple[str, int, int, Sequence[int]]] = []
        for stem, begin, end in _grouped([word[:_LONGEST_STEM] for word in words]):
            if starts[end] - starts[begin] > _KNOWN_FROM:
                rows: Sequence[int] = self._heads([(begin, end)], _KNOWN_FIRST)
            else:
                rows = postings[starts[begin] : starts[end]]
            level.append((stem, starts[begin], starts[end], rows))
        for size in range(_LONGEST_STEM, 0, -1):
            shorter: list[tuple[str, int, int, Sequence[int]]] = []
            for stem, begin, end in _grouped([longer[0][:size] for longer in level]):
                group = level[begin:end]
                low, high = group[0][1], group[-1][2]
                rows = group[0][3]
                if high - low > _KNOWN_FROM:
                    if len(group) > 1:
                        rows = sorted(set(chain(*(longer[3] for longer in group))))[:_KNOWN_FIRST]
                    first[stem.encode()] = array("I", rows)
                elif len(group) > 1:
                    rows = postings[low:high]
                shorter.append((stem, low, high, rows))
            level = shorter
        return first

    def __len__(self) -> int:
        return len(self._numbers)

    def entries(self, positions: Iterable[int]) -> list[NameEntry]:
        """Return what stands at some positions."""
        order, keys, names, at = self._order, self._keys, self._names, self._name_at
        numbers, kinds, states, codes = self._numbers, self._kinds, self._states, self._codes
        return [
            NameEntry(
                bytes(keys[place * KEY_LENGTH : place * KEY_LENGTH + KEY_LENGTH]),
                names[at[place] : at[place + 1]].decode(),
                numbers[place],
                codes[kinds[place]],
                codes[states[place]],
            )
            for place in map(order.__getitem__, positions)
        ]

    def listed(self, position: int) -> Listed:
        """Return what stands at a position but for the name."""
        place = self._order[position]
        return Listed(
            bytes(self._keys[place * KEY_LENGTH : place * KEY_LENGTH + KEY_LENGTH]),
            self._numbers[place],
            self._codes[self._kinds[place]],
            self._codes[self._states[place]],
        )

    def count_of(self, state: str) -> int:
        """Count the rows in a state."""
        if state not in self._codes:
            return 0
        return self._states.count(self._codes.index(state))

    def walk(self, terms: Sequence[Term]) -> Iterator[int]:
        """Yield every position that answers all terms, in order, a little at a time.

        Between, -1 says that many were looked at in vain.
        """
        driver, *others = sorted(terms, key=lambda term: term.hits)
        at, lines = self._line_at, self._lines
        for looked, position in enumerate(self._scan(driver.needles), 1):
            if not looked % _BATCH:
                yield -1
            begin, end = at[position], at[position + 1]
            if all(
                any(lines.find(needle, begin, end) >= 0 for needle in term.needles)
                for term in others
            ):
                yield position

    def line(self, position: int) -> bytes:
        """Return the folded line at a position."""
        return bytes(self._lines[self._line_at[position] : self._line_at[position + 1] - 1])

    def sort_key(self, position: int) -> tuple[bytes, int]:
        """Return what decides the order: the folded line, then the number.

        A place that was blanked answers like the one before it, so that the order still holds.
        """
        while position in self._blank:
            position -= 1
        if position < 0:
            return b"", 0
        return self.line(position), self._numbers[self._order[position]]

    def place(self, sort_key: tuple[bytes, int]) -> int:
        """Return where something with this sort key would stand."""
        return bisect_left(range(len(self)), sort_key, key=self.sort_key)

    def position(self, key: bytes) -> int | None:
        """Return where a key stands; a plain scan, because only single changes ask."""
        found = self._keys.find(key)
        while found >= 0 and found % KEY_LENGTH:
            found = self._keys.find(key, found + 1)
        return self._order.index(found // KEY_LENGTH) if found >= 0 else None

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
            places = self._holding(needle)
            if places is None:
                return self.shows(options)
            ranges += [(place, place + 1) for place in places]
        return self._term(needles, tuple(ranges))

    def shows(self, options: Sequence[str]) -> Term:
        """Make the same term without asking the index, for a word that only confirms others."""
        return Term(part_needles(options), None, len(self._postings))

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
            return bytes(words[at[place] : min(at[place] + len(stem), at[place + 1])])

        every = range(len(at) - 1)
        begin = bisect_left(every, stem, key=beginning)
        return begin, bisect_right(every, stem, lo=begin, key=beginning)

    def _holding(self, part: bytes) -> list[int] | None:
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
        driver, *others = sorted(terms, key=lambda term: term.hits)
        if driver.words is None:
            return self._checked(self._scan(driver.needles), others, need, skip)
        early = self._early(driver, others, need)
        if early is not None:
            found = self._checked(early, others, need, skip)
            if len(found) == need:
                return found
        return self._intersected(driver, others, need, skip)

    def _early(self, driver: Term, others: list[Term], need: int) -> Iterable[int] | None:
        """Guess how much of the list must be walked until enough answer all words, and give that.

        None when it would be as much work as all of it. Words that avoid each other prove the
        guess wrong; then the whole of it is done after all.
        """
        common = len(self)
        for term in others:
            common = common * term.hits // max(1, len(self))
        wanted = 4 * need * len(self) // max(1, common)
        if wanted > driver.hits // 3:
            return None
        ranges = driver.words or ()
        if sum(end - begin for begin, end in ranges) < wanted:
            return self._heads(ranges, wanted)
        return islice(self._scan(driver.needles), wanted)

    def _intersected(
        self, driver: Term, others: list[Term], need: int, skip: Collection[int]
    ) -> list[int]:
        # One look at a line costs as much as intersecting six postings.
        near = [
            term
            for term in others
            if term.words
            and term.hits < 6 * min(driver.hits, need * len(self) // max(1, term.hits))
        ]
        far = [term for term in others if term not in near]
        ranges = driver.words or ()
        if not near and len(ranges) == 1 and ranges[0][1] - ranges[0][0] == 1:
            return self._checked(next(self._slices(driver)), far, need, skip)
        kept = set(chain.from_iterable(self._slices(driver)))
        for term in near:
            kept.intersection_update(chain.from_iterable(self._slices(term)))
        return self._checked(sorted(kept), far, need, skip)

    def holding(self, terms: Sequence[Term], skip: Collection[int]) -> list[int]:
        """Return every position whose words answer all terms, by their words alone."""
        first, *others = sorted(terms, key=lambda term: term.hits)
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
    ) -> list[int]:
        """Keep the candidates whose lines show every term, a handful at a time until enough."""
        at, find = self._line_at, self._lines.find
        rest = iter(candidates)
        found: list[int] = []
        while len(found) < need and (kept := list(islice(rest, 4 * need))):
            for term in terms:
                if len(term.needles) == 1:
                    needle = term.needles[0]
                    kept = [row for row in kept if find(needle, at[row], at[row + 1]) >= 0]
                else:
                    kept = [
                        row
                        for row in kept
                        if any(find(each, at[row], at[row + 1]) >= 0 for each in term.needles)
                    ]
            found += [row for row in kept if row not in skip] if skip else kept
        return found[:need]

    def blank(self, position: int) -> None:
        """Overwrite the name at a position; its words stay, of which nobody is told by whom."""
        place = self._order[position]
        for buffer, begin, end in (
            (self._names, self._name_at[place], self._name_at[place + 1]),
            (self._lines, self._line_at[position], self._line_at[position + 1] - 1),
        ):
            buffer[begin:end] = bytes(end - begin)
        self._blank.add(position)

    def wipe(self) -> None:
        """Overwrite the buffers, so that no name is left where it stood; the index ends with it."""
        for buffer in (self._lines, self._names, self._words, self._keys):
            buffer[:] = bytes(len(buffer))
        self._first.clear()


def _grouped(stems: list[str]) -> Iterator[tuple[str, int, int]]:
    begin = 0
    for stem, group in groupby(stems):
        end = begin + sum(1 for _ in group)
        yield stem, begin, end
        begin = end


def _places(lengths: Iterable[int]) -> array[int]:
    """Return where each of some parts begins when they lie end to end, and where the last ends."""
    return array("I", accumulate(lengths, initial=0))
