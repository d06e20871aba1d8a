"""The name directory: every name the user may read, in memory, folded and sorted.

Names have no index in the database, because a table of blinded beginnings can be read like a book
by whoever holds it. They are opened at unlock, searched here, and forgotten at lock. Numbers,
addresses and the rest are not here; they are found through their tokens. The directory of the open
register is loaded when a name is first asked for.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from crm.kinds.party import NAMES
from crm.models.party import Party, called
from crm.names.folding import words
from crm.names.name_index import Listed, NameEntry, NameIndex, lines_of
from crm.privacy import IDENTITY
from gdpr.errors import Damaged
from gdpr.store.overview import pieces, written_by_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm.names.name_index import Term
    from crm.session.context import RegisterContext

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

    def erase(self, key: bytes) -> None:
        """Take an entry off the list and overwrite its name, because the person was erased."""
        found = self._found_by_key(key)
        if isinstance(found, int):
            self._index.blank(found)
        self.remove(key)

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


# So many names are put into their place; for more, loading all anew is quicker.
_FEW: Final = 50


class Names:
    """Holds one directory for all services of a register, so that one change reaches all.

    What another program wrote is followed at the next search: a colleague's new client is found,
    and the name of somebody erased is forgotten here too. For a role that may not read names it
    holds everybody without one.
    """

    def __init__(self) -> None:
        """Load nothing yet: most commands name a number."""
        self._directory: Directory | None = None
        self._version: int | None = None
        self._revisions: dict[bytes, int] = {}
        self.changes = 0
        """How often the list changed; whoever walks it begins anew when it did."""

    def of(self, context: RegisterContext) -> Directory:
        """Return the directory as of now, loading it from the names the user may read."""
        self.follow(context)
        if self._directory is None:
            self._version = written_by_others(context.session.database)
            self._revisions = _revisions(context)
            self._directory = Directory()
            self._directory.build(_entries(context))
        return self._directory

    def load(self, context: RegisterContext) -> None:
        """Load the names if none are, for whoever will ask while others wait for the write lock."""
        if self._directory is None:
            self.of(context)

    def follow(self, context: RegisterContext) -> None:
        """Take in what another program has written to the register since, if anything is listed."""
        if self._directory is None:
            return
        version = written_by_others(context.session.database)
        if version == self._version:
            return
        found = _revisions(context)
        changed = [party for party, rev in found.items() if self._revisions.get(party) != rev]
        gone = self._revisions.keys() - found.keys()
        self._version, self._revisions = version, found
        if len(gone) + len(changed) > _FEW or not self._note_all(context, changed):
            self.forget()
            return
        for party in gone:
            self._erase(party)

    def _note_all(self, context: RegisterContext, changed: list[bytes]) -> bool:
        """List parties anew that were added or changed; tell whether each could be read."""
        reads = IDENTITY.code in context.access.reads
        found = context.session.among(Party, "id", changed)
        if len(found) != len(changed):
            return False
        try:
            for party in found:
                self.note(party, party.display_name() if reads else "")
        except Damaged:
            return False
        return True

    def note(self, party: Party, name: str | None = None) -> None:
        """List a party that was added or renamed, if anything is listed yet."""
        self.changes += 1
        if self._directory is not None:
            name = party.display_name() if name is None else name
            self._directory.add(
                NameEntry(bytes(party.id), name, party.number, party.kind, party.status)
            )

    def list_new(self, context: RegisterContext, parties: list[bytes]) -> None:
        """List parties that were entered; of many, the next search reads all names at once."""
        if len(parties) > _FEW or not self._note_all(context, parties):
            self.forget()

    def list_what_is_left(self, context: RegisterContext, party: bytes) -> None:
        """Overwrite a name of which something was destroyed, and list what of it is left."""
        self._erase(party)
        if self._directory is not None:
            self._note_all(context, [party])

    def _erase(self, party: bytes) -> None:
        self.changes += 1
        if self._directory is not None:
            self._directory.erase(party)

    def forget(self) -> None:
        """Let the next search load all names anew, because many changed."""
        self.changes += 1
        if self._directory is not None:
            self._directory.drop()
        self._directory = None


def _entries(context: RegisterContext) -> Iterator[NameEntry]:
    """Yield everybody; those without a name, or for whom there is no key, come first."""
    if IDENTITY.code not in context.access.reads:
        for rows in pieces(context.session, Party, ("number", "kind", "status")):
            for party, number, kind, status in rows:
                yield NameEntry(bytes(party), "", number, kind, status)
        return
    plain = ("number", "kind", "status")
    for row in context.session.scan(Party, plain, NAMES):
        party, number, kind, status, name, given, family = row
        text = called(kind, name, given, family)
        yield NameEntry(bytes(party), text, number, kind, status)


def _revisions(context: RegisterContext) -> dict[bytes, int]:
    """Return how often each party was written, by id; read without opening anything."""
    return {
        bytes(party): rev
        for rows in pieces(context.session, Party, ("rev",))
        for party, rev in rows
    }
