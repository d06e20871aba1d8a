"""What stands in the way of a backup or of the way back."""

from __future__ import annotations

from gdpr.errors import Damaged, Due, Failed, Invalid, NotFound, Refused


class BackupNotWritten(Failed):
    """A backup could not be written to its end; nothing of it is left."""


class ForeignBackup(Refused):
    """A backup of another vault would take the place of this one."""


class OlderBackup(Refused):
    """A restore would undo changes without anybody having said that this is meant."""

    article = "5(1)(d)"


class NotNewestBackup(Refused):
    """This desk has made a newer backup than the one that is to be restored."""

    article = "5(1)(d)"


class BackupUnsound(Damaged):
    """The rows of a backup do not verify, and they did when it was made."""


class NothingAside(NotFound):
    """There is no vault from before a restore that waits."""


class SecretsInOrder(Failed):
    """A shred file was to be brought back, and the one that is there is in order."""


class KeysNewerThanBackup(Damaged):
    """A shred file came out of a backup, and some groups have a newer secret since."""


class ErasedSinceCopy(Refused):
    """A file that can only be read still shows people who were erased since it was copied."""

    article = "17"


class CopyOfEarlierVersion(Failed):
    """A file that can only be read would have to be upgraded before this program can read it."""


class NoCopyHere(Invalid):
    """Somebody would make a register of its own from what is one already."""


class NoBackupToDrill(NotFound):
    """There is no backup of which both parts are at hand."""


class DrillNoRoom(Failed):
    """The register of a drill could not be written; what there was of it is destroyed."""


class DrillFoundErased(Damaged):
    """A backup that was brought back still holds something of people who were erased."""


class DaysOutOfRange(Invalid):
    """A period is shorter or longer than makes sense."""


class NoLedgerHere(Due):
    """A backup would be brought back where nobody knows who was erased after it was made."""
