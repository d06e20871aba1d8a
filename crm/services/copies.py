"""Copies of personal data outside the register that this program made, and their end.

A copy is noted before its file appears, because a file that nobody knows of is never destroyed.
"""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from crm.file_cards import CopyLine
from crm.models.files import KnownCopy
from crm.privacy import IDENTITY, Duty
from crm.services.errors import CopyOutOfReach, NoSuchCopy, NothingChosen
from gdpr.audit.events import Event
from gdpr.clock import instant_of, microseconds
from gdpr.store.ids import new_id
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.services.office import Office
    from gdpr.audit.journal import Deed

EXPORT = "export"
REJECTS = "rejects"
PACKAGE = "package"
REVIEW = "review"
BACKUP = "backup"
BACKUP_KEYS = "backup-keys"
OLD_VAULT = "old-vault"
UPGRADE = "upgrade"
_OF_THE_WHOLE = frozenset({BACKUP, BACKUP_KEYS, OLD_VAULT, UPGRADE})
DAYS = "copy_days"
_DEFAULT_DAYS = "30"
_PIECE = 1 << 16
_WRITE_BACK = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def new_copy(office: Office, kind: str, path: Path) -> KnownCopy:
    """Make the row of a copy that is about to be written, with the day by which it should go."""
    days = int(read_setting(office.desk, DAYS, _DEFAULT_DAYS))
    return KnownCopy(
        id=new_id(),
        kind=kind,
        path=str(path.absolute()),
        made=microseconds(office.clock.now()),
        ends=(office.day + timedelta(days)).isoformat(),
    )


class Copies:
    """The known copies: listing them, and destroying those that are files of this machine."""

    def __init__(self, office: Office) -> None:
        """Work in `office`."""
        self._office = office

    def list(self, *, gone: bool = False) -> tuple[CopyLine, ...]:
        """List the copies that may still exist, with `gone` the others as well."""
        rows = [row for row in self._office.desk.each(KnownCopy) if gone or row.gone is None]
        self._office.journal.read(Event.COPIES_LISTED, None, count=len(rows))
        return tuple(_line(row) for row in sorted(rows, key=lambda row: row.made))

    def shred(self, chosen: Sequence[str] = (), *, due: bool = False) -> tuple[CopyLine, ...]:
        """Overwrite and remove copies, chosen by path or id, or all that are past their end.

        A file that is missing is noted as gone. What cannot be reached stays listed. Backups are
        left to those who make them.
        """
        if bool(chosen) is due:
            raise NothingChosen
        access = self._office.access
        if not access.writes:
            # Who may change nothing here destroys nothing outside either.
            access.need_write(IDENTITY)
        rows = [row for row in self._office.desk.rows(KnownCopy) if row.gone is None]
        today = self._office.day.isoformat()
        spared = newest_backups(rows)
        over = [row for row in rows if row.ends < today and bytes(row.id) not in spared]
        if due and Duty.BACKUP not in access.duties:
            over = [row for row in over if row.kind not in _OF_THE_WHOLE]
        doomed = over if due else _chosen(rows, chosen)
        if any(row.kind in _OF_THE_WHOLE for row in doomed):
            access.need(Duty.BACKUP)
        lines = []
        for row in doomed:
            for path in _files_of(row):
                shred_place(path)
            with self._office.journal.deed(Event.COPY_SHREDDED, bytes(row.id)) as deed:
                note_gone(self._office, deed, row)
            lines.append(_line(row))
        return tuple(lines)


def past_their_end(office: Office) -> list[KnownCopy]:
    """Return the copies that should be gone by now."""
    known = list(office.desk.each(KnownCopy))
    spared = newest_backups(known)
    today = office.day.isoformat()
    return [
        copy
        for copy in known
        if copy.gone is None and copy.ends < today and bytes(copy.id) not in spared
    ]


def newest_backups(rows: Iterable[KnownCopy]) -> frozenset[bytes]:
    """Return the ids of the newest backup in each place: they are due once another follows.

    Somebody who forgets to make backups must not lose the last one to tidiness.
    """
    newest: dict[tuple[Path, str], KnownCopy] = {}
    for row in sorted(rows, key=lambda row: row.made):
        if row.kind in {BACKUP, BACKUP_KEYS} and row.gone is None:
            newest[row.place.parent, row.kind] = row
    return frozenset(bytes(row.id) for row in newest.values())


def note_gone(office: Office, deed: Deed, row: KnownCopy) -> None:
    """Note that a copy does not exist any more."""
    row.gone = office.day.isoformat()
    deed.update(row)


def shred_place(path: Path) -> None:
    """Destroy a file, or a folder with everything in it; a link in it is removed, not followed."""
    if path.is_symlink() or not path.is_dir():
        shred_file(path)
        return
    try:
        for inside in path.iterdir():
            if inside.is_symlink():
                inside.unlink()
            else:
                shred_place(inside)
        path.rmdir()
    except OSError:
        raise CopyOutOfReach from None


def shred_file(path: Path) -> None:
    """Overwrite a file where it lies and remove it; a link or a device is never written through.

    On disks that move what they write, and on file systems with snapshots, overwriting reaches
    only the newest blocks; the documents say so.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except OSError:
        raise CopyOutOfReach from None
    if not stat.S_ISREG(found.st_mode):
        raise CopyOutOfReach
    try:
        with os.fdopen(os.open(path, _WRITE_BACK), "wb") as file:
            for start in range(0, found.st_size, _PIECE):
                file.write(os.urandom(min(_PIECE, found.st_size - start)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except OSError:
        raise CopyOutOfReach from None


def _chosen(rows: Sequence[KnownCopy], chosen: Sequence[str]) -> list[KnownCopy]:
    found: dict[bytes, KnownCopy] = {}
    for word in chosen:
        path = str(Path(word).absolute())
        matches = [
            row for row in rows if str(row.place) == path or (word and bytes(row.id).hex() == word)
        ]
        if not matches:
            raise NoSuchCopy
        found |= {bytes(row.id): row for row in matches}
    return list(found.values())


def _files_of(row: KnownCopy) -> list[Path]:
    """Name the copy, and what a program that died left of it before it had its name."""
    path = row.place
    parts = path.parent.glob(f".{escape(path.name)}.*.part")
    return [path, *parts] if os.path.lexists(path) else list(parts)


def _line(row: KnownCopy) -> CopyLine:
    there = row.gone is None and bool(_files_of(row))
    state = "gone" if row.gone is not None else "there" if there else "missing"
    made = instant_of(row.made).isoformat(timespec="seconds")
    return CopyLine(bytes(row.id).hex(), row.kind, str(row.place), made, row.ends, row.gone, state)
