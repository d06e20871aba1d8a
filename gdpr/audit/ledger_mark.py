"""How much of the ledger a user has checked before, so that an opening need not check it again.

Every erasure leaves lines, and each has a signature; after years their checking would be most of
an opening. The mark is signed by the user for themselves: nobody else's says anything to them.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.store.places import write_private
from gdpr.vault.encoding import label, pack, unpack

if TYPE_CHECKING:
    from pathlib import Path

    from gdpr.audit.signers import Signatures
    from gdpr.vault.keyring import Keyring

_LABEL: Final = label("ledger-mark")
_NUMBER: Final = 8


class LedgerMark(NamedTuple):
    """The first `size` bytes hold `lines` lines; `prev` is what the next one links to."""

    size: int
    lines: int
    prev: bytes


class LedgerMarkFile:
    """The mark of one user beside the ledger; without it everything is checked."""

    def __init__(self, ledger: Path, ring: Keyring) -> None:
        """Use the file that belongs to a ledger and to the user of `ring`."""
        self._path = ledger.with_name(f"{ledger.name}.checked.{ring.user_id.hex()}")
        self._ring = ring

    def read(self, content: bytes, signatures: Signatures) -> LedgerMark | None:
        """Return the mark if the user of today made it and `content` begins as it did then."""
        try:
            size, lines, prev, signature = unpack(self._path.read_bytes())
        except (OSError, ValueError):
            return None
        number = int.from_bytes(size, "big")
        mark = LedgerMark(number, int.from_bytes(lines, "big"), prev)
        signer = (self._ring.user_id, self._ring.card_counter)
        if number > len(content):
            return None
        return mark if signatures.holds(*signer, signature, self._message(mark, content)) else None

    def write(self, mark: LedgerMark, content: bytes) -> None:
        """Remember that `content` was checked so far; where that fails it is checked once more."""
        numbers = (mark.size.to_bytes(_NUMBER, "big"), mark.lines.to_bytes(_NUMBER, "big"))
        signature = self._ring.sign(self._message(mark, content))
        with suppress(OSError):
            write_private(self._path, pack(*numbers, mark.prev, signature), may_lag=True)

    def _message(self, mark: LedgerMark, content: bytes) -> bytes:
        ring = self._ring
        return pack(
            _LABEL,
            ring.vault_id,
            ring.user_id,
            ring.card_counter.to_bytes(4, "big"),
            mark.size.to_bytes(_NUMBER, "big"),
            mark.lines.to_bytes(_NUMBER, "big"),
            mark.prev,
            sha256(content[: mark.size]).digest(),
        )
