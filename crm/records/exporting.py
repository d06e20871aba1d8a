"""Records written to a file: what a user may see, in a form that spreadsheets leave alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from crm.copies.copies import EXPORT, new_copy
from crm.copies.outgoing import outgoing
from crm.files.writing import PROFILES, OutColumn, TableWriter, column_of, heading_of, said
from crm.parties.grace_period import going_parties
from crm.privacy import BILLING
from crm.records.headings import CLIENT, NUMBER, OWN, STATE
from crm.records.listing import RecordLister
from crm.records.reading import RecordReader
from crm.session.errors import FolderUnusable, UnknownProfile
from crm.shape.cards import RecordQuery
from crm.shape.parsing import cell_of
from crm.shape.tables import model_of
from crm.transfer.cards import ExportResult
from crm.transfer.imported_lines import Witness
from gdpr.audit.events import Event
from gdpr.errors import NoKey

if TYPE_CHECKING:
    from crm.files.writing import Cell
    from crm.session.context import RegisterContext
    from crm.shape.cards import RecordCard
    from crm.shape.description import Field, Shape


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
        context, noun = self._context, self._shape.noun
        if profile not in PROFILES:
            raise UnknownProfile(known=", ".join(PROFILES))
        if self._shape.category.code not in context.access.reads:
            raise NoKey(category=self._shape.category.code)
        wanted = query or RecordQuery()
        told: dict[str, int | str] = {"profile": profile, "noun": noun}
        if not isinstance(target, Path):
            left, witness, count = self._write(target, profile, wanted)
            with context.journal.audited_change(
                Event.RECORDS_EXPORTED, None, count=count, **told
            ) as deed:
                witness.lines(context).save(deed)
            return ExportResult(count, profile, "-", None, left)
        if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
            raise FolderUnusable
        copy = new_copy(context, EXPORT, target)
        event = (Event.RECORDS_EXPORTED, bytes(copy.id))
        # The file gets its name when this block ends: after its marks are known, or not at all.
        with outgoing(context, copy) as work, work.file(copy) as stream:
            left, witness, count = self._write(stream, profile, wanted)
            with context.journal.audited_change(*event, count=count, **told) as deed:
                work.settle(copy, stream, deed)
                witness.lines(context).save(deed)
        return ExportResult(count, profile, str(copy.place), copy.ends, left)

    def _write(
        self, stream: BinaryIO, profile: str, query: RecordQuery
    ) -> tuple[int, Witness, int]:
        shape, context = self._shape, self._context
        fields = [one for one in shape.fields if self._may_read(one)]
        own = [NUMBER, CLIENT, *([STATE] if shape.states is not None else [])]
        columns = [OutColumn(heading_of(name, OWN[name], profile)) for name in own]
        columns += [column_of(one, profile) for one in fields]
        going = going_parties(context)
        reader = RecordReader(context, shape, reveal=BILLING.code in context.access.reads)
        witness, left = Witness(stream), 0
        with TableWriter(cast("BinaryIO", witness), columns, PROFILES[profile]) as table:
            for ids in RecordLister(context, shape).pieces(query):
                rows = context.session.among(model_of(shape), "id", ids)
                ordered = sorted(rows, key=lambda row: ids.index(bytes(row.id)))
                for row, card in zip(ordered, reader.cards(ordered), strict=True):
                    if card.client is None or bytes(row.party) in going:
                        left += 1
                        continue
                    table.write([*self._own(card, profile), *_cells(card, fields, profile)])
        return left, witness, table.written

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
        else:
            cells.append(stored if field.name in card.masked else cell_of(field, stored))
    return cells
