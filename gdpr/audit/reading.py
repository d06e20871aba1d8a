"""Reading the log: what happened, by whom and when, and the head that goes on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gdpr.audit.chain import MISTYPED, EntryHash, Quote
from gdpr.audit.entries import (
    ENTRY_TABLE,
    AuditEntry,
    Entry,
    desks_in,
    digests_after,
    entries_of,
    entry_at,
    entry_name,
    last_of,
    places_of,
)
from gdpr.errors import Unreadable
from gdpr.vault.encoding import unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from peewee import Database

    from gdpr.store.session import Session

_GROUP = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; None does not filter. Times are microseconds, `since` included.

    `event` is a whole code or the start of one up to a colon, as `register:party`.
    """

    since: int | None = None
    until: int | None = None
    event: str | None = None
    actor: bytes | None = None
    object_id: bytes | None = None
    desk: bytes | None = None
    limit: int | None = 100


@dataclass(frozen=True, slots=True)
class PrintedHead:
    """The newest entry of a desk; whoever keeps it on paper can prove a later rollback."""

    desk: bytes
    seq: int
    hash: bytes

    def text(self) -> str:
        """Return it in groups that can be compared by eye."""
        digits = self.hash.hex()
        groups = " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))
        return f"{self.desk.hex()} {self.seq}\n{groups}"


def log_entries(session: Session, wanted: Wanted) -> list[Entry]:
    """Return the newest entries first, each checked against its hash.

    One that does not verify is left out and its error kept in the desk's `damage`.
    """
    found = entries_of(session.database, _conditions(wanted), wanted.limit)
    if found is None:
        read = entries_at(session, log_places(session, wanted))
        return [entry for entry in read if entry is not None]
    hashes = EntryHash(session.ring.vault_id)
    return [entry for entry in found if _is_sound(session, entry, hashes)]


def log_places(session: Session, wanted: Wanted) -> list[tuple[object, object]]:
    """Return where the wanted entries stand, the newest first, without reading any."""
    return places_of(session.database, _conditions(wanted), wanted.limit)


def entries_at(session: Session, places: Iterable[tuple[object, object]]) -> Iterator[Entry | None]:
    """Yield the entry at each place, None for one that does not verify, which goes to `damage`."""
    hashes = EntryHash(session.ring.vault_id)
    for desk_id, seq in places:
        entry = entry_at(session.database, desk_id, seq)
        if entry is None:
            session.damage.append(Unreadable(table=ENTRY_TABLE, row=entry_name(desk_id, seq)))
        yield entry if entry is not None and _is_sound(session, entry, hashes) else None


def _is_sound(session: Session, entry: Entry, hashes: EntryHash) -> bool:
    """Tell whether an entry is what was hashed; one that is not goes to the desk's `damage`."""
    if _whole(entry, hashes):
        return True
    session.damage.append(Unreadable(table=ENTRY_TABLE, row=entry_name(entry.desk, entry.seq)))
    return False


def _whole(entry: Entry, hashes: EntryHash) -> bool:
    try:
        return hashes.of(entry) == entry.hash
    except MISTYPED:
        return False


def _conditions(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = []
    if wanted.since is not None:
        conditions.append(AuditEntry.time >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditEntry.time < wanted.until)
    if wanted.event is not None:
        # The character after the colon: a range keeps wildcards out of the pattern.
        family = (AuditEntry.event >= f"{wanted.event}:") & (AuditEntry.event < f"{wanted.event};")
        conditions.append((AuditEntry.event == wanted.event) | family)
    for column, value in (
        (AuditEntry.actor, wanted.actor),
        (AuditEntry.object_id, wanted.object_id),
        (AuditEntry.desk, wanted.desk),
    ):
        if value is not None:
            conditions.append(column == value)
    return conditions


def printed_head(session: Session, desk_id: bytes) -> PrintedHead | None:
    """Return the head of one desk's chain, None before its first entry."""
    last = last_of(session.database, desk_id)
    return None if last is None else PrintedHead(desk_id, *last)


def heads_but(database: Database, desk_id: bytes) -> list[Quote]:
    """Return the heads of all chains but one, as an entry of that one quotes them."""
    quotes = []
    for other in desks_in(database):
        if other != desk_id and isinstance(other, bytes):
            last = last_of(database, other)
            quotes += [] if last is None else [Quote(other, *last)]
    return quotes


def digests_since(
    database: Database, desk_id: bytes, seq: int, known: dict[str, int]
) -> tuple[dict[str, int], bool]:
    """Return running digests as later entries noted them, and whether one could not be read."""
    running, broken = dict(known), False
    for noted in digests_after(database, desk_id, seq):
        try:
            running.update(unpack_numbers(noted))
        except MISTYPED:
            broken = True
    return running, broken
