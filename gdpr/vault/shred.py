"""The secrets of the shred file: one for each group of owners, in pages that lie there twice.

A stored data key opens only with the secret of its owner's group beside the key of its category.
The secrets lie outside the database, so a copy of the database alone opens nothing whose group has
a new secret since. Both copies of a page are authenticated, and so is their number and sum: of a
write that was cut short, and of a page that went bad, the other copy is left.
"""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.errors import ShredFileDamaged
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import ID_LENGTH, KEY_LENGTH, label, pack
from gdpr.vault.errors import ShredFileForeign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.vault.authenticator import Authenticator

PAGE: Final = 4_096
GROUPS_A_PAGE: Final = 56
COPIES: Final = 2
FIRST: Final = 1
_NONE: Final = 0
_NUMBER: Final = 4
_COUNTER: Final = 8
_MAC: Final = 32
_HALF: Final = _NUMBER + KEY_LENGTH
_SLOT: Final = 2 * _HALF
_NOTHING: Final = bytes(_HALF)
_MAC_AT: Final = _COUNTER + GROUPS_A_PAGE * _SLOT
_REST: Final = bytes(PAGE - _MAC_AT - _MAC)
_MAGIC: Final = b"kartoteka shred\x01"
_HEAD: Final = label("shred head")
_BODY: Final = label("shred page")
_SUMS: Final = 1 << 256
# For fourteen million owners; of a longer file nothing is read.
_MOST_PAGES: Final = 1 << 14
LONGEST: Final = COPIES * (1 + _MOST_PAGES) * PAGE


class Secrets(NamedTuple):
    """What a group has: the generation that counts and its secret, and those that may follow."""

    generation: int
    secret: bytes
    next_generation: int
    next_secret: bytes


class _Head(NamedTuple):
    counter: int
    pages: int
    total: int


class SecretPages(Secret):
    """The opened content of a shred file, and what of it has still to be written into which copy.

    `counter` grows with every change, so that an older file can be told by it.
    """

    __slots__ = (
        "_changed",
        "_integrity",
        "_pages",
        "_stale",
        "_terms",
        "counter",
        "pending",
        "vault_id",
    )

    def __init__(self, vault_id: bytes, integrity: Authenticator) -> None:
        """Begin without a page; `integrity` authenticates what is written and read."""
        self.vault_id = vault_id
        self.counter = 0
        # The groups with two secrets, because it is not known which one counts.
        self.pending: set[int] = set()
        self._integrity = integrity
        self._pages: list[bytearray] = []
        self._terms: list[int] = []
        self._changed: set[int] = set()
        self._stale: tuple[set[int], set[int]] = (set(), set())

    @property
    def groups(self) -> int:
        """Return how many groups have a secret."""
        return len(self._pages) * GROUPS_A_PAGE

    def grow(self, pages: int) -> None:
        """Add pages of fresh secrets, drawn with one call."""
        drawn = urandom(pages * GROUPS_A_PAGE * KEY_LENGTH)
        start = FIRST.to_bytes(_NUMBER, "big")
        secrets = [drawn[at : at + KEY_LENGTH] for at in range(0, len(drawn), KEY_LENGTH)]
        for number in range(pages):
            own = secrets[number * GROUPS_A_PAGE : (number + 1) * GROUPS_A_PAGE]
            body = b"".join([start + secret + _NOTHING for secret in own])
            self._changed.add(len(self._pages))
            self._pages.append(bytearray(bytes(_COUNTER) + body + bytes(_MAC) + _REST))
            self._terms.append(0)

    def secrets(self, group: int) -> Secrets | None:
        """Return the secrets of a group, or None for one that was never given out."""
        if not 0 <= group < self.groups:
            return None
        page, at = self._place(group)
        first, second = page[at : at + _HALF], page[at + _HALF : at + _SLOT]
        return Secrets(
            int.from_bytes(first[:_NUMBER], "big"),
            bytes(first[_NUMBER:]),
            int.from_bytes(second[:_NUMBER], "big"),
            bytes(second[_NUMBER:]),
        )

    def newest(self, group: int) -> tuple[int, bytes]:
        """Return the generation and secret that whatever is wrapped now goes under."""
        held = self.secrets(group)
        if held is None:
            raise ShredFileDamaged
        follows = held.next_generation != _NONE
        return held[2:] if follows else held[:2]

    def prepare(self, groups: Iterable[int]) -> None:
        """Give groups a new secret beside the one that counts until the change is committed."""
        named = list(groups)
        drawn = urandom(KEY_LENGTH * len(named))
        for number, group in enumerate(named):
            held = self.secrets(group)
            if held is None or held.next_generation != _NONE:
                raise ShredFileDamaged
            secret = drawn[number * KEY_LENGTH : (number + 1) * KEY_LENGTH]
            self._put(group, _HALF, (held.generation + 1).to_bytes(_NUMBER, "big") + secret)
            self.pending.add(group)

    def keep_new(self, group: int) -> None:
        """Overwrite the secret that counted until now with the one that follows it."""
        page, at = self._place(group)
        self._put(group, 0, bytes(page[at + _HALF : at + _SLOT]))
        self.keep_old(group)

    def keep_old(self, group: int) -> None:
        """Drop a secret under which nothing was wrapped after all."""
        self._put(group, _HALF, _NOTHING)
        self.pending.discard(group)

    def blocks(self, copy: int) -> list[tuple[int, bytes]]:
        """Return what has to be written into one copy, by place in the file; the head is last.

        Calling it says that it will be written.
        """
        self._stamp()
        stale = sorted(self._stale[copy])
        self._stale[copy].clear()
        written = [(_offset(number + 1, copy), bytes(self._pages[number])) for number in stale]
        return [*written, (_offset(0, copy), self._head())]

    def is_stale(self, copy: int) -> bool:
        """Tell whether a copy lacks something."""
        return bool(self._stale[copy] or self._changed)

    def image(self) -> bytes:
        """Return the whole content once, as a backup carries it."""
        self._stamp()
        return self._head() + b"".join(self._pages)

    def advance(self, counter: int) -> None:
        """Go on counting from a number that was reached before, for a file that was brought back.

        Without it an older file could not be told from this one any more.
        """
        self.counter = max(self.counter, counter)
        self._changed.update(range(len(self._pages)))

    def _place(self, group: int) -> tuple[bytearray, int]:
        number, place = divmod(group, GROUPS_A_PAGE)
        return self._pages[number], _COUNTER + place * _SLOT

    def _put(self, group: int, shift: int, half: bytes) -> None:
        page, at = self._place(group)
        page[at + shift : at + shift + _HALF] = half
        self._changed.add(group // GROUPS_A_PAGE)

    def _stamp(self) -> None:
        if not self._changed:
            return
        self.counter += 1
        for number in self._changed:
            page = self._pages[number]
            page[:_COUNTER] = self.counter.to_bytes(_COUNTER, "big")
            mac = self._mac(number, page)
            page[_MAC_AT : _MAC_AT + _MAC] = mac
            self._terms[number] = int.from_bytes(mac, "big")
        for stale in self._stale:
            stale.update(self._changed)
        self._changed.clear()

    def _mac(self, number: int, page: bytes | bytearray) -> bytes:
        where = pack(_BODY, self.vault_id, number.to_bytes(_NUMBER, "big"))
        return self._integrity.digest(where + bytes(page[:_MAC_AT]))

    def _head(self) -> bytes:
        body = b"".join(
            (
                _MAGIC,
                self.vault_id,
                self.counter.to_bytes(_COUNTER, "big"),
                len(self._pages).to_bytes(_NUMBER, "big"),
                (sum(self._terms) % _SUMS).to_bytes(_MAC, "big"),
            )
        )
        head = body + self._integrity.digest(pack(_HEAD) + body)
        return head + bytes(PAGE - len(head))

    def _read_head(self, block: bytes) -> _Head | None:
        at = len(_MAGIC) + ID_LENGTH
        end = at + _COUNTER + _NUMBER + _MAC
        body, mac = block[:end], block[end : end + _MAC]
        if vault_in(block) != self.vault_id or not self._integrity.matches(pack(_HEAD) + body, mac):
            return None
        counter, at = int.from_bytes(block[at : at + _COUNTER], "big"), at + _COUNTER
        pages, at = int.from_bytes(block[at : at + _NUMBER], "big"), at + _NUMBER
        return _Head(counter, pages, int.from_bytes(block[at:end], "big"))

    def _term(self, number: int, block: bytes) -> int | None:
        if len(block) != PAGE:
            return None
        mac = self._mac(number, block)
        sound = block[_MAC_AT : _MAC_AT + _MAC] == mac
        return int.from_bytes(mac, "big") if sound else None

    def _take(self, copies: list[bytes], head: _Head, which: int) -> bool:
        """Take the pages that one head names; of two that are sound the newer it can know."""
        pages, terms = [], []
        for number in range(head.pages):
            best: tuple[int, bytes, int] | None = None
            for raw in (copies[which], *copies):
                block = raw[(number + 1) * PAGE : (number + 2) * PAGE]
                if best is not None and best[1] == block:
                    continue
                term = self._term(number, block)
                written = int.from_bytes(block[:_COUNTER], "big")
                if term is None or written > head.counter or (best and written <= best[0]):
                    continue
                best = (written, block, term)
            if best is None:
                return False
            pages.append(bytearray(best[1]))
            terms.append(best[2])
        if sum(terms) % _SUMS != head.total:
            return False
        self._pages, self._terms, self.counter = pages, terms, head.counter
        self._changed.clear()
        self.pending = {
            group for number, page in enumerate(pages) for group in _doubled(number, page)
        }
        whole = self._head() + b"".join(pages)
        for raw, stale in zip(copies, self._stale, strict=False):
            stale.clear()
            if raw != whole:
                stale.update(range(len(pages)))
        return True


def read_pages(copies: list[bytes], vault_id: bytes, integrity: Authenticator) -> SecretPages:
    """Open the copies of a shred file, or the one in a backup; what one lacks the other gives.

    Raises `ShredFileDamaged` when no head finds its pages, `ShredFileForeign` for another vault's.
    """
    found = SecretPages(vault_id, integrity)
    heads = [(found._read_head(raw[:PAGE]), which) for which, raw in enumerate(copies)]  # noqa: SLF001 - its own kind
    sound = sorted(((head, which) for head, which in heads if head is not None), reverse=True)
    for head, which in sound:
        if head.pages <= _MOST_PAGES and found._take(copies, head, which):  # noqa: SLF001 - as above
            return found
    named = {vault_in(raw) for raw in copies} - {None}
    if named and vault_id not in named:
        raise ShredFileForeign
    raise ShredFileDamaged


def counter_in(head: bytes) -> int:
    """Return the counter that a head names, unchecked, to see whether somebody wrote since."""
    at = len(_MAGIC) + ID_LENGTH
    return int.from_bytes(head[at : at + _COUNTER], "big")


def vault_in(head: bytes) -> bytes | None:
    """Return the vault that a head names, unchecked; None for a file of another kind."""
    at = len(_MAGIC)
    return head[at : at + ID_LENGTH] if head.startswith(_MAGIC) else None


def part_copies(raw: bytes) -> list[bytes]:
    """Take the two copies of a file apart, whose pages lie by turns."""
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    return [b"".join(pages[copy::COPIES]) for copy in range(COPIES)]


def _doubled(number: int, page: bytearray) -> list[int]:
    """Return the groups of a page that have a second secret; nearly always none."""
    starts = _COUNTER + _HALF
    if not any(any(page[starts + byte : _MAC_AT : _SLOT]) for byte in range(_NUMBER)):
        return []
    first = number * GROUPS_A_PAGE
    return [
        first + place
        for place in range(GROUPS_A_PAGE)
        if any(page[starts + place * _SLOT : starts + place * _SLOT + _NUMBER])
    ]


def _offset(place: int, copy: int) -> int:
    return (place * COPIES + copy) * PAGE
