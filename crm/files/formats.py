"""What kind of file somebody brought: a workbook, address cards, or a text table."""

from __future__ import annotations

from typing import BinaryIO, Final

from crm.files.address_cards import CardTable, is_jscontact, is_vcard
from crm.files.errors import EmptyTable
from crm.files.reading import FileTable
from crm.files.sheets import SheetTable, is_workbook

_START: Final = 512
# The endings a file of clients may have, for whoever looks for one.
ENDINGS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".vcf", ".vcard", ".json")


def open_table(stream: BinaryIO, *, encoding: str | None = None) -> FileTable:
    """Return the rows of a file, told by its first bytes and not by its name."""
    stream.seek(0)
    start = stream.read(_START)
    if is_workbook(start):
        return SheetTable(stream)
    if is_vcard(start):
        return CardTable(stream, encoding=encoding, json_cards=False)
    if is_jscontact(start):
        try:
            return CardTable(stream, encoding=encoding, json_cards=True)
        except EmptyTable:
            pass  # a table whose first heading begins with a bracket
    return FileTable(stream, encoding=encoding)
