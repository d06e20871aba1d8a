"""The journal of one desk: every change is audited, its last statement is its entry."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from filelock import Timeout

from gdpr.audit.alarms import AlarmFile, check_anchor, facts_of
from gdpr.audit.anchor import AnchorFile, ChainHead, anchor_secrets, highest
from gdpr.audit.chain import (
    GENESIS,
    EntryHash,
    Quote,
    canonical_body,
    pack_digests,
    pack_heads,
)
from gdpr.audit.completeness import Completeness
from gdpr.audit.entries import (
    ENTRY_TABLE,
    Entry,
    hash_of,
    insert_entry,
    last_of,
)
from gdpr.audit.events import CARD_EVENTS, Event
from gdpr.audit.identity import chain_lock, desk_identity
from gdpr.audit.ledger import Ledger, LedgerState, RightEvent, pack_right, right_of
from gdpr.audit.proving import prove
from gdpr.audit.reading import (
    PrintedHead,
    Wanted,
    digests_since,
    entries_at,
    heads_but,
    log_entries,
    log_places,
    printed_head,
)
from gdpr.audit.reconcile import LEDGER, Reconciliation, reconcile
from gdpr.audit.shredding import shred, together
from gdpr.clock import microseconds
from gdpr.errors import Busy, Damaged, RegisterReplaced, StateFileDamaged
from gdpr.store.database import why_shut
from gdpr.store.places import safe_folder
from gdpr.store.sealing import DIGEST_SIZE
from gdpr.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

    from filelock import FileLock

    from gdpr.audit.shredding import Lot
    from gdpr.audit.signers import Signers
    from gdpr.audit.verify import Verification
    from gdpr.clock import Clock
    from gdpr.store.session import Session

_ID_LENGTH: Final = 16


class AuditedChange(Transaction):
    """One transaction that ends with its audit entry; without the entry nothing is committed."""

    def __init__(
        self, journal: Journal, event: Event, object_id: bytes | None, body: dict[str, int | str]
    ) -> None:
        """Prepare; it begins when entered, like every transaction."""
        if object_id is not None and len(object_id) != _ID_LENGTH:
            raise ValueError("the object of an audit entry is an id of 16 bytes")
        canonical_body(body)
        super().__init__(journal.session)
        self.event = event
        self.object_id = object_id
        self.body = body
        self.rights: bytes | None = None
        self.raised: dict[str, int] = {}
        self.entry: Entry | None = None
        # Whether the entry notes the digests of all tables, and what is stored together with it.
        self.restates = False
        self.before_commit: list[Callable[[Entry], None]] = []
        self._journal = journal

    def note(self, **codes_and_counts: int | str) -> None:
        """Add to the entry's body what is known only now."""
        canonical_body({**self.body, **codes_and_counts})
        self.body.update(codes_and_counts)

    def bear(self, kind: str, *, because: str, grounds: Iterable[bytes] = ()) -> None:
        """Say that this change is somebody's right taking effect: the object's.

        After the commit it goes into the ledger. A damaged ledger is met here, before anything
        is changed.
        """
        if self.object_id is None:
            raise ValueError("a right needs the id of the subject whose right it is")
        self._journal.ledger.refresh()
        self.rights = pack_right(kind, because, grounds)

    def anchor(self, fact: str, least: int) -> None:
        """Anchor with this change that a number is at least `least` from now on.

        A database that says less later was rolled back, which the anchor outlives.
        """
        self.raised = highest(self.raised, {fact: least})

    @property
    def right(self) -> RightEvent | None:
        """Return the event this change put into the ledger, once it is committed."""
        return right_of(self.entry) if self.entry is not None and self.rights else None

    def __enter__(self) -> Self:
        """Begin, and ask the journal's guards while nobody else can write."""
        super().__enter__()
        try:
            for guard in self._journal.guards:
                guard()
        except BaseException as refused:
            self.__exit__(type(refused), refused, refused.__traceback__)
            raise
        return self

    def refuse_incomplete(self) -> None:
        """Raise unless nothing is missing that a decision to destroy rests on."""
        self.refuse_foreign_schema()  # it says more than the rows that a view hides
        self._journal.completeness.require(self.digests)

    def conclude(self) -> None:
        """Append the entry to the desk's chain as the last statement."""
        anchor_secrets(self)
        self._journal.append(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit with the entry or undo everything; then let the desk's other programs go on."""
        try:
            super().__exit__(kind, error, trace)
        finally:
            self._journal.let_go()


class Journal:
    """Writes the chain of one desk; the front door makes one for an opened vault.

    `state` is the desk's own folder for this vault, outside the database.
    """

    def __init__(
        self, session: Session, state: Path, clock: Clock, desk_id: bytes | None = None
    ) -> None:
        """Continue the chain of this desk, whose id is read from `state` if not given."""
        self.session = session
        self.clock = clock
        self.state = state
        self.desk_id = desk_identity(state) if desk_id is None else desk_id
        self._lock = chain_lock(safe_folder(state))
        ring = session.ring
        self.anchors = AnchorFile(state, ring.vault_id, self.desk_id, ring.integrity)
        self.alarms = AlarmFile(state, ring.vault_id, ring.integrity)
        self.ledger = Ledger(state / LEDGER, ring, self._lock)
        self.completeness = Completeness(self)
        self._hash = EntryHash(ring.vault_id)
        # Asked inside each change before anything is written: may this desk still write at all?
        self.guards: list[Callable[[], None]] = []
        # Asked before an entry is appended: verifying would call one damage whose user might not.
        self.allows: Callable[[Event, tuple[str, ...]], None] | None = None
        # Facts that every change of this run anchors, because they were found to be so at opening.
        self.noted: dict[str, int] = {}
        self._head: ChainHead | None = None
        self._last: tuple[int, bytes] | None = None
        self._begun = self._closing = False
        self.anchor_lags = False
        self.unwritten: list[RightEvent] = []

    @property
    def lock(self) -> FileLock:
        """The lock of this desk; under it chain, anchor and ledger agree."""
        return self._lock

    def audited_change(
        self, event: Event, object_id: bytes | None = None, /, **codes_and_counts: int | str
    ) -> AuditedChange:
        """Return the transaction for one change, to be used in a `with` statement."""
        return AuditedChange(self, event, object_id, codes_and_counts)

    def log_access(
        self, event: Event, object_id: bytes | None = None, /, **codes_and_counts: int | str
    ) -> None:
        """Note that somebody looked: an entry without a change.

        Where nothing can be written it is not noted, which is said when such a register opens.
        """
        if why_shut(self.session.database) is not None:
            return
        with self.audited_change(event, object_id, **codes_and_counts):
            pass

    def close(self) -> None:
        """End the run: quote the other desks' heads once more, if this run wrote anything.

        Alone in a vault there is nothing to quote, and the entry would say nothing.
        """
        if self._begun and self._others():
            self._closing = True
            self.log_access(Event.VAULT_CLOSED)
        self._begun = self._closing = False

    def check_anchor(self) -> None:
        """Raise if the database lacks the entry this desk anchored last, or the anchor is damaged.

        It must be said aloud (exit 7), but what verifies stays usable: the caller goes on.
        """
        check_anchor(self)

    def ring(self, why: str, row: str | None = None) -> None:
        """Write an alarm down, which is told at every opening until an owner acknowledges it."""
        with self._lock:
            self.alarms.ring(why, row, self.time())

    def facts(self) -> Mapping[str, int]:
        """Return what is anchored beside the head, by name; empty before the first entry.

        Read anew each time, because another program of this desk may have raised them.
        """
        return facts_of(self)

    def shred(self) -> list[RightEvent]:
        """Overwrite old secrets, cut the database's log, destroy copies of upgrades.

        Returns what still waits for any of these.
        """
        return shred(self)

    def together(self) -> AbstractContextManager[Lot]:
        """Let many destructions share what follows them: see `shredding.together`."""
        return together(self)

    def verify(
        self,
        signers: Signers,
        *,
        quick: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Verification:
        """Verify the vault, note in the log that it was done, and mark what is good: `prove`."""
        return prove(self, signers, quick=quick, progress=progress)

    def reconcile(self, signers: Signers) -> Reconciliation:
        """Bring ledger and database together at open: see `reconcile.reconcile`."""
        return reconcile(self.session, self.desk_id, self.ledger, signers, self.time())

    def entries(self, wanted: Wanted | None = None) -> list[Entry]:
        """Return the entries that `audit log` shows, newest first."""
        return log_entries(self.session, wanted or Wanted())

    def places(self, wanted: Wanted) -> list[tuple[object, object]]:
        """Return where entries stand, newest first, for reading them page by page."""
        return log_places(self.session, wanted)

    def entries_at(self, places: Iterable[tuple[object, object]]) -> list[Entry | None]:
        """Return the entries of some places, None for one that does not verify."""
        return list(entries_at(self.session, places))

    def head(self) -> PrintedHead | None:
        """Return this desk's newest entry, for printing and keeping on paper."""
        return printed_head(self.session, self.desk_id)

    def append(self, change: AuditedChange) -> None:
        """Write a change's entry behind this desk's newest; `AuditedChange.conclude` calls it.

        The desk's lock is held from here until the anchor is written, so that another program of
        this desk never sees a chain that is ahead of its anchor or behind it.
        """
        try:
            self._lock.acquire()
        except Timeout:
            raise Busy from None
        place, broken = self.place()
        changed = {
            table: (place.digests.get(table, 0) + moved) % DIGEST_SIZE
            for table, moved in change.digests.items()
            if moved % DIGEST_SIZE
        }
        if self.allows is not None:
            self.allows(change.event, tuple(changed))
        running = {**place.digests, **changed}
        entry = self._entry(change, place, running if broken or change.restates else changed)
        insert_entry(self.session.database, entry)
        for step in change.before_commit:
            step(entry)
        change.entry = entry
        head = ChainHead(
            entry.seq, entry.hash, running, highest(highest(place.facts, self.noted), change.raised)
        )
        change.after_commit.insert(0, lambda: self._committed(head, entry))

    def found_last(self, last: Sequence[Any]) -> None:
        """Take from a guard where the chain ends, as it read it in the transaction that is open."""
        self._last = None if last[0] is None else (last[0], last[1])

    def let_go(self) -> None:
        """Release the desk's lock after a change, whether it was committed or undone."""
        self._last = None
        self._lock.release()

    def _entry(self, change: AuditedChange, place: ChainHead, digests: dict[str, int]) -> Entry:
        ring = self.session.ring
        # What ends a card says how far every chain had come, so that no later entry passes for old.
        ends_card = change.event in CARD_EVENTS
        quotes = self._others() if self._closing or not self._begun or ends_card else []
        entry = Entry(
            desk=self.desk_id,
            seq=place.seq + 1,
            time=self.time(),
            actor=ring.user_id,
            card_counter=ring.card_counter,
            event=change.event.value,
            object_id=change.object_id,
            body=canonical_body(change.body),
            digests=pack_digests(digests) if digests else None,
            heads=pack_heads(quotes) if quotes else None,
            rights=change.rights,
            prev=place.hash,
            hash=b"",
            sig=b"",
        )
        entry_hash = self._hash.of(entry)
        return entry._replace(hash=entry_hash, sig=ring.sign(entry_hash))

    def place(self) -> tuple[ChainHead, bool]:
        """Return where the next entry goes, and whether the chain is broken there.

        After damage the new entry follows the anchor and not what is left in the database: the
        gap or the wrong link stays for every later verification, while work goes on.
        """
        database = self.session.database
        last = self._last or last_of(database, self.desk_id)
        if self._head is not None:
            if (self._head.seq, self._head.hash) == last:
                return self._head, False
            if hash_of(database, self.desk_id, self._head.seq) != self._head.hash:
                # What this run wrote itself is not there any more: these are not the same pages.
                raise RegisterReplaced
        anchor = self._anchor()
        if anchor is not None and hash_of(database, self.desk_id, anchor.seq) != anchor.hash:
            seq = anchor.seq if last is None else max(last[0], anchor.seq)
            return anchor._replace(seq=seq), True
        start = anchor or ChainHead(0, GENESIS, {})
        if last is None:
            return start, False
        if not isinstance(last[0], int):
            raise Damaged(table=ENTRY_TABLE)
        running, broken = digests_since(database, self.desk_id, start.seq, start.digests)
        return ChainHead(*last, running, start.facts), broken

    def _anchor(self) -> ChainHead | None:
        """Return what is anchored; what is wrong with it rings, for the next entry will hide it."""
        try:
            self.check_anchor()
        except StateFileDamaged:
            self.anchors.set_aside()
        except Damaged:
            pass
        return self.anchors.read()

    def _others(self) -> list[Quote]:
        return heads_but(self.session.database, self.desk_id)

    def _committed(self, head: ChainHead, entry: Entry) -> None:
        """Note beside the register what was committed; what fails is tried again and told."""
        self._head = head
        self._begun = True
        self.anchor_lags = True
        with suppress(OSError):
            self.anchors.write(head)
            self.anchor_lags = False
        if entry.rights is not None:
            self.unwritten.append(right_of(entry))
        self.write_ledger()

    def write_ledger(self) -> None:
        """Write what the ledger has not been told yet; what fails is tried again."""
        with suppress(OSError):
            if self.unwritten:
                self.ledger.write(self.unwritten, LedgerState.LOGGED, self.time())
                self.unwritten = []

    def time(self) -> int:
        """Return the moment, as entries and lines carry it."""
        return microseconds(self.clock.now())
