"""Files out: the clients a user may see, in a form that spreadsheets leave alone.

An export holds what the user's roles read and nothing else. Those whose data are going are left
out, because what goes is used for nothing, and so are people who are only contact persons.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar, cast

from crm.file_cards import ExportContents, ExportResult
from crm.files.private import private_file
from crm.files.writing import PROFILES, Holds, OutColumn, TableWriter
from crm.models.party import Party, Status
from crm.privacy import BILLING, IDENTITY
from crm.services.copies import EXPORT, new_copy
from crm.services.errors import FolderUnusable, UnknownProfile
from crm.services.fields import MORE
from crm.services.imported_lines import Witness
from crm.services.sight import Sight
from crm.services.standing import going_parties
from gdpr.audit.events import Event
from gdpr.errors import Damaged, NoKey
from gdpr.store.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crm.services.office import Office

    Progress = Callable[[int], None]

# So many clients are written before somebody else may ask something.
STEP: Final = 100
# What the file shows, in order: heading code -> the columns it may stand in, and what they hold.
_PERSONAL: Final[Mapping[str, tuple[tuple[str, ...], Holds]]] = {
    "name": (("name",), Holds.TEXT),
    "given_name": (("given_name",), Holds.TEXT),
    "family_name": (("family_name",), Holds.TEXT),
    "reg_no": (("reg_no",), Holds.DIGITS),
    "vat_no": (("vat_no", "trader_vat_no"), Holds.DIGITS),
    "personal_code": (("personal_code",), Holds.DIGITS),
    "email": (("email",), Holds.TEXT),
    "phone": (("phone",), Holds.PHONE),
    "legal_address": (("legal_address",), Holds.TEXT),
    "delivery_address": (("delivery_address",), Holds.TEXT),
    "language": (("language",), Holds.TEXT),
    "channel": (("channel",), Holds.TEXT),
    "iban": (("iban",), Holds.DIGITS),
}
# Personal columns that have no place of their own above stand behind these, under their own name.
_FIELDS: Final = {**_PERSONAL, **{column: ((column,), Holds.TEXT) for column in MORE}}
_PLAIN: Final = ("number", "kind", "country", "status")
# A file names its columns as import reads them back, in the language of its reader.
_HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "excel-lv": {
        "number": "Nr.",
        "kind": "Klienta veids",
        "country": "Valsts",
        "status": "Statuss",
        "name": "Nosaukums",
        "given_name": "Vārds",
        "family_name": "Uzvārds",
        "reg_no": "Reģ. Nr.",
        "vat_no": "PVN Nr.",
        "personal_code": "Personas kods",
        "email": "E-pasts",
        "phone": "Tālrunis",
        "legal_address": "Juridiskā adrese",
        "delivery_address": "Piegādes adrese",
        "language": "Valoda",
        "channel": "Saziņas veids",
        "iban": "Konts (IBAN)",
    },
    "excel-it": {
        "number": "N.",
        "kind": "Tipo",
        "country": "Paese",
        "status": "Situazione",
        "name": "Denominazione",
        "given_name": "Nome",
        "family_name": "Cognome",
        "reg_no": "Numero di registrazione",
        "vat_no": "Partita IVA",
        "personal_code": "Codice fiscale",
        "email": "E-mail",
        "phone": "Telefono",
        "legal_address": "Indirizzo",
        "delivery_address": "Indirizzo di consegna",
        "language": "Lingua",
        "channel": "Canale",
        "iban": "IBAN",
    },
}
# Words that import reads back; the codes themselves stand in plain files.
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "excel-lv": {
        "legal": "juridiska",
        "natural": "fiziska",
        "active": "aktīvs",
        "former": "bijušais",
        "prospect": "interesents",
    },
    "excel-it": {
        "legal": "società",
        "natural": "privato",
        "active": "attivo",
        "former": "ex cliente",
        "prospect": "potenziale",
    },
}


class Exports:
    """Files out."""

    def __init__(self, office: Office) -> None:
        """Work in `office`."""
        self._office = office

    def contents(self, profile: str) -> ExportContents:
        """Tell which columns the user's file would have, and how many clients there are."""
        self._refuse(profile)
        headings = _HEADINGS.get(profile, {})
        columns = tuple(headings.get(code, code) for code in (*_PLAIN, *self._shown()))
        query = Party.select().where(Party.status != Status.CONTACT.value)
        return ExportContents(columns, query.bind(self._office.desk.database).count())

    def clients(
        self, target: Path | BinaryIO, profile: str, *, progress: Progress | None = None
    ) -> ExportResult:
        """Write the clients to a private file that is a known copy, or to a stream.

        Official numbers and accounts of people stand unmasked in the accountant's own files: in
        those of users whose roles read billing. To others the columns do not exist. `progress` is
        told how many more were gone through; what it raises ends the export without a trace.
        """
        office = self._office
        self._refuse(profile)
        if not isinstance(target, Path):
            written, left_out, witness = self._write(target, profile, progress)
            with office.journal.deed(Event.EXPORTED, None, count=written, profile=profile) as deed:
                witness.lines(office).save(deed)
            return ExportResult(written, profile, "-", None, left_out)
        if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
            raise FolderUnusable
        copy = new_copy(office, EXPORT, target)
        event = (Event.EXPORTED, bytes(copy.id))
        # The file gets its name when this block ends: after the copy is known, or not at all.
        with private_file(target) as stream:
            written, left_out, witness = self._write(stream, profile, progress)
            with office.journal.deed(*event, count=written, profile=profile) as deed:
                deed.insert(copy)
                witness.lines(office).save(deed)
        return ExportResult(written, profile, copy.path, copy.ends, left_out)

    def _refuse(self, profile: str) -> None:
        if profile not in PROFILES:
            raise UnknownProfile(known=", ".join(PROFILES))
        if IDENTITY.code not in self._office.access.reads:
            raise NoKey(category=IDENTITY.code)

    def _write(
        self, stream: BinaryIO, profile: str, progress: Progress | None
    ) -> tuple[int, int, Witness]:
        shown = self._shown()
        headings, words = _HEADINGS.get(profile, {}), _WORDS.get(profile, {})
        columns = [OutColumn(headings.get(code, code)) for code in _PLAIN]
        columns += [OutColumn(headings.get(code, code), _FIELDS[code][1]) for code in shown]
        left_out = 0
        sight = Sight(self._office, reveal=BILLING.code in self._office.access.reads)
        witness = Witness(stream)
        with TableWriter(cast("BinaryIO", witness), columns, PROFILES[profile]) as table:
            for party in counted(self._parties(), progress):
                if party is None:
                    left_out += 1
                    continue
                try:
                    natural = not party.is_legal_person()
                    cells = [_cell(sight, party, shown[code], natural=natural) for code in shown]
                except Damaged as damage:
                    self._office.desk.damage.append(damage)
                    continue
                kind, status = (words.get(code, code) for code in (party.kind, party.status))
                table.write([party.number, kind, party.country, status, *cells])
        return table.written, left_out, witness

    def _shown(self) -> dict[str, tuple[str, ...]]:
        """Choose the columns of which the user may read at least a part."""
        layout = layout_of(Party)
        reads = self._office.access.reads
        shown = {}
        for code, (columns, _holds) in _FIELDS.items():
            readable = tuple(name for name in columns if layout.column(name).category in reads)
            if readable:
                shown[code] = readable
        return shown

    def _parties(self) -> Iterator[Party | None]:
        """Yield the clients by number; None stands for one that is left out because it is going."""
        going = going_parties(self._office)
        for party in self._office.desk.each(Party):
            if party.status == Status.CONTACT:
                continue
            yield None if bytes(party.id) in going else party


_One = TypeVar("_One")


def counted(rows: Iterable[_One], progress: Progress | None) -> Iterator[_One]:
    """Pass rows on, and tell after every hundred that there were so many more."""
    gone = 0
    for gone, row in enumerate(rows, start=1):
        yield row
        if progress is not None and gone % STEP == 0:
            progress(STEP)
    if progress is not None and gone % STEP:
        progress(gone % STEP)


def _cell(sight: Sight, party: Party, columns: tuple[str, ...], *, natural: bool) -> str | None:
    opened = (sight.of(party, name, natural=natural) for name in columns)
    return next((value for value in opened if value is not None), None)
