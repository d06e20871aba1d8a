"""What goes wrong with rows outside the database they belong to."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Damaged, Failed, Locked, Refused, Unreadable
from gdpr.text import N_


class MalformedStream(Damaged):
    """Rows on their way do not have the form that this program writes."""

    text = N_("The rows of table {table} do not have the format of a backup.")


class MiscountedRows(Damaged):
    """A backup holds another number of rows than it says."""

    text = N_("Table {table} does not have the number of rows that the backup states.")


class UnknownTable(Failed):
    """A backup has a table or column that the register of its day did not have, or lacks one."""

    text = N_(
        "Table {table} of the backup does not have the structure it had in the register that day."
    )


class StoredOrNot(Failed):
    """The disk failed while a change was made durable, so the file may hold it or not."""

    text = N_(
        "The disk failed while saving. Check the disk, then open the register again to see "
        "whether the data were saved."
    )


class Incomplete(Damaged):
    """The rows about a party are not those that were written last: one is missing or old."""

    text = N_(
        "Something about record {row} was deleted, added or reverted to an older state (table "
        "{table}). Nothing is destroyed or decided on this basis; restore a backup. If no backup "
        "contains it, an owner acknowledges what is missing: kartoteka audit acknowledge."
    )


class MissingRow(Damaged):
    """A row that is there since the founding is gone."""

    text = N_("{row} is missing from table {table}. Restore it from a backup.")


class SchemaDamaged(Damaged):
    """The schema is not as the migrations made it, so a stranger may be watching the keys."""

    why: ClassVar[str] = "schema"


class ForeignInSchema(SchemaDamaged):
    """Something stands in the database file that no migration made, such as a trigger."""

    why = "schema-foreign"
    text = N_(
        "{kind} {name} does not belong to the register. Nothing is destroyed, backed up or "
        "rotated until an owner removes it: kartoteka doctor --mend"
    )


class MissingFromSchema(SchemaDamaged):
    """Something that the migrations made is gone."""

    why = "schema-missing"
    text = N_(
        "{kind} {name} is missing from the register. Nothing is destroyed, backed up or "
        "rotated until it is back: kartoteka doctor --mend recreates an index; for anything "
        "else restore a backup."
    )


class ChangedInSchema(SchemaDamaged):
    """Something that the migrations made was made anew in another form."""

    why = "schema-changed"
    text = N_(
        "{kind} {name} is not as the register created it. Nothing is destroyed, backed up or "
        "rotated until it is: kartoteka doctor --mend recreates an index; for anything else "
        "restore a backup."
    )


class ShredFileMissing(Damaged):
    """The database is here and the file with the other half of every key is not."""

    text = N_(
        "The shred file is missing; without it the database cannot be opened. It is expected at "
        "{place}. Put it back there, connect the drive it is on, set its folder in "
        "KARTOTEKA_SHRED, or restore it from a backup: kartoteka key shred-file --keys FILE.keys"
    )


class ShredFileUnwritable(Failed):
    """Keys cannot be destroyed, or given to somebody new, while their file cannot be written."""

    text = N_("The shred file cannot be written (permissions, disk). Nothing was changed.")


class ShredFolderMissing(Failed):
    """The folder that was chosen for the shred file does not exist, such as a stick's."""

    text = N_(
        "The folder for the shred file does not exist. Connect the drive, or create the "
        "folder set in KARTOTEKA_SHRED. Nothing was changed."
    )


class ShredFileOlder(Damaged):
    """An old shred file was put in the place of the one that was written last."""

    text = N_(
        "The shred file is older than the register: an old copy was put in its place. Put the"
        " newest one back, or restore a backup."
    )


class KeyMissing(Unreadable):
    """Something is stored whose key is not there, and nobody destroyed it."""

    text = N_("The key of record {row} in table {table} is missing. Restore it from a backup.")


class KeyDestroyed(Unreadable):
    """Something is stored whose key was destroyed on purpose."""

    text = N_(
        "The key of record {row} in table {table} was destroyed. The record came back from "
        "an old copy: erase it again."
    )


class SharedShredFile(Refused):
    """Two registers would overwrite each other's secrets: one file has the name of both."""

    text = N_(
        "The register in {original} has its shred file in the same folder under the same "
        "name. Destroying data in one would make everybody's data in the other unreadable. "
        "Give this one another name, or another folder in KARTOTEKA_SHRED; a copy needs a "
        "copy of the shred file there. Nothing was changed."
    )


class ServerRefused(Refused):
    """A register on a database server would not forget: its log and its copies keep wrapped keys.

    It stands until what destroys a key lies outside the database there as well.
    """

    text = N_(
        "A register is a file on this computer, not a database on a server: old copies on a "
        "server could still reveal erased people, so servers are not supported. Choose a "
        "file: --vault FILE"
    )
    article = "17(1)"


class ReadOnlyRegister(Locked):
    """Nothing can be written into the register as things stand."""

    text = N_("The register is read-only. Nothing was changed.")


class ReadOnlyFile(ReadOnlyRegister):
    """The file of the register may not be written by this user."""

    text = N_(
        "The register is read-only (file permissions). Nothing was changed. Allow its owner "
        "to write it, chmod u+w FILE, and try again."
    )


class ReadOnlyFolder(ReadOnlyRegister):
    """The folder of the register takes no file beside it, and the database needs one to write."""

    text = N_(
        "The register is read-only (folder permissions). Nothing was changed. Allow its "
        "owner to write there, chmod u+w FOLDER, and try again."
    )


class ReadOnlyDisk(ReadOnlyRegister):
    """The disk of the register or of its state is mounted for reading, or locked by a switch."""

    text = N_(
        "The register is read-only (disk). Nothing was changed. Make the disk writable, or move"
        " the register to another one, and try again."
    )


class ReadOnlyState(ReadOnlyRegister):
    """The state folder of this desk may not be written, and without it nothing can be logged."""

    text = N_(
        "The register is read-only (state folder). Nothing was changed. kartoteka info shows "
        "where that folder is; allow its owner to write there and try again."
    )


class ReadOnlyCopy(ReadOnlyRegister):
    """The file is a copy of a register that this desk keeps at another place."""

    text = N_(
        "This is a copy of a register elsewhere, so it is read-only. Nothing was changed. "
        "Work in the original, or have an owner turn this one into a separate register: "
        "kartoteka backup adopt"
    )


class FileShut(Locked):
    """The file of the register may not even be read by this user."""

    text = N_(
        "The register's file may not be read by this user. Check the owner and the "
        "permissions of the file and of its folder."
    )
