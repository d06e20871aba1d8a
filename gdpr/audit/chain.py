"""How an entry becomes bytes, a hash and a signature, so that nothing can be edited between two.

hash = SHA-256(L("audit", vault, desk, seq, time, actor, card counter, event, object,
SHA-256(L(body, heads, rights)), digests, prev)). `digests` are the new running digests of the
tables that changed. All others keep the value an earlier entry gave them, which `prev` covers: so
an entry stays small, and damage to one does not make all later ones look damaged.
"""

from __future__ import annotations

import re
from hashlib import sha256
from struct import Struct
from struct import error as StructError  # noqa: N812 - a class, whatever its case
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.vault.encoding import label, pack, pack_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gdpr.audit.entries import Checkpoint, Entry

GENESIS: Final = bytes(32)
LONGEST_BODY: Final = 1_000
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_CODE: Final = re.compile(r"[a-z0-9_.:-]{1,64}", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_LABEL: Final = label("audit")
_CHECKPOINT: Final = label("checkpoint")
_HEAD_LENGTH: Final = 16 + 8 + 32
_DIGEST: Final = 32
# What hashing raises when a stored column has a type it was never written with.
MISTYPED: Final = (AttributeError, OverflowError, StructError, TypeError, ValueError)
_length: Final = Struct(">H").pack
_numbers: Final = Struct(">HQHqH").pack
_counter: Final = Struct(">HIH").pack


class Quote(NamedTuple):
    """The head of another desk's chain as one desk saw it."""

    desk: bytes
    seq: int
    hash: bytes


def canonical_body(values: Mapping[str, int | str]) -> str:
    """Write codes and counts in their one form, and refuse whatever could be personal.

    Free text never gets in: a value is a whole number or a short code in lower case.
    """
    for key, value in values.items():
        if not _KEY.fullmatch(key):
            raise ValueError("the name of a value in an audit entry must be a lower-case word")
        code = isinstance(value, str) and _CODE.fullmatch(value)
        if isinstance(value, bool) or not (code or isinstance(value, int)):
            raise ValueError(f"an audit entry takes only codes and counts, as {key} is not")
    body = " ".join(f"{key}={values[key]}" for key in sorted(values))
    if len(body) > LONGEST_BODY:
        raise ValueError("the body of an audit entry is too long")
    return body


def parse_body(body: str) -> dict[str, int | str]:
    """Read a body back; codes that look like numbers come as numbers."""
    found: dict[str, int | str] = {}
    for part in body.split(" ") if body else ():
        key, _, value = part.partition("=")
        found[key] = int(value) if _NUMBER.fullmatch(value) else value
    return found


def pack_digests(digests: Mapping[str, int]) -> bytes:
    """Write running digests by table name, as an entry and the anchor hold them."""
    return pack_numbers(digests, _DIGEST)


def pack_heads(quotes: Iterable[Quote]) -> bytes:
    """Write the heads of other desks one after another."""
    return b"".join(q.desk + q.seq.to_bytes(8, "big") + q.hash for q in quotes)


def unpack_heads(packed: bytes) -> list[Quote]:
    """Read the heads of other desks back; ValueError when they are cut."""
    if len(packed) % _HEAD_LENGTH:
        raise ValueError("quoted heads are cut")
    starts = range(0, len(packed), _HEAD_LENGTH)
    pieces = [packed[at : at + _HEAD_LENGTH] for at in starts]
    return [Quote(p[:16], int.from_bytes(p[16:24], "big"), p[24:]) for p in pieces]


class EntryHash:
    """Hashes the entries of one vault; the part that never changes is packed once."""

    def __init__(self, vault_id: bytes) -> None:
        """Prepare for the vault."""
        self._start = pack(_LABEL, vault_id)

    def of(self, entry: Entry) -> bytes:
        """Return the hash an entry must carry; raises one of MISTYPED for damaged types.

        The parts are joined by hand: a log is read whole, and calls would cost more than hashing.
        """
        desk, seq, time, actor, counter, event, object_id, body, digests, heads, rights, prev = (
            entry[:12]
        )
        if object_id == b"" or b"" in (digests, heads, rights):
            # Empty and absent would hash alike.
            raise ValueError("an absent part is NULL")
        text, code = body.encode(), event.encode()
        if heads is None and rights is None:
            said = sha256(_length(len(text)) + text + b"\x00\x00\x00\x00").digest()
        else:
            said = sha256(pack(text, heads or b"", rights or b"")).digest()
        return sha256(
            b"".join(
                (
                    self._start,
                    _length(len(desk)),
                    desk,
                    _numbers(8, seq, 8, time, len(actor)),
                    actor,
                    _counter(4, counter, len(code)),
                    code,
                    b"\x00\x00" if object_id is None else _length(len(object_id)) + object_id,
                    b"\x00\x20",
                    said,
                    b"\x00\x00" if digests is None else _length(len(digests)) + digests,
                    _length(len(prev)),
                    prev,
                )
            )
        ).digest()


def checkpoint_message(vault_id: bytes, checkpoint: Checkpoint) -> bytes:
    """Return the bytes that a checkpoint's signature covers."""
    return pack(
        _CHECKPOINT,
        vault_id,
        checkpoint.desk,
        checkpoint.seq.to_bytes(8, "big"),
        checkpoint.hash,
        checkpoint.digests,
        checkpoint.time.to_bytes(8, "big", signed=True),
        checkpoint.actor,
        checkpoint.card_counter.to_bytes(4, "big"),
    )
