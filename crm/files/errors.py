"""What goes wrong with files, whatever is in them."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid


class EmptyTable(Invalid):
    """A file that should hold a table has not even a line of headings."""


class NoKnownColumn(Invalid):
    """No heading of the file is known, so that importing it would import nothing."""


class NoNameColumn(Invalid):
    """The file has no column for any name, so that every row would be rejected."""


class MapColumnUnknown(Invalid):
    """A `--map` names a column that the file does not have; `position` counts from 1."""


class MapFieldUnknown(Invalid):
    """A `--map` names a field that does not exist; `position` counts from 1."""


class TargetExists(Failed):
    """A file of this name is there already and must not be lost."""


class TargetUnsafe(Failed):
    """The name leads through a link or to something that is not a plain file."""


class CopyOutOfReach(Failed):
    """A known copy cannot be overwritten and removed from here."""


class ListNamesNobody(Invalid):
    """No line of a list holds an address or number by which somebody could be known."""


class EncodingUnknown(Invalid):
    """Somebody named an encoding that does not exist."""


class EncodingUnclear(Invalid):
    """The letters of a file make no words, however they are read."""


class SheetUnreadable(Invalid):
    """A workbook that cannot be opened as xlsx."""


class SheetTooLarge(Invalid):
    """A workbook that would unpack to far more than any list of clients."""


class CardsTooMany(Invalid):
    """A file of address cards that is larger than any address book."""
