"""What goes wrong with files, whatever is in them."""

from __future__ import annotations

from crm.errors import InvalidNumber
from gdpr.errors import Failed, Invalid


class EmptyTable(Invalid):
    """A file that should hold a table has not even a line of headings."""


class NoNameColumn(Invalid):
    """The file has no column for any name, so that every row would be rejected."""


class MapColumnUnknown(Invalid):
    """A `--map` names a column that the file does not have; `position` counts from 1."""


class MapFieldUnknown(Invalid):
    """A `--map` names a field that does not exist; `position` counts from 1."""


class TargetUnsafe(Failed):
    """The name leads through a link or to something that is not a plain file."""


class CopyOutOfReach(Failed):
    """A known copy cannot be overwritten and removed from here."""


class EncodingUnknown(Invalid):
    """Somebody named an encoding that does not exist."""


class SheetUnreadable(Invalid):
    """A workbook that cannot be opened as xlsx."""


class SheetTooLarge(Invalid):
    """A workbook that would unpack to far more than any list of clients."""


class CardsTooMany(Invalid):
    """A file of address cards that is larger than any address book."""


class Shortened(InvalidNumber):
    """A spreadsheet turned a long number into one with an exponent, and its digits are lost."""

    reason = "shortened"


class SaidTwice(InvalidNumber):
    """Two columns of a row say different things of what there is one of."""

    reason = "said twice"


class NameOfPerson(InvalidNumber):
    """A legal person was given the given or family name of a human being."""

    reason = "name of a person"


class WordUnknown(InvalidNumber):
    """A word stands for no language, channel or country that is known."""

    reason = "unknown word"
