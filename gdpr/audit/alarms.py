"""Alarms of one desk: what it noticed outside the database, kept until an owner acknowledges it.

A database that was put back, or an anchor that vanished, shows once: the next entry anchors anew.
So it is written down here first, under a key of the vault, and told at every opening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain_check import Damage
from gdpr.audit.entries import ENTRY_TABLE, entry_name, hash_of, last_of
from gdpr.errors import AnchorMissing, OlderThanAnchor, StateFileDamaged
from gdpr.store.places import write_private
from gdpr.vault.encoding import label, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gdpr.audit.journal import Journal
    from gdpr.vault.authenticator import Authenticator

ROLLED_BACK: Final = "rollback"
UNANCHORED: Final = "unanchored"
ANCHOR_DAMAGED: Final = "anchor-damaged"
REPLAYED: Final = "replayed"
UNREADABLE: Final = "alarms"
_NAME: Final = "alarms"
_MAC: Final = 32
_LABEL: Final = label("alarms")


class Alarm(NamedTuple):
    """One thing that was noticed, and when; `row` names an entry, or says how many rights."""

    why: str
    row: str | None
    time: int

    @property
    def damage(self) -> Damage:
        """Return it as verifying names it."""
        return Damage(ENTRY_TABLE, self.row, self.why)

    @property
    def mark(self) -> str:
        """Tell it from the same thing at another time."""
        return str(self.time)


class AlarmFile:
    """A private file beside the anchor; alarms are added, and none is ever taken out."""

    def __init__(self, state: Path, vault_id: bytes, integrity: Authenticator) -> None:
        """Use the state folder of one desk."""
        self._path = state / _NAME
        self._start = pack(_LABEL, vault_id)
        self._integrity = integrity

    def read(self) -> tuple[Alarm, ...]:
        """Return every alarm; a file that was changed is one itself."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError:
            return (Alarm(UNREADABLE, None, 0),)
        body, mac = content[:-_MAC], content[-_MAC:]
        if len(mac) != _MAC or not self._integrity.matches(self._start + body, mac):
            return (Alarm(UNREADABLE, None, 0),)
        return tuple(_read(packed) for packed in unpack(body))

    def ring(self, why: str, row: str | None, time: int) -> None:
        """Write an alarm down, durably; the same one again only gets the later time."""
        others = [one for one in self.read() if (one.why, one.row) != (why, row)]
        body = pack(*(_written(one) for one in (*others, Alarm(why, row, time))))
        write_private(self._path, body + self._integrity.digest(self._start + body))


def check_anchor(journal: Journal) -> None:
    """Ring an alarm and raise where a database lacks what its desk anchored, or none can tell."""
    try:
        anchor = journal.anchors.read()
    except StateFileDamaged:
        journal.ring(ANCHOR_DAMAGED)
        raise
    last = last_of(journal.session.database, journal.desk_id)
    if anchor is None:
        # The first entry may be of a program that died before it could anchor.
        if last is not None and last[0] != 1:
            row = entry_name(journal.desk_id, last[0])
            journal.ring(UNANCHORED, row)
            raise AnchorMissing(row=row)
    elif hash_of(journal.session.database, journal.desk_id, anchor.seq) != anchor.hash:
        row = entry_name(journal.desk_id, anchor.seq)
        journal.ring(ROLLED_BACK, row)
        raise OlderThanAnchor(table=ENTRY_TABLE, row=row)


def facts_of(journal: Journal) -> Mapping[str, int]:
    """Return what is anchored by name; a damaged anchor knows nothing, which is an alarm."""
    try:
        anchor = journal.anchors.read()
    except StateFileDamaged:
        journal.ring(ANCHOR_DAMAGED)
        return {}
    return {} if anchor is None else anchor.facts


def _written(alarm: Alarm) -> bytes:
    time = alarm.time.to_bytes(8, "big", signed=True)
    return pack(alarm.why.encode(), (alarm.row or "").encode(), time)


def _read(packed: bytes) -> Alarm:
    why, row, time = unpack(packed)
    return Alarm(why.decode(), row.decode() or None, int.from_bytes(time, "big", signed=True))
