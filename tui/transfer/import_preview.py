"""What a file would bring, line by line: its letters, its columns, and its first rows as stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.grounds import words as ground_words
from crm.i18n import _
from crm.transfer import words as files
from gdpr.text import N_
from tui.widgets.virtual_list import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.transfer.cards import ColumnUse, FileColumns, PreviewRow

LETTERS: Final = "letters"
FOUND_OUT: Final = ""
_LEFT_OUT: Final = {
    **files.LEFT_OUT,
    "unknown": N_("heading not recognised; Enter sets its contents"),
}


def preview_rows(
    found: FileColumns, purposes: Mapping[str, str], sign: Callable[[str, str], str]
) -> list[Row]:
    """Return the letters, then a line for each column, then the rows as they will be stored."""
    rows = [_letters(found)]
    rows += [_column(str(at), use, purposes, sign) for at, use in enumerate(found.columns)]
    rows += [_stored(row, sign) for row in found.rows]
    return rows


def encodings_to_choose(found: FileColumns) -> list[tuple[str, str]]:
    """Return the encodings a file may have, the likely ones first."""
    likely = (found.encoding, *found.encodings)
    others = (name for name in files.ENCODINGS if name not in likely)
    return [(FOUND_OUT, _("detected by the program")), *((one, one) for one in (*likely, *others))]


def _letters(found: FileColumns) -> Row:
    said = _("A name from the file: {name}").format(name=found.example) if found.example else ""
    if not found.sure:
        said = _("not sure; Enter chooses. {example}").format(example=said)
    return Row(LETTERS, (_("Encoding"), found.encoding, said), "" if found.sure else "warning")


def _column(
    key: str, use: ColumnUse, purposes: Mapping[str, str], sign: Callable[[str, str], str]
) -> Row:
    holds = _(files.FIELDS.get(use.field, use.field)) if use.field else "–"
    why = ", ".join(purposes.get(code, code) for code in use.purposes)
    if use.left_out:
        part = _(_LEFT_OUT[use.left_out]) if use.left_out in _LEFT_OUT else ""
        if not part:
            items = (
                ground_words.word_of(ground_words.ITEMS, one) for one in use.left_out.split(", ")
            )
            part = _("no purpose needs it: {items}").format(items=", ".join(items))
        why = f"{sign('✗', 'x')} {part}" if not why else f"{why}; {sign('✗', 'x')} {part}"
    elif use.field and not why:
        why = _("identifies the row")
    return Row(key, (use.column, holds, why), "warning" if use.left_out else "")


def _stored(row: PreviewRow, sign: Callable[[str, str], str]) -> Row:
    place = _("line {line}").format(line=row.line)
    if row.reasons:
        why = "; ".join(files.reason(code) for _column, code in row.reasons)
        return Row(f"line {row.line}", (place, "–", f"{sign('✗', 'x')} {why}"), "warning")
    said = ", ".join(row.fields.values())
    if row.person:
        said += " · " + ", ".join(row.person.values())
    if row.to_check:
        names = (_(files.FIELDS.get(one, one)) for one in row.to_check)
        said += " · " + _("to check: {fields}").format(fields=", ".join(names))
    kind = _(files.KINDS[row.kind]) if row.kind else ""
    return Row(f"line {row.line}", (place, kind, said), "warning" if row.to_check else "")
