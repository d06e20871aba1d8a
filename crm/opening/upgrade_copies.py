"""What an upgrade that failed or was killed left beside the register, entered once somebody is in.

Such a copy is made before anybody's keys are there, so no row can announce it; its name does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm.copies.copies import UPGRADE, new_copy, note_gone
from crm.models.files import KnownCopy
from gdpr.audit.events import Event
from gdpr.store.upgrade import destroy_copies, failed_copies

if TYPE_CHECKING:
    from crm.session.context import RegisterContext


def settle_upgrade_copies(context: RegisterContext) -> None:
    """Destroy the copies, and enter what became of each; one that stays is a known copy.

    The register that was to be repaired with them is open, so they only hold who is erased later.
    """
    database = context.session.database
    there = failed_copies(database)
    rows = context.session.rows(KnownCopy, kind=UPGRADE)
    known = {str(row.place): row for row in rows if row.gone is None}
    if not there and not known:
        return
    destroy_copies(database)
    left = set(failed_copies(database))
    for path in sorted({str(path.absolute()) for path in there} | set(known)):
        row = known.get(path)
        gone = Path(path) not in {one.absolute() for one in left}
        if row is None:
            _enter(context, Path(path), gone=gone)
        elif gone:
            with context.journal.audited_change(Event.COPY_SHREDDED, bytes(row.id)) as deed:
                note_gone(context, deed, row)


def _enter(context: RegisterContext, path: Path, *, gone: bool) -> None:
    row = new_copy(context, UPGRADE, path)
    row.ends = context.day.isoformat()
    row.gone = context.day.isoformat() if gone else None
    event = Event.COPY_SHREDDED if gone else Event.COPY_FOUND
    with context.journal.audited_change(event, bytes(row.id)) as deed:
        deed.insert(row)
