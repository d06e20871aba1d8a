"""One tree for everything that can go wrong, so that each face can say it in any language.

A class carries its exit code and, where law decides, its article; its sentence stands under its
name in the `errors.toml` beside its module. Arguments are ids, numbers and fixed codes; a personal
value never enters an exception, because exceptions end in logs.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from gdpr.text import N_, Counted
from gdpr.word_tables import ErrorWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class KartotekaError(Exception):
    """The root of the tree; never raised itself.

    `called` has the words for codes among the arguments, which a face says in its language; `names`
    are those of purposes and relations by their codes, put in by the front door.
    """

    called: Mapping[str, Iterable[str]] = MappingProxyType({})
    names: Mapping[str, str] = MappingProxyType({})
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


class Conflict(Failed):
    """Another desk changed the same field first."""


class Busy(Failed):
    """Another program holds the database for too long."""


class RegisterReplaced(Damaged):
    """The file of the register was replaced, moved or put back to an older state while open."""


class DiskFailed(Failed):
    """The disk does not take or give what it should."""


class VaultExists(Failed):
    """A vault would overwrite a file."""


class NoRight(Locked):
    """The role may read this category but not change it."""


class BadSignature(Damaged):
    """A signature does not belong to this message and key."""


class RootChanged(Damaged):
    """The vault's root key is not the one this desk has pinned."""


class KeyRolledBack(Damaged):
    """An old version of a key was put back in the place of the one that was in use."""


class CardDisabled(Locked):
    """The user was shut out of the vault."""


class WrongPassword(Locked):
    """The password does not open this user's keys."""


class WrongRecoveryKey(Locked):
    """The recovery key is well written, but not the one of this vault."""


class LastOwner(Refused):
    """Nobody would be left who can let others in and give out keys."""


class ContainerChanged(Damaged):
    """A piece of a backup does not open, neither in its place nor in any other."""


class PinForgotten(Locked):
    """Three wrong tries, or twelve hours, or another register: the PIN opens nothing any more."""


class ShredFileDamaged(Damaged):
    """Neither copy of the shred file is whole."""


class MalformedStream(Damaged):
    """Rows on their way do not have the form that this program writes."""


class ReadOnlyRegister(Locked):
    """Nothing can be written into the register as things stand."""


class ReadOnlyState(ReadOnlyRegister):
    """The state folder of this desk may not be written, and without it nothing can be logged."""


class StateFileDamaged(Damaged):
    """A file that this desk keeps outside the database was changed or cut."""


class SumsDiffer(Damaged):
    """The rows of a table do not add up to what the desks together wrote."""


class EntryRefused(Damaged):
    """Somebody whose card had ended, or whose role does not permit it, signed an entry."""


class OlderThanAnchor(Damaged):
    """The database lacks the last entry that this desk knows it wrote."""


class AnchorMissing(Damaged):
    """This desk has written entries, and the file that remembers the last of them is gone."""


class InvalidRegister(Invalid):
    """A purpose or relation is not written as the rules can read it."""


class NothingNew(Invalid):
    """A new version would say the same as the one in force."""


class YesBeforeNo(Refused):
    """A yes that is older than a no was to be entered after it; a withdrawal is never undone."""

    article = "7(3)"


class ConsentStep(Refused):
    """A consent cannot come into a state from the one it is in."""

    article = "7"


class PackageDamaged(Damaged):
    """A package is not what was signed; `fault` is a code, `file` a name of ours."""


class PackageLocked(Invalid):
    """A package is sealed with a passphrase that was not given or is another one."""


class ReviewUnreadable(Invalid):
    """A review file is no review of ours, or marks a place that is not in the text."""
