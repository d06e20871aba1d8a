"""What goes wrong with files, whatever is in them."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid
from gdpr.text import N_


class EmptyTable(Invalid):
    """A file that should hold a table has not even a line of headings."""

    text = N_("No heading row can be read. The file must begin with one.")


class NoKnownColumn(Invalid):
    """No heading of the file is known, so that importing it would import nothing."""

    text = N_(
        "No column heading is recognised. State what the columns contain with --map COLUMN=FIELD."
    )


class NoNameColumn(Invalid):
    """The file has no column for any name, so that every row would be rejected."""

    text = N_("No column contains a name. State which one does with --map COLUMN=FIELD.")


class MapColumnUnknown(Invalid):
    """A `--map` names a column that the file does not have; `position` counts from 1."""

    text = N_("--map number {position} names a column that the file does not have.")


class MapFieldUnknown(Invalid):
    """A `--map` names a field that does not exist; `position` counts from 1."""

    text = N_("--map number {position} names an unknown field; these are known: {known}.")


class TargetExists(Failed):
    """A file of this name is there already and must not be lost."""

    text = N_("A file with this name already exists. Choose another name or remove it first.")


class TargetUnsafe(Failed):
    """The name leads through a link or to something that is not a plain file."""

    text = N_("The file cannot be written here: the name belongs to a link or a device.")


class CopyOutOfReach(Failed):
    """A known copy cannot be overwritten and removed from here."""

    text = N_("The copy cannot be destroyed from here; it stays listed until it no longer exists.")


class ListNamesNobody(Invalid):
    """No line of a list holds an address or number by which somebody could be known."""

    text = N_(
        "No line of this list contains an e-mail address or a number. Save it as text or CSV "
        "with one person on each line."
    )


class EncodingUnknown(Invalid):
    """Somebody named an encoding that does not exist."""

    text = N_("There is no such encoding. These are the usual ones: {known}.")


class EncodingUnclear(Invalid):
    """The letters of a file make no words, however they are read."""

    text = N_(
        "The character encoding of this file is not certain. Use --dry-run --encoding NAME "
        "to see how a name appears; try {known}. Or save the file as UTF-8."
    )


class SheetUnreadable(Invalid):
    """A workbook that cannot be opened as xlsx."""

    text = N_("This workbook cannot be read. Save it as xlsx or as CSV, without a password.")


class SheetTooLarge(Invalid):
    """A workbook that would unpack to far more than any list of clients."""

    text = N_(
        "This workbook is far larger than a client list when decompressed. Save the sheet as CSV."
    )


class CardsTooMany(Invalid):
    """A file of address cards that is larger than any address book."""

    text = N_("This contact card file is larger than 64 MB, pictures included. Export it in parts.")
