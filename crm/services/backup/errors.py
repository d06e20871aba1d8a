"""What stands in the way of a backup or of the way back."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, NotFound, Refused
from gdpr.text import N_, Nn_


class BackupNotWritten(Failed):
    """A backup could not be written to its end; nothing of it is left."""

    text = N_("The backup was not written. Is there room, and may you write there?")


class ForeignBackup(Refused):
    """A backup of another vault would take the place of this one."""

    text = N_("There is another register at this place. Restore into a place of its own.")


class OlderBackup(Refused):
    """A restore would undo changes without anybody having said that this is meant."""

    text = Nn_(
        "The register there has {count} change that this backup lacks. Nothing was changed. If you"
        " mean it, repeat with --accept-older: it lists what is lost.",
        "The register there has {count} changes that this backup lacks. Nothing was changed. If you"
        " mean it, repeat with --accept-older: it lists what is lost.",
    )
    article = "5(1)(d)"


class NotNewestBackup(Refused):
    """This desk has made a newer backup than the one that is to be restored."""

    text = N_(
        "This desk made a newer backup on {day}. Take that one; if you mean this one, repeat with"
        " --accept-older. Nothing was changed."
    )
    article = "5(1)(d)"


class BackupUnsound(Damaged):
    """The rows of a backup do not verify, and they did when it was made."""

    text = Nn_(
        "The backup does not verify: {table}, {count} damage. Nothing was changed.",
        "The backup does not verify: {table}, {count} damages. Nothing was changed.",
    )


class NothingAside(NotFound):
    """There is no vault from before a restore that waits."""

    text = N_("No register from before a restore waits here.")


class SecretsInOrder(Failed):
    """A shred file was to be brought back, and the one that is there is in order."""

    text = N_("The shred file is there and in order. Nothing was changed.")


class KeysNewerThanBackup(Damaged):
    """A shred file came out of a backup, and some groups have a newer secret since."""

    text = Nn_(
        "{count} key is newer than this backup and stays shut. Take a newer backup, or bring all of"
        " it back: kartoteka backup restore",
        "{count} keys are newer than this backup and stay shut. Take a newer backup, or bring all"
        " of it back: kartoteka backup restore",
    )
