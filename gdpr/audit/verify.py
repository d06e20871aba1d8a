"""The proof: chains, signatures, cards, anchor, quotes, row MACs and sums, in one snapshot.

Checkpoints say where the log was last proved. One proves itself by its signature, and none proves
that another is still there, or that no later one took its place. So the entry of the verification
that made them says which they are.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from peewee import SqliteDatabase

from gdpr.audit.acknowledging import Acknowledged, acknowledged, lost_lists, part
from gdpr.audit.card_validity import CutOffs
from gdpr.audit.chain import MISTYPED, checkpoint_message, parse_body
from gdpr.audit.chain_check import Chain, ChainCheck, Damage
from gdpr.audit.entries import (
    CHECKPOINT_TABLE,
    ENTRY_TABLE,
    Checkpoint,
    checkpoints,
    desks_in,
    entry_name,
    hash_of,
)
from gdpr.audit.events import Event
from gdpr.audit.row_check import RowCheck, compare
from gdpr.audit.signers import Signatures
from gdpr.errors import StateFileDamaged
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.schema_check import schema_damage
from gdpr.vault.encoding import label, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from peewee import Database

    from gdpr.audit.anchor import AnchorFile, ChainHead
    from gdpr.audit.entries import Entry
    from gdpr.audit.signers import Signers
    from gdpr.store.session import Session


MARKS: Final = "marks"
_LABEL: Final = label("marks")


class _Marking(NamedTuple):
    """What one entry says of the checkpoints that were made with it."""

    seq: int
    said: str


def hash_of_marks(vault_id: bytes, marks: Iterable[Checkpoint]) -> str:
    """Return what stands in the entry that comes with these checkpoints."""
    ordered = sorted(marks, key=lambda mark: mark.desk)
    return sha256(pack(_LABEL, *(checkpoint_message(vault_id, one) for one in ordered))).hexdigest()


def damaged_marks(
    vault_id: bytes, stored: Mapping[bytes, Checkpoint], entries: Iterable[Entry]
) -> list[Damage]:
    """Return damage unless the stored checkpoints are those that were made last.

    Whoever made the newest knew what all other desks had said of theirs in these entries.
    """
    said = {one.desk: _Marking(one.seq, told) for one in entries if (told := _said(one))}
    try:
        present = hash_of_marks(vault_id, stored.values())
    except MISTYPED:
        return []  # such a row was named by itself
    newest = any(
        one.said == present
        and all(
            other in stored and each.seq <= stored[other].seq
            for other, each in said.items()
            if other != desk
        )
        for desk, one in said.items()
    )
    return [Damage(CHECKPOINT_TABLE, None, "sum")] if said and not newest else []


def _said(entry: Entry) -> str:
    told = parse_body(entry.body).get(MARKS, "") if entry.event == Event.AUDIT_VERIFIED else ""
    return str(told)


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how much was checked, and every new damage in the order it was met.

    `known` is damage that an owner has acknowledged. `marks` tell damages apart that look alike.
    """

    entries: int
    rows: int
    damages: tuple[Damage, ...]
    chains: tuple[Chain, ...] = ()
    marks: Mapping[Damage, str] = field(default_factory=dict)
    acknowledged: tuple[Acknowledged, ...] = ()
    known: tuple[Damage, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether everything verified, but for what was acknowledged."""
        return not self.damages

    @property
    def first_bad(self) -> dict[str, str | None] | None:
        """Return table and row (None when no row is left to name) of the first damage."""
        if not self.damages:
            return None
        return {"table": self.damages[0].table, "row": self.damages[0].row}


class VerifyScope(NamedTuple):
    """Whose anchor is compared, how much is checked, and who is told how far it came.

    What `progress` does must not touch the database: one state is held meanwhile.
    """

    desk_id: bytes
    anchors: AnchorFile
    quick: bool = False
    progress: Callable[[int], None] | None = None


def verify(session: Session, scope: VerifyScope, signers: Signers | None) -> Verification:
    """Check the log and, unless `quick`, every row; damage is collected and never raised.

    `quick` starts behind each desk's signed checkpoint and leaves the rows alone. Without
    `signers` no signature is checked, which only measuring has a use for.
    """
    anchor, damages = _anchored(scope)
    database = session.database
    with _snapshot(database):
        log = _Log(session, scope, None if signers is None else Signatures(signers))
        try:
            log.check(anchor)
            readable = True
        except STORAGE_ERRORS:
            readable = False
            damages.append(Damage(ENTRY_TABLE, None, "unreadable"))
        damages += log.damages
        damages += _schema(session)
        rows = RowCheck(session, scope.progress)
        marks: dict[Damage, str] = {}
        if not scope.quick:
            rows.run()
            damages += rows.damages
            sums, marks = compare(rows, log.chains) if readable else ([], {})
            damages += sums
        signed = log.acknowledged()
    entries = sum(chain.entries for chain in log.chains)
    marks = {**log.marks, **marks}
    found = Verification(entries, rows.rows, (), tuple(log.chains), marks, tuple(signed))
    return with_damages(found, damages)


def with_damages(
    found: Verification, damages: Iterable[Damage], marks: Mapping[Damage, str] | None = None
) -> Verification:
    """Add damages that were found besides, to the new ones or to those that are known."""
    marks = {**found.marks, **(marks or {})}
    new, known = part(damages, marks, found.acknowledged)
    return replace(found, damages=(*found.damages, *new), known=(*found.known, *known), marks=marks)


@contextmanager
def _snapshot(database: Database) -> Iterator[None]:
    """Hold one state, else a colleague's change between log and rows would look like damage."""
    repeatable = () if isinstance(database, SqliteDatabase) else ("REPEATABLE READ",)
    scope = database.transaction(*repeatable)
    scope.__enter__()
    try:
        yield
    finally:
        # SQLite ends the transaction by itself when it meets a broken page.
        with suppress(*STORAGE_ERRORS):
            scope.__exit__(None, None, None)


def _schema(session: Session) -> list[Damage]:
    return [
        Damage(str(damage.arguments["table"]), str(damage.arguments["name"]), damage.why)
        for damage in schema_damage(session.database, session.schema.declared)
    ]


def _anchored(scope: VerifyScope) -> tuple[ChainHead | None, list[Damage]]:
    # Before the snapshot: commits that fall between the two only make the database newer.
    try:
        anchor = scope.anchors.read()
    except StateFileDamaged:
        return None, [Damage(ENTRY_TABLE, None, "anchor")]
    damages = [Damage(ENTRY_TABLE, None, "anchor")] if scope.anchors.was_damaged else []
    return anchor, damages


class _Log:
    """Checks the log in the order in which damage should be named."""

    def __init__(self, session: Session, scope: VerifyScope, signatures: Signatures | None) -> None:
        self.damages: list[Damage] = []
        self.marks: dict[Damage, str] = {}
        self.chains: list[Chain] = []
        self._session = session
        self._scope = scope
        self._signatures = signatures
        self._cut_offs: CutOffs | None = None

    def check(self, anchor: ChainHead | None) -> None:
        database, vault_id = self._session.database, self._session.ring.vault_id
        signatures, progress = self._signatures, self._scope.progress
        if signatures is not None:
            self._cut_offs = CutOffs(database, vault_id, signatures, self._scope.desk_id)
        check = ChainCheck(vault_id, signatures, self._cut_offs, progress)
        known = checkpoints(database)
        for desk_id in desks_in(database):
            start = self._trusted(known[desk_id]) if desk_id in known else None
            chain = start if start is not None and self._scope.quick else Chain(desk_id)
            self.chains.append(chain)
            check.follow(database, chain)
        self.damages += (*check.damages, *check.refused)
        self.marks = check.marks
        for checkpoint in known.values():
            # The chain was good up to here once, and with this hash.
            self._expect(checkpoint.desk, checkpoint.seq, checkpoint.hash, "checkpoint")
        if all(one.why != "checkpoint" and one.table != CHECKPOINT_TABLE for one in self.damages):
            self.damages += damaged_marks(vault_id, known, check.noticed)
        self.damages += lost_lists(database, vault_id, check.noticed)
        for quote in check.quotes:
            self._expect(*quote, "quote")
        self._compare(anchor)

    def acknowledged(self) -> list[Acknowledged]:
        """Return what owners have signed for, as far as it holds."""
        if self._cut_offs is None:
            return []
        return acknowledged(self._session.database, self._session.ring.vault_id, self._cut_offs)

    def _trusted(self, checkpoint: Checkpoint) -> Chain | None:
        signer = (checkpoint.actor, checkpoint.card_counter)
        try:
            message = checkpoint_message(self._session.ring.vault_id, checkpoint)
            chain = Chain.from_checkpoint(checkpoint)
            if self._signatures is None or self._signatures.holds(*signer, checkpoint.sig, message):
                return self._valid(checkpoint, chain)
        except MISTYPED:
            pass
        self._refuse(checkpoint, "signature")
        return None

    def _valid(self, checkpoint: Checkpoint, chain: Chain) -> Chain | None:
        """Start behind a signed checkpoint only while its signer's card is valid.

        A checkpoint has no place in a chain: how far it reaches is all that tells when it was made.
        """
        cuts = self._cut_offs
        if cuts is None:
            return chain
        why = cuts.refusal_of_mark(checkpoint)
        if why is not None:
            self._refuse(checkpoint, why)
            return None
        return None if cuts.ended(checkpoint.actor, checkpoint.card_counter) else chain

    def _refuse(self, checkpoint: Checkpoint, why: str) -> None:
        name = entry_name(checkpoint.desk, checkpoint.seq)
        self.damages.append(Damage(CHECKPOINT_TABLE, name, why))

    def _expect(self, desk_id: bytes, seq: int, entry_hash: bytes, why: str) -> None:
        if hash_of(self._session.database, desk_id, seq) != entry_hash:
            self.damages.append(Damage(ENTRY_TABLE, entry_name(desk_id, seq), why))

    def _compare(self, anchor: ChainHead | None) -> None:
        """Compare this desk's chain with its anchor, which lies outside the database."""
        desk_id = self._scope.desk_id
        own = next((chain for chain in self.chains if chain.desk == desk_id), Chain(desk_id))
        if anchor is None:
            # The first entry may be of a program that died before it could anchor.
            if own.seq > 1:
                self.damages.append(Damage(ENTRY_TABLE, None, "anchor"))
            return
        if own.seq < anchor.seq:
            missing = entry_name(desk_id, own.seq + 1)
            self.damages.append(Damage(ENTRY_TABLE, missing, "anchor"))
            return
        self._expect(desk_id, anchor.seq, anchor.hash, "anchor")
        if anchor.seq == own.seq:
            # What a damaged chain lost of the digests is still known outside.
            own.digests, own.broken = dict(anchor.digests), False
