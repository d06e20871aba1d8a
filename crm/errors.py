"""What several rooms raise; each class belongs to a family of `gdpr.errors`."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Failed, Invalid, Locked, NotFound, Refused
from gdpr.word_tables import ErrorWords


class InvalidNumber(Invalid):
    """A number or address does not have the form it must have.

    `reason` is the stable code that lists of rejected rows carry; the value itself never
    enters the error, because errors end in logs.
    """

    reason: ClassVar[str] = "number"


class RegNoFormat(InvalidNumber):
    """The registration number holds something else than digits."""

    reason = "reg_no format"


class RegNoLength(InvalidNumber):
    """The registration number has too few or too many digits."""

    reason = "reg_no length"


class RegNoComponent(InvalidNumber):
    """A part of the registration number is impossible, or it is the code of a person."""

    reason = "reg_no component"


class RegNoChecksum(InvalidNumber):
    """The check digit of the registration number is wrong."""

    reason = "reg_no checksum"


class VatFormat(InvalidNumber):
    """The VAT number is not written as its country writes them."""

    reason = "vat format"


class VatLength(InvalidNumber):
    """The VAT number has too few or too many characters."""

    reason = "vat length"


class VatComponent(InvalidNumber):
    """The VAT number lacks an EU prefix or has an impossible part."""

    reason = "vat component"


class VatChecksum(InvalidNumber):
    """The check digit of the VAT number is wrong."""

    reason = "vat checksum"


class PersonalCodeFormat(InvalidNumber):
    """The personal or tax code is not written as such codes are."""

    reason = "personal_code format"


class PersonalCodeLength(InvalidNumber):
    """The personal or tax code has too few or too many characters."""

    reason = "personal_code length"


class PersonalCodeComponent(InvalidNumber):
    """A part of the personal or tax code, such as the birth date, is impossible."""

    reason = "personal_code component"


class PersonalCodeChecksum(InvalidNumber):
    """The check character of the personal or tax code is wrong."""

    reason = "personal_code checksum"


class InvalidIban(InvalidNumber):
    """The account number fails the international or the Italian national check."""

    reason = "iban"


class InvalidEmail(InvalidNumber):
    """The e-mail address is not one that mail could reach."""

    reason = "email"


class NoName(InvalidNumber):
    """A client or contact person was given without a name."""

    reason = "no name"


class PasswordsDiffer(Invalid):
    """The two typings of a new password are not the same."""


class StateNotWritten(Failed):
    """Something was done and stands in the register; the notes beside it are not there yet."""


class NotHeld(NotFound):
    """A party has no ground for a purpose."""


class ErasedOnRequest(Refused):
    """Somebody who asked to be erased would be entered again without having asked for it."""

    article = "17(1), 21"


class ReviewNeeded(Refused):
    """Texts may speak of other people, and nobody has looked yet."""

    article = "15(4)"


class NoKnownColumn(Invalid):
    """No heading of the file is known, so that importing it would import nothing."""


class TargetExists(Failed):
    """A file of this name is there already and must not be lost."""


class NoDuty(Locked):
    """The user's roles do not allow this work."""


class NotADataSubject(Refused):
    """A right of data subjects was asked for a legal person (rec. 14)."""

    article = "4(1)"


class DateToConfirm(Refused):
    """The system clock leapt; nothing is destroyed before a person confirmed the date."""

    article = "5(1)(d)"


class NothingChosen(Invalid):
    """Neither or both of two ways to choose grounds were used."""


class UnknownCountry(Invalid):
    """A country is not given as its two letters."""


class UnknownLanguage(Invalid):
    """A language is not one the program speaks."""


class NotAmong(Invalid):
    """A field takes one of a few codes."""


class FieldUnknown(Invalid):
    """A change names a field that no client has, or that nobody may change."""


class NothingToChange(Invalid):
    """An edit names no change."""


class DayUnreadable(Invalid):
    """A date is not written as year-month-day."""


class UnknownUser(NotFound):
    """Nobody logs in by this name."""


class DayAhead(Invalid):
    """Something that has happened is given a day that is yet to come."""


class FileMissing(NotFound):
    """There is no file of that name."""


class FileUnreadable(Failed):
    """A file is there but cannot be read."""


class FolderUnusable(Failed):
    """A file is to be written into a folder that is not there or not ours."""


class FieldInvalid(Invalid):
    """A field does not read as what it holds.

    `reason` is the stable code that lists of rejected rows carry, `cell` what is said there, where
    the column is named beside it.
    """

    reason: ClassVar[str] = "unreadable"
    cell = ErrorWords("")


class ReferenceLost(FieldInvalid):
    """A reference leads to no record of the same client."""

    reason = "reference"


class ReferenceToItself(FieldInvalid):
    """A reference leads to the very record it stands in."""

    reason = "itself"
