"""The anchor: how far this desk's chain has come, outside the database that could forget it.

An old copy of the shred file must not pass for the one of today either, so the anchor knows it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import pack_digests
from gdpr.audit.errors import ShredFileOlder
from gdpr.errors import StateFileDamaged
from gdpr.store.places import write_private
from gdpr.vault.encoding import label, pack, pack_numbers, unpack, unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gdpr.audit.journal import AuditedChange, Journal
    from gdpr.vault.authenticator import Authenticator


_FACT: Final = "shred"


def anchor_secrets(change: AuditedChange) -> None:
    """Anchor with a change how far the file will have come once its old secrets are overwritten."""
    reached = change.session.groups.reached
    if reached is not None:
        change.anchor(_FACT, reached)


def anchor_as_it_is(change: AuditedChange) -> None:
    """Anchor where the file stands, after it was brought back."""
    change.anchor(_FACT, change.session.groups.file.counter)


def anchored_secrets(journal: Journal) -> int:
    """Return the least that the counter of the file must be."""
    return journal.facts().get(_FACT, 0)


def check_shred_file(journal: Journal) -> None:
    """Raise if the shred file is missing, damaged, or older than what this desk has anchored.

    What a crash left in it is settled first, for that is a step the anchor may be ahead by.
    """
    groups, least = journal.session.groups, anchored_secrets(journal)
    if groups.file.counter < least and not (groups.forget() and groups.file.counter >= least):
        raise ShredFileOlder


_ANCHOR: Final = "anchor"
_ASIDE: Final = "anchor.damaged"
_MAC: Final = 32
_LABEL: Final = label("anchor")
_NUMBER: Final = 8
_NO_FACTS: Final[Mapping[str, int]] = MappingProxyType({})


class ChainHead(NamedTuple):
    """The newest entry of a chain, the desk's running digests after it, and its facts.

    A fact is a number that only ever grows, by name: the database may not fall behind it.
    """

    seq: int
    hash: bytes
    digests: dict[str, int]
    facts: Mapping[str, int] = _NO_FACTS


class AnchorFile:
    """A private file with the desk's own head, replaced in one step after every commit.

    Its MAC needs a key of the vault, so a stranger with this folder cannot invent an anchor.
    """

    def __init__(
        self, state: Path, vault_id: bytes, desk_id: bytes, integrity: Authenticator
    ) -> None:
        """Use the state folder of one desk."""
        self._path = state / _ANCHOR
        self._aside = state / _ASIDE
        self._start = pack(_LABEL, vault_id, desk_id)
        self._integrity = integrity

    def read(self) -> ChainHead | None:
        """Return the anchored head, None before the first, or raise StateFileDamaged."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise StateFileDamaged(name=_ANCHOR) from None
        body, mac = content[:-_MAC], content[-_MAC:]
        if len(mac) != _MAC or not self._integrity.matches(self._start + body, mac):
            raise StateFileDamaged(name=_ANCHOR)
        seq, chain_hash, digests, facts = unpack(body)
        number = int.from_bytes(seq, "big")
        return ChainHead(number, chain_hash, unpack_numbers(digests), unpack_numbers(facts))

    def write(self, head: ChainHead) -> None:
        """Anchor a head; after a power cut the one before may stand there, which is as true."""
        seq, digests = head.seq.to_bytes(_NUMBER, "big"), pack_digests(head.digests)
        body = pack(seq, head.hash, digests, pack_numbers(head.facts, _NUMBER))
        mac = self._integrity.digest(self._start + body)
        write_private(self._path, body + mac, may_lag=True)

    def set_aside(self) -> None:
        """Keep a damaged anchor for examination; until someone removes it, verifying names it."""
        self._path.replace(self._aside)

    @property
    def was_damaged(self) -> bool:
        """Tell whether a damaged anchor waits for examination."""
        return self._aside.exists()


def highest(facts: Mapping[str, int], raised: Mapping[str, int]) -> dict[str, int]:
    """Return facts after some were raised; one that is higher already stays."""
    return {**facts, **{name: max(value, facts.get(name, 0)) for name, value in raised.items()}}
