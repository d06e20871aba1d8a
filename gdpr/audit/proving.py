"""The proof as a run of the program makes it: verified, noted in the log, marked when good.

What row MACs cannot see is looked for as well: indexes that disagree with their table, and pages
that are broken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peewee import SqliteDatabase

from gdpr.audit.card_validity import CutOffs
from gdpr.audit.chain import checkpoint_message, pack_digests
from gdpr.audit.chain_check import Damage
from gdpr.audit.entries import Checkpoint, checkpoints, replace_checkpoint
from gdpr.audit.errors import LedgerDamaged
from gdpr.audit.events import Event
from gdpr.audit.reconcile import LEDGER, vouched
from gdpr.audit.signers import Signatures
from gdpr.audit.verify import MARKS, Verification, VerifyScope, hash_of_marks, verify, with_damages
from gdpr.clock import microseconds
from gdpr.errors import Damaged
from gdpr.store.database import STORAGE_ERRORS, why_shut

if TYPE_CHECKING:
    from collections.abc import Callable

    from peewee import Database

    from gdpr.audit.journal import AuditedChange, Journal
    from gdpr.audit.signers import Signers


_NAMED: Final = re.compile(r"(?:index|value in|constraint failed in) (\w+)")
_TREE: Final = re.compile(r"(?:Tree|tree page) (\d+)")
_UNKNOWN: Final = "database"


def check_structure(database: Database) -> list[Damage]:
    """Let SQLite check its own file, and name the tables it complains about.

    A byte that flips in an index changes no row, yet a search would miss one. Servers check their
    pages themselves.
    """
    if not isinstance(database, SqliteDatabase):
        return []
    try:
        complaints = [row[0] for row in database.execute_sql("PRAGMA integrity_check")]
        if complaints == ["ok"]:
            return []
        names, roots = _places(database)
    except STORAGE_ERRORS:
        return [Damage(_UNKNOWN, None, "structure")]
    tables = {_table(str(complaint), names, roots) for complaint in complaints}
    return [Damage(table, None, "structure") for table in sorted(tables)]


def _places(database: Database) -> tuple[dict[str, str], dict[int, str]]:
    rows = database.execute_sql("SELECT name, tbl_name, rootpage FROM sqlite_master").fetchall()
    return {row[0]: row[1] for row in rows}, {row[2]: row[1] for row in rows}


def _table(complaint: str, names: dict[str, str], roots: dict[int, str]) -> str:
    named = _NAMED.search(complaint)
    if named is not None:
        return names.get(named.group(1), _UNKNOWN)
    tree = _TREE.search(complaint)
    return _UNKNOWN if tree is None else roots.get(int(tree.group(1)), _UNKNOWN)


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
    found = verify(journal.session, scope, signers)
    beyond = [] if quick else check_structure(journal.session.database)
    beyond += _ledger_damage(journal, signers)
    alarms = {alarm.damage: alarm.mark for alarm in journal.alarms.read()}
    found = with_damages(found, (*beyond, *alarms), alarms)
    if why_shut(journal.session.database) is not None:
        return found
    counts = {"entries": found.entries, "rows": found.rows, "damages": len(found.damages)}
    try:
        with journal.audited_change(Event.AUDIT_VERIFIED, quick=int(quick), **counts) as change:
            # Where another desk has marked meanwhile, its marks reach further.
            if found.ok and not quick and before == _stored_marks(journal):
                _mark(journal, change, found)
    except (Damaged, *STORAGE_ERRORS):
        # What cannot be read cannot always be written to; the finding must get out.
        if found.ok:
            raise
    return found


def _ledger_damage(journal: Journal, signers: Signers) -> list[Damage]:
    try:
        lines = journal.ledger.lines(signers, afresh=True)
    except LedgerDamaged as damage:
        return [Damage(LEDGER, str(damage.arguments["line"]), "ledger")]
    desk = journal.session
    try:
        cut_offs = CutOffs(desk.database, desk.ring.vault_id, Signatures(signers), journal.desk_id)
        refused = vouched(lines, cut_offs)[1]
    except STORAGE_ERRORS:
        return []  # the log that cannot be read was named already
    return [Damage(LEDGER, str(line.number), why) for line, why in refused]


def _mark(journal: Journal, change: AuditedChange, found: Verification) -> None:
    ring, now = journal.session.ring, microseconds(journal.clock.now())
    marks = []
    for chain in found.chains:
        digests = pack_digests(chain.digests)
        signer = (ring.user_id, ring.card_counter)
        mark = Checkpoint(chain.desk, chain.seq, chain.hash, digests, now, *signer, b"")
        signature = ring.sign(checkpoint_message(ring.vault_id, mark))
        replace_checkpoint(change.session.database, mark._replace(sig=signature))
        marks.append(mark)
    change.note(**{MARKS: hash_of_marks(ring.vault_id, marks)})


def _stored_marks(journal: Journal) -> dict[bytes, Checkpoint]:
    try:
        return checkpoints(journal.session.database)
    except STORAGE_ERRORS:
        return {}
