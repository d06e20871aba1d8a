"""What goes wrong with the file of a register, its schema, its rows and its shred file."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import (
    Damaged,
    Failed,
    Invalid,
    Locked,
    NotFound,
    ReadOnlyRegister,
    Refused,
    Unreadable,
)


class MiscountedRows(Damaged):
    """A backup holds another number of rows than it says."""


class UnknownTable(Failed):
    """A backup has a table or column that the register of its day did not have, or lacks one."""


class StoredOrNot(Failed):
    """The disk failed while a change was made durable, so the file may hold it or not."""


class Incomplete(Damaged):
    """The rows about a party are not those that were written last: one is missing or old."""


class MissingRow(Damaged):
    """A row that is there since the founding is gone."""


class SchemaDamaged(Damaged):
    """The schema is not as the migrations made it, so a stranger may be watching the keys."""

    why: ClassVar[str] = "schema"


class ForeignInSchema(SchemaDamaged):
    """Something stands in the database file that no migration made, such as a trigger."""

    why = "schema-foreign"


class MissingFromSchema(SchemaDamaged):
    """Something that the migrations made is gone."""

    why = "schema-missing"


class ChangedInSchema(SchemaDamaged):
    """Something that the migrations made was made anew in another form."""

    why = "schema-changed"


class ShredFileMissing(Damaged):
    """The database is here and the file with the other half of every key is not."""


class ShredFileUnwritable(Failed):
    """Keys cannot be destroyed, or given to somebody new, while their file cannot be written."""


class ShredFolderMissing(Failed):
    """The folder that was chosen for the shred file does not exist, such as a stick's."""


class KeyMissing(Unreadable):
    """Something is stored whose key is not there, and nobody destroyed it."""


class KeyDestroyed(Unreadable):
    """Something is stored whose key was destroyed on purpose."""


class ServerRefused(Refused):
    """A register on a database server would not forget: its log and its copies keep wrapped keys.

    It stands until what destroys a key lies outside the database there as well.
    """

    article = "17(1)"


class ReadOnlyFile(ReadOnlyRegister):
    """The file of the register may not be written by this user."""


class ReadOnlyFolder(ReadOnlyRegister):
    """The folder of the register takes no file beside it, and the database needs one to write."""


class ReadOnlyDisk(ReadOnlyRegister):
    """The disk of the register or of its state is mounted for reading, or locked by a switch."""


class FileShut(Locked):
    """The file of the register may not even be read by this user."""


class PlaintextRefused(Failed):
    """A query tried to put unsealed data into a sealed column."""


class UndeclaredColumn(Failed):
    """A record class has a column that is neither personal nor marked plain."""


class AlreadyKnown(Invalid):
    """A number that must be unique is in the register already."""


class DiskFull(Failed):
    """There is no room for what has to be written."""


class UnsafePlace(Failed):
    """The vault or its folder can be read or changed by others on this machine."""


class NotAVault(NotFound):
    """There is no vault where one was expected."""


class VaultTooNew(Failed):
    """The database was written by a newer program."""


class UpgradeFailed(Failed):
    """A migration did not complete and was undone."""


class KeysLeft(Failed):
    """A key was to be destroyed while something is still wrapped under it."""
