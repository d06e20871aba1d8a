"""Rows on their way out of a database and back: length-prefixed bytes, one frame after another.

A frame is `kind ‖ length[4] ‖ payload`: `T` the table and columns of the rows that follow, `U` the
same for rows that complete others by their id, `R` a row, `F` a named text or file, `E` the end. A
value is a letter and its bytes. Nothing here can name a class or run anything.
"""

from __future__ import annotations

from struct import Struct
from struct import error as StructError  # noqa: N812 - a class, whatever its case
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from gdpr.errors import MalformedStream
from gdpr.vault.encoding import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_FRAME: Final = 64 << 20
_MOST_COLUMNS: Final = 256
_start = Struct(">cI")
_whole = Struct(">q")
_real = Struct(">d")
_length = Struct(">I")


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take these."""
        ...


class Source(Protocol):
    """Gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Give exactly as many, or raise."""
        ...


class Columns(NamedTuple):
    """What the rows after it are: of which table, and their columns; `completing` by the first."""

    table: str
    names: tuple[str, ...]
    completing: bool


class StreamNote(NamedTuple):
    """A named text or file beside the rows."""

    name: str
    content: bytes


Frame = Columns | StreamNote | tuple[Any, ...]


class RowWriter:
    """Writes frames and counts the rows of each table."""

    def __init__(self, sink: Sink) -> None:
        """Write into `sink`."""
        self.counts: dict[str, int] = {}
        self._put = sink.write
        self._table = ""

    def columns(self, columns: Columns) -> None:
        """Say what the next rows are."""
        kind = b"U" if columns.completing else b"T"
        names = (columns.table, *columns.names)
        self._frame(kind, pack(*(name.encode() for name in names)))
        self._table = columns.table
        self.counts.setdefault(columns.table, 0)

    def row(self, values: Sequence[Any]) -> None:
        """Write one row in the order of its columns."""
        self._frame(b"R", b"".join([_encoded(value) for value in values]))
        self.counts[self._table] += 1

    def note(self, name: str, content: bytes) -> None:
        """Write a named text or file."""
        self._frame(b"F", pack(name.encode()) + content)

    def end(self) -> None:
        """Say that nothing follows."""
        self._frame(b"E", b"")

    def _frame(self, kind: bytes, payload: bytes) -> None:
        if len(payload) > LONGEST_FRAME:
            raise MalformedStream(table=self._table or "-")
        self._put(_start.pack(kind, len(payload)) + payload)


class StreamReader:
    """Reads frames back; every length is checked before anything of that length is read."""

    def __init__(self, source: Source) -> None:
        """Read from `source`; `frames` gives what was written, in order, to the end."""
        self.counts: dict[str, int] = {}
        self.frames = self._frames()
        self._source = source
        self._current = Columns("-", (), completing=False)

    def _frames(self) -> Iterator[Frame]:
        while True:
            kind, length = _start.unpack(self._source.read(_start.size))
            if length > LONGEST_FRAME:
                raise MalformedStream(table=self._current.table)
            payload = self._source.read(length)
            if kind == b"E":
                return
            try:
                frame = self._frame(kind, payload)
            except (IndexError, StructError, ValueError):
                raise MalformedStream(table=self._current.table) from None
            yield frame

    def _frame(self, kind: bytes, payload: bytes) -> Frame:
        if kind == b"R":
            row = _decoded(payload)
            if len(row) != len(self._current.names):
                raise ValueError
            self.counts[self._current.table] += 1
            return row
        if kind == b"F":
            size = int.from_bytes(payload[:2], "big") + 2
            return StreamNote(payload[2:size].decode(), payload[size:])
        table, *names = (part.decode() for part in unpack(payload))
        if kind not in {b"T", b"U"} or not 0 < len(names) <= _MOST_COLUMNS:
            raise ValueError
        self._current = Columns(table, tuple(names), completing=kind == b"U")
        self.counts.setdefault(table, 0)
        return self._current


def _encoded(value: Any) -> bytes:
    if value is None:
        return b"n"
    if isinstance(value, str):
        raw = value.encode()
        return b"t" + _length.pack(len(raw)) + raw
    if isinstance(value, int):
        return b"i" + _whole.pack(value)
    if isinstance(value, float):
        return b"f" + _real.pack(value)
    raw = bytes(value)
    return b"b" + _length.pack(len(raw)) + raw


def _decoded(payload: bytes) -> tuple[Any, ...]:
    row: list[Any] = []
    at, end = 0, len(payload)
    while at < end:
        kind, start = payload[at], at + 1
        if kind == _NULL:
            at = start
            row.append(None)
            continue
        if kind in _NUMBERS:
            at = start + 8
            row.append(_NUMBERS[kind].unpack_from(payload, start)[0])
            continue
        at = start + 4 + int.from_bytes(payload[start : start + 4], "big")
        raw = payload[start + 4 : at]
        row.append(raw.decode() if kind == _TEXT else _blob(kind, raw))
    if at != end:
        raise ValueError
    return tuple(row)


def _blob(kind: int, raw: bytes) -> bytes:
    if kind != _BLOB:
        raise ValueError
    return raw


_NULL, _TEXT, _BLOB = b"ntb"
_NUMBERS: Final = {ord("i"): _whole, ord("f"): _real}
