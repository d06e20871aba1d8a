"""What can go wrong in the product; each class belongs to a family of `gdpr.errors`."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Damaged, Invalid, NotFound, Refused


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


class Shortened(InvalidNumber):
    """A spreadsheet turned a long number into one with an exponent, and its digits are lost."""

    reason = "shortened"


class TextTooLong(InvalidNumber):
    """A text is longer than anything that is kept; it is not cut without a word."""

    reason = "text too long"


class SaidTwice(InvalidNumber):
    """Two columns of a row say different things of what there is one of."""

    reason = "said twice"


class NameOfPerson(InvalidNumber):
    """A legal person was given the given or family name of a human being."""

    reason = "name of a person"


class WordUnknown(InvalidNumber):
    """A word stands for no language, channel or country that is known."""

    reason = "unknown word"


class MailingByNotice(Refused):
    """Marketing by e-mail was to rest on a notice or a contract, where the law wants a yes."""

    article = "6(1)(a)"


class NeverBought(Refused):
    """The soft opt-in was to be used for somebody who is no customer."""

    article = "6(1)(a)"


class RightsRefused(Damaged):
    """A restore met rights signed by somebody who might not; it brought nothing of them about."""


class NothingToAcknowledge(NotFound):
    """An owner would sign for damage, and there is none that is new."""


class DamageMiscounted(Invalid):
    """An owner would sign for another number of damages than there are."""


class NoticeUnconfirmed(Refused):
    """A notice was to be published while people are kept for purposes the firm never confirmed."""

    article = "5(1)(a), 13(1)(c)"


class DayOutOfReach(Invalid):
    """The register was to be looked at on a day before it began, or a century ahead."""


class PasswordsDiffer(Invalid):
    """The two typings of a new password are not the same."""
