"""One tree for everything that can go wrong, so that each face can say it in any language.

A class carries its message template, its exit code and, where law decides, its article.
Arguments are ids, numbers and fixed codes; a personal value never enters an exception,
because exceptions end in logs.
"""

from __future__ import annotations

from typing import ClassVar

from gdpr.text import N_, Counted, Nn_


class KartotekaError(Exception):
    """The root of the tree; never raised itself."""

    text: ClassVar[str] = N_("The operation could not be completed.")
    exit_code: ClassVar[int] = 1
    article: ClassVar[str | None] = None

    def __init__(self, **arguments: int | str) -> None:
        """Keep `arguments` for the template; they must be ids, counts or codes."""
        super().__init__(type(self).__name__)
        self.arguments = arguments

    def __str__(self) -> str:
        """Fill the English template, so that a log line is readable without a catalogue."""
        text = self.text
        if isinstance(text, Counted) and self.arguments.get("count") == 1:
            text = text.one
        return text.format(**self.arguments)


class Failed(KartotekaError):
    """Something outside the rules prevented the work (exit 1)."""


class Invalid(KartotekaError):
    """A value or an option cannot be accepted (exit 2)."""

    text = N_("A value is not valid.")
    exit_code = 2


class NotFound(KartotekaError):
    """What was addressed is not in the register (exit 3)."""

    text = N_("There is nothing with this number.")
    exit_code = 3


class Refused(KartotekaError):
    """Law or policy forbids it; the article says why (exit 4).

    `remedy` says what is still possible. `country` is that of the firm, put in by the front door:
    it decides to which authority whoever is refused may turn (Art. 12(4), 77).
    """

    text = N_("This is not permitted.")
    exit_code = 4
    remedy: ClassVar[str | None] = None
    country: str | None = None


class Locked(KartotekaError):
    """The vault is locked, the password is wrong or the role has no right (exit 5)."""

    text = N_("The register stays locked.")
    exit_code = 5


class Due(KartotekaError):
    """Something waits to be done (exit 6, for scheduled checks)."""

    text = N_("Something is due.")
    exit_code = 6


class Damaged(KartotekaError):
    """Stored data does not verify (exit 7); the other records stay usable."""

    text = N_("Table {table} is damaged. Restore it from a backup.")
    exit_code = 7


class RowsRejected(KartotekaError):
    """Some rows of a file were not taken in; the good ones were (exit 8)."""

    text = Nn_(
        "{count} row was rejected; the rejects file says why.",
        "{count} rows were rejected; the rejects file says why.",
    )
    exit_code = 8


class NoLawfulBasis(Refused):
    """A datum would be stored that no live ground names (Art. 6(1))."""

    text = N_("No lawful basis in force covers {item}; add a relationship or a purpose first.")
    article = "6(1)"


class NoKey(Locked):
    """The role holds no key for this category."""

    text = N_("Your role may not read {category}.")


class Unreadable(Damaged):
    """A row or field failed its seal."""

    text = N_("Record {row} in table {table} is unreadable. Restore it from a backup.")


class PlaintextRefused(Failed):
    """A query tried to put unsealed data into a sealed column."""

    text = N_("Column {column} accepts encrypted data only.")


class UndeclaredColumn(Failed):
    """A record class has a column that is neither personal nor marked plain."""

    text = N_("Column {column} of {table} declares neither a data item nor a reason.")


class Conflict(Failed):
    """Another desk changed the same field first."""

    text = N_(
        "Another workstation changed {column} in the meantime. Check it, then repeat your change."
    )


class AlreadyKnown(Invalid):
    """A number that must be unique is in the register already."""

    text = N_("The same {column} is already in the register.")


class Busy(Failed):
    """Another program holds the database for too long."""

    text = N_("Another program is writing to the register. Try again in a moment.")


class RegisterReplaced(Damaged):
    """The file of the register was replaced, moved or put back to an older state while open."""

    text = N_(
        "The register's file was replaced while it was open. Nothing was written. Quit the "
        "program, check which file is there, and open it again."
    )


class DiskFull(Failed):
    """There is no room for what has to be written."""

    text = N_(
        "The disk is full, or a limit of this account is reached. What could not be written "
        "was undone. Free some space and try again."
    )


class DiskFailed(Failed):
    """The disk does not take or give what it should."""

    text = N_(
        "The disk cannot be read or written. What could not be written was undone. Check the "
        "disk, and create a backup elsewhere before you try again."
    )


class StateNotWritten(Failed):
    """Something was done and stands in the register; the notes beside it are not there yet."""

    text = N_(
        "Done, but this workstation could not record it beside the register; check whether "
        "the disk of the state folder is full. The next opening corrects this."
    )


class UnsafePlace(Failed):
    """The vault or its folder can be read or changed by others on this machine."""

    text = N_(
        "The location of the register is not safe ({why}). Give it a folder of its own"
        " with mode 0700."
    )


class NotAVault(NotFound):
    """There is no vault where one was expected."""

    text = N_("There is no register here. Create one with: kartoteka init")


class VaultExists(Failed):
    """A vault would overwrite a file."""

    text = N_("There is already a file here; choose another location.")


class VaultTooNew(Failed):
    """The database was written by a newer program."""

    text = N_(
        "This register was written by a newer version. Update the program; nothing was changed."
    )


class UpgradeFailed(Failed):
    """A migration did not complete and was undone."""

    text = N_("The upgrade to {name} failed and was undone. The register is unchanged.")


class BadSeal(Damaged):
    """A sealed value does not open: it was changed, moved, or belongs to another key."""

    text = N_("An encrypted value was changed or moved. Restore it from a backup.")


class UnknownFormat(Damaged):
    """The first byte of sealed data names no format this program knows; -1 means there is none."""

    text = N_(
        "Encrypted data have the unknown format {version}. Update the program or restore them."
    )


class MalformedSeal(Damaged):
    """Sealed data has a length that its format cannot have."""

    text = N_(
        "Encrypted data of {length} bytes are truncated or wrongly padded. Restore them from "
        "a backup."
    )


class BadPadding(Damaged):
    """The padding inside a seal is not the one this program writes."""

    text = N_("An encrypted value is wrongly padded. Restore it from a backup.")


class BadValue(Damaged):
    """A seal opened, but what is inside is no value of a known type."""

    text = N_("An encrypted value has unknown content. Restore it from a backup.")


class BadWrap(Damaged):
    """A wrapped key does not open: it was changed or belongs to another owner."""

    text = N_("A key of {category} was changed or moved. Restore it from a backup.")


class UnknownKeyVersion(Damaged):
    """A wrapped key names a version of its category's key that this user does not hold."""

    text = N_(
        "Version {version} of the key of {category} is missing. Ask the owner for new access keys."
    )


class ValueTooLong(Invalid):
    """A value is longer than a field may be."""

    text = N_("The value is longer than {limit} bytes.")


class UnsealableValue(Invalid):
    """A value of a type or range that no field can hold."""

    text = N_("A value of type {kind} cannot be stored in an encrypted field.")


class NoRight(Locked):
    """The role may read this category but not change it."""

    text = N_("Your role may not change {category}.")


class BadSignature(Damaged):
    """A signature does not belong to this message and key."""

    text = N_("A signature does not verify: someone changed what was signed.")


class RootChanged(Damaged):
    """The vault's root key is not the one this desk has pinned."""

    text = N_("This is not the register this workstation knows: its root key is different.")


class RootForeign(RootChanged):
    """The password or the recovery key is right, and vouches for another root than the stored one.

    Whoever can write the database has put a root of their own into it.
    """

    text = N_(
        "The password is correct, but the root key of this register is not the one it "
        "vouches for: somebody with write access to the file has replaced it. Nothing was "
        "opened. Do not work here; restore a backup, and compare the root key's fingerprint "
        "with a colleague's: kartoteka key status"
    )


class KeyRolledBack(Damaged):
    """An old version of a key was put back in the place of the one that was in use."""

    text = N_(
        "The key of {key} was reverted to an older version, which somebody who has left may "
        "know. Nothing is read or written with it; restore a backup made after the rotation."
    )


class CardRefused(Damaged):
    """A user's card does not fit the vault, the user or the user's own keys."""

    text = N_("The user's card does not belong here. Nothing was opened.")


class SlotRefused(Damaged):
    """A slot names another user or another issue of the user's card."""

    text = N_(
        "The access key of {category} does not belong to this user's card. Nothing was opened."
    )


class BadSlot(Damaged):
    """A slot is signed, yet does not open with the user's key."""

    text = N_("The access key of {category} does not work. Ask the owner for new access keys.")


class KdfOutOfBounds(Damaged):
    """The stored cost of the password is below the floor or above what is sane."""

    text = N_("The password's stored cost ({setting} = {value}) is out of bounds.")


class NotEnoughMemory(Failed):
    """The machine cannot give the memory that the password's cost asks for."""

    text = N_("The password needs {mebibytes} MiB of free memory. Close a program and try again.")


class CardDisabled(Locked):
    """The user was shut out of the vault."""

    text = N_("This user may no longer open the register.")


class WrongPassword(Locked):
    """The password does not open this user's keys."""

    text = N_("The password is wrong. The register stays locked.")


class WrongRecoveryKey(Locked):
    """The recovery key is well written, but not the one of this vault."""

    text = N_("This is not the current recovery key of this register.")


class RecoveryKeyLength(Invalid):
    """A typed recovery key has the wrong number of characters."""

    text = N_("A recovery key has 52 letters and digits in 13 groups; this one has {count}.")


class RecoveryKeyTypo(Invalid):
    """A typed recovery key has a wrong or misplaced character."""

    text = N_("There is a typing mistake in the recovery key. Compare it with the paper.")


class WeakPassword(Invalid):
    """A password is easier to guess than the vault deserves."""

    text = N_("The password is too easy to guess. Use the phrase offered.")


class PasswordTooShort(WeakPassword):
    """A password has fewer characters than the floor."""

    text = N_("The password must have at least {least} characters. Use the phrase offered.")


class PasswordTooLong(WeakPassword):
    """A password is so long that it is no password."""

    text = N_("The password may have no more than {most} characters.")


class LastOwner(Refused):
    """Nobody would be left who can let others in and give out keys."""

    text = N_("This is the last owner. Make somebody else an owner first.")


class KeysLeft(Failed):
    """A key was to be destroyed while something is still wrapped under it."""

    text = N_("Something is still protected by the old key of {category}. Run it again.")
