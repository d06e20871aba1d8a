"""The ledger: every event that bears a right, outside the database, so that a restore knows it.

One JSON line for each step of an event. The signature covers length-prefixed bytes and never the
JSON; each line carries the hash of the one before. Ids and codes only.
"""

from __future__ import annotations

import json
import os
import re
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gdpr.audit.chain import GENESIS
from gdpr.audit.errors import LedgerDamaged
from gdpr.audit.ledger_mark import LedgerMark, LedgerMarkFile
from gdpr.audit.signers import Signatures
from gdpr.store.places import append_private, check_private
from gdpr.vault.encoding import label, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from filelock import FileLock

    from gdpr.audit.entries import Entry
    from gdpr.audit.signers import Signers
    from gdpr.vault.keyring import Keyring

_LABEL: Final = label("ledger")
_CODE: Final = re.compile(r"[a-z0-9_.:-]{1,64}", re.ASCII)
_ID_LENGTH: Final = 16
_MOST_GROUNDS: Final = 1_000
# So many signatures are checked in the time that writing a mark takes.
_MARKED_EACH: Final = 64


class LedgerState(StrEnum):
    """How far an event has come: `shredded` once no log of the database holds what went."""

    LOGGED = "logged"
    SHREDDED = "shredded"
    REPLAYED = "replayed"


class RightEvent(NamedTuple):
    """Somebody's right took effect; (desk, seq, entry) is the audit entry that did it.

    `kind` and `because` are codes, `grounds` the ids of the grounds that ended.
    """

    desk: bytes
    seq: int
    entry: bytes
    kind: str
    subject: bytes
    grounds: tuple[bytes, ...]
    because: str
    at: int


class Line(NamedTuple):
    """One line: an event, the state it reached then, who says so, and the line before."""

    number: int
    state: LedgerState
    event: RightEvent
    time: int
    actor: bytes
    card_counter: int
    prev: bytes
    sig: bytes

    def message(self, vault_id: bytes) -> bytes:
        """Return the bytes that the signature covers and the next line's `prev` hashes."""
        event = self.event
        return pack(
            _LABEL,
            vault_id,
            self.number.to_bytes(8, "big"),
            self.state.value.encode(),
            event.desk,
            event.seq.to_bytes(8, "big"),
            event.entry,
            event.kind.encode(),
            event.subject,
            pack(*event.grounds),
            event.because.encode(),
            event.at.to_bytes(8, "big", signed=True),
            self.time.to_bytes(8, "big", signed=True),
            self.actor,
            self.card_counter.to_bytes(4, "big"),
            self.prev,
        )


def pack_right(kind: str, because: str, grounds: Iterable[bytes]) -> bytes:
    """Write what an audit entry keeps of a right, so that its ledger line can be written anew."""
    ids = tuple(grounds)
    if not _CODE.fullmatch(kind) or not _CODE.fullmatch(because):
        raise ValueError("the kind and the reason of a right are codes")
    if len(ids) > _MOST_GROUNDS or any(len(ground) != _ID_LENGTH for ground in ids):
        raise ValueError("grounds are named by ids of 16 bytes")
    return pack(kind.encode(), because.encode(), *ids)


def right_of(entry: Entry) -> RightEvent:
    """Return the right that an audit entry bears; ValueError when it bears none."""
    if entry.rights is None or entry.object_id is None:
        raise ValueError("the entry bears no right")
    kind, because, *grounds = unpack(entry.rights)
    return RightEvent(
        entry.desk,
        entry.seq,
        entry.hash,
        kind.decode(),
        entry.object_id,
        tuple(grounds),
        because.decode(),
        entry.time,
    )


class Ledger:
    """The file, read and appended to under the desk's lock.

    A last line cut by a crash is passed over (`torn`) and replaced by the next; any other damage
    raises LedgerDamaged.
    """

    def __init__(self, path: Path, ring: Keyring, lock: FileLock) -> None:
        """Use `path`, which the first event creates."""
        self.torn = False
        self._path = path
        self._ring = ring
        self._lock = lock
        self._mark = LedgerMarkFile(path, ring)
        self._sound = 0
        self._last = (0, GENESIS)
        self._waiting: dict[RightEvent, None] = {}

    def lines(self, signers: Signers | None = None, *, afresh: bool = False) -> list[Line]:
        """Return every line, checked against its place in the chain and, with `signers`, signed.

        What this user has checked before is not checked again, unless `afresh`.
        """
        content = self._content()
        end = content.rfind(b"\n") + 1
        self.torn = end != len(content)
        signatures = None if signers is None else Signatures(signers)
        mark = None if signatures is None or afresh else self._mark.read(content, signatures)
        known = mark or LedgerMark(0, 0, GENESIS)
        found = [_parse(raw) for raw in _split(content[: known.size])]
        prev = known.prev
        for number, raw in enumerate(_split(content[known.size : end]), known.lines + 1):
            line, message = self._checked(raw, number, prev)
            signer = (line.actor, line.card_counter)
            if signatures is not None and not signatures.holds(*signer, line.sig, message):
                raise LedgerDamaged(name=self._path.name, line=number)
            prev = sha256(message).digest()
            found.append(line)
        if signatures is not None and len(found) - known.lines >= _MARKED_EACH:
            self._mark.write(LedgerMark(end, len(found), prev), content)
        self._sound, self._last = end, (len(found), prev)
        self._waiting = {}
        for line in found:
            self._count(line.event, line.state)
        return found

    def events(self, signers: Signers | None = None) -> dict[RightEvent, LedgerState]:
        """Return every event with the state it reached."""
        return {line.event: line.state for line in self.lines(signers)}

    def pending(self) -> list[RightEvent]:
        """Return the events whose old bytes may still lie in a log of the database."""
        self.refresh()
        return list(self._waiting)

    def write(self, events: Iterable[RightEvent], state: LedgerState, time: int) -> None:
        """Append a line for each event and wait until they are on the disk."""
        with self._lock:
            self.refresh()
            content = b""
            number, prev = self._last
            noted = list(events)
            for event in noted:
                number += 1
                line, message = self._signed(number, state, event, time, prev)
                prev = sha256(message).digest()
                content += _render(line)
            if not content:
                return
            if self.torn:
                os.truncate(self._path, self._sound)
                self.torn = False
            # A lost word that something is shredded only makes it be shredded again.
            append_private(self._path, content, may_lag=state is LedgerState.SHREDDED)
            self._sound += len(content)
            self._last = (number, prev)
            for event in noted:
                self._count(event, state)

    def _count(self, event: RightEvent, state: LedgerState) -> None:
        if state is LedgerState.LOGGED:
            self._waiting[event] = None
        else:
            self._waiting.pop(event, None)

    def refresh(self) -> None:
        """Read the file again if it grew; raises LedgerDamaged before anything is built on it."""
        size = self._path.stat().st_size if self._path.exists() else 0
        if size != self._sound:
            self.lines()

    def _signed(
        self, number: int, state: LedgerState, event: RightEvent, time: int, prev: bytes
    ) -> tuple[Line, bytes]:
        """Return a line and the message that its signature and the next line's link cover."""
        ring = self._ring
        line = Line(number, state, event, time, ring.user_id, ring.card_counter, prev, b"")
        message = line.message(ring.vault_id)
        return line._replace(sig=ring.sign(message)), message

    def _content(self) -> bytes:
        try:
            check_private(self._path)
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""

    def _checked(self, raw: bytes, number: int, prev: bytes) -> tuple[Line, bytes]:
        try:
            line = _parse(raw)
            message = line.message(self._ring.vault_id)
        except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
            raise LedgerDamaged(name=self._path.name, line=number) from None
        if (line.number, line.prev) != (number, prev) or _render(line) != raw + b"\n":
            raise LedgerDamaged(name=self._path.name, line=number)
        return line, message


def _split(content: bytes) -> list[bytes]:
    return content.split(b"\n")[:-1]


def _render(line: Line) -> bytes:
    event = line.event
    values: dict[str, Any] = {
        "line": line.number,
        "state": line.state.value,
        "desk": event.desk.hex(),
        "seq": event.seq,
        "entry": event.entry.hex(),
        "kind": event.kind,
        "subject": event.subject.hex(),
        "grounds": [ground.hex() for ground in event.grounds],
        "because": event.because,
        "at": event.at,
        "time": line.time,
        "actor": line.actor.hex(),
        "card": line.card_counter,
        "prev": line.prev.hex(),
        "sig": line.sig.hex(),
    }
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def _parse(raw: bytes) -> Line:
    values = json.loads(raw)
    event = RightEvent(
        bytes.fromhex(values["desk"]),
        int(values["seq"]),
        bytes.fromhex(values["entry"]),
        str(values["kind"]),
        bytes.fromhex(values["subject"]),
        tuple(bytes.fromhex(ground) for ground in values["grounds"]),
        str(values["because"]),
        int(values["at"]),
    )
    return Line(
        int(values["line"]),
        LedgerState(values["state"]),
        event,
        int(values["time"]),
        bytes.fromhex(values["actor"]),
        int(values["card"]),
        bytes.fromhex(values["prev"]),
        bytes.fromhex(values["sig"]),
    )
