"""What a file would bring, seen before anything is stored: its letters, columns and first rows."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from crm.files.candidate import Rejection
from crm.files.errors import NoNameColumn
from crm.files.headings import NAMEABLE, find_fields
from crm.files.judge import Judge
from crm.files.reading import FileRow
from crm.kinds.party import ADDRESSES, NAMES, SHOWN_AS
from crm.models.party import Party, PartyKind
from crm.parties.masking import MASKED_ITEMS, dotted
from crm.transfer.cards import FileColumns, PreviewRow
from crm.transfer.errors import EncodingUnclear
from crm.transfer.import_grounds import columns_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.files.candidate import Candidate
    from crm.files.headings import FileLayout
    from crm.files.reading import FileTable
    from crm.session.context import RegisterContext
    from crm.transfer.cards import ImportOrder
    from crm.transfer.import_grounds import ImportGrounds

ROWS: Final = 10
_SEARCHED: Final = 200
_NAMES: Final = frozenset({*NAMES, "full_name", "company"})


def look_into(
    context: RegisterContext, table: FileTable, reasons: ImportGrounds, order: ImportOrder
) -> FileColumns:
    """Tell how a file is read, what becomes of each column, and how ten rows will be stored."""
    layout = find_fields(table.headings, order.mapping, context.country)
    lack = layout.lack()
    lacks = None if lack is None else "name" if isinstance(lack, NoNameColumn) else "known"
    judge = judge_of(context, layout, reasons, keep_defective=order.keep_defective)
    rows = list(islice(table, ROWS)) if lacks is None else []
    named = [one.index for one in layout.columns if one.field and one.field.code in _NAMES]
    return FileColumns(
        columns_in(layout, reasons),
        NAMEABLE,
        lacks,
        table.found.codec,
        table.found.sure,
        table.found.others,
        _example(table, named),
        tuple(_shown(judge.judge(row)) for row in rows),
    )


def judge_of(
    context: RegisterContext,
    layout: FileLayout,
    reasons: ImportGrounds,
    *,
    keep_defective: bool = False,
) -> Judge:
    """Return what judges the rows of a file by what may be kept of whom."""
    return Judge(
        layout,
        party=reasons.items,
        contact=reasons.contact_items,
        today=context.day,
        country=context.country,
        keep_defective=keep_defective,
    )


def refuse_unclear(table: FileTable) -> None:
    """Refuse a file whose letters make no words for sure, until somebody names its encoding."""
    if not table.found.sure:
        known = (table.found.codec, *table.found.others)
        raise EncodingUnclear(known=", ".join(known))


def _example(table: FileTable, named: Iterable[int]) -> str | None:
    """Find a name that shows whether the letters are right: the first with more than a-z."""
    first = None
    for row in islice(table, _SEARCHED):
        for place in named if isinstance(row, FileRow) else ():
            text = row.cells[place]
            if text and not text.isascii():
                return text
            first = first or text or None
    return first


def _shown(verdict: Candidate | Rejection) -> PreviewRow:
    if isinstance(verdict, Rejection):
        reasons = ((verdict.column, verdict.reason), *verdict.others)
        return PreviewRow(verdict.line, None, {}, {}, (), reasons)
    part, contact = verdict.party, verdict.contact
    natural = part.kind == PartyKind.NATURAL.value
    fields = _masked(part.columns(), masks=natural)
    if part.notes:
        fields["notes"] = part.notes
    _add_further(fields, part.further)
    person: dict[str, str] = {}
    if contact is not None:
        person = _masked(contact.columns(), masks=True)
        if contact.position:
            person["position"] = contact.position
        _add_further(person, contact.further)
    return PreviewRow(verdict.line, part.kind, fields, person, verdict.to_check, ())


def _masked(columns: Mapping[str, str | None], *, masks: bool) -> dict[str, str]:
    shown = {}
    for name, value in columns.items():
        if value:
            hides = masks and Party.layout().column(name).item in MASKED_ITEMS
            shown[SHOWN_AS.get(name, name)] = dotted(value) if hides else value
    return shown


def _add_further(fields: dict[str, str], further: Iterable[tuple[str, str]]) -> None:
    for kind, value in further:
        code = ADDRESSES[0] if kind == "address" and ADDRESSES[0] in fields else kind
        fields[code] = f"{fields[code]} + {value}" if code in fields else value
