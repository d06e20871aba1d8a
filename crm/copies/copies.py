"""Copies of personal data outside the register that this program made, and their end.

A copy is noted before its file appears, because a file that nobody knows of is never destroyed.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crm.copies.cards import CopyLine
from crm.copies.errors import CopyStillThere, NoSuchCopy, UnknownReason
from crm.copies.outgoing import destroy_unfinished, unfinished_part
from crm.errors import NothingChosen
from crm.files.errors import CopyOutOfReach
from crm.files.file_marks import Marks
from crm.files.overwriting import Overwritten, destroy_database
from crm.models.files import KnownCopy
from crm.privacy import IDENTITY, Duty
from crm.session.context import RegisterService
from crm.session.shred_file_place import shred_place
from gdpr.audit.events import Event
from gdpr.clock import instant_of, microseconds
from gdpr.store.ids import new_id
from gdpr.store.settings import read_setting
from gdpr.store.shred_file import destroy_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange

EXPORT = "export"
REJECTS = "rejects"
PACKAGE = "package"
REVIEW = "review"
BACKUP = "backup"
BACKUP_KEYS = "backup-keys"
OLD_VAULT = "old-vault"
UPGRADE = "upgrade"
DRILL = "drill"
_OF_THE_WHOLE = frozenset({BACKUP, BACKUP_KEYS, OLD_VAULT, UPGRADE, DRILL})
DAYS = "copy_days"
_DEFAULT_DAYS = "30"
# What is where a copy was written; `other` is something that this program did not write.
THERE, MISSING, OTHER, UNFINISHED = "there", "missing", "other", "unfinished"
GONE, DECLARED, OUT_OF_REACH = "gone", "declared", "out-of-reach"
# Why somebody says that a copy is gone which nobody can find.
REASONS = ("destroyed", "handed-over", "medium-destroyed", "medium-lost")
# A database that was put aside is recognised as one: it was not written by this program's hand.
_UNMARKED = frozenset({OLD_VAULT, UPGRADE})


def new_copy(
    context: RegisterContext, kind: str, path: Path, about: bytes | None = None
) -> KnownCopy:
    """Make the row of a copy that is about to be written, with the day by which it should go.

    `about` is the one person whose data it holds, where it is a package.
    """
    days = int(read_setting(context.session, DAYS, _DEFAULT_DAYS))
    return KnownCopy(
        id=new_id(),
        kind=kind,
        about=about,
        path=str(path.absolute()),
        made=microseconds(context.clock.now()),
        ends=(context.day + timedelta(days)).isoformat(),
    )


class Copies(RegisterService):
    """The known copies: listing them, and destroying those that are files of this machine."""

    def list(self, *, gone: bool = False) -> tuple[CopyLine, ...]:
        """List the copies that may still exist, with `gone` the others as well."""
        rows = [row for row in self._context.session.each(KnownCopy) if gone or row.gone is None]
        self._context.journal.log_access(Event.COPIES_LISTED, None, count=len(rows))
        return tuple(_line(row, state_of(row)) for row in sorted(rows, key=lambda row: row.made))

    def shred(self, chosen: Sequence[str] = (), *, due: bool = False) -> tuple[CopyLine, ...]:
        """Overwrite and remove copies, chosen by path or id, or all that are past their end.

        Only what was written is destroyed, and only what was destroyed is called gone. What is not
        found, what somebody else put there and what cannot be reached stays listed with that state,
        and keeps none of the others. Backups are left to those who make them.
        """
        if bool(chosen) is due:
            raise NothingChosen
        rows = _open_rows(self._context)
        over = past_their_end(self._context, rows)
        if due and Duty.BACKUP not in self._context.access.duties:
            over = [row for row in over if row.kind not in _OF_THE_WHOLE]
        doomed = over if due else _chosen(self._context, rows, chosen)
        return tuple(self._shred(row) for row in doomed)

    def declare_gone(self, chosen: Sequence[str], because: str) -> tuple[CopyLine, ...]:
        """Note that copies are gone which cannot be found here; somebody says so and why.

        A copy that lies where it was written is destroyed and not talked away.
        """
        if because not in REASONS:
            raise UnknownReason(known=", ".join(REASONS))
        if not chosen:
            raise NothingChosen
        doomed = _chosen(self._context, _open_rows(self._context), chosen)
        if any(state_of(row) in {THERE, UNFINISHED} for row in doomed):
            raise CopyStillThere
        for row in doomed:
            row.declared = because
            enter_gone(self._context, row, Event.COPY_DECLARED, because=because)
        return tuple(_line(row, DECLARED) for row in doomed)

    def _shred(self, row: KnownCopy) -> CopyLine:
        try:
            done = self._destroyed(row)
        except CopyOutOfReach:
            return _line(row, OUT_OF_REACH)
        if not done.whole:
            state = OTHER if done.foreign else MISSING
            return _line(row, state, done.foreign)
        enter_gone(self._context, row)
        return _line(row, GONE, done.foreign)

    def _destroyed(self, row: KnownCopy) -> Overwritten:
        """Destroy what is recognised, and what a program that died left before it had its name."""
        part = unfinished_part(row)
        left = os.path.lexists(part)
        if left:
            destroy_unfinished(row)
        marks = Marks.parse(row.marks)
        if marks is not None:
            done = marks.destroy(row.place)
            return Overwritten(done.whole or left, done.missing, done.foreign)
        if row.kind in _UNMARKED and os.path.lexists(row.place):
            living = Path(str(self._context.session.database.database))
            done = destroy_database(row.place, living)
            if done.whole and row.kind == OLD_VAULT:
                destroy_secrets(shred_place(str(row.place)))
            return done
        return Overwritten(whole=left)


def _open_rows(context: RegisterContext) -> list[KnownCopy]:
    if not context.access.writes:
        # Who may change nothing here destroys nothing outside either.
        context.access.need_write(IDENTITY)
    return [row for row in context.session.rows(KnownCopy) if row.gone is None]


def _chosen(
    context: RegisterContext, rows: Sequence[KnownCopy], chosen: Sequence[str]
) -> list[KnownCopy]:
    found: dict[bytes, KnownCopy] = {}
    for word in chosen:
        place = Path(word).absolute()
        matches = [
            row for row in rows if row.place == place or (word and bytes(row.id).hex() == word)
        ]
        if not matches:
            raise NoSuchCopy
        found |= {bytes(row.id): row for row in matches}
    if any(row.kind in _OF_THE_WHOLE for row in found.values()):
        context.access.need(Duty.BACKUP)
    return list(found.values())


def state_of(row: KnownCopy) -> str:
    """Tell what is where a copy was written, without destroying anything."""
    if row.gone is not None:
        return GONE if row.declared is None else DECLARED
    if os.path.lexists(unfinished_part(row)):
        return UNFINISHED
    if not os.path.lexists(row.place):
        return MISSING
    marks = Marks.parse(row.marks)
    ours = row.kind in _UNMARKED if marks is None else marks.lie_at(row.place)
    return THERE if ours else OTHER


def past_their_end(context: RegisterContext, known: Sequence[KnownCopy]) -> list[KnownCopy]:
    """Return those of the known copies that should be gone by now."""
    spared = newest_backups(known)
    today = context.day.isoformat()
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


def enter_gone(
    context: RegisterContext, row: KnownCopy, event: Event = Event.COPY_SHREDDED, **codes: str
) -> None:
    """Enter into the log that a copy does not exist any more, and note it."""
    with context.journal.audited_change(event, bytes(row.id), **codes) as change:
        note_gone(context, change, row)


def note_gone(context: RegisterContext, change: AuditedChange, row: KnownCopy) -> None:
    """Note that a copy does not exist any more."""
    row.gone = context.day.isoformat()
    if row.declared is None:
        row.about = None
    change.update(row)


def _line(row: KnownCopy, state: str, left: tuple[str, ...] = ()) -> CopyLine:
    made = instant_of(row.made).isoformat(timespec="seconds")
    return CopyLine(
        id=bytes(row.id).hex(),
        kind=row.kind,
        path=str(row.place),
        made=made,
        ends=row.ends,
        gone=row.gone,
        state=state,
        because=row.declared,
        left=left,
    )
