"""The proof as a run of the program makes it: verified, noted in the log, marked when good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.audit.chain import checkpoint_message, pack_digests
from gdpr.audit.cutoffs import CutOffs
from gdpr.audit.entries import Checkpoint, checkpoints, replace_checkpoint
from gdpr.audit.errors import LedgerDamaged
from gdpr.audit.events import Event
from gdpr.audit.links import Damage
from gdpr.audit.marking import MARKS, hash_of_marks
from gdpr.audit.reconcile import LEDGER, vouched
from gdpr.audit.signers import Signatures
from gdpr.audit.structure import check_structure
from gdpr.audit.verify import Verification, VerifyScope, verify, with_damages
from gdpr.clock import microseconds
from gdpr.errors import Damaged
from gdpr.store.database import STORAGE_ERRORS, why_shut

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdpr.audit.journal import AuditedChange, Journal
    from gdpr.audit.signers import Signers


def prove(
    journal: Journal,
    signers: Signers,
    *,
    quick: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Verify the vault, note in the log that it was done, and mark what is good.

    A full verification without damage leaves a signed checkpoint for each desk's chain, from
    which a quick one starts. The ledger and the file's own structure are checked as well.
    """
    scope = VerifyScope(journal.desk_id, journal.anchors, quick, progress)
    before = _stored_marks(journal)
    found = verify(journal.desk, scope, signers)
    beyond = [] if quick else check_structure(journal.desk.database)
    beyond += _ledger_damage(journal, signers)
    alarms = {alarm.damage: alarm.mark for alarm in journal.alarms.read()}
    found = with_damages(found, (*beyond, *alarms), alarms)
    if why_shut(journal.desk.database) is not None:
        return found
    counts = {"entries": found.entries, "rows": found.rows, "damages": len(found.damages)}
    try:
        with journal.audited_change(Event.AUDIT_VERIFIED, quick=int(quick), **counts) as deed:
            # Where another desk has marked meanwhile, its marks reach further.
            if found.ok and not quick and before == _stored_marks(journal):
                _mark(journal, deed, found)
    except (Damaged, *STORAGE_ERRORS):
        # What cannot be read cannot always be written to; the finding must get out.
        if found.ok:
            raise
    return found


def _ledger_damage(journal: Journal, signers: Signers) -> list[Damage]:
    try:
        lines = journal.ledger.lines(signers)
    except LedgerDamaged as damage:
        return [Damage(LEDGER, str(damage.arguments["line"]), "ledger")]
    desk = journal.desk
    try:
        cut_offs = CutOffs(desk.database, desk.ring.vault_id, Signatures(signers), journal.desk_id)
        refused = vouched(lines, cut_offs)[1]
    except STORAGE_ERRORS:
        return []  # the log that cannot be read was named already
    return [Damage(LEDGER, str(line.number), why) for line, why in refused]


def _mark(journal: Journal, deed: AuditedChange, found: Verification) -> None:
    ring, now = journal.desk.ring, microseconds(journal.clock.now())
    marks = []
    for chain in found.chains:
        digests = pack_digests(chain.digests)
        signer = (ring.user_id, ring.card_counter)
        mark = Checkpoint(chain.desk, chain.seq, chain.hash, digests, now, *signer, b"")
        signature = ring.sign(checkpoint_message(ring.vault_id, mark))
        replace_checkpoint(deed.desk.database, mark._replace(sig=signature))
        marks.append(mark)
    deed.note(**{MARKS: hash_of_marks(ring.vault_id, marks)})


def _stored_marks(journal: Journal) -> dict[bytes, Checkpoint]:
    try:
        return checkpoints(journal.desk.database)
    except STORAGE_ERRORS:
        return {}
