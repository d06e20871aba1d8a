"""Following the chains: is every entry there, whole, linked, and signed by a card valid then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import (
    GENESIS,
    MISTYPED,
    EntryHash,
    Quote,
    unpack_heads,
)
from gdpr.audit.entries import ENTRY_TABLE, Checkpoint, Entry, chain_of, entry_name
from gdpr.audit.events import Event
from gdpr.store.stepwise import stepwise
from gdpr.vault.encoding import unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from peewee import Database

    from gdpr.audit.card_validity import CutOffs
    from gdpr.audit.signers import Signatures

_ID_LENGTH: Final = 16
_NOTICED: Final = frozenset({Event.AUDIT_VERIFIED.value, Event.DAMAGE_ACKNOWLEDGED.value})


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
            unpack_numbers(checkpoint.digests),
        )


class ChainCheck:
    """Follows chains and collects damage; nothing it meets stops it.

    Without `signatures` hashes and links are checked, but not who signed.
    """

    def __init__(
        self,
        vault_id: bytes,
        signatures: Signatures | None,
        cut_offs: CutOffs | None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Prepare for one vault; `progress` is told of entries as they are checked."""
        self.damages: list[Damage] = []
        # What tells a damage from another at the same place.
        self.marks: dict[Damage, str] = {}
        self.quotes: dict[Quote, str] = {}
        # What says which rows of the log's other tables there must be.
        self.noticed: list[Entry] = []
        # The tables changed by entries that do not count, each once.
        self.refused: dict[Damage, None] = {}
        self._hash = EntryHash(vault_id)
        self._signatures = signatures
        self._cut_offs = cut_offs
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
            # Up to where: a gap that grows is not the one somebody knew of.
            self._report(chain, entry_name(chain.desk, chain.seq + 1), "missing", str(seq))
        elif entry.prev != chain.hash and chain.hash and entry.prev != chain.counted:
            self._report(chain, entry_name(chain.desk, seq), "link")
        try:
            counted = self._hash.of(entry)
        except MISTYPED:
            counted = b""
        chain.seq, chain.hash, chain.counted = seq, entry.hash, counted
        if counted != entry.hash:
            self._report(chain, entry_name(chain.desk, seq), "hash", counted.hex())
            return
        if self._signed(chain, entry):
            self._take(chain, entry)

    def _signed(self, chain: Chain, entry: Entry) -> bool:
        if self._signatures is None or self._signatures.holds(
            entry.actor, entry.card_counter, entry.sig, entry.hash
        ):
            return True
        self._report(chain, entry_name(chain.desk, entry.seq), "signature")
        return False

    def _take(self, chain: Chain, entry: Entry) -> None:
        """Take from a whole entry what it says about digests and other desks.

        What is refused changed the rows all the same: it is counted, so that other damage still
        shows, and the tables it changed are named.
        """
        name = entry_name(chain.desk, entry.seq)
        changed: tuple[str, ...] = ()
        if entry.digests is not None:
            try:
                changed = _changed(chain, unpack_numbers(entry.digests))
            except ValueError:
                self._report(chain, name, "body")
        if self._cut_offs is not None:
            why = self._cut_offs.refusal(entry, changed)
            if why is not None:
                self.damages.append(Damage(ENTRY_TABLE, name, why))
                self.refused.update((Damage(table, None, why), None) for table in changed)
                return
        if entry.event in _NOTICED:
            self.noticed.append(entry)
        if entry.heads is not None:
            try:
                self.quotes.update((quote, name) for quote in unpack_heads(entry.heads))
            except ValueError:
                self._report(chain, name, "body")

    def _report(self, chain: Chain, row: str | None, why: str, mark: str = "") -> None:
        chain.broken = True
        chain.digests.clear()
        self.damages.append(Damage(ENTRY_TABLE, row, why))
        if mark:
            self.marks[self.damages[-1]] = mark


def _changed(chain: Chain, noted: dict[str, int]) -> tuple[str, ...]:
    """Take the digests an entry noted, and name the tables whose rows it changed.

    After damage an entry notes all of them: what was not known before is no change.
    """
    known = chain.digests
    unknown = None if chain.broken else 0
    changed = [
        table for table, digest in noted.items() if known.get(table, unknown) not in {None, digest}
    ]
    known.update(noted)
    return tuple(changed)
