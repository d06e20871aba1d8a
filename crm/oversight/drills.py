"""The drill: a backup is really brought back, proved, searched for the erased, and destroyed again.

It works in a folder of the moment with a state of its own. Of the live register nothing changes but
the log, where the result stays as evidence.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from crm.backup.backups import Backups
from crm.backup.drill_habit import DAYS, LAST, alone, destroy_folder
from crm.backup.errors import (
    DaysOutOfRange,
    DrillFoundErased,
    DrillNoRoom,
    NoBackupToDrill,
)
from crm.backup.residue import Traces, bytes_left, count_records, rows_left
from crm.backup.restoring import Front, Restoring
from crm.copies.copies import DRILL, new_copy, note_gone
from crm.files.errors import CopyOutOfReach
from crm.models.files import KnownCopy
from crm.opening.opening import context_of, migrations
from crm.oversight.cards import DrillDone, DrillLine
from crm.privacy import Duty
from crm.session.context import RegisterService
from crm.session.shred_file_place import DRILL_FOLDER
from gdpr.audit.chain import parse_body
from gdpr.audit.events import Event
from gdpr.audit.reading import Wanted
from gdpr.audit.state_folders import StateFolders
from gdpr.clock import instant_of
from gdpr.errors import KartotekaError, StateNotWritten
from gdpr.rights.erasure import WHOLE
from gdpr.store.database import file_of, reading
from gdpr.store.places import safe_folder, sync_folder
from gdpr.store.settings import write_setting

if TYPE_CHECKING:
    from pathlib import Path

    from crm.backup.parts import WayIn
    from crm.session.context import RegisterContext

_MOST_DAYS: Final = 730


class Drills(RegisterService):
    """Drills of the opened register: doing one, and what the earlier ones showed."""

    def run(self, way_in: WayIn, parts: tuple[Path, Path] | None = None) -> DrillDone:
        """Bring the newest backup back, or the one whose `parts` are given, and destroy it again.

        Its place is a known copy before the first byte is there. Whatever the drill finds wrong is
        in the log before it is raised.
        """
        context = self._context
        context.access.need(Duty.BACKUP)
        chosen = parts or self._newest()
        with alone(context.state):
            folder = context.state / DRILL_FOLDER
            copy = new_copy(context, DRILL, folder)
            copy.ends = context.day.isoformat()
            with context.journal.audited_change(Event.DRILL_BEGUN, bytes(copy.id)) as change:
                change.insert(copy)
            try:
                found, left = self._drill(folder, chosen, way_in)
            except BaseException as problem:
                self._end(folder, copy, ok=0, why=_code(problem))
                if isinstance(problem, OSError | StateNotWritten):
                    raise DrillNoRoom from None
                raise
            self._end(
                folder,
                copy,
                ok=int(not left),
                rows=found.rows,
                live=found.live_rows,
                replayed=found.replayed,
                erased=found.erased,
                left=left,
                differing=len(found.differing),
            )
        if left:
            raise DrillFoundErased(count=left)
        return found

    def list(self) -> tuple[DrillLine, ...]:
        """Return what the drills showed that the log still knows, the newest first."""
        context = self._context
        context.access.need(Duty.BACKUP)
        entries = context.journal.entries(Wanted(event=Event.BACKUP_DRILLED.value, limit=None))
        context.journal.log_access(Event.AUDIT_READ, count=len(entries))
        return tuple(
            DrillLine(
                day=instant_of(entry.time).date().isoformat(),
                ok=bool(body.get("ok")),
                why=str(body.get("why", "")),
                rows=int(body.get("rows", 0)),
                live_rows=int(body.get("live", 0)),
                replayed=int(body.get("replayed", 0)),
                erased=int(body.get("erased", 0)),
                left=int(body.get("left", 0)),
            )
            for entry in entries
            for body in [parse_body(entry.body)]
        )

    def remind_every(self, days: int) -> None:
        """Set after how many days another drill is due."""
        if not 1 <= days <= _MOST_DAYS:
            raise DaysOutOfRange(least=1, most=_MOST_DAYS)
        self._context.access.need(Duty.BACKUP)
        with self._context.journal.audited_change(Event.SETTING_CHANGED) as change:
            write_setting(change, DAYS, str(days))

    def _newest(self) -> tuple[Path, Path]:
        for row in reversed(Backups(self._context).sound()):
            keys = row.place
            if keys.exists() and keys.with_suffix(".data").exists():
                return keys.with_suffix(".data"), keys
        raise NoBackupToDrill

    def _drill(
        self, folder: Path, parts: tuple[Path, Path], way_in: WayIn
    ) -> tuple[DrillDone, int]:
        """Return what a register that was brought back turned out to be, and what was left."""
        context = self._context
        events = context.journal.ledger.events()
        erased = frozenset(event.subject for event in events if event.kind == WHOLE)
        safe_folder(folder)
        sync_folder(folder.parent)
        folders = _lend_state(context, folder / "state")
        target = folder / "register"
        front = Front(folders, migrations(), context_of)
        restoring = Restoring(target, front, context.clock)
        told = restoring.run(*parts, way_in, accept_older=True, without_ledger=True)
        traces = Traces.read(parts, way_in, erased)
        with reading(str(target)) as database:
            left = rows_left(database, erased) + bytes_left(folder, database, traces)
            before, now = count_records(database), count_records(context.session.database)
        found = DrillDone(
            data=str(parts[0]),
            made=told.made,
            rows=sum(before.values()),
            live_rows=sum(now.values()),
            differing=tuple(name for name in before if before[name] != now[name]),
            replayed=len(told.replayed),
            erased=len(erased),
        )
        return found, left

    def _end(self, folder: Path, copy: KnownCopy, **told: int | str) -> None:
        """Destroy what the drill made, and leave its result in the log.

        What could not be destroyed stays a known copy, and is tried again at the next opening.
        """
        context = self._context
        gone = True
        try:
            destroy_folder(folder)
        except CopyOutOfReach:
            gone = False
        with context.journal.audited_change(Event.BACKUP_DRILLED, bytes(copy.id), **told) as change:
            if gone:
                note_gone(context, change, context.session.get(KnownCopy, bytes(copy.id)))
            if told.get("ok"):
                write_setting(change, LAST, context.day.isoformat())


def _lend_state(context: RegisterContext, root: Path) -> StateFolders:
    """Give the drill what this desk knows of the register: its root, and who was erased."""
    folders = StateFolders(safe_folder(root))
    vault_id = context.session.ring.vault_id
    lent = folders.new(str(file_of(context.session.database)), vault_id)
    for name in ("root.pin", "ledger"):
        if (context.state / name).exists():
            shutil.copyfile(context.state / name, lent / name)
            (lent / name).chmod(0o600)
    return folders


def _code(problem: BaseException) -> str:
    if isinstance(problem, KartotekaError):
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in type(problem).__name__)[1:]
    return "no_room" if isinstance(problem, OSError) else "stopped"
