"""One tree for everything that can go wrong, so that each face can say it in any language.

A class carries its exit code and, where law decides, its article; its sentence stands under its
name in the `errors.toml` beside its module. Arguments are ids, numbers and fixed codes; a personal
value never enters an exception, because exceptions end in logs.
"""

from __future__ import annotations

from typing import ClassVar

from gdpr.text import N_, Counted
from gdpr.word_tables import ErrorWords


class KartotekaError(Exception):
    """The root of the tree; never raised itself."""

    text = ErrorWords(N_("The operation could not be completed."))
    exit_code: ClassVar[int] = 1
    article: ClassVar[str | None] = None

    def __init__(self, **arguments: int | str) -> None:
        """Keep `arguments` for the template; they must be ids, counts or codes."""
        super().__init__(type(self).__name__)
        self.arguments = arguments

    def __str__(self) -> str:
        """Fill the English sentence, so that a log line is readable without a catalogue."""
        text = self.text
        if isinstance(text, Counted) and self.arguments.get("count") == 1:
            text = text.one
        return text.format(**self.arguments)


class Failed(KartotekaError):
    """Something outside the rules prevented the work (exit 1)."""


class Invalid(KartotekaError):
    """A value or an option cannot be accepted (exit 2)."""

    exit_code = 2


class NotFound(KartotekaError):
    """What was addressed is not in the register (exit 3)."""

    exit_code = 3


class Refused(KartotekaError):
    """Law or policy forbids it; the article says why (exit 4).

    `remedy` says what is still possible. `country` is that of the firm, put in by the front door:
    it decides to which authority whoever is refused may turn (Art. 12(4), 77).
    """

    exit_code = 4
    remedy = ErrorWords(None)
    country: str | None = None


class Locked(KartotekaError):
    """The vault is locked, the password is wrong or the role has no right (exit 5)."""

    exit_code = 5


class Due(KartotekaError):
    """Something waits to be done (exit 6, for scheduled checks)."""

    exit_code = 6


class Damaged(KartotekaError):
    """Stored data does not verify (exit 7); the other records stay usable."""

    exit_code = 7


class RowsRejected(KartotekaError):
    """Some rows of a file were not taken in; the good ones were (exit 8)."""

    exit_code = 8


class NoLawfulBasis(Refused):
    """A datum would be stored that no live ground names (Art. 6(1))."""

    article = "6(1)"


class NoKey(Locked):
    """The role holds no key for this category."""


class Unreadable(Damaged):
    """A row or field failed its seal."""


class PlaintextRefused(Failed):
    """A query tried to put unsealed data into a sealed column."""


class UndeclaredColumn(Failed):
    """A record class has a column that is neither personal nor marked plain."""


class Conflict(Failed):
    """Another desk changed the same field first."""


class AlreadyKnown(Invalid):
    """A number that must be unique is in the register already."""


class Busy(Failed):
    """Another program holds the database for too long."""


class RegisterReplaced(Damaged):
    """The file of the register was replaced, moved or put back to an older state while open."""


class DiskFull(Failed):
    """There is no room for what has to be written."""


class DiskFailed(Failed):
    """The disk does not take or give what it should."""


class StateNotWritten(Failed):
    """Something was done and stands in the register; the notes beside it are not there yet."""


class UnsafePlace(Failed):
    """The vault or its folder can be read or changed by others on this machine."""


class NotAVault(NotFound):
    """There is no vault where one was expected."""


class VaultExists(Failed):
    """A vault would overwrite a file."""


class VaultTooNew(Failed):
    """The database was written by a newer program."""


class UpgradeFailed(Failed):
    """A migration did not complete and was undone."""


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


class NoRight(Locked):
    """The role may read this category but not change it."""


class BadSignature(Damaged):
    """A signature does not belong to this message and key."""


class RootChanged(Damaged):
    """The vault's root key is not the one this desk has pinned."""


class RootForeign(RootChanged):
    """The password or the recovery key is right, and vouches for another root than the stored one.

    Whoever can write the database has put a root of their own into it.
    """


class KeyRolledBack(Damaged):
    """An old version of a key was put back in the place of the one that was in use."""


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


class CardDisabled(Locked):
    """The user was shut out of the vault."""


class WrongPassword(Locked):
    """The password does not open this user's keys."""


class WrongRecoveryKey(Locked):
    """The recovery key is well written, but not the one of this vault."""


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


class LastOwner(Refused):
    """Nobody would be left who can let others in and give out keys."""


class KeysLeft(Failed):
    """A key was to be destroyed while something is still wrapped under it."""
