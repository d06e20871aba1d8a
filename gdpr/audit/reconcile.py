"""Ledger and database brought together: what either forgot, the other still knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gdpr.audit.card_validity import VOUCHING, CutOffs
from gdpr.audit.chain import MISTYPED
from gdpr.audit.chain_check import Damage
from gdpr.audit.entries import ENTRY_TABLE, entries_bearing_rights, entry_name
from gdpr.audit.ledger import LedgerState, RightEvent, right_of
from gdpr.audit.signers import Signatures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.audit.entries import Entry
    from gdpr.audit.ledger import Ledger, Line
    from gdpr.audit.signers import Signers
    from gdpr.store.session import Session

LEDGER: Final = "ledger"


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


def reconcile(
    session: Session, desk_id: bytes, ledger: Ledger, signers: Signers, time: int
) -> Reconciliation:
    """Write ledger lines that a crash lost, and tell which events the database lost.

    An event and its effect are one transaction, so the entry is the proof of the effect. Only
    entries that count get a line, and only from somebody who may: a restore would act on it.
    Raises LedgerDamaged.
    """
    signatures = Signatures(signers)
    cut_offs = CutOffs(session.database, session.ring.vault_id, signatures, desk_id)
    lines = ledger.lines(signers)
    torn = ledger.torn
    known, refused = vouched(lines, cut_offs)
    may = signatures.may(session.ring.user_id, session.ring.card_counter, VOUCHING)
    added: list[RightEvent] = []
    damages = [Damage(LEDGER, str(line.number), why) for line, why in refused]
    present: set[RightEvent] = set()
    for entry in entries_bearing_rights(session.database):
        event = _event(entry)
        if event is not None and event in known:
            present.add(event)
        elif event is not None and cut_offs.counts(entry):
            added += [event] if may else []
        else:
            damages.append(Damage(ENTRY_TABLE, entry_name(entry.desk, entry.seq), "right"))
    ledger.write(added, LedgerState.LOGGED, time)
    return Reconciliation(
        added=tuple(added),
        missing=tuple(
            event
            for event, state in known.items()
            if event not in present and state is not LedgerState.REPLAYED
        ),
        pending=tuple(ledger.pending()),
        damages=tuple(damages),
        torn=torn,
    )


def vouched(
    lines: Iterable[Line], cut_offs: CutOffs
) -> tuple[dict[RightEvent, LedgerState], list[tuple[Line, str]]]:
    """Part the events of a ledger: those that somebody who may brought in, and refused lines.

    The first line about an event decides; later ones say only how far it came.
    """
    known: dict[RightEvent, LedgerState] = {}
    refused: dict[RightEvent, None] = {}
    wrong: list[tuple[Line, str]] = []
    for line in lines:
        if line.event in refused:
            continue
        if line.event not in known:
            why = cut_offs.refusal_of_line(line)
            if why is not None:
                refused[line.event] = None
                wrong.append((line, why))
                continue
        known[line.event] = line.state
    return known, wrong


def _event(entry: Entry) -> RightEvent | None:
    try:
        return right_of(entry)
    except MISTYPED:
        return None
