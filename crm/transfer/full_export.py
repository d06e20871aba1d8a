"""Leaving: the whole register in files that any other program reads, every field in the clear.

One CSV and one JSON file for each table, named after it, and a manifest with their hashes. What is
derived, keys and search tokens above all, stays behind: it is of no use elsewhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from crm.copies.copies import EXPORT, new_copy
from crm.copies.outgoing import outgoing, usable_folder
from crm.errors import FolderUnusable
from crm.files.file_marks import content_hash
from crm.files.writing import PROFILES, OutColumn, TableWriter
from crm.models.party import Party
from crm.privacy import Duty
from crm.schema import SCHEMA
from crm.session.progress import counted
from crm.shape.parsing import as_json
from crm.shape.tables import KindRow
from crm.transfer.cards import WholeExport
from gdpr.audit.events import Event
from gdpr.clock import instant_of
from gdpr.errors import Damaged
from gdpr.store.fields import OptionalInteger, PlainInteger
from gdpr.store.layout import layout_of
from gdpr.store.settings import read_setting
from gdpr.store.snapshot import is_token, key_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.copies.outgoing import Outgoing
    from crm.models.files import KnownCopy
    from crm.session.context import RegisterContext
    from crm.session.progress import Progress
    from gdpr.store.record import Record

PROFILE: Final = "everything"
MANIFEST: Final = "manifest.json"
_MICROSECONDS: Final = "µs"


class FullExport:
    """Writes out everything; for owners, because it is everything."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        self._numbers: dict[bytes, int] = {}

    def write(self, folder: Path, *, progress: Progress | None = None) -> WholeExport:
        """Write every table into a new or empty folder; each file is a known copy from then on.

        `progress` is told how many more rows were written.
        """
        context = self._context
        context.access.need(Duty.KEYS)
        with usable_folder(folder) as place:
            if any(place.iterdir()):
                raise FolderUnusable
            return self._write(place, progress)

    def _write(self, folder: Path, progress: Progress | None) -> WholeExport:
        context = self._context
        models = [m for m in SCHEMA.models if layout_of(m).table not in key_tables()]
        names = [f"{layout_of(m).table}.{form}" for m in models for form in ("csv", "json")]
        copies = [new_copy(context, EXPORT, folder / name) for name in (*names, MANIFEST)]
        counts: dict[str, int | str] = {"files": len(copies), "tables": len(models)}
        counts["profile"] = PROFILE
        self._numbers = {bytes(party.id): party.number for party in context.session.each(Party)}
        written: list[dict[str, object]] = []
        places = iter(copies)
        with outgoing(context, *copies, event=Event.EXPORTED, counts=counts) as work:
            for model in models:
                written += self._table(model, work, (next(places), next(places)), progress)
            with work.file(next(places)) as stream:
                stream.write(self._manifest(written))
        return WholeExport(
            folder=str(folder),
            tables=len(models),
            files=len(copies),
            rows=sum(int(str(each["rows"])) for each in written) // 2,
            ends=copies[0].ends,
        )

    def _manifest(self, written: list[dict[str, object]]) -> bytes:
        manifest = {
            "firm": read_setting(self._context.session, "firm_name"),
            "made": self._context.clock.now().isoformat(timespec="seconds"),
            "csv": "UTF-8, RFC 4180; an apostrophe stands before what a spreadsheet would run",
            "files": written,
        }
        return json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"

    def _table(
        self,
        model: type[Record],
        work: Outgoing,
        copies: tuple[KnownCopy, KnownCopy],
        progress: Progress | None,
    ) -> Iterator[dict[str, object]]:
        columns = self._columns(model)
        rows = 0
        with work.file(copies[0]) as sheet, work.file(copies[1]) as text:
            with TableWriter(sheet, [OutColumn(c) for c in columns], PROFILES["rfc4180"]) as csv:
                for record in counted(self._context.session.each(model), progress):
                    try:
                        row = self._row(record, columns)
                    except Damaged as damage:
                        self._context.session.damage.append(damage)
                        continue
                    csv.write([row[name] for name in columns])
                    _append(text, _unfolded(model, row), first=rows == 0)
                    rows += 1
            text.write(b"]\n" if rows else b"[]\n")
        for copy in copies:
            yield {"name": copy.place.name, "rows": rows, "sha256": _hash(copy.place)}

    @staticmethod
    def _columns(model: type[Record]) -> list[str]:
        layout = layout_of(model)
        kept = [name for name in layout.columns[3:] if not is_token(name)]
        numbered = layout.subject and layout.subject != "id"
        return ["id", *(["party_number"] if numbered else []), *kept]

    def _row(self, record: Record, columns: list[str]) -> dict[str, Any]:
        layout = type(record).layout()
        personal = {column.name for column in layout.sealed}
        row: dict[str, Any] = {}
        for name in columns:
            if name == "party_number":
                row[name] = self._numbers.get(bytes(getattr(record, layout.subject)))
            elif name in personal and not record.holds(name):
                row[name] = None
            else:
                row[name] = _shown(type(record), name, getattr(record, name))
        return row


def _shown(model: type[Record], name: str, value: Any) -> Any:
    field = model._meta.fields[name]  # noqa: SLF001 - peewee keeps its column table there
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    moment = isinstance(field, (PlainInteger, OptionalInteger)) and _MICROSECONDS in field.reason
    return instant_of(value).isoformat() if moment and value is not None else value


def _unfolded(model: type[Record], row: dict[str, Any]) -> dict[str, Any]:
    """Give programs the rows below a record, and what it leads to, as lists."""
    fields = model.shape.fields if issubclass(model, KindRow) else ()
    return row | {one.name: as_json(one, row[one.name]) for one in fields if one.several}


def _append(stream: BinaryIO, row: dict[str, Any], *, first: bool) -> None:
    start = b"[\n" if first else b",\n"
    stream.write(start + json.dumps(row, ensure_ascii=False).encode())


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return content_hash(stream).hex()
