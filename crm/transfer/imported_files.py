"""What is remembered of files: which of their lines are in, and how their columns were named.

A file is known by a keyed hash of its bytes, a line by its number. Neither says anything about a
person, so both outlive an erasure, and the same file brings nobody back. A file that was exported
is known in the same way, because all its lines came from here. Headings are known by a keyed hash
too, and what each column holds by its place: a file without headings begins with data.
"""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from crm.files.headings import FIELDS, NO_PLACE
from crm.files.spellings import fold
from crm.models.files import ImportedFile
from gdpr.clock import microseconds
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Buffer

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange

# What is hashed under the one key for imports is told apart by its first bytes.
_FILE = b"file\0"
_ROW = b"row\0"
_HEADINGS = b"headings\0"
_ROW_LENGTH = 16

Mapping = tuple[tuple[str, str], ...]


class ImportedLines:
    """The lines of one file that were taken in, a bit for each."""

    def __init__(self, context: RegisterContext, content: bytes) -> None:
        """Recognise a file by the hash of its content, or begin with no line."""
        self._clock = context.clock
        self._fingerprint = context.session.ring.import_key.digest(_FILE + content)
        self._row = context.session.first(ImportedFile, fingerprint=self._fingerprint)
        self._bits = bytearray(b"" if self._row is None else self._row.lines)
        self.file = new_id() if self._row is None else bytes(self._row.id)
        told = None if self._row is None else self._row.fields
        self.fields_before = None if told is None else frozenset(told.split())
        self.fields: frozenset[str] = frozenset()

    def __contains__(self, line: int) -> bool:
        """Tell whether a line was taken in, by this run or an earlier one."""
        place, bit = divmod(line, 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)

    def mark(self, line: int) -> None:
        """Note that a line is in; it counts once `save` was committed."""
        place, bit = divmod(line, 8)
        self._bits.extend(bytes(max(0, place + 1 - len(self._bits))))
        self._bits[place] |= 1 << bit

    def save(self, change: AuditedChange) -> None:
        """Store the marks in the change that stores what came from those lines."""
        if self._row is None:
            row = ImportedFile(
                id=self.file,
                fingerprint=self._fingerprint,
                lines=bytes(self._bits),
                imported=microseconds(self._clock.now()),
                fields=self._fields(),
            )
            change.insert(row)
            self._row = row
        else:
            self._row.lines = bytes(self._bits)
            self._row.fields = self._fields()
            change.update(self._row)

    def _fields(self) -> str | None:
        """Return which fields are in, from every run together."""
        codes = self.fields | (self.fields_before or frozenset())
        return " ".join(sorted(codes)) or None


def row_token(context: RegisterContext, canonical: bytes) -> bytes:
    """Return the keyed hash by which an equal row is known; it is stored with the party alone."""
    return context.session.ring.import_key.digest(_ROW + canonical)[:_ROW_LENGTH]


class Witness(io.BufferedIOBase):
    """Passes on what is written, and knows its hash and its lines in the end."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to `stream`, which stays open."""
        super().__init__()
        self._stream = stream
        self._content = sha256()
        self._lines = 1

    def writable(self) -> bool:
        """Say that this is for writing."""
        return True

    def write(self, piece: Buffer, /) -> int:
        """Pass a piece on."""
        content = bytes(piece)
        self._content.update(content)
        self._lines += content.count(b"\n")
        return self._stream.write(content)

    def lines(self, context: RegisterContext) -> ImportedLines:
        """Return the file with every line marked as one that is in the register."""
        known = ImportedLines(context, self._content.digest())
        for line in range(1, self._lines + 1):
            known.mark(line)
        return known


def mapping_for(
    context: RegisterContext, headings: Sequence[str], told: Mapping, *, afresh: bool
) -> tuple[Mapping, bool]:
    """Return what the columns hold by hand: as told now, else as told of such a file before.

    The second value says that something was remembered.
    """
    before = () if afresh else _remembered(context, headings)
    named = {fold(heading) for heading, _code in told}
    kept = tuple(pair for pair in before if fold(pair[0]) not in named)
    return (*told, *kept), bool(kept)


def remember(
    context: RegisterContext, change: AuditedChange, headings: Sequence[str], mapping: Mapping
) -> None:
    """Keep the mapping of a file in the change that stores its rows."""
    places = {fold(heading): place for place, heading in reversed(list(enumerate(headings)))}
    told = " ".join(f"{places[fold(heading)]}={code}" for heading, code in mapping)
    key = _fingerprint(context, headings)
    row = context.session.first(ImportedFile, fingerprint=key)
    if row is None:
        now = microseconds(context.clock.now())
        row = ImportedFile(id=new_id(), fingerprint=key, lines=b"", imported=now, fields=told)
        change.insert(row)
    elif row.fields != told:
        row.fields = told
        change.update(row)


def _remembered(context: RegisterContext, headings: Sequence[str]) -> Mapping:
    row = context.session.first(ImportedFile, fingerprint=_fingerprint(context, headings))
    found = []
    for part in (row.fields or "").split() if row is not None else ():
        place, _sign, code = part.partition("=")
        known = code in FIELDS or code == NO_PLACE
        if place.isdigit() and int(place) < len(headings) and known:
            found.append((headings[int(place)], code))
    return tuple(found)


def _fingerprint(context: RegisterContext, headings: Sequence[str]) -> bytes:
    told = "\x1f".join(map(fold, headings)).encode()
    return context.session.ring.import_key.digest(_HEADINGS + told)
