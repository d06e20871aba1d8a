"""Ledger and database brought together: what either forgot, the other still knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdpr.audit.chain import MISTYPED, EntryHash
from gdpr.audit.entries import ENTRY_TABLE, entries_bearing_rights, entry_name
from gdpr.audit.ledger import RightEvent, State, right_of
from gdpr.audit.links import Damage
from gdpr.audit.signers import Signatures

if TYPE_CHECKING:
    from gdpr.audit.entries import Entry
    from gdpr.audit.ledger import Ledger
    from gdpr.audit.signers import Signers
    from gdpr.store.desk import Desk


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of it.

    `missing` took effect once, but not in this database: the caller must let each take effect
    again and then call `Ledger.write(…, State.REPLAYED, …)`. `pending` wait to be shredded.
    `torn` says that a crash had cut the ledger's last line.
    """

    added: tuple[RightEvent, ...]
    missing: tuple[RightEvent, ...]
    pending: tuple[RightEvent, ...]
    damages: tuple[Damage, ...]
    torn: bool


def reconcile(desk: Desk, ledger: Ledger, signers: Signers, time: int) -> Reconciliation:
    """Write ledger lines that a crash lost, and tell which events the database lost.

    An event and its effect are one transaction, so the entry is the proof of the effect. Only
    entries that verify get a line: a restore would act on it. Raises LedgerDamaged.
    """
    known = ledger.events(signers)
    torn = ledger.torn
    hashes = EntryHash(desk.ring.vault_id)
    signatures = Signatures(signers)
    added: list[RightEvent] = []
    damages: list[Damage] = []
    present: set[RightEvent] = set()
    for entry in entries_bearing_rights(desk.database):
        event = _event(entry)
        if event is not None and event in known:
            present.add(event)
        elif event is not None and _holds(entry, hashes, signatures):
            added.append(event)
        else:
            damages.append(Damage(ENTRY_TABLE, entry_name(entry.desk, entry.seq), "right"))
    ledger.write(added, State.LOGGED, time)
    return Reconciliation(
        added=tuple(added),
        missing=tuple(
            event
            for event, state in known.items()
            if event not in present and state is not State.REPLAYED
        ),
        pending=tuple(ledger.pending()),
        damages=tuple(damages),
        torn=torn,
    )


def _event(entry: Entry) -> RightEvent | None:
    try:
        return right_of(entry)
    except MISTYPED:
        return None


def _holds(entry: Entry, hashes: EntryHash, signatures: Signatures) -> bool:
    try:
        whole = hashes.of(entry) == entry.hash
    except MISTYPED:
        return False
    return whole and signatures.holds(entry.actor, entry.card_counter, entry.sig, entry.hash)
