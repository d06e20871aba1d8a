"""What is wrong with a backup, said exactly: whoever restores one has no second try to waste.

And what is wrong with a PIN.
"""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked
from gdpr.text import N_


class NotAContainer(Invalid):
    """A file is no part of a backup at all."""

    text = N_("This file is not part of a backup.")


class ContainerTooNew(Failed):
    """A backup was written in a form that this program does not know yet."""

    text = N_(
        "This backup has the newer format {version}. Update the program; nothing was changed."
    )


class WrongPart(Invalid):
    """The data part was given where the keys part belongs, or the other way round."""

    text = N_("This is the {found} part of a backup; the {wanted} part belongs here.")


class PartsDiffer(Invalid):
    """Two sound parts come from different backups or different vaults."""

    text = N_("The two parts do not belong together. Use both from the same backup.")


class ContainerHeadDamaged(Damaged):
    """The open head of a backup was changed."""

    text = N_("The header of the backup was changed. Use another copy of it.")


class ContainerCut(Damaged):
    """A backup does not end where it was ended."""

    text = N_("The backup was truncated or extended. Use another copy of it.")


class ContainerChanged(Damaged):
    """A piece of a backup does not open, neither in its place nor in any other."""

    text = N_("Piece {piece} of the backup was changed. Use another copy of it.")


class ContainerReordered(Damaged):
    """A piece of a backup is sound, but stands where another belongs."""

    text = N_("Piece {piece} of the backup is out of order. Use another copy of it.")


class NotARecipient(Locked):
    """A backup opens for the owners of its day and the recovery key, and for nobody else."""

    text = N_("Only an owner of the register, or its recovery key, can open this backup.")


class PinShape(Invalid):
    """A PIN is made of digits, and of enough of them."""

    text = N_("A PIN has {least} to {most} digits and nothing else.")


class PinTooPlain(Invalid):
    """A PIN that a stranger would try among the first."""

    text = N_("This PIN is among the first that a stranger would try. Choose another one.")


class WrongPin(Locked):
    """The PIN does not open what it was set for."""

    text = N_("The PIN is wrong. Attempts left before the password is asked for: {left}")


class PinForgotten(Locked):
    """Three wrong tries, or twelve hours, or another register: the PIN opens nothing any more."""

    text = N_("The PIN is no longer valid. Enter the password.")


class SecretGone(Damaged):
    """A key was wrapped under a secret that was overwritten since, as old copies of keys are."""

    text = N_(
        "A key of group {group} is older than the shred file: an old copy came back, or the file"
        " is older than the register. See: kartoteka doctor"
    )


class ShredFileDamaged(Damaged):
    """Neither copy of the shred file is whole."""

    text = N_(
        "Both copies in the shred file are damaged. Restore it from the newest backup: "
        "kartoteka key shred-file --keys FILE.keys"
    )


class ShredFileForeign(Damaged):
    """A shred file belongs to another register."""

    text = N_(
        "The shred file belongs to another register. Put this register's own file there, or "
        "restore it from a backup: kartoteka key shred-file --keys FILE.keys"
    )
