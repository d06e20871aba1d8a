"""What is wrong with a backup, said exactly: whoever restores one has no second try to waste.

And what is wrong with a PIN.
"""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked


class NotAContainer(Invalid):
    """A file is no part of a backup at all."""


class ContainerTooNew(Failed):
    """A backup was written in a form that this program does not know yet."""


class WrongPart(Invalid):
    """The data part was given where the keys part belongs, or the other way round."""


class PartsDiffer(Invalid):
    """Two sound parts come from different backups or different vaults."""


class ContainerHeadDamaged(Damaged):
    """The open head of a backup was changed."""


class ContainerCut(Damaged):
    """A backup does not end where it was ended."""


class ContainerChanged(Damaged):
    """A piece of a backup does not open, neither in its place nor in any other."""


class ContainerReordered(Damaged):
    """A piece of a backup is sound, but stands where another belongs."""


class NotARecipient(Locked):
    """A backup opens for the owners of its day and the recovery key, and for nobody else."""


class PinShape(Invalid):
    """A PIN is made of digits, and of enough of them."""


class PinTooPlain(Invalid):
    """A PIN that a stranger would try among the first."""


class WrongPin(Locked):
    """The PIN does not open what it was set for."""


class PinForgotten(Locked):
    """Three wrong tries, or twelve hours, or another register: the PIN opens nothing any more."""


class SecretGone(Damaged):
    """A key was wrapped under a secret that was overwritten since, as old copies of keys are."""


class ShredFileDamaged(Damaged):
    """Neither copy of the shred file is whole."""


class ShredFileForeign(Damaged):
    """A shred file belongs to another register."""
