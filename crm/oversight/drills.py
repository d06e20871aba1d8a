"""The drill: a backup is really brought back, proved, searched for the erased, and destroyed again.

It works in a folder of the moment with a state of its own. Of the live register nothing changes but
the log, where the result stays as evidence. What a backup still had of people who were erased since
is looked for in every file and row of what came back.
"""

from __future__ import annotations

import mmap
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peewee import Column, Table, fn

from crm.backup.backups import Backups
from crm.backup.drill_habit import DAYS, LAST, alone, destroy_folder
from crm.backup.parts import opened_parts
from crm.backup.restoring import Front, Restoring
from crm.copies.copies import DRILL, new_copy, note_gone
from crm.errors import StateNotWritten
from crm.files.errors import CopyOutOfReach
from crm.models.files import KnownCopy
from crm.opening.opening import context_of, migrations
from crm.oversight.cards import DrillDone, DrillLine
from crm.oversight.errors import DaysOutOfRange, DrillFoundErased, DrillNoRoom, NoBackupToDrill
from crm.privacy import Duty
from crm.schema import SCHEMA
from crm.session.context import RegisterService
from crm.session.shred_file_place import DRILL_FOLDER
from gdpr.audit.chain import parse_body
from gdpr.audit.events import Event
from gdpr.audit.reading import Wanted
from gdpr.audit.state_folders import StateFolders
from gdpr.errors import KartotekaError
from gdpr.rights.erasure import WHOLE
from gdpr.store.database import file_of, reading
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE as OWNER_KEYS
from gdpr.store.places import safe_folder, sync_folder
from gdpr.store.rowstream import Columns, StreamNote, StreamReader
from gdpr.store.settings import write_setting
from gdpr.store.snapshot import is_token
from gdpr.vault.tokens import TOKEN_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from peewee import Database

    from crm.backup.parts import WayIn
    from crm.session.context import RegisterContext

_MOST_DAYS: Final = 730


# So many byte strings are looked for in every file; rows are looked for without a limit.
MOST_SOUGHT: Final = 256


@dataclass(frozen=True, slots=True)
class Traces:
    """What a backup still had of people who were erased since: wrapped keys and search tokens."""

    keys: frozenset[bytes]
    tokens: frozenset[bytes]

    @classmethod
    def read(cls, parts: tuple[Path, Path], way_in: WayIn, erased: frozenset[bytes]) -> Traces:
        """Collect them from the keys part, which alone has what opens or tells somebody."""
        keys: set[bytes] = set()
        tokens: set[bytes] = set()
        with opened_parts(*parts, way_in) as opened:
            table = ""
            for frame in StreamReader(opened.keys).frames:
                if isinstance(frame, Columns):
                    table = frame.table
                elif not isinstance(frame, StreamNote) and frame[0] in erased:
                    found = {
                        v for v in frame[1:] if isinstance(v, bytes) and len(v) >= TOKEN_LENGTH
                    }
                    (keys if table == OWNER_KEYS else tokens).update(found)
        return cls(frozenset(keys), frozenset(tokens))


def count_records(database: Database) -> dict[str, int]:
    """Count the records of a register by table, for comparing two."""
    tables = sorted(layout_of(model).table for model in SCHEMA.models)
    return {table: _count(database, table) for table in tables}


def rows_left(database: Database, erased: Iterable[bytes]) -> int:
    """Count the rows that are still about the erased, or hold a key of theirs."""
    wanted = list(erased)
    columns = [(OWNER_KEYS, "id")]
    columns += [(layout_of(m).table, m.subject) for m in SCHEMA.models if m.subject]
    return sum(_count(database, table, column, wanted) for table, column in columns)


def bytes_left(folder: Path, database: Database, traces: Traces) -> int:
    """Count what is found in any file of a folder of the keys and tokens of the erased.

    A token that somebody living shares, such as that of a common phone, is no trace.
    """
    tokens = (token for token in sorted(traces.tokens) if not _is_shared(database, token))
    sought = [*sorted(traces.keys)[:MOST_SOUGHT], *tokens][: 2 * MOST_SOUGHT]
    return sum(
        content.find(text) >= 0
        for path in sorted(folder.rglob("*"))
        for content in _mapped(path)
        for text in sought
    )


def _mapped(path: Path) -> Iterator[mmap.mmap]:
    if path.is_file() and path.stat().st_size:
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            yield content


def _is_shared(database: Database, token: bytes) -> bool:
    return any(
        _count(database, layout_of(model).table, column, [token])
        for model in SCHEMA.models
        for column in layout_of(model).columns
        if is_token(column)
    )


def _count(database: Database, table: str, column: str = "", values: Sequence[bytes] = ()) -> int:
    """Count rows: all, or those whose column has one of the values."""
    source: Any = Table(table)
    query = source.select(fn.COUNT(1))
    if not column:
        return _one(database, query)
    count = 0
    for start in range(0, len(values), 500):
        some = list(values[start : start + 500])
        count += _one(database, query.where(Column(source, column).in_(some)))
    return count


def _one(database: Database, query: Any) -> int:
    statement, bound = query.bind(database).sql()
    return int(database.execute_sql(statement, bound).fetchone()[0])


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
                day=context.clock.day_of(entry.time).isoformat(),
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
