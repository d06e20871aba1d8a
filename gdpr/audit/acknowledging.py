"""Damage that an owner has seen and signed for: told in every later proof, and not called new.

An acknowledgement names each damage exactly, by table, row, kind and, where other damage could hide
behind it, by how much is missing. Anything else that happens to the same table is new damage.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import MISTYPED, parse_body
from gdpr.audit.chain_check import Damage
from gdpr.audit.entries import (
    ACKNOWLEDGED_TABLE,
    CHECKPOINT_TABLE,
    ENTRY_TABLE,
    acknowledged_lists,
    entry_at,
    entry_name,
    insert_acknowledged,
)
from gdpr.audit.events import Event
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.holdings import restate_holdings
from gdpr.vault.encoding import label, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from peewee import Database

    from gdpr.audit.card_validity import CutOffs
    from gdpr.audit.entries import Entry
    from gdpr.audit.journal import Journal

_LABEL: Final = label("damages")
_OF_THE_LOG: Final = frozenset({ENTRY_TABLE, CHECKPOINT_TABLE, ACKNOWLEDGED_TABLE})
Marks = dict[Damage, str]


class Acknowledged(NamedTuple):
    """What one entry acknowledged: who, when, and which damages, each with its mark."""

    time: int
    actor: bytes
    damages: frozenset[tuple[Damage, str]]


def acknowledge(journal: Journal, damages: Mapping[Damage, str]) -> None:
    """Sign for damages, given with their marks; the entry notes every table's digest anew.

    Where rows are missing it is decided from now on upon those that are left.
    """
    listed = _written(damages)
    count, digest = len(damages), _hash(journal.session.ring.vault_id, listed)
    with journal.audited_change(
        Event.DAMAGE_ACKNOWLEDGED, None, damages=count, list=digest
    ) as change:
        if not {damage.table for damage in damages} <= _OF_THE_LOG:
            change.note(parties=restate_holdings(change))
        change.restates = True
        change.before_commit.append(
            lambda entry: insert_acknowledged(journal.session.database, entry, listed)
        )


def acknowledged(database: Database, vault_id: bytes, cut_offs: CutOffs) -> list[Acknowledged]:
    """Return the acknowledgements that hold: whole, of somebody who might, their list unchanged."""
    found = []
    try:
        for desk, seq, listed in acknowledged_lists(database):
            entry = entry_at(database, desk, seq)
            if (
                entry is None
                or entry.event != Event.DAMAGE_ACKNOWLEDGED
                or not cut_offs.counts(entry)
            ):
                continue
            if parse_body(entry.body).get("list") == _hash(vault_id, listed):
                found.append(Acknowledged(entry.time, entry.actor, _read(listed)))
    except (*STORAGE_ERRORS, *MISTYPED):
        return found
    return sorted(found)


def lost_lists(database: Database, vault_id: bytes, entries: Iterable[Entry]) -> list[Damage]:
    """Name the entries that acknowledged damage whose list is gone, or is another."""
    wanted = [one for one in entries if one.event == Event.DAMAGE_ACKNOWLEDGED]
    if not wanted:
        return []
    lists = {(desk, seq): listed for desk, seq, listed in acknowledged_lists(database)}
    lost = [
        one
        for one in wanted
        if not isinstance(listed := lists.get((one.desk, one.seq)), bytes)
        or parse_body(one.body).get("list") != _hash(vault_id, listed)
    ]
    return [Damage(ACKNOWLEDGED_TABLE, entry_name(one.desk, one.seq), "missing") for one in lost]


def part(
    damages: Iterable[Damage], marks: Mapping[Damage, str], known: Iterable[Acknowledged]
) -> tuple[list[Damage], list[Damage]]:
    """Part damages into new and acknowledged ones."""
    signed = frozenset().union(*(one.damages for one in known))
    new: list[Damage] = []
    old: list[Damage] = []
    for damage in damages:
        (old if (damage, marks.get(damage, "")) in signed else new).append(damage)
    return new, old


def _written(damages: Mapping[Damage, str]) -> bytes:
    parts = (
        pack(one.table.encode(), (one.row or "").encode(), one.why.encode(), mark.encode())
        for one, mark in damages.items()
    )
    return pack(*sorted(parts))


def _read(listed: bytes) -> frozenset[tuple[Damage, str]]:
    found = set()
    for packed in unpack(listed):
        table, row, why, mark = (piece.decode() for piece in unpack(packed))
        found.add((Damage(table, row or None, why), mark))
    return frozenset(found)


def _hash(vault_id: bytes, listed: bytes) -> str:
    return sha256(pack(_LABEL, vault_id) + listed).hexdigest()
