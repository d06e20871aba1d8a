"""Whether anything is missing that a decision rests on, asked of the small tables and the sums.

A row that was deleted proves nothing, so only a sum can tell. Adding up everything takes as long as
verifying; adding up the tables of few rows takes milliseconds, and the holdings, one row for each
party, vouch for the rest. Sums are of desks, and a desk is whoever has keys: so nobody is destroyed
either upon what somebody signed whose card had ended, or whose role does not permit it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.audit.acknowledging import acknowledged, part
from gdpr.audit.card_validity import CARD, ROLE, CutOffs
from gdpr.audit.chain import MISTYPED, EntryHash, checkpoint_message
from gdpr.audit.chain_check import Chain, ChainCheck, Damage
from gdpr.audit.entries import (
    ENTRY_TABLE,
    Entry,
    chain_of,
    checkpoints,
    desks_in,
    entry_at,
    entry_name,
    last_noting,
    last_of,
)
from gdpr.audit.row_check import RowCheck, compare
from gdpr.audit.signers import Signatures
from gdpr.errors import EntryRefused, StateFileDamaged, SumsDiffer, Unreadable
from gdpr.store.holdings import Holding
from gdpr.store.layout import layout_of
from gdpr.store.overview import written_by_others
from gdpr.store.sealing import DIGEST_SIZE
from gdpr.vault.encoding import unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gdpr.audit.entries import Checkpoint
    from gdpr.audit.journal import Journal
    from gdpr.audit.signers import Signers
    from gdpr.errors import Damaged
    from gdpr.store.record import Record


class Completeness:
    """Compares sums of rows with what the desks say they wrote, inside a change of one journal."""

    def __init__(self, journal: Journal) -> None:
        """Ask about the desk of `journal`; `signers` are given by whoever knows the cards."""
        self.signers: Signers | None = None
        self._journal = journal
        self._sound_at: int | None = None

    def few(self, pending: Mapping[str, int]) -> list[Damaged]:
        """Return what is wrong with the tables of few rows.

        `pending` is what that change did so far, by table.
        """
        if self._journal.place()[1]:
            return []  # the whole database is older than its anchor, which is told of it
        models = [model for model in self._journal.session.schema.all_models() if model.few]
        log = self._log()
        newest = [] if log is None else self._newest(log)
        return [_error(one) for one in (*newest, *self._compare(models, pending, log))]

    def require(self, pending: Mapping[str, int]) -> None:
        """Raise unless the small tables and the holdings are whole.

        Nothing is added up twice while nobody else has written.
        """
        version = written_by_others(self._journal.session.database)
        if version is not None and version == self._sound_at:
            return
        models = [model for model in self._journal.session.schema.all_models() if model.few]
        log = self._log()
        refused = [] if log is None else self._refused(log)
        for damage in (*refused, *self._compare([*models, Holding], pending, log)):
            raise _error(damage)
        self._sound_at = version

    def _log(self) -> CutOffs | None:
        if self.signers is None:
            return None
        desk, desk_id = self._journal.session, self._journal.desk_id
        return CutOffs(desk.database, desk.ring.vault_id, Signatures(self.signers), desk_id)

    def _newest(self, log: CutOffs) -> list[Damage]:
        """Ask of each chain what costs nothing: its last entry, and what no anchor has seen yet."""
        database, own = self._journal.session.database, self._journal.desk_id
        try:
            anchor = self._journal.anchors.read()
        except StateFileDamaged:
            return []  # an alarm of its own
        entries: list[Entry | str | None] = []
        for desk_id in desks_in(database):
            last = last_of(database, desk_id)
            if desk_id == own:
                entries += chain_of(database, own, 0 if anchor is None else anchor.seq)
            elif last is not None:
                entries.append(entry_at(database, desk_id, last[0]))
        damages = [
            Damage(ENTRY_TABLE, entry_name(entry.desk, entry.seq), why)
            for entry in entries
            if isinstance(entry, Entry) and (why := log.refusal(entry)) is not None
        ]
        return self._new(damages, {}, log)

    def _refused(self, log: CutOffs) -> list[Damage]:
        """Follow every chain from where it was last proved.

        Its newest signature covers all that is before it, so none but that is checked.
        """
        desk = self._journal.session
        known = checkpoints(desk.database)
        check = ChainCheck(desk.ring.vault_id, None, log)
        for desk_id in desks_in(desk.database):
            check.follow(desk.database, self._marked(known.get(desk_id), log) or Chain(desk_id))
        return self._new(check.damages, check.marks, log)

    def _compare(
        self, models: list[type[Record]], pending: Mapping[str, int], log: CutOffs | None
    ) -> list[Damage]:
        journal = self._journal
        rows = RowCheck(journal.session)
        rows.run(models)
        tables = frozenset(layout_of(model).table for model in models)
        place, _broken = journal.place()
        own = Chain(journal.desk_id, place.seq, place.hash)
        own.digests = {
            table: (place.digests.get(table, 0) + pending.get(table, 0)) % DIGEST_SIZE
            for table in tables
        }
        damages: list[Damage] = []
        chains = [own, *self._others(tables, damages, log)]
        sums, marks = compare(rows, chains)
        return self._new([*rows.damages, *damages, *sums], marks, log)

    def _new(
        self, damages: list[Damage], marks: Mapping[Damage, str], log: CutOffs | None
    ) -> list[Damage]:
        """Leave out what an owner has signed for, so that work goes on upon what is left."""
        if not damages or log is None:
            return damages
        desk = self._journal.session
        return part(damages, marks, acknowledged(desk.database, desk.ring.vault_id, log))[0]

    def _others(
        self, tables: frozenset[str], damages: list[Damage], log: CutOffs | None
    ) -> Iterator[Chain]:
        """Yield what the other desks last noted about some tables, from entries that hold."""
        desk = self._journal.session
        others = [one for one in desks_in(desk.database) if one != self._journal.desk_id]
        if not others:
            return
        known = checkpoints(desk.database)
        hashes = EntryHash(desk.ring.vault_id)
        for desk_id in others:
            chain = self._marked(known.get(desk_id), log) or Chain(desk_id)
            digests = {table: chain.digests.get(table, 0) for table in tables}
            for table in sorted(tables):
                entry = last_noting(desk.database, desk_id, chain.seq, table)
                if entry is None:
                    continue
                if not _holds(entry, hashes, log):
                    damages.append(Damage(ENTRY_TABLE, entry_name(entry.desk, entry.seq), "hash"))
                    continue
                digests[table] = unpack_numbers(entry.digests or b"").get(table, 0)
            chain.digests = digests
            yield chain

    def _marked(self, mark: Checkpoint | None, log: CutOffs | None) -> Chain | None:
        """Return a chain that stands where it was last proved, if its checkpoint holds."""
        if mark is None:
            return None
        try:
            message = checkpoint_message(self._journal.session.ring.vault_id, mark)
            chain = Chain.from_checkpoint(mark)
        except MISTYPED:
            return None
        if log is None:
            return chain
        signer = (mark.actor, mark.card_counter)
        held = log.signatures.holds(*signer, mark.sig, message) and not log.ended(*signer)
        return chain if held and log.refusal_of_mark(mark) is None else None


def _holds(entry: Entry, hashes: EntryHash, log: CutOffs | None) -> bool:
    try:
        whole = hashes.of(entry) == entry.hash
        unpack_numbers(entry.digests or b"")
    except MISTYPED:
        return False
    signer = (entry.actor, entry.card_counter)
    return whole and (log is None or log.signatures.holds(*signer, entry.sig, entry.hash))


def _error(damage: Damage) -> Damaged:
    if damage.row is None:
        return SumsDiffer(table=damage.table)
    if damage.why in {CARD, ROLE}:
        return EntryRefused(table=damage.table, row=damage.row)
    return Unreadable(table=damage.table, row=damage.row)
