"""Backups: two files in a place of the keeper's choice, read back before they get their names.

Everybody's wrapped keys are in the keys part alone, and at most three of those stay in a place. So
a data part somebody kept for years opens nothing, and an erasure reaches old backups without anyone
touching them.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.backup.cards import BackupLine, BackupList, BackupMade
from crm.backup.drill_habit import drill_due
from crm.backup.errors import BackupNotWritten, NothingAside
from crm.backup.parts import (
    DAMAGES,
    DATA_HASH,
    HEADS,
    MAKER,
    MIGRATIONS,
    SIGNATURE,
    check_pair,
    head_of,
    made_message,
    read_through,
)
from crm.copies.copies import (
    BACKUP,
    BACKUP_KEYS,
    OLD_VAULT,
    enter_gone,
    new_copy,
    newest_backups,
)
from crm.copies.outgoing import outgoing, usable_folder
from crm.files.errors import CopyOutOfReach
from crm.files.overwriting import destroy_database, shred_file
from crm.models.files import KnownCopy
from crm.privacy import ROOT_KEY, Duty
from crm.session.access import access_of
from crm.session.card_signers import CardSigners
from crm.session.context import RegisterService
from crm.session.shred_file_place import shred_place
from gdpr.audit.backup_state import Newest, NewestFile, heads_of, one_moment
from gdpr.audit.chain import pack_heads
from gdpr.audit.events import Event
from gdpr.audit.verify import VerifyScope, verify
from gdpr.clock import instant_of, microseconds
from gdpr.errors import ContainerChanged, Unreadable
from gdpr.store.accounts import UserAccount, card_of
from gdpr.store.database import disk_trouble
from gdpr.store.ids import random_id
from gdpr.store.rowstream import RowWriter
from gdpr.store.schema_check import applied_names, refuse_foreign_schema
from gdpr.store.shred_file import destroy_secrets
from gdpr.store.snapshot import COUNTS, copy_out, pack_counts
from gdpr.vault.cards import CardStatus
from gdpr.vault.container import BackupPart, Container, ContainerHead, ContainerWriter, new_file_key
from gdpr.vault.encoding import pack
from gdpr.vault.kdf import KdfParameters
from gdpr.vault.recipients import Recipient, seal_head
from gdpr.vault.recovery import RECOVERY_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm.copies.outgoing import Outgoing
    from crm.session.context import RegisterContext
    from gdpr.vault.cards import UserCard

GENERATIONS: Final = 3
STALE_DAYS: Final = 7
NEVER, STALE, ONE_PLACE = "backup-never", "backup-old", "backup-one-place"
DRILL_DUE = "drill"


class BackupWriter:
    """Writes one backup."""

    def __init__(
        self,
        context: RegisterContext,
        recipients: Sequence[Recipient],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Write for these recipients, whose cards the root must have signed.

        `progress` is told of rows as they are checked, written and read back.
        """
        self._context = context
        self._progress = progress
        self._recipients = recipients
        self._hashes: dict[BackupPart, bytes] = {}

    def write(
        self,
        work: Outgoing,
        copies: Sequence[KnownCopy],
        heads: tuple[ContainerHead, ContainerHead],
    ) -> int:
        """Write data and keys, read both back, and let them appear; return the number of rows."""
        data_key, keys_key = new_file_key(), new_file_key()
        data_head, keys_head = (
            seal_head(head, key, self._context.session.ring.root_public, self._recipients)
            for head, key in zip(heads, (data_key, keys_key), strict=True)
        )
        # The data part gets its name first: keys without data would look like a backup.
        with (
            work.file(copies[1], check=self._reader(BackupPart.KEYS, keys_key)) as keys_file,
            work.file(copies[0], check=self._reader(BackupPart.DATA, data_key)) as data_file,
        ):
            data = ContainerWriter(data_file, data_head, data_key)
            keys = ContainerWriter(keys_file, keys_head, keys_key)
            return self._fill(data, keys, keys_head)

    def _fill(self, data: ContainerWriter, keys: ContainerWriter, keys_head: ContainerHead) -> int:
        kept, opening = RowWriter(data), RowWriter(keys)
        context = self._context
        # Damage does not forbid a backup, for it may be all there is; a restore expects as much.
        scope = VerifyScope(
            context.journal.desk_id, context.journal.anchors, progress=self._progress
        )
        found = verify(context.session, scope, CardSigners(context.session))
        with one_moment(context.journal, context.state) as files:
            heads = pack_heads(heads_of(context.session.database))
            migrations = pack(*(name.encode() for name in applied_names(context.session.database)))
            kept.note(MIGRATIONS, migrations)  # first, for it says what the rows must fit into
            copy_out(context.session, kept, opening, self._progress)
        context.session.damage += [
            Unreadable(table=damage.table, row=damage.row or "–") for damage in found.damages
        ]
        kept.note(COUNTS, pack_counts(kept.counts))
        kept.note(HEADS, heads)
        kept.end()
        self._hashes[BackupPart.DATA] = data.close()
        ring = context.session.ring
        notes = {
            **files,
            COUNTS: pack_counts(opening.counts),
            HEADS: heads,
            MIGRATIONS: migrations,
            DATA_HASH: self._hashes[BackupPart.DATA],
            DAMAGES: len(found.damages).to_bytes(4, "big"),
            MAKER: pack(ring.user_id, ring.card_counter.to_bytes(4, "big")),
        }
        notes[SIGNATURE] = ring.sign(made_message(keys_head, notes))
        for name, content in notes.items():
            opening.note(name, content)
        opening.end()
        self._hashes[BackupPart.KEYS] = keys.close()
        return sum(kept.counts.values())

    def _reader(self, part: BackupPart, file_key: bytes) -> Callable[[BinaryIO], None]:
        """Return what reads a written part from end to end before it may have its name."""

        def read_back(stream: BinaryIO) -> None:
            opened = Container(stream, part).unlock(file_key)
            _rows, notes, digest = read_through(opened, self._progress)
            if digest != self._hashes[part]:
                raise ContainerChanged(piece=0)
            if part is BackupPart.KEYS:
                check_pair(notes, self._hashes[BackupPart.DATA])

        return read_back


class Backups(RegisterService):
    """What a keeper does with backups of the opened register."""

    def create(self, folder: Path, *, progress: Callable[[int], None] | None = None) -> BackupMade:
        """Write a backup into `folder` and destroy the keys of all but the newest three there.

        Both files are known copies before they appear; a failure leaves neither. `progress` is told
        of rows as they are checked, written and read back. One state is held meanwhile, so it must
        not ask anything on this thread.
        """
        context = self._context
        context.access.need(Duty.BACKUP)
        refuse_foreign_schema(context.session.database, context.session.schema.declared)
        with usable_folder(folder) as place:
            return self._write(place, progress)

    def _write(self, folder: Path, progress: Callable[[int], None] | None) -> BackupMade:
        context = self._context
        made = microseconds(context.clock.now())
        backup_id = random_id()
        vault_id = context.session.ring.vault_id
        stem = folder / _stem(vault_id, made, backup_id)
        copies = tuple(
            new_copy(context, kind, stem.with_name(stem.name + ending))
            for kind, ending in ((BACKUP, ".data"), (BACKUP_KEYS, ".keys"))
        )
        data, keys = (ContainerHead(part, vault_id, backup_id, made, ()) for part in BackupPart)
        keys_id = bytes(copies[1].id)
        writing = BackupWriter(context, self._recipients(), progress)
        try:
            with outgoing(context, *copies, event=Event.BACKUP_BEGUN, object_id=keys_id) as work:
                rows = writing.write(work, copies, (data, keys))
        except OSError as error:
            raise disk_trouble(error) or BackupNotWritten() from None
        context.journal.log_access(Event.BACKUP_MADE, bytes(copies[1].id), rows=rows)
        NewestFile(context.state, vault_id, context.session.ring.integrity).write(
            Newest(backup_id, made)
        )
        return BackupMade(
            backup=backup_id.hex(),
            data=str(copies[0].place),
            keys=str(copies[1].place),
            rows=rows,
            made=instant_of(made).isoformat(timespec="seconds"),
            ends=copies[1].ends,
            retired=self._retire(folder, copies[1].place),
            places=len(self._places()),
        )

    def overview(self) -> BackupList:
        """List the backups that were made and not destroyed, and what to do about them."""
        context = self._context
        context.access.need(Duty.BACKUP)
        rows = [row for row in context.session.each(KnownCopy) if row.gone is None]
        spared = newest_backups(rows)
        context.journal.log_access(Event.COPIES_LISTED, None, count=len(rows))
        pairs: dict[str, dict[str, KnownCopy]] = {}
        for row in rows:
            if row.kind in {BACKUP, BACKUP_KEYS}:
                pairs.setdefault(str(row.place.with_suffix("")), {})[row.kind] = row
        newest_first = sorted(
            pairs.items(), key=lambda pair: max(row.made for row in pair[1].values()), reverse=True
        )
        return BackupList(
            tuple(self._line(Path(stem), pair, spared) for stem, pair in newest_first),
            self.reminders(),
            tuple(str(row.place) for row in rows if row.kind == OLD_VAULT),
        )

    def _line(self, stem: Path, pair: dict[str, KnownCopy], spared: frozenset[bytes]) -> BackupLine:
        context = self._context
        one = next(iter(pair.values()))
        made = instant_of(one.made)
        data, keys = (stem.with_name(stem.name + ending) for ending in (".data", ".keys"))
        return BackupLine(
            data=str(data),
            keys=str(keys),
            made=made.isoformat(timespec="seconds"),
            age=max(0, (context.day - context.clock.day_of(one.made)).days),
            ends=one.ends,
            state=_state(data, keys),
            due=any(
                row.ends < context.day.isoformat() and bytes(row.id) not in spared
                for row in pair.values()
            ),
            copies=tuple(bytes(row.id).hex() for row in pair.values()),
        )

    def reminders(self) -> tuple[str, ...]:
        """Return what a keeper should be told: no backup, an old one, all in one place, no drill.

        A place that cannot be looked at just now, such as a drive in a safe, counts as sound.
        """
        if self._context.demo:
            return ()
        made = [row.made for row in self.sound()]
        if not made:
            return (NEVER,)
        age = self._context.clock.now() - instant_of(max(made))
        told = {
            STALE: age > timedelta(days=STALE_DAYS),
            ONE_PLACE: len(self._places()) == 1,
            DRILL_DUE: drill_due(self._context) is not None,
        }
        return tuple(code for code, true in told.items() if true)

    def forget_old(self) -> tuple[str, ...]:
        """Destroy what waits from before a restore, once somebody is content with what it gave."""
        context = self._context
        context.access.need(Duty.BACKUP)
        waiting = [
            row for row in context.session.rows(KnownCopy, kind=OLD_VAULT) if row.gone is None
        ]
        if not waiting:
            raise NothingAside
        for row in waiting:
            if row.place.exists():
                destroy_database(row.place, Path(str(context.session.database.database)))
            destroy_secrets(shred_place(str(row.place)))
            enter_gone(context, row, Event.RESTORE_CONFIRMED)
        return tuple(str(row.place) for row in waiting)

    def sound(self) -> list[KnownCopy]:
        """Return the keys parts that are there, oldest first, as far as can be seen from here."""
        rows = [
            row
            for row in self._context.session.each(KnownCopy)
            if row.kind == BACKUP_KEYS and row.gone is None
        ]
        there = [row for row in rows if not _is_missing(row.place)]
        return sorted(there, key=lambda row: row.made)

    def _places(self) -> set[Path]:
        return {row.place.parent for row in self.sound()}

    def _recipients(self) -> list[Recipient]:
        """Return the owners and the recovery key."""
        found = []
        for row in self._context.session.rows(UserAccount):
            card = card_of(self._context.session.ring.vault_id, row)
            if card.status is not CardStatus.ACTIVE:
                continue
            if card.user_id == RECOVERY_ID:
                found.append(Recipient(card, bytes(row.card_signature)))
            elif ROOT_KEY in access_of(card.roles).key_classes() and row.kdf_salt is not None:
                found.append(_owner(row, card))
        return found

    def _retire(self, folder: Path, newest: Path) -> tuple[str, ...]:
        """Destroy the keys parts that three newer ones have followed, this vault's only."""
        vault_id = self._context.session.ring.vault_id
        found = []
        for path in folder.glob(_stem_of(vault_id) + "*.keys"):
            head = head_of(path)
            if head is not None and head.vault_id == vault_id and path != newest:
                found.append((head.made, path))
        retired = []
        doomed = [path for _made, path in sorted(found, reverse=True)[GENERATIONS - 1 :]]
        known = {
            row.place: row for row in self._context.session.rows(KnownCopy) if row.gone is None
        }
        for path in doomed:
            try:
                shred_file(path)
            except CopyOutOfReach:
                continue  # it stays listed, and overdue from its day on
            retired.append(path.name)
            row = known.get(path)
            if row is not None:
                enter_gone(self._context, row)
        return tuple(retired)


def _owner(row: UserAccount, card: UserCard) -> Recipient:
    cost = KdfParameters(
        bytes(row.kdf_salt or b""), row.kdf_memory or 0, row.kdf_time or 0, row.kdf_lanes or 0
    )
    wrapped = bytes(row.wrapped_bundle or b"")
    return Recipient(card, bytes(row.card_signature), row.name, cost, wrapped)


def _stem(vault_id: bytes, made: int, backup_id: bytes) -> str:
    day = instant_of(made).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{_stem_of(vault_id)}{day}-{backup_id.hex()[:8]}"


def _stem_of(vault_id: bytes) -> str:
    return f"kartoteka-{vault_id.hex()[:8]}-"


def _is_missing(path: Path) -> bool:
    return path.parent.is_dir() and not path.exists()


def _state(data: Path, keys: Path) -> str:
    """Tell what is there of a backup; of a drive that is not here nothing can be told."""
    if not data.parent.is_dir():
        return "away"
    if not keys.exists():
        return "no-keys"
    return "whole" if data.exists() else "no-data"
