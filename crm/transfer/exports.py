"""Files out: the clients a user may see, in a form that spreadsheets leave alone.

An export holds what the user's roles read and nothing else. Those whose data are going are left
out, because what goes is used for nothing, and so are people who are only contact persons; that
holds for clients who were chosen by their numbers as it does for all.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from crm.files.writing import PROFILES, OutColumn, TableWriter, column_of, heading_of, said
from crm.i18n import Words
from crm.kinds.party import BY_NAME, IN_FILES, TRADES_AS
from crm.models.party import Party, Status
from crm.parties.grace_period import going_parties
from crm.parties.masking import Masking
from crm.privacy import BILLING, IDENTITY, ITEMS
from crm.session.context import RegisterService
from crm.session.progress import counted
from crm.transfer.cards import ExportContents
from crm.transfer.errors import NumberOfNobody
from crm.transfer.table_file import refuse_profile, write_table
from gdpr.audit.events import Event
from gdpr.errors import Damaged
from gdpr.store.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from crm.files.writing import Cell, TableWriter
    from crm.session.progress import Progress
    from crm.transfer.cards import ExportResult

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
# What is called by the names of languages and countries.
_OF_LOCALES: Final = {"country": "territories", "language": "languages"}


class Exports(RegisterService):
    """Files out."""

    def contents(self, profile: str, only: Collection[int] | None = None) -> ExportContents:
        """Tell which columns the user's file would have, and how many clients there are.

        `only` are the numbers of clients who were chosen.
        """
        refuse_profile(self._context, profile, IDENTITY)
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
        refuse_profile(self._context, profile, IDENTITY)
        told: dict[str, int] = {}
        if only is not None:
            self._refuse_nobody(only)
            told["chosen"] = len(set(only))
        shown, held = self._shown(), self._held(purposes)

        def fill(table: TableWriter) -> Counter[str]:
            left = Counter[str]()
            going = going_parties(self._context)
            masking = Masking(self._context, reveal=BILLING.code in self._context.access.reads)
            for party in counted(self._parties(only), progress):
                if party.status == Status.CONTACT:
                    left["contacts"] += only is not None
                elif held is not None and bytes(party.id) not in held:
                    left["others"] += 1
                elif bytes(party.id) in going:
                    left["left_out"] += 1
                elif cells := self._cells(masking, party, shown, profile):
                    table.write(cells)
            return left

        columns, event = _columns(profile, shown), Event.EXPORTED
        return write_table(self._context, target, profile, columns, fill, event=event, **told)

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

    def _refuse_nobody(self, numbers: Collection[int]) -> None:
        """Refuse a number that no party has: the file would not be what was asked for."""
        for part in _parts(numbers):
            query = Party.select(Party.number).where(Party.number << part)
            known: Any = query.bind(self._context.session.database).tuples()
            if missing := sorted(set(part) - {row[0] for row in known}):
                raise NumberOfNobody(number=missing[0])

    def _cells(
        self, masking: Masking, party: Party, shown: Mapping[str, tuple[str, ...]], profile: str
    ) -> list[Cell] | None:
        natural = not party.is_legal_person()
        try:
            cells = [
                _in_words(code, _cell(masking, party, columns, natural=natural), profile)
                for code, columns in shown.items()
            ]
        except Damaged as damage:
            self._context.session.damage.append(damage)
            return None
        kind, status = (said(_WORDS, code, profile) for code in (party.kind, party.status))
        country = _in_words("country", party.country, profile)
        return [party.number, kind, country, status, *cells]

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


def _columns(profile: str, shown: Iterable[str]) -> list[OutColumn]:
    plain = [OutColumn(heading_of(code, words, profile)) for code, words in _PLAIN.items()]
    return [*plain, *(column_of(BY_NAME[code], profile) for code in shown)]


def _parts(numbers: Collection[int]) -> Iterator[list[int]]:
    """Yield numbers in their order, as many as one question takes."""
    ordered = sorted(set(numbers))
    for start in range(0, len(ordered), STEP):
        yield ordered[start : start + STEP]


def _in_words(field: str, code: str | None, profile: str) -> str | None:
    """Say the code of a field in the language of the file's reader, in words import reads back."""
    language = PROFILES[profile].language
    if code is not None and language and field in _OF_LOCALES:
        from babel import Locale  # noqa: PLC0415 - a plain file names no language

        return str(getattr(Locale.parse(language), _OF_LOCALES[field]).get(code, code))
    codes = BY_NAME[field].codes if field in BY_NAME else {}
    return said(codes, code, profile)


def _cell(masking: Masking, party: Party, columns: tuple[str, ...], *, natural: bool) -> str | None:
    opened = (masking.of(party, name, natural=natural) for name in columns)
    return next((value for value in opened if value is not None), None)
