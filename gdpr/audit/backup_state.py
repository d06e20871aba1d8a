"""A desk's own state around a backup: taken with it, and put in order when one is restored.

A restored database is older than the anchor, and that is what an anchor is there to notice. So a
restore never continues the old chain: the desk takes a new id, whose first entry quotes the
restored head and names the head that was lost. Every chain stays gapless, and the gap is on record.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import MISTYPED, Quote
from gdpr.audit.entries import (
    desks_in,
    digests_after,
    entries_bearing_rights,
    hash_of,
    last_of,
)
from gdpr.audit.errors import LedgerDamaged
from gdpr.audit.identity import STAGED, desk_identity
from gdpr.audit.ledger import Ledger, LedgerState, right_of
from gdpr.errors import StateFileDamaged
from gdpr.store.places import write_private
from gdpr.store.shred_file import ENDING, destroy_secrets, replace_secrets
from gdpr.store.snapshot import one_state
from gdpr.vault.encoding import label, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from peewee import Database

    from gdpr.audit.card_validity import CutOffs
    from gdpr.audit.journal import Journal
    from gdpr.audit.ledger import RightEvent
    from gdpr.store.session import Session
    from gdpr.vault.authenticator import Authenticator

FILES: Final = ("ledger", "anchor", "desk")
SHRED: Final = "shred"
_ASIDE: Final = ("ledger", "anchor", "anchor.damaged")
_ASIDE_NAME: Final = "aside"
_OWN_CHAIN: Final = "own-chain"
_NEWEST: Final = "backup"
_NEWEST_LABEL: Final = label("newest backup")
_MAC: Final = 32


class Newest(NamedTuple):
    """The newest backup this desk has made, as it remembers it outside the database."""

    backup_id: bytes
    made: int


class NewestFile:
    """A private file beside the anchor, so that an older backup is not taken for the newest."""

    def __init__(self, state: Path, vault_id: bytes, integrity: Authenticator) -> None:
        """Use the state folder of one desk."""
        self._path = state / _NEWEST
        self._start = pack(_NEWEST_LABEL, vault_id)
        self._integrity = integrity

    def read(self) -> Newest | None:
        """Return the newest backup, or None before the first; raises StateFileDamaged."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        body, mac = content[:-_MAC], content[-_MAC:]
        if len(mac) != _MAC or not self._integrity.matches(self._start + body, mac):
            raise StateFileDamaged(name=_NEWEST)
        backup_id, made = unpack(body)
        return Newest(backup_id, int.from_bytes(made, "big", signed=True))

    def write(self, newest: Newest) -> None:
        """Remember a backup, durably."""
        body = pack(newest.backup_id, newest.made.to_bytes(8, "big", signed=True))
        write_private(self._path, body + self._integrity.digest(self._start + body))


@contextmanager
def one_moment(journal: Journal, state: Path) -> Iterator[dict[str, bytes]]:
    """Hold one state of the database, and give the desk's files as they were at its beginning.

    Under the desk's lock chain, anchor and ledger agree, and under the file's own the secrets open
    what the rows hold; once the state is held the locks may go.
    """
    with ExitStack() as held:
        with journal.lock, journal.session.groups.file.turn() as secrets:
            held.enter_context(one_state(journal.session.database))
            files = {name: (state / name) for name in FILES}
            content = {name: path.read_bytes() for name, path in files.items() if path.exists()}
            content[SHRED] = secrets.image()
        yield content


def heads_of(database: Database) -> list[Quote]:
    """Return the newest entry of every desk's chain."""
    heads = []
    for desk_id in desks_in(database):
        last = last_of(database, desk_id)
        heads += [] if last is None else [Quote(desk_id, *last)]
    return heads


def lost_changes(live: Database, restored: Database, unimportant: frozenset[str]) -> int:
    """Count the entries of `live` that changed more than this and that a backup does not have.

    A chain that is not the backup's at all counts whole.
    """
    lost = 0
    for desk_id, seq, entry_hash in heads_of(live):
        if hash_of(restored, desk_id, seq) == entry_hash:
            continue
        last = last_of(restored, desk_id)
        same = last is not None and hash_of(live, desk_id, last[0]) == last[1]
        after = last[0] if last is not None and same else 0
        lost += sum(
            not _tables(noted) <= unimportant for noted in digests_after(live, desk_id, after)
        )
    return lost


def _tables(noted: bytes) -> set[str]:
    try:
        return {name.decode() for name in unpack(noted)[::2]}
    except MISTYPED:
        return {"?"}


class Rights(NamedTuple):
    """The rights of a ledger or a log that count, and those of somebody who might not."""

    events: list[RightEvent]
    refused: list[RightEvent]


def rights_in_ledger(ledger: Ledger, vault_id: bytes, logs: Iterable[CutOffs]) -> Rights:
    """Return the events of a ledger for a restore, oldest first.

    A line of a user whom no log knows cannot be checked against a card; its place in the chain
    was. A line that a known user did not sign is damage. One that a log knows to be of somebody
    who might not, or of a card that had ended, brings nothing in.
    """
    found = Rights([], [])
    seen: set[RightEvent] = set()
    for line in ledger.lines():
        signer, message = (line.actor, line.card_counter), line.message(vault_id)
        knowing = [log for log in logs if log.signatures.key(*signer) is not None]
        if not all(log.signatures.holds(*signer, line.sig, message) for log in knowing):
            raise LedgerDamaged(name="ledger", line=line.number)
        if line.event not in seen:
            seen.add(line.event)
            refused = any(log.refusal_of_line(line) for log in knowing)
            (found.refused if refused else found.events).append(line.event)
    return found


def rights_in_log(session: Session, cut_offs: CutOffs) -> Rights:
    """Return the events that the entries of a log bear; a damaged log gives what it can."""
    found = Rights([], [])
    for entry in entries_bearing_rights(session.database):
        try:
            event = right_of(entry)
        except MISTYPED:
            continue
        (found.events if cut_offs.counts(entry) else found.refused).append(event)
    return found


def forget_chain(staged: Path) -> None:
    """Let the desk of a staged state end where the backup ends: a new id is drawn after it."""
    for name in FILES:
        (staged / name).unlink(missing_ok=True)
    write_private(staged / "ledger", b"")
    write_private(staged / _OWN_CHAIN, b"")


def missing_rights(journal: Journal, gathered: Iterable[RightEvent], time: int) -> list[RightEvent]:
    """Enter every gathered event into a fresh ledger, and return those the database lacks.

    It does not matter that some were replayed before: that was in another database.
    """
    events = sorted(set(gathered), key=lambda event: (event.at, event.desk, event.seq))
    journal.ledger.write(events, LedgerState.SHREDDED, time)
    present = {right_of(entry) for entry in entries_bearing_rights(journal.session.database)}
    return [event for event in events if event not in present]


def finish(state: Path, database: Database, place: Path) -> None:
    """Let the staged state take the place of the old, or drop it; the caller holds the lock.

    The database decides: when it holds the new chain, the restore has happened. `place` is where
    the shred file belongs.
    """
    staged = state / STAGED
    # Until the staged desk has an id of its own, the live log may well have entries of its name.
    if (staged / _OWN_CHAIN).exists() and (staged / "desk").exists():
        desk_id = desk_identity(staged)
        if last_of(database, desk_id) is not None:
            replace_secrets(staged / SHRED, place, _aside(staged, place))
            _move_in(state, staged, desk_id.hex()[:8])
    drop_staged(staged)


def drop_staged(staged: Path) -> None:
    """Remove a staged state, its secrets overwritten."""
    destroy_secrets(staged / SHRED)
    shutil.rmtree(staged, ignore_errors=True)


def keep_aside(staged: Path, vault: str) -> None:
    """Note the name that the old vault is to have, so that its shred file can follow it."""
    write_private(staged / _ASIDE_NAME, vault.encode())


def _aside(staged: Path, place: Path) -> Path | None:
    noted = staged / _ASIDE_NAME
    return place.with_name(noted.read_text() + ENDING) if noted.exists() else None


def _move_in(state: Path, staged: Path, suffix: str) -> None:
    # Nothing moves twice: a file whose successor has moved in already is the successor.
    for name in _ASIDE:
        waits = name not in FILES or (staged / name).exists()
        if waits and (state / name).exists():
            (state / name).replace(state / (name + ".until-" + suffix))
    # The desk's id moves last: while it is still staged, this is done again from the start.
    for name in FILES:
        if (staged / name).exists():
            (staged / name).replace(state / name)
