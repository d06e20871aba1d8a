"""From values to stored bytes and back: one sealing for the row path and the bulk path alike."""

from __future__ import annotations

from struct import Struct
from struct import error as StructError  # noqa: N812 - a class, whatever its case
from typing import TYPE_CHECKING, Any

from gdpr.errors import Damaged, Unreadable
from gdpr.vault.encoding import ID_LENGTH, pack
from gdpr.vault.fields import decode_value, draw_nonces, field_ad_parts
from gdpr.vault.keyring import REGISTER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gdpr.store.layout import Layout, SealedColumn
    from gdpr.vault.fields import DataKey
    from gdpr.vault.keyring import Keyring

MAC_VERSION = b"\x01"
MAC_LENGTH = 16
DIGEST_SIZE = 1 << 256
_LONGEST_PART = 0xFFFF
# Every row is authenticated on every verification, so even a length is worth looking up.
_SHORT_PART = 1_024
_LENGTHS = tuple(length.to_bytes(2, "big") for length in range(_SHORT_PART))
_number = Struct(">q").pack


class Stencil:
    """Rows that are equal but for two ids: what is authenticated of the rest is joined once."""

    __slots__ = ("_after", "_before", "_between", "_digest", "_ends", "_starts")

    def __init__(
        self, digest: Callable[[bytes], bytes], parts: tuple[bytes, bytes, bytes],
        row: Sequence[Any], free: int,
    ) -> None:  # fmt: skip
        """Take the bytes before, between and after the ids, and the row that all are like."""
        self._digest = digest
        self._before, self._between, self._after = parts
        self._starts, self._ends = tuple(row[3:free]), tuple(row[free + 1 :])

    def row(self, row_id: bytes, free: bytes) -> tuple[tuple[Any, ...], int]:
        """Return a finished row and its digest term."""
        term = self._digest(self._before + row_id + self._between + free + self._after)
        mac = MAC_VERSION + term[:MAC_LENGTH]
        return (row_id, 1, mac, *self._starts, free, *self._ends), int.from_bytes(term, "big")


class RowSeal:
    """Seals, authenticates and opens the rows of one table for one unlocked vault.

    Everything that does not depend on the row is worked out once, because at the import's pace
    each saved call is a second per hundred thousand clients.
    """

    def __init__(self, layout: Layout, ring: Keyring) -> None:
        """Prepare for `layout` under the keys of `ring`."""
        self.layout = layout
        self._integrity = ring.integrity
        self._tokens = {
            column.name: ring.token_key(column.findable)
            for column in layout.sealed
            if column.findable is not None
        }
        self._places = {
            column.name: field_ad_parts(ring.vault_id, layout.table, column.name, column.category)
            for column in layout.sealed
        }
        self._head = pack(b"row", ring.vault_id, layout.table.encode())
        self._authenticated = [
            (position, name + _LENGTHS[8] if tag == "i" else name, tag)
            for position, name, tag in layout.authenticated
        ]
        self._plan = [
            (
                column.position,
                column.category,
                *self._places[column.name],
                column.token_position,
                self._tokens.get(column.name),
                column.normalise,
            )
            for column in layout.sealed
        ]
        self._house_key = ring.house_key
        self._house = [
            (place, *field_ad_parts(ring.vault_id, layout.table, name, REGISTER))
            for name, place in layout.house
        ]
        self._tokened = [
            (column.position, column.token_position)
            for column in layout.sealed
            if column.token_position >= 0
        ]

    def seal_row(
        self,
        row: list[Any],
        owner: bytes,
        keys: Mapping[str, DataKey],
        nonces: Sequence[bytes] | None = None,
    ) -> int:
        """Seal the plaintexts of `row` in place, set its tokens and MAC, return its digest term.

        `row` is in layout order with id and rev set; a personal column holds text to be sealed,
        bytes sealed before (kept as they are, with their token) or None. `keys` maps category to
        the owner's data key. `nonces` are given only by tests that compare bytes.
        """
        row_id = row[0]
        waiting = [step for step in self._plan if isinstance(row[step[0]], str)]
        if waiting:
            drawn = draw_nonces(len(waiting)) if nonces is None else nonces
            for nonce, step in zip(drawn, waiting, strict=False):
                place, category, before, between, after, token_place, token_key, normalise = step
                value = row[place]
                row[place] = keys[category].seal_text(
                    nonce, value, before + row_id + between + owner + after
                )
                if token_key is not None:
                    row[token_place] = token_key.token(normalise(value))
        for place, before, between, after in self._house:
            if isinstance(row[place], str):
                ad = before + row_id + between + row_id + after
                row[place] = self._house_key.seal_text(draw_nonces(1)[0], row[place], ad)
        for place, token_place in self._tokened:
            if row[place] is None:
                row[token_place] = None
        term = self.digest(row)
        row[2] = MAC_VERSION + term[:MAC_LENGTH]
        return int.from_bytes(term, "big")

    def digest(self, row: Sequence[Any]) -> bytes:
        """Return the 32-byte authenticator of a row over its id, revision and non-null columns."""
        return self._integrity.digest(b"".join(self._parts(row)))

    def _parts(self, row: Sequence[Any]) -> list[bytes]:
        row_id = row[0]
        parts = [self._head, _LENGTHS[len(row_id)], row_id, _LENGTHS[8], _number(row[1])]
        for position, name, tag in self._authenticated:
            value = row[position]
            if value is None:
                continue
            if tag == "i":
                parts += (name, _number(value))
                continue
            if tag == "t":
                value = value.encode()
            length = len(value)
            if length < _SHORT_PART:
                parts += (name, _LENGTHS[length], value)
            elif length >= _LONGEST_PART:
                # A part's length has two bytes; a longer value stands in by pieces.
                value = pack(*(value[at : at + 32_768] for at in range(0, length, 32_768)))
                parts += (name, b"\xff\xff", len(value).to_bytes(8, "big"), value)
            else:
                parts += (name, length.to_bytes(2, "big"), value)
        return parts

    def stencil(self, row: list[Any], free: int) -> Stencil:
        """Prepare rows like `row` whose id and the id at `free` come later, 16 bytes each."""
        marks = [bytes([n]) * ID_LENGTH for n in (0xA5, 0x5A)]
        row = [marks[0], *row[1:free], marks[1], *row[free + 1 :]]
        whole = b"".join(self._parts(row))
        before, _, rest = whole.partition(marks[0])
        between, _, after = rest.partition(marks[1])
        return Stencil(self._integrity.digest, (before, between, after), row, free)

    def verify(self, row: Sequence[Any]) -> int:
        """Return the digest term of a stored row, or raise `Unreadable` naming table and row."""
        try:
            term = self.digest(row)
        except (AttributeError, IndexError, OverflowError, StructError, TypeError, ValueError):
            # A damaged column may come back with another type than was written.
            raise Unreadable(table=self.layout.table, row=_name(row[0])) from None
        if row[2] != MAC_VERSION + term[:MAC_LENGTH]:
            raise Unreadable(table=self.layout.table, row=_name(row[0]))
        return int.from_bytes(term, "big")

    def open(
        self, column: SealedColumn, row_id: bytes, owner: bytes, key: DataKey, sealed: bytes
    ) -> str:
        """Open one field, or raise `Unreadable` naming the row that failed."""
        before, between, after = self._places[column.name]
        try:
            raw = key.open(sealed, before + row_id + between + owner + after)
            # Nearly every field is text; a directory opens a hundred thousand of them.
            return raw[1:].decode() if raw[:1] == b"s" else str(decode_value(raw))
        except (Damaged, UnicodeDecodeError):
            raise Unreadable(table=self.layout.table, row=_name(row_id)) from None

    def open_house(self, position: int, row_id: bytes, sealed: bytes) -> str:
        """Open one text that the register's own key seals."""
        before, between, after = next(rest for place, *rest in self._house if place == position)
        try:
            raw = self._house_key.open(sealed, before + row_id + between + row_id + after)
            return str(decode_value(raw))
        except (Damaged, UnicodeDecodeError):
            raise Unreadable(table=self.layout.table, row=_name(row_id)) from None

    def place_of(self, column: SealedColumn) -> tuple[bytes, bytes, bytes]:
        """Return the fixed parts of what names the place of a field of this column."""
        return self._places[column.name]

    def token(self, column: SealedColumn, normalised: str) -> bytes | None:
        """Return the token that `column` would carry for a value, or None without its key."""
        key = self._tokens.get(column.name)
        return None if key is None else key.token(normalised)


def _name(row_id: object) -> str:
    return bytes(row_id).hex() if isinstance(row_id, (bytes, memoryview)) else "?"
