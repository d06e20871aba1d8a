"""Copies that are being written: known before their first byte, destroyed if they fail.

A note in the desk's own folder says which copies somebody is writing at this moment. A program that
is killed leaves its note, and whoever opens the register next finds and destroys what it left. What
the register says of a person for whom the copy was made goes with it: nothing was disclosed.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from filelock import FileLock, Timeout

from crm.errors import FolderUnusable, NoDuty
from crm.files.file_marks import Marks
from crm.files.overwriting import remove_empty, shred_file, shred_folder
from crm.files.packages import package_folder
from crm.files.private import part_of, private_file, refuse_taken
from crm.models.files import KnownCopy
from crm.session.context import NOTE
from gdpr.audit.events import Event
from gdpr.errors import Damaged, KartotekaError
from gdpr.rights.stored import Disclosure
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.places import write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange

SWEPT: Final = "copies-swept"
UNFOUND: Final = "copies-unfound"
_LOCK: Final = ".lock"


class Outgoing:
    """The copies of one piece of work, from before their first byte until they have their names."""

    def __init__(
        self, context: RegisterContext, copies: Sequence[KnownCopy], disclosure: bytes | None = None
    ) -> None:
        """Take the rows of copies that are not stored yet, and the id of what they disclose."""
        self._context = context
        self._copies = tuple(copies)
        self._disclosure = disclosure
        self._note = context.state / (NOTE + bytes(copies[0].id).hex())
        self._lock = _lock_of(self._note)
        self._settled: set[bytes] = set()

    def begin(self, event: Event, object_id: bytes | None, counts: Mapping[str, int | str]) -> None:
        """Note in the desk's folder and in the register what is about to be written."""
        self._lock.acquire()
        disclosure = None if self._disclosure is None else self._disclosure.hex()
        note = {"copies": [bytes(c.id).hex() for c in self._copies], "disclosure": disclosure}
        write_private(self._note, json.dumps(note).encode())
        with self._context.journal.audited_change(event, object_id, **counts) as change:
            for copy in self._copies:
                change.insert(copy)

    @contextmanager
    def file(
        self, copy: KnownCopy, *, check: Callable[[BinaryIO], None] | None = None
    ) -> Iterator[BinaryIO]:
        """Yield the stream of a copy; it has its name once the register knows its marks."""

        def settle(written: BinaryIO) -> None:
            if check is not None:
                check(written)
            self.settle(copy, written)

        with private_file(copy.place, check=settle, tag=tag_of(copy)) as stream:
            yield stream

    @contextmanager
    def folder(self, copy: KnownCopy, contents: Mapping[str, bytes]) -> Iterator[None]:
        """Write a folder; it has its name once the block ended and the register knows its marks."""
        with package_folder(copy.place, contents, tag_of(copy)):
            yield
            self._store(copy, Marks.of_folder(part_of(copy.place, tag_of(copy))), None)

    def settle(
        self, copy: KnownCopy, written: BinaryIO, change: AuditedChange | None = None
    ) -> None:
        """Store by what a finished copy is recognised, with a change or in one of its own."""
        if bytes(copy.id) not in self._settled:
            self._store(copy, Marks.of_stream(written), change)

    def end(self) -> None:
        """Take the note away: everything has its name."""
        self._note.unlink(missing_ok=True)
        self._lock.release()
        _lock_file(self._note).unlink(missing_ok=True)

    def undo(self) -> None:
        """Destroy what was written, and forget the copies; what that does not reach stays noted."""
        try:
            for copy in self._copies:
                destroy_unfinished(copy)
                if (marks := Marks.parse(copy.marks)) is not None:
                    marks.destroy(copy.place)
            with self._context.journal.audited_change(
                Event.COPY_UNDONE, bytes(self._copies[0].id)
            ) as change:
                for copy in self._copies:
                    if (
                        row := self._context.session.first(KnownCopy, id=bytes(copy.id))
                    ) is not None:
                        change.delete(row)
            withdraw_disclosure(self._context, self._disclosure)
            self.end()
        except (KartotekaError, OSError, *STORAGE_ERRORS):
            self._lock.release()

    def _store(self, copy: KnownCopy, marks: Marks, change: AuditedChange | None) -> None:
        copy.marks = marks.packed()
        if change is not None:
            change.update(copy)
        else:
            with self._context.journal.audited_change(Event.COPY_WRITTEN, bytes(copy.id)) as own:
                own.update(copy)
        self._settled.add(bytes(copy.id))


@contextmanager
def outgoing(
    context: RegisterContext,
    *copies: KnownCopy,
    event: Event = Event.COPY_BEGUN,
    object_id: bytes | None = None,
    counts: Mapping[str, int | str] | None = None,
    disclosure: bytes | None = None,
) -> Iterator[Outgoing]:
    """Write copies in this block: known from its beginning, and gone if it does not end well.

    `disclosure` is the id of the row that says so of a person, where there will be one.
    """
    for copy in copies:
        refuse_taken(copy.place)
    work = Outgoing(context, copies, disclosure)
    try:
        work.begin(event, object_id or bytes(copies[0].id), counts or {})
        yield work
    except BaseException:
        work.undo()
        raise
    work.end()


def need_folder(folder: Path) -> None:
    """Refuse to write where there is no folder, or none that may be written to."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise FolderUnusable


@contextmanager
def usable_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder with its whole path; a new one is for its owner alone, as what it holds.

    One that was made here and stays empty because the work failed goes again.
    """
    folder = folder.absolute()
    new = not folder.exists() and folder.parent.is_dir()
    if new:
        folder.mkdir(mode=0o700)
    need_folder(folder)
    try:
        yield folder
    except BaseException:
        if new:
            remove_empty(folder)
        raise


def tag_of(copy: KnownCopy) -> str:
    """Return what stands in the hidden name of a copy that is not finished: nobody guesses it."""
    return bytes(copy.id).hex()[-16:]


def unfinished_part(copy: KnownCopy) -> Path:
    """Return where a copy lies as long as it is not finished."""
    return part_of(copy.place, tag_of(copy))


def sweep_outgoing(context: RegisterContext) -> tuple[str, ...]:
    """Destroy what programs that were killed left of copies, and return what must be told."""
    told: dict[str, None] = {}
    for name in {one.name.removesuffix(_LOCK) for one in context.state.glob(f"{NOTE}*")}:
        note = context.state / name
        lock = _lock_of(note)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # it is being written at this moment
        try:
            code = _swept(context, note)
        finally:
            lock.release()
        if code != UNFOUND:
            note.unlink(missing_ok=True)
            _lock_file(note).unlink(missing_ok=True)
        if code:
            told[code] = None
    return tuple(told)


def _swept(context: RegisterContext, note: Path) -> str:
    try:
        told = json.loads(note.read_bytes())
        ids = [bytes.fromhex(one) for one in told["copies"]]
        disclosure = None if told["disclosure"] is None else bytes.fromhex(told["disclosure"])
    except (OSError, ValueError, TypeError, KeyError):
        return ""
    found = ""
    for copy_id in ids:
        with suppress(Damaged):
            copy = context.session.first(KnownCopy, id=copy_id)
            if copy is not None and copy.gone is None:
                found = _settled_left(context, copy, disclosure) or found
    return found


def _settled_left(context: RegisterContext, copy: KnownCopy, disclosure: bytes | None) -> str:
    """Finish or destroy one copy that a killed program was writing."""
    part, marks = unfinished_part(copy), Marks.parse(copy.marks)
    if marks is not None and marks.lie_at(copy.place):
        with suppress(OSError):
            part.unlink()  # the same file under its second name
        return ""
    there = os.path.lexists(part)
    if not there and not _is_beside(copy.place.parent, context.state):
        return UNFOUND  # on a drive that may not be here
    try:
        destroy_unfinished(copy)
    except KartotekaError:
        return UNFOUND
    with context.journal.audited_change(Event.COPY_UNDONE, bytes(copy.id)) as change:
        change.delete(copy)
    with suppress(NoDuty):  # whoever may make packages settles it
        withdraw_disclosure(context, disclosure)
    return SWEPT if there else ""


def withdraw_disclosure(context: RegisterContext, disclosure: bytes | None) -> None:
    """Take back that something was handed out: the package came to nothing."""
    row = None if disclosure is None else context.session.first(Disclosure, id=disclosure)
    if row is not None:
        with context.journal.audited_change(Event.PACKAGE_UNDONE, bytes(row.party)) as change:
            change.delete(row)


def destroy_unfinished(copy: KnownCopy) -> None:
    """Destroy what lies under the hidden name of a copy that was not finished."""
    part = unfinished_part(copy)
    if part.is_dir() and not part.is_symlink():
        shred_folder(part)
    else:
        shred_file(part)


def _is_beside(folder: Path, state: Path) -> bool:
    """Tell whether a folder is on the disk this program runs from, which is never unplugged."""
    try:
        return folder.stat().st_dev == state.stat().st_dev
    except OSError:
        return False


def _lock_file(note: Path) -> Path:
    return note.with_name(note.name + _LOCK)


def _lock_of(note: Path) -> FileLock:
    return FileLock(_lock_file(note), mode=0o600)
