"""What stands in the way of a backup or of the way back."""

from __future__ import annotations

from gdpr.errors import Damaged, Due, Failed, Invalid, NotFound, Refused
from gdpr.text import N_, Nn_


class BackupNotWritten(Failed):
    """A backup could not be written to its end; nothing of it is left."""

    text = N_(
        "The backup could not be written. Check that there is enough space and that you may "
        "write to this folder."
    )


class ForeignBackup(Refused):
    """A backup of another vault would take the place of this one."""

    text = N_("There is another register in this location. Restore to a different one.")


class OlderBackup(Refused):
    """A restore would undo changes without anybody having said that this is meant."""

    text = Nn_(
        "The register there has {count} change that is not in this backup. Nothing was "
        "changed. To restore anyway, repeat with --accept-older; it lists what is lost.",
        "The register there has {count} changes that are not in this backup. Nothing was "
        "changed. To restore anyway, repeat with --accept-older; it lists what is lost.",
    )
    article = "5(1)(d)"


class NotNewestBackup(Refused):
    """This desk has made a newer backup than the one that is to be restored."""

    text = N_(
        "This workstation created a newer backup on {day}. Use that one, or repeat with "
        "--accept-older to use this one. Nothing was changed."
    )
    article = "5(1)(d)"


class BackupUnsound(Damaged):
    """The rows of a backup do not verify, and they did when it was made."""

    text = Nn_(
        "The backup failed verification: table {table}, {count} damaged place. Nothing was "
        "changed.",
        "The backup failed verification: table {table}, {count} damaged places. Nothing was "
        "changed.",
    )


class NothingAside(NotFound):
    """There is no vault from before a restore that waits."""

    text = N_("There is no register from before a restore here.")


class SecretsInOrder(Failed):
    """A shred file was to be brought back, and the one that is there is in order."""

    text = N_("The shred file is present and intact. Nothing was changed.")


class KeysNewerThanBackup(Damaged):
    """A shred file came out of a backup, and some groups have a newer secret since."""

    text = Nn_(
        "{count} key is newer than this backup and cannot be opened. Use a newer backup, or "
        "restore the whole one: kartoteka backup restore",
        "{count} keys are newer than this backup and cannot be opened. Use a newer backup, "
        "or restore the whole one: kartoteka backup restore",
    )


class ErasedSinceCopy(Refused):
    """A file that can only be read still shows people who were erased since it was copied."""

    text = Nn_(
        "{count} erasure or withdrawal is newer than this file and cannot be repeated in a "
        "read-only file. An owner turns it into a separate register, which repeats it first: "
        "kartoteka backup adopt. Or destroy the file.",
        "{count} erasures or withdrawals are newer than this file and cannot be repeated in "
        "a read-only file. An owner turns it into a separate register, which repeats them "
        "first: kartoteka backup adopt. Or destroy the file.",
    )
    article = "17"


class CopyOfEarlierVersion(Failed):
    """A file that can only be read would have to be upgraded before this program can read it."""

    text = N_(
        "This file was written by an earlier version and is read-only, so it cannot be "
        "upgraded. Make it writable, or have an owner adopt the copy: kartoteka backup adopt"
    )


class NoCopyHere(Invalid):
    """Somebody would make a register of its own from what is one already."""

    text = N_(
        "This is not a copy: it is the register of this workstation. There is nothing to adopt."
    )


class NoBackupToDrill(NotFound):
    """There is no backup of which both parts are at hand."""

    text = N_("There is no backup to test. Create one: kartoteka backup create --to DIR")


class DrillNoRoom(Failed):
    """The register of a drill could not be written; what there was of it is destroyed."""

    text = N_(
        "There was not enough space for the restore test beside the state folder of this "
        "workstation. Nothing of it was left behind."
    )


class DrillFoundErased(Damaged):
    """A backup that was brought back still holds something of people who were erased."""

    text = Nn_(
        "The restore test found {count} trace of erased people. Keep the backup, restore "
        "nothing from it, and find out why.",
        "The restore test found {count} traces of erased people. Keep the backup, restore "
        "nothing from it, and find out why.",
    )


class DaysOutOfRange(Invalid):
    """A period is shorter or longer than makes sense."""

    text = N_("Give a number of days from {least} to {most}.")


class NoLedgerHere(Due):
    """A backup would be brought back where nobody knows who was erased after it was made."""

    text = N_(
        "No ledger of this register was found here: erasures since {day} cannot be repeated, "
        "and everybody erased since then would reappear. Copy over the state folder of the "
        "old computer, or a newer backup. If neither exists, repeat with --without-ledger "
        "and erase them again. Nothing was changed."
    )
