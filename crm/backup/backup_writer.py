"""Writing the two parts of a backup out of one state of the register, and reading them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from crm.backup.parts import (
    DAMAGES,
    DATA_HASH,
    HEADS,
    MAKER,
    MIGRATIONS,
    SIGNATURE,
    check_pair,
    made_message,
    read_through,
)
from crm.session.card_signers import CardSigners
from gdpr.audit.backup_state import heads_of, one_moment
from gdpr.audit.chain import pack_heads
from gdpr.audit.verify import VerifyScope, verify
from gdpr.errors import Unreadable
from gdpr.store.rowstream import RowWriter
from gdpr.store.schema_check import applied_names
from gdpr.store.snapshot import COUNTS, copy_out, pack_counts
from gdpr.vault.container import BackupPart, Container, ContainerWriter, new_file_key
from gdpr.vault.encoding import pack
from gdpr.vault.errors import ContainerChanged
from gdpr.vault.recipients import seal_head

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm.copies.outgoing import Outgoing
    from crm.models.files import KnownCopy
    from crm.session.context import RegisterContext
    from gdpr.vault.container import ContainerHead
    from gdpr.vault.recipients import Recipient


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
