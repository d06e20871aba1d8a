"""What is wrong with seals, keys, passwords, PINs and the containers of backups.

It is said exactly: whoever restores a backup has no second try to waste.
"""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, Locked, RootChanged


class NotAContainer(Invalid):
    """A file is no part of a backup at all."""


class ContainerTooNew(Failed):
    """A backup was written in a form that this program does not know yet."""


class WrongPart(Invalid):
    """The data part was given where the keys part belongs, or the other way round."""


class ContainerHeadDamaged(Damaged):
    """The open head of a backup was changed."""


class ContainerCut(Damaged):
    """A backup does not end where it was ended."""


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


class SecretGone(Damaged):
    """A key was wrapped under a secret that was overwritten since, as old copies of keys are."""


class ShredFileForeign(Damaged):
    """A shred file belongs to another register."""


class BadSeal(Damaged):
    """A sealed value does not open: it was changed, moved, or belongs to another key."""


class UnknownFormat(Damaged):
    """The first byte of sealed data names no format this program knows; -1 means there is none."""


class MalformedSeal(Damaged):
    """Sealed data has a length that its format cannot have."""


class BadPadding(Damaged):
    """The padding inside a seal is not the one this program writes."""


class BadValue(Damaged):
    """A seal opened, but what is inside is no value of a known type."""


class BadWrap(Damaged):
    """A wrapped key does not open: it was changed or belongs to another owner."""


class UnknownKeyVersion(Damaged):
    """A wrapped key names a version of its category's key that this user does not hold."""


class ValueTooLong(Invalid):
    """A value is longer than a field may be."""


class UnsealableValue(Invalid):
    """A value of a type or range that no field can hold."""


class RootForeign(RootChanged):
    """The password or the recovery key is right, and vouches for another root than the stored one.

    Whoever can write the database has put a root of their own into it.
    """


class CardRefused(Damaged):
    """A user's card does not fit the vault, the user or the user's own keys."""


class SlotRefused(Damaged):
    """A slot names another user or another issue of the user's card."""


class BadSlot(Damaged):
    """A slot is signed, yet does not open with the user's key."""


class KdfOutOfBounds(Damaged):
    """The stored cost of the password is below the floor or above what is sane."""


class NotEnoughMemory(Failed):
    """The machine cannot give the memory that the password's cost asks for."""


class RecoveryKeyLength(Invalid):
    """A typed recovery key has the wrong number of characters."""


class RecoveryKeyTypo(Invalid):
    """A typed recovery key has a wrong or misplaced character."""


class WeakPassword(Invalid):
    """A password is easier to guess than the vault deserves."""


class PasswordTooShort(WeakPassword):
    """A password has fewer characters than the floor."""


class PasswordTooLong(WeakPassword):
    """A password is so long that it is no password."""
