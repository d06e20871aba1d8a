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


class NoLedgerHere(Due):
    """A backup would be brought back where nobody knows who was erased after it was made."""


class PartsDiffer(Invalid):
    """Two sound parts come from different backups or different vaults."""
