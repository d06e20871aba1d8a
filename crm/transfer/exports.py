"""Files out: the clients a user may see, in a form that spreadsheets leave alone.

An export holds what the user's roles read and nothing else. Those whose data are going are left
out, because what goes is used for nothing, and so are people who are only contact persons; that
holds for clients who were chosen by their numbers as it does for all.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from crm.copies.copies import EXPORT, new_copy
from crm.copies.outgoing import outgoing
from crm.files.writing import PROFILES, OutColumn, TableWriter, column_of, heading_of, said
from crm.i18n import Words
from crm.kinds.party import BY_NAME, IN_FILES, TRADES_AS
from crm.models.party import Party, Status
from crm.parties.grace_period import going_parties
from crm.parties.masking import Masking
from crm.privacy import BILLING, IDENTITY, ITEMS
from crm.session.errors import FolderUnusable, NumberOfNobody, UnknownProfile
from crm.session.progress import counted
from crm.transfer.cards import ExportContents, ExportResult
from crm.transfer.imported_lines import Witness
from gdpr.audit.events import Event
from gdpr.errors import Damaged, NoKey
from gdpr.store.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from crm.session.context import RegisterContext
    from crm.session.progress import Progress

# So many clients are written before somebody else may ask something.
STEP: Final = 100
# Who only keeps the books, and by which items a purpose is one of the books.
_BOOKKEEPERS: Final = frozenset({"accountant", "auditor"})
_BOOKS: Final = frozenset(item.code for item in ITEMS.values() if item.category is BILLING)
# A file names its columns as import reads them back, in the language of its reader.
_PLAIN: Final = {
    "number": Words("number", "Nr.", "N."),
    "kind": Words("kind", "Klienta veids", "Tipo"),
    "country": Words("country", "Valsts", "Paese"),
    "status": Words("status", "Statuss", "Situazione"),
}
# Words that import reads back; the codes themselves stand in plain files.
_WORDS: Final = {
    "legal": Words("legal", "juridiska", "società"),
    "natural": Words("natural", "fiziska", "privato"),
    "active": Words("active", "aktīvs", "attivo"),
    "former": Words("former", "bijušais", "ex cliente"),
    "prospect": Words("prospect", "interesents", "potenziale"),
}


class Exports:
    """Files out."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context

    def contents(self, profile: str, only: Collection[int] | None = None) -> ExportContents:
        """Tell which columns the user's file would have, and how many clients there are.

        `only` are the numbers of clients who were chosen.
        """
        self._refuse(profile)
        columns = tuple(column.heading for column in _columns(profile, self._shown()))
        clients = Party.status != Status.CONTACT.value
        parts = [clients] if only is None else [clients & (Party.number << n) for n in _parts(only)]
        held = self._held(())
        count = 0
        for part in parts:
            query: Any = Party.select(Party.id).where(part).bind(self._context.session.database)
            rows = query.tuples()
            count += query.count() if held is None else sum(bytes(row[0]) in held for row in rows)
        return ExportContents(columns, count)

    def clients(
        self,
        target: Path | BinaryIO,
        profile: str,
        *,
        only: Collection[int] | None = None,
        purposes: Collection[str] = (),
        progress: Progress | None = None,
    ) -> ExportResult:
        """Write the clients to a private file that is a known copy, or to a stream.

        Official numbers and accounts of people stand unmasked in the accountant's own files: in
        those of users whose roles read billing. To others the columns do not exist. `only` are the
        numbers of clients who were chosen; one that nobody has is refused before anything is
        written. `progress` is told how many more were gone through; what it raises ends the export
        without a trace. With `purposes` only those are written who are kept for one of them; the
        file of an accountant holds nobody whom no purpose of the books names (Art. 5(1)(b)).
        """
        context = self._context
        self._refuse(profile)
        held = self._held(purposes)
        told: dict[str, int | str] = {"profile": profile}
        if only is not None:
            self._refuse_nobody(only)
            told["chosen"] = len(set(only))
        wanted = _Wanted(profile, only, progress, held)
        if not isinstance(target, Path):
            done, witness = self._write(target, wanted)
            with context.journal.audited_change(
                Event.EXPORTED, None, count=done.written, **told
            ) as deed:
                witness.lines(context).save(deed)
            return done.result(profile, "-", None)
        if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
            raise FolderUnusable
        copy = new_copy(context, EXPORT, target)
        event = (Event.EXPORTED, bytes(copy.id))
        # The file gets its name when this block ends: after its marks are known, or not at all.
        with outgoing(context, copy) as work, work.file(copy) as stream:
            done, witness = self._write(stream, wanted)
            with context.journal.audited_change(*event, count=done.written, **told) as deed:
                work.settle(copy, stream, deed)
                witness.lines(context).save(deed)
        return done.result(profile, str(copy.place), copy.ends)

    def _held(self, purposes: Collection[str]) -> frozenset[bytes] | None:
        """Find who is kept for these purposes; None where everybody may be in the file."""
        context = self._context
        book = context.grounds.rulebook
        codes = {book.purpose(code).code for code in purposes}
        if not codes and set(context.access.roles) <= _BOOKKEEPERS:
            versions = book.versions.values()
            codes = {one.code for one in versions if not _BOOKS.isdisjoint(one.items)}
        if not codes:
            return None
        return context.grounds.parties_held(codes, context.day)

    def _refuse(self, profile: str) -> None:
        if profile not in PROFILES:
            raise UnknownProfile(known=", ".join(PROFILES))
        if IDENTITY.code not in self._context.access.reads:
            raise NoKey(category=IDENTITY.code)

    def _refuse_nobody(self, numbers: Collection[int]) -> None:
        """Refuse a number that no party has: the file would not be what was asked for."""
        for part in _parts(numbers):
            query = Party.select(Party.number).where(Party.number << part)
            known: Any = query.bind(self._context.session.database).tuples()
            if missing := sorted(set(part) - {row[0] for row in known}):
                raise NumberOfNobody(number=missing[0])

    def _write(self, stream: BinaryIO, wanted: _Wanted) -> tuple[_Done, Witness]:
        shown, profile = self._shown(), wanted.profile
        columns = _columns(profile, shown)
        done = _Done()
        going = going_parties(self._context)
        masking = Masking(self._context, reveal=BILLING.code in self._context.access.reads)
        witness = Witness(stream)
        with TableWriter(cast("BinaryIO", witness), columns, PROFILES[profile]) as table:
            for party in counted(self._parties(wanted.only), wanted.progress):
                if party.status == Status.CONTACT:
                    done.contacts += wanted.only is not None
                    continue
                if wanted.held is not None and bytes(party.id) not in wanted.held:
                    done.others += 1
                    continue
                if bytes(party.id) in going:
                    done.going += 1
                    continue
                try:
                    natural = not party.is_legal_person()
                    cells = [_cell(masking, party, shown[code], natural=natural) for code in shown]
                except Damaged as damage:
                    self._context.session.damage.append(damage)
                    continue
                kind, status = (said(_WORDS, c, profile) for c in (party.kind, party.status))
                table.write([party.number, kind, party.country, status, *cells])
        done.written = table.written
        return done, witness

    def _shown(self) -> dict[str, tuple[str, ...]]:
        """Choose the columns of which the user may read at least a part."""
        layout = layout_of(Party)
        reads = self._context.access.reads
        shown = {}
        for code in IN_FILES:
            columns = dict.fromkeys((code, TRADES_AS.get(code, code)))
            readable = tuple(name for name in columns if layout.column(name).category in reads)
            if readable:
                shown[code] = readable
        return shown

    def _parties(self, only: Collection[int] | None) -> Iterator[Party]:
        """Yield everybody by number, or those who were chosen."""
        session = self._context.session
        if only is None:
            yield from session.each(Party)
            return
        for part in _parts(only):
            yield from sorted(session.among(Party, "number", part), key=lambda party: party.number)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one export was asked for."""

    profile: str
    only: Collection[int] | None
    progress: Progress | None
    held: frozenset[bytes] | None


@dataclass(slots=True)
class _Done:
    """What became of those who were gone through."""

    written: int = 0
    going: int = 0
    contacts: int = 0
    others: int = 0

    def result(self, profile: str, path: str, ends: str | None) -> ExportResult:
        """Say what was written, and who was left out and why."""
        counts = (self.going, self.contacts, self.others)
        return ExportResult(self.written, profile, path, ends, *counts)


def _columns(profile: str, shown: Iterable[str]) -> list[OutColumn]:
    plain = [OutColumn(heading_of(code, words, profile)) for code, words in _PLAIN.items()]
    return [*plain, *(column_of(BY_NAME[code], profile) for code in shown)]


def _parts(numbers: Collection[int]) -> Iterator[list[int]]:
    """Yield numbers in their order, as many as one question takes."""
    ordered = sorted(set(numbers))
    for start in range(0, len(ordered), STEP):
        yield ordered[start : start + STEP]


def _cell(masking: Masking, party: Party, columns: tuple[str, ...], *, natural: bool) -> str | None:
    opened = (masking.of(party, name, natural=natural) for name in columns)
    return next((value for value in opened if value is not None), None)
