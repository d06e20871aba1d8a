"""Following the chains: is every entry there, whole, linked, and signed by a card valid then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import (
    GENESIS,
    MISTYPED,
    EntryHash,
    Quote,
    parse_body,
    unpack_digests,
    unpack_heads,
)
from gdpr.audit.entries import ENTRY_TABLE, Checkpoint, Entry, chain_of, entry_name
from gdpr.audit.events import CARD_EVENTS
from gdpr.store.pacing import stepwise

if TYPE_CHECKING:
    from collections.abc import Callable

    from peewee import Database

    from gdpr.audit.signers import Signatures

_ID_LENGTH: Final = 16
_CARD_CODES: Final = frozenset(event.value for event in CARD_EVENTS)


class Damage(NamedTuple):
    """One thing that does not verify: the table, the row where one is left to name, and why."""

    table: str
    row: str | None
    why: str


@dataclass(slots=True)
class Chain:
    """How far one desk's chain was followed.

    `digests` hold what is known of the desk's running digests; once an entry is damaged or
    missing, `broken`, only what later entries noted again.
    """

    desk: bytes
    seq: int = 0
    hash: bytes = GENESIS
    counted: bytes = GENESIS
    digests: dict[str, int] = field(default_factory=dict)
    cards: dict[bytes, int] = field(default_factory=dict)
    entries: int = 0
    broken: bool = False

    @classmethod
    def from_checkpoint(cls, checkpoint: Checkpoint) -> Chain:
        """Start behind a checkpoint whose signature was verified."""
        return cls(
            checkpoint.desk,
            checkpoint.seq,
            checkpoint.hash,
            checkpoint.hash,
            unpack_digests(checkpoint.digests),
        )


class ChainCheck:
    """Follows chains and collects damage; nothing it meets stops it.

    Without `signatures` hashes and links are checked, but not who signed.
    """

    def __init__(
        self,
        vault_id: bytes,
        signatures: Signatures | None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Prepare for one vault; `progress` is told of entries as they are checked."""
        self.damages: list[Damage] = []
        self.quotes: dict[Quote, str] = {}
        self._hash = EntryHash(vault_id)
        self._signatures = signatures
        self._progress = progress

    def follow(self, database: Database, chain: Chain) -> None:
        """Check every entry of a chain's desk behind the place where the chain stands."""
        desk: object = chain.desk
        if not isinstance(desk, bytes) or len(desk) != _ID_LENGTH:
            self._report(chain, entry_name(chain.desk, None), "desk")
            return
        for entry in stepwise(chain_of(database, chain.desk, chain.seq), self._progress):
            chain.entries += 1
            if isinstance(entry, str):
                self._report(chain, entry, "unreadable")
                chain.seq += 1
                chain.hash = chain.counted = b""
            else:
                self._check(chain, entry)

    def _check(self, chain: Chain, entry: Entry) -> None:
        seq: object = entry.seq
        if not isinstance(seq, int) or seq <= chain.seq:
            self._report(chain, entry_name(chain.desk, seq), "order")
            return
        if seq > chain.seq + 1:
            self._report(chain, entry_name(chain.desk, chain.seq + 1), "missing")
        elif entry.prev != chain.hash and chain.hash and entry.prev != chain.counted:
            self._report(chain, entry_name(chain.desk, seq), "link")
        try:
            counted = self._hash.of(entry)
        except MISTYPED:
            counted = b""
        chain.seq, chain.hash, chain.counted = seq, entry.hash, counted
        if counted != entry.hash:
            self._report(chain, entry_name(chain.desk, seq), "hash")
            return
        if not self._signed(chain, entry):
            return
        if entry.digests is not None or entry.heads is not None or entry.event in _CARD_CODES:
            self._take(chain, entry)

    def _signed(self, chain: Chain, entry: Entry) -> bool:
        if entry.card_counter < chain.cards.get(entry.actor, 0):
            self._report(chain, entry_name(chain.desk, entry.seq), "card")
            return False
        if self._signatures is None or self._signatures.holds(
            entry.actor, entry.card_counter, entry.sig, entry.hash
        ):
            return True
        self._report(chain, entry_name(chain.desk, entry.seq), "signature")
        return False

    def _take(self, chain: Chain, entry: Entry) -> None:
        """Take from a whole entry what it says about digests, cards and other desks."""
        name = entry_name(chain.desk, entry.seq)
        try:
            if entry.digests is not None:
                chain.digests.update(unpack_digests(entry.digests))
            if entry.heads is not None:
                self.quotes.update((quote, name) for quote in unpack_heads(entry.heads))
        except ValueError:
            self._report(chain, name, "body")
        if entry.event in _CARD_CODES and entry.object_id is not None:
            issue = parse_body(entry.body).get("card", 0)
            if isinstance(issue, int):
                chain.cards[entry.object_id] = max(issue, chain.cards.get(entry.object_id, 0))

    def _report(self, chain: Chain, row: str | None, why: str) -> None:
        chain.broken = True
        chain.digests.clear()
        self.damages.append(Damage(ENTRY_TABLE, row, why))
