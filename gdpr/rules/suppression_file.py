"""The suppression list outside the database, so that a restore of an old backup revives nobody.

A backup knows only the marks of its day. So each desk keeps a copy of the rows beside its ledger:
a line for each state of a row, with a MAC. What the database lacks is put back at the next opening
and by a restore; what was lifted there stays lifted.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gdpr.rules.suppression import SuppressionRow
from gdpr.store.places import append_private, check_private, write_private
from gdpr.vault.encoding import label, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from filelock import FileLock

    from gdpr.store.session import Session

NAME: Final = "suppressed"
_LABEL: Final = label("suppressed")
_ID_DIGITS: Final = 32
_MAC_DIGITS: Final = 64
_COLUMNS: Final = ("value_token", "kind", "why", "scope", "day", "until", "at", "lifted")


class _Line(NamedTuple):
    """One state of one row: its id, its revision, and the rest unread until it is needed."""

    id: bytes
    rev: int
    raw: bytes


class SuppressionFile:
    """The copy of one desk; read and written under the desk's lock."""

    def __init__(self, state: Path, session: Session, lock: FileLock) -> None:
        """Use the state folder of one desk; the first entry creates the file."""
        self.damaged = False
        self._path = state / NAME
        self._session = session
        self._lock = lock

    def note(self, rows: Sequence[SuppressionRow]) -> None:
        """Add the states of rows that were just committed, and wait until they are on the disk."""
        with self._lock:
            append_private(self._path, b"".join(map(self._rendered, rows)))

    def missing(self, held: Iterable[bytes], today: date) -> list[SuppressionRow]:
        """Return the rows that a database which holds these ids has lost, as far as they stand.

        A damaged line is told by `damaged` and passed over; the others are still good.
        """
        known = set(held)
        rows = []
        for line in self._newest().values():
            row = None if line.id in known else self._opened(line)
            if row is not None and row.stands(today):
                rows.append(row)
        return rows

    def follow(self, stored: dict[bytes, int]) -> None:
        """Write the copy anew from the database where it differs; `stored` has the revisions."""
        with self._lock:
            lines = {line.id: line.rev for line in self._newest().values()}
            if self.damaged:
                self._path.replace(self._path.with_name(NAME + ".damaged"))
            if self.damaged or lines != stored:
                rows = self._session.rows(SuppressionRow)
                write_private(self._path, b"".join(map(self._rendered, rows)))

    def _newest(self) -> dict[bytes, _Line]:
        """Return the last line of each row; a last line cut by a crash is passed over."""
        try:
            check_private(self._path)
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        whole = content[: content.rfind(b"\n") + 1]
        found = {}
        for raw in whole.splitlines():
            try:
                row_id = bytes.fromhex(raw[:_ID_DIGITS].decode())
                line = _Line(row_id, int(raw[_ID_DIGITS:].split(b" ", 2)[1]), raw)
            except (IndexError, ValueError):
                self.damaged = True
                continue
            found[line.id] = line
        return found

    def _rendered(self, row: SuppressionRow) -> bytes:
        token = row.value_token
        values = [getattr(row, name) for name in _COLUMNS[1:]]
        content = [None if token is None else bytes(token).hex(), *values]
        told = json.dumps(content, separators=(",", ":"))
        body = f"{bytes(row.id).hex()} {row.rev} {told}".encode()
        return body + b" " + self._mac(body).hex().encode() + b"\n"

    def _opened(self, line: _Line) -> SuppressionRow | None:
        body, mac = line.raw[: -_MAC_DIGITS - 1], line.raw[-_MAC_DIGITS:]
        try:
            tag = bytes.fromhex(mac.decode())
            if self._session.ring.integrity.matches(self._framed(body), tag):
                values: dict[str, Any] = dict(
                    zip(_COLUMNS, json.loads(body.split(b" ", 2)[2]), strict=True)
                )
                token = values.pop("value_token")
                values["value_token"] = None if token is None else bytes.fromhex(token)
                return SuppressionRow(id=line.id, **values)
        except (IndexError, ValueError):
            pass
        self.damaged = True
        return None

    def _mac(self, body: bytes) -> bytes:
        return self._session.ring.integrity.digest(self._framed(body))

    def _framed(self, body: bytes) -> bytes:
        return pack(_LABEL, self._session.ring.vault_id) + body


def stored_revisions(session: Session) -> dict[bytes, int]:
    """Return the revisions of the rows by their ids, without verifying them: it is asked often."""
    kind: Any = type(session.database)
    rows = session.database.execute_sql(_revisions(kind)).fetchall()
    return {bytes(row_id): rev for row_id, rev in rows}


@lru_cache(maxsize=4)
def _revisions(kind: Any) -> str:
    """Write the question once for each kind of database; peewee's builder is slow."""
    query = SuppressionRow.select(SuppressionRow.id, SuppressionRow.rev)
    return str(query.bind(kind(None)).sql()[0])
