"""Backups rewritten by somebody who can open them, to see what a restore believes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from crm.backup.parts import DATA_HASH, SIGNATURE, made_message
from gdpr.store.rowstream import Columns, RowWriter, StreamNote, StreamReader
from gdpr.vault.container import BackupPart, Container, ContainerWriter
from gdpr.vault.recipients import open_door, open_stanza

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdpr.store.rowstream import Frame


class Rewriting:
    """Changes the frames of either part and writes it anew under its own file key."""

    def __init__(self, data: Path, keys: Path, user: str, password: str) -> None:
        self.data, self.keys = data, keys
        with keys.open("rb") as stream:
            head = Container(stream, BackupPart.KEYS).head
        self._user, self._bundle = open_door(head, user, password)

    def change_data(self, change: Callable[[Frame], Frame]) -> bytes:
        """Rewrite the data part and return its new hash."""
        return self._rewrite(self.data, BackupPart.DATA, change)

    def change_notes(
        self, changes: dict[str, bytes], sign: Callable[[bytes], bytes] | None = None
    ) -> None:
        """Rewrite notes of the keys part, and sign them as its maker where `sign` is given."""
        with self.keys.open("rb") as stream:
            head = Container(stream, BackupPart.KEYS).head
        notes: dict[str, bytes] = {}

        def collect(frame: Frame) -> Frame:
            if isinstance(frame, StreamNote):
                notes[frame.name] = changes.get(frame.name, frame.content)
            return frame

        self._rewrite(self.keys, BackupPart.KEYS, collect)
        if sign is not None:
            notes[SIGNATURE] = sign(made_message(head, notes))

        def put(frame: Frame) -> Frame:
            return (
                StreamNote(frame.name, notes[frame.name])
                if isinstance(frame, StreamNote)
                else frame
            )

        self._rewrite(self.keys, BackupPart.KEYS, put)

    def agree(self, digest: bytes, sign: Callable[[bytes], bytes]) -> None:
        """Let the keys part name a data part, signed by its maker."""
        self.change_notes({DATA_HASH: digest}, sign)

    def _rewrite(self, path: Path, part: BackupPart, change: Callable[[Frame], Frame]) -> bytes:
        with path.open("rb") as stream:
            container = Container(stream, part)
            file_key = open_stanza(container.head, self._user, self._bundle)
            frames = [change(frame) for frame in StreamReader(container.unlock(file_key)).frames]
        new = io.BytesIO()
        written = ContainerWriter(new, container.head, file_key)
        rows = RowWriter(written)
        for frame in frames:
            _put(rows, frame)
        rows.end()
        digest = written.close()
        path.write_bytes(new.getvalue())
        return digest


def _put(rows: RowWriter, frame: Any) -> None:
    if isinstance(frame, Columns):
        rows.columns(frame)
    elif isinstance(frame, StreamNote):
        rows.note(frame.name, frame.content)
    else:
        rows.row(frame)
