"""Records written to a file: what a user may see, in a form that spreadsheets leave alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm.files.writing import PROFILES, OutColumn, TableWriter, column_of, heading_of, said
from crm.parties.grace_period import going_parties
from crm.privacy import BILLING
from crm.records.headings import CLIENT, NUMBER, OWN, STATE
from crm.records.reading import RecordLister, RecordReader
from crm.shape.cards import RecordQuery
from crm.shape.parsing import cell_of
from crm.shape.rows import rows_text
from crm.shape.tables import model_of
from crm.transfer.table_file import refuse_profile, write_table
from gdpr.audit.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from crm.files.writing import Cell, TableWriter
    from crm.session.context import RegisterContext
    from crm.shape.cards import RecordCard
    from crm.shape.description import Field, Shape
    from crm.shape.tables import KindRow
    from crm.transfer.cards import ExportResult


class RecordExport:
    """Writes the records of one kind."""

    def __init__(self, context: RegisterContext, shape: Shape) -> None:
        """Write with the rights of the user of `context`."""
        self._context, self._shape = context, shape

    def write(
        self, target: Path | BinaryIO, profile: str, query: RecordQuery | None = None
    ) -> ExportResult:
        """Write records to a private file that is a known copy, or to a stream.

        Those of clients who are going are left out, because what goes is used for nothing, and so
        are those that outlive their client. What is masked elsewhere stands there in full for users
        whose roles read billing, as in every file of theirs.
        """
        shape, context = self._shape, self._context
        refuse_profile(context, profile, shape.category)
        fields = [one for one in shape.fields if self._may_read(one)]
        own = [NUMBER, CLIENT, *([STATE] if shape.states is not None else [])]
        columns = [OutColumn(heading_of(name, OWN[name], profile)) for name in own]
        columns += [column_of(one, profile) for one in fields]
        going = going_parties(context)

        def fill(table: TableWriter) -> Counter[str]:
            left = Counter[str]()
            for row, card in self._rows(query or RecordQuery()):
                if card.client is None or bytes(row.party) in going:
                    left["left_out"] += 1
                else:
                    table.write([*self._own(card, profile), *_cells(card, fields, profile)])
            return left

        event, noun = Event.RECORDS_EXPORTED, shape.noun
        return write_table(context, target, profile, columns, fill, event=event, noun=noun)

    def _rows(self, query: RecordQuery) -> Iterator[tuple[KindRow, RecordCard]]:
        context, shape = self._context, self._shape
        reader = RecordReader(context, shape, reveal=BILLING.code in context.access.reads)
        for ids in RecordLister(context, shape).pieces(query):
            rows = context.session.among(model_of(shape), "id", ids)
            ordered = sorted(rows, key=lambda row: ids.index(bytes(row.id)))
            yield from zip(ordered, reader.cards(ordered), strict=True)

    def _own(self, card: RecordCard, profile: str) -> list[Cell]:
        cells: list[Cell] = [card.number, card.client]
        if self._shape.states is not None:
            cells.append(said(self._shape.states.words, card.state, profile))
        return cells

    def _may_read(self, field: Field) -> bool:
        return field.item is None or field.item.category.code in self._context.access.reads


def _cells(card: RecordCard, fields: list[Field], profile: str) -> list[Cell]:
    cells: list[Cell] = []
    for field in fields:
        stored = card.values[field.name]
        if field.codes:
            cells.append(said(field.codes, stored, profile))
        elif field.rows:
            cells.append(rows_text(field, stored, PROFILES[profile].language))
        else:
            cells.append(stored if field.name in card.masked else cell_of(field, stored))
    return cells
