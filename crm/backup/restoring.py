"""Restoring: into a vault of its own beside the place, proved there, and only then put in place.

Until the one rename at the end nothing of the live vault is written, whatever goes wrong. What was
erased or withdrawn after the backup happens again before anybody can log in.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crm.backup.cards import Restored
from crm.backup.errors import (
    BackupUnsound,
    ForeignBackup,
    NoLedgerHere,
    NotNewestBackup,
    OlderBackup,
    PartsDiffer,
)
from crm.backup.parts import (
    HEADS,
    SIGNATURE,
    damages_of,
    made_message,
    maker_of,
    opened_parts,
)
from crm.backup.staging import UNIMPORTANT, LiveVault, Staging, locked, once_placed
from crm.copies.copies import OLD_VAULT, new_copy
from crm.errors import FileUnreadable, StateNotWritten
from crm.grounds.ledger_reconcile import replay_rights
from crm.grounds.suppression import complete_from
from crm.keys.keys import USED
from crm.keys.root_key import require_named
from crm.keys.versions import mark_due
from crm.privacy import ROOT_KEY
from crm.schema import SCHEMA
from crm.session.access import access_of
from crm.session.calendar import placed_clock
from crm.session.card_signers import CardSigners, cut_offs
from crm.session.cards import DamageLine
from crm.session.shred_file_place import refuse_shared, shred_place
from gdpr.audit.anchor import AnchorFile
from gdpr.audit.backup_state import (
    SHRED,
    NewestFile,
    Rights,
    forget_chain,
    heads_of,
    lost_changes,
    missing_rights,
    rights_in_ledger,
    rights_in_log,
)
from gdpr.audit.chain import pack_heads
from gdpr.audit.entries import ENTRY_TABLE, last_of
from gdpr.audit.events import Event
from gdpr.audit.identity import chain_lock, known_identity
from gdpr.audit.journal import Journal
from gdpr.audit.ledger import Ledger
from gdpr.audit.pin import known_roots, pin_root, pinned
from gdpr.audit.verify import VerifyScope, verify
from gdpr.clock import instant_of, microseconds
from gdpr.errors import Damaged, DiskFailed, StateFileDamaged
from gdpr.store.accounts import read_vault
from gdpr.store.database import STORAGE_ERRORS, disk_trouble
from gdpr.store.destroyed import DestroyedKey
from gdpr.store.destroyed import fingerprint as mark_of
from gdpr.store.layout import layout_of
from gdpr.store.session import Session
from gdpr.store.settings import founding_setting, write_setting
from gdpr.store.shred_file import ShredFile, belongs_to
from gdpr.store.shred_groups import KEY
from gdpr.vault.encoding import unpack_numbers
from gdpr.vault.recovery import RECOVERY_ID
from gdpr.vault.root import fingerprint, verify_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from peewee import Database

    from crm.backup.cards import LostLine
    from crm.backup.parts import Parts, WayIn
    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.ledger import RightEvent
    from gdpr.audit.state_folders import StateFolders
    from gdpr.audit.verify import Verification
    from gdpr.clock import Clock
    from gdpr.vault.container import ContainerHead


class Front(NamedTuple):
    """What the front door knows and a service does not: where state lies, and how to open."""

    folders: StateFolders
    migrations: Path
    context_of: Callable[[Session, Journal, Clock, Path, tuple[str, ...]], RegisterContext]


@dataclass(frozen=True, slots=True)
class Proved:
    """A staged vault that verified, with the keys of whoever restores."""

    session: Session
    roles: tuple[str, ...]
    root_public: bytes
    found: Verification


class Restoring:
    """Restores one backup to one place."""

    def __init__(self, target: Path, front: Front, clock: Clock) -> None:
        """Restore to `target`, which may hold a vault already."""
        self._target = target
        self._front = front
        self._clock = clock

    def run(
        self,
        data: Path,
        keys: Path,
        way_in: WayIn,
        *,
        accept_older: bool = False,
        without_ledger: bool = False,
    ) -> Restored:
        """Restore, or leave everything as it was.

        `without_ledger` says that it is meant although nobody here knows who was erased since.
        """
        with _looked_at(self._target) as live, opened_parts(data, keys, way_in) as parts:
            vault_id = parts.head.vault_id
            if live is not None and live.vault_id not in {None, vault_id}:
                raise ForeignBackup
            place = shred_place(str(self._target))
            if place.exists() and not belongs_to(place, vault_id):
                raise ForeignBackup
            folders, target = self._front.folders, str(self._target)
            refuse_shared(target, folders.elsewhere(target, vault_id))
            known = folders.at(target, vault_id)
            # Elsewhere it is a register of its own: what this desk keeps of another stays as it is.
            state = known or folders.new(target, vault_id)
            with _claimed(state, fresh=known is None), locked(state):
                staging = Staging(self._target, state)
                try:
                    database, notes = staging.load(parts, self._front.migrations)
                    proved = self._prove(database, notes, parts, staging)
                    if not (without_ledger or self._knows_erasures(vault_id, notes, live)):
                        made = self._clock.day_of(parts.head.made)
                        raise NoLedgerHere(day=made.isoformat())
                    self._refuse_older(proved, parts.head, live, accept_older=accept_older)
                    report = self._bring_forward(proved, parts, live, staging)
                    staging.take_place(live)
                    with once_placed():
                        pin_root(state, proved.root_public, followed=True)
                        staging.settle()
                except STORAGE_ERRORS as error:
                    unsound = BackupUnsound(table=ENTRY_TABLE, count=1)
                    raise disk_trouble(error) or unsound from None
                finally:
                    staging.discard()
        return report

    def _knows_erasures(
        self, vault_id: bytes, notes: dict[str, bytes], live: LiveVault | None
    ) -> bool:
        """Tell whether this desk has a ledger, or the log in place, of what came after the backup.

        A desk that never had an event to note has no ledger either; then the backup has none.
        """
        if live is not None and live.vault_id is not None:
            return True
        return any(
            (folder / "ledger").exists() or ((folder / "desk").exists() and not notes.get("ledger"))
            for folder in self._front.folders.known(vault_id)
        )

    def _prove(
        self, database: Database, notes: dict[str, bytes], parts: Parts, staging: Staging
    ) -> Proved:
        """Unlock the staged vault and verify all of it: cards, log, rows, maker."""
        facts = read_vault(database)
        if facts.vault_id != parts.head.vault_id:
            raise PartsDiffer
        pin = _known(facts.root_public, staging.state.parent)
        ring, keys, roles = parts.unlock(database, facts, pin)
        image = notes.get(SHRED)
        if image is None:
            raise BackupUnsound(table=SHRED, count=1)
        ShredFile.create(staging.shred, ring.vault_id, ring.integrity, image)
        writes = access_of(roles).writes & ring.categories()
        session = Session(database, ring, SCHEMA, writes, staging.shred)
        require_named(session, keys.follow(ring.vouched), facts.root_public, staging.state)
        if pin is not None:
            require_named(session, keys.follow(pin), facts.root_public, staging.state)
        signers = CardSigners(session)
        maker = signers.public_key(*maker_of(notes))
        verify_signature(maker or b"", notes.get(SIGNATURE, b""), made_message(parts.head, notes))
        desk_id = known_identity(staging.state)
        anchors = AnchorFile(staging.state, ring.vault_id, desk_id, ring.integrity)
        found = verify(session, VerifyScope(desk_id, anchors), signers)
        if pack_heads(heads_of(database)) != notes.get(HEADS):
            raise BackupUnsound(table=ENTRY_TABLE, count=1)
        if len(found.damages) > damages_of(notes):
            raise BackupUnsound(table=found.damages[0].table, count=len(found.damages))
        country = founding_setting(session, "firm_country")
        self._clock = placed_clock(self._clock, country)
        return Proved(session, roles, facts.root_public, found)

    def _refuse_older(
        self, proved: Proved, head: ContainerHead, live: LiveVault | None, *, accept_older: bool
    ) -> None:
        if accept_older:
            return
        if live is not None and live.vault_id is not None:
            lost = lost_changes(live.database, proved.session.database, UNIMPORTANT)
            if lost:
                raise OlderBackup(count=lost)
        ring = proved.session.ring
        for state in self._front.folders.known(ring.vault_id):
            newest = NewestFile(state, ring.vault_id, ring.integrity).read()
            if newest is None or newest.made <= head.made:
                continue
            if newest.backup_id != head.backup_id:
                raise NotNewestBackup(day=self._clock.day_of(newest.made).isoformat())

    def _told(self, event: RightEvent) -> dict[str, str]:
        day = self._clock.day_of(event.at).isoformat()
        return {
            "kind": event.kind, "subject": event.subject.hex(), "because": event.because, "day": day
        }  # fmt: skip

    def _bring_forward(
        self, proved: Proved, parts: Parts, live: LiveVault | None, staging: Staging
    ) -> Restored:
        """Do again in the staged vault what the ledgers know, under a chain of its own."""
        session, state = proved.session, staging.state.parent
        lost = () if live is None or live.vault_id is None else _lost(live, session.database)
        rights = self._gathered(session, live, staging)
        gap = _gap(session, state)
        forget_chain(staging.state)
        journal = Journal(session, staging.state, self._clock)
        context = self._front.context_of(session, journal, self._clock, staging.state, proved.roles)
        with journal.audited_change(
            Event.VAULT_RESTORED,
            parts.head.backup_id,
            lost_rows=len(lost),
            made=parts.head.made,
            **gap,
        ) as change:
            if fingerprint(proved.root_public) in known_roots(state)[:-1]:
                # Brought back with everything else: whoever left since knows it.
                mark_due(change, (ROOT_KEY,), context.day)
            if live is not None:
                change.insert(new_copy(context, OLD_VAULT, staging.aside))
        if parts.user_id == RECOVERY_ID:
            with journal.audited_change(Event.RECOVERY_USED, RECOVERY_ID) as change:
                write_setting(change, USED, context.day.isoformat())
        missing = self._repeat(context, rights, live, state)
        _refuse_new_damage(journal, proved.found)
        return Restored(
            vault=str(staging.target),
            backup=parts.head.backup_id.hex(),
            made=instant_of(parts.head.made).isoformat(timespec="seconds"),
            rows=staging.rows,
            replayed=tuple(self._told(event) for event in missing),
            lost_entries=int(gap.get("lost_entries", 0)),
            lost=lost,
            old_vault=None if live is None else str(staging.aside),
            first_time=pinned(state) is None,
            damages=tuple(DamageLine(*damage) for damage in proved.found.damages),
            refused=tuple(self._told(event) for event in rights.refused),
            elsewhere=self._front.folders.elsewhere(str(self._target), session.ring.vault_id),
        )

    def _repeat(
        self, context: RegisterContext, rights: Rights, live: LiveVault | None, state: Path
    ) -> list[RightEvent]:
        """Remember every no this desk knows, let each right take effect again, and shred."""
        journal = context.journal
        known = self._front.folders.known(context.session.ring.vault_id)
        for folder in dict.fromkeys((state, *known)):
            complete_from(context, folder, _session_of(live, context.session))
        missing = missing_rights(journal, rights.events, microseconds(self._clock.now()))
        repeated = replay_rights(context, missing)
        if live is not None and live.vault_id is not None:
            with suppress(*STORAGE_ERRORS):
                destroy_again(context, live.database)
        journal.shred()
        if journal.anchor_lags or journal.unwritten:
            raise DiskFailed  # what moves in must be whole
        return repeated

    def _gathered(self, session: Session, live: LiveVault | None, staging: Staging) -> Rights:
        """Unite what the backup's ledger, all ledgers of this desk and the live log know.

        A log that has the entry knows best who signed it; what it refuses no ledger brings back.
        """
        ring = session.ring
        logs = [cut_offs(session)]
        found = [rights_in_log(session, logs[0])]
        there = _session_of(live, session)
        if there is not None:
            with suppress(*STORAGE_ERRORS, Damaged):
                root = read_vault(there.database).root_public
                known = fingerprint(root) in known_roots(staging.state.parent)
                log = cut_offs(there, root_public=root if known else None)
                found.append(rights_in_log(there, log))
                logs.append(log)
        refused = {event for rights in found for event in rights.refused}
        for folder in (staging.state, *self._front.folders.known(ring.vault_id)):
            ledger = Ledger(folder / "ledger", ring, chain_lock(staging.state))
            found.append(rights_in_ledger(ledger, ring.vault_id, logs))
        events = {event for rights in found for event in rights.events} - refused
        refused |= {event for rights in found for event in rights.refused} - events
        return Rights(list(events), sorted(refused, key=lambda event: (event.at, event.entry)))


def _known(root_public: bytes, state: Path) -> bytes | None:
    """Return what this desk has pinned; an older backup may have a root that it knew before."""
    found = fingerprint(root_public)
    return found if found in known_roots(state) else pinned(state)


@contextmanager
def _claimed(state: Path, *, fresh: bool) -> Iterator[None]:
    """Leave no state folder where nothing was restored."""
    try:
        yield
    except BaseException as error:
        if fresh and not isinstance(error, StateNotWritten):
            shutil.rmtree(state, ignore_errors=True)
        raise


@contextmanager
def _looked_at(target: Path) -> Iterator[LiveVault | None]:
    if not target.exists():
        yield None
        return
    if not target.is_file():
        raise FileUnreadable
    live = LiveVault(target)
    try:
        yield live
    finally:
        live.close()


def _session_of(live: LiveVault | None, restored: Session) -> Session | None:
    """Look into the vault that stands there with the keys of the one that is restored."""
    if live is None or live.vault_id is None:
        return None
    return Session(live.database, restored.ring, SCHEMA, frozenset())


def _refuse_new_damage(journal: Journal, before: Verification) -> None:
    scope = VerifyScope(journal.desk_id, journal.anchors)
    anew = verify(journal.session, scope, CardSigners(journal.session))
    if len(anew.damages) > len(before.damages):
        raise BackupUnsound(table=anew.damages[0].table, count=len(anew.damages))


def _lost(live: LiveVault, restored: Database) -> tuple[LostLine, ...]:
    try:
        return tuple(live.lost_rows(restored))
    except STORAGE_ERRORS:
        return ()


def _gap(session: Session, state: Path) -> dict[str, int | str]:
    """Name the head this desk had anchored and the backup does not reach."""
    if not (state / "desk").exists():
        return {}
    desk_id = known_identity(state)
    ring = session.ring
    try:
        head = AnchorFile(state, ring.vault_id, desk_id, ring.integrity).read()
    except StateFileDamaged:
        return {"anchor": "damaged"}
    if head is None:
        return {}
    last = last_of(session.database, desk_id)
    lost = max(0, head.seq - (0 if last is None else last[0]))
    return {
        "lost_entries": lost,
        "lost_desk": desk_id.hex(),
        "lost_seq": head.seq,
        "lost_hash": head.hash.hex(),
    }


def destroy_again(context: RegisterContext, live: Database) -> int:
    """Destroy what only a destroyed key of the register in place opened; return how many keys."""
    session = context.session
    there = Session(live, session.ring, SCHEMA, frozenset())
    gone = {bytes(row.id): unpack_numbers(bytes(row.serials)) for row in there.each(DestroyedKey)}
    count = 0
    for owner, held in list(_held(session)) if gone else ():
        last = gone.get(mark_of(session.ring.integrity, session.ring.vault_id, owner), {})
        keys = session.keys_of(owner)
        doomed = {code for code in held & last.keys() if keys.serial(code) <= last[code]}
        doomed -= _held_by(there, owner)
        if doomed:
            with context.journal.audited_change(
                Event.ERASURE_REPLAYED, owner, keys=len(doomed)
            ) as change:
                _clear(change, owner, doomed)
                change.settle(session.keys_of(owner), doomed)
            count += len(doomed)
    return count


def _held(session: Session) -> Iterator[tuple[bytes, set[str]]]:
    for row in session.each(session.key_model):
        yield bytes(row.id), _categories(row.__data__)


def _held_by(session: Session, owner: bytes) -> set[str]:
    """Return in which categories an owner has a key; where that cannot be told, in all."""
    try:
        row = session.first(session.key_model, id=owner)
    except Damaged:
        return set(session.schema.categories)
    return set() if row is None else _categories(row.__data__)


def _categories(columns: dict[str, object]) -> set[str]:
    return {
        name.removeprefix(KEY)
        for name, value in columns.items()
        if name.startswith(KEY) and value is not None
    }


def _clear(change: AuditedChange, owner: bytes, categories: set[str]) -> None:
    for model in change.session.schema.models:
        layout = layout_of(model)
        columns = {c.name for c in layout.sealed if c.category in categories}
        if not columns or not layout.owner:
            continue
        for row in change.session.rows(model, **{layout.owner: owner}):
            filled = {name for name in columns if row.holds(name)}
            if filled:
                change.clear(row, filled)
