"""What can go wrong in the product; each class belongs to a family of `gdpr.errors`."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Damaged, Invalid, NotFound, Refused
from gdpr.text import N_, Nn_


class InvalidNumber(Invalid):
    """A number or address does not have the form it must have.

    `reason` is the stable code that lists of rejected rows carry; the value itself never
    enters the error, because errors end in logs.
    """

    text = N_("This number is not valid. Compare it with its source and enter it again.")
    reason: ClassVar[str] = "number"


class RegNoFormat(InvalidNumber):
    """The registration number holds something else than digits."""

    text = N_("A registration number here consists of digits only. Leave out dots and words.")
    reason = "reg_no format"


class RegNoLength(InvalidNumber):
    """The registration number has too few or too many digits."""

    text = N_("A registration number here has 11 digits. Count them and enter it again.")
    reason = "reg_no length"


class RegNoComponent(InvalidNumber):
    """A part of the registration number is impossible, or it is the code of a person."""

    text = N_(
        "This is not the registration number of a company. If it is the code of a person, enter"
        " the client as a natural person."
    )
    reason = "reg_no component"


class RegNoChecksum(InvalidNumber):
    """The check digit of the registration number is wrong."""

    text = N_(
        "The check digit of the registration number is wrong. Compare it with the public register"
        " and enter it again."
    )
    reason = "reg_no checksum"


class VatFormat(InvalidNumber):
    """The VAT number is not written as its country writes them."""

    text = N_(
        "This VAT number does not have the format of its country. Compare it and enter it again."
    )
    reason = "vat format"


class VatLength(InvalidNumber):
    """The VAT number has too few or too many characters."""

    text = N_("This VAT number is too short or too long for its country. Enter it again.")
    reason = "vat length"


class VatComponent(InvalidNumber):
    """The VAT number lacks an EU prefix or has an impossible part."""

    text = N_(
        "This is not a VAT number of an EU country. Begin it with the country's letters, such as"
        " LV or IT; keep a number from elsewhere as registration number."
    )
    reason = "vat component"


class VatChecksum(InvalidNumber):
    """The check digit of the VAT number is wrong."""

    text = N_(
        "The check digit of the VAT number is wrong. Compare it with an invoice and enter it again."
    )
    reason = "vat checksum"


class PersonalCodeFormat(InvalidNumber):
    """The personal or tax code is not written as such codes are."""

    text = N_(
        "This does not have the format of a personal or tax code. Compare it and enter it again."
    )
    reason = "personal_code format"


class PersonalCodeLength(InvalidNumber):
    """The personal or tax code has too few or too many characters."""

    text = N_(
        "A personal code has 11 digits, an Italian tax code 16 characters. Count them and enter"
        " it again."
    )
    reason = "personal_code length"


class PersonalCodeComponent(InvalidNumber):
    """A part of the personal or tax code, such as the birth date, is impossible."""

    text = N_(
        "A part of this personal or tax code, such as the birth date, is not possible. "
        "Compare it and enter it again."
    )
    reason = "personal_code component"


class PersonalCodeChecksum(InvalidNumber):
    """The check character of the personal or tax code is wrong."""

    text = N_(
        "The check character of the personal or tax code is wrong. Compare it and enter it again."
    )
    reason = "personal_code checksum"


class InvalidIban(InvalidNumber):
    """The account number fails the international or the Italian national check."""

    text = N_(
        "This IBAN fails its check. Compare it with an invoice or statement and enter it again."
    )
    reason = "iban"


class InvalidEmail(InvalidNumber):
    """The e-mail address is not one that mail could reach."""

    text = N_("This is not a complete e-mail address. Enter it in the form name@company.lv.")
    reason = "email"


class NoName(InvalidNumber):
    """A client or contact person was given without a name."""

    text = N_("A name is missing. Enter the name of the company, or the given and family name.")
    reason = "no name"


class Shortened(InvalidNumber):
    """A spreadsheet turned a long number into one with an exponent, and its digits are lost."""

    text = N_(
        "A spreadsheet shortened this number (3,93E+11) and lost its digits. Take it from its"
        " source and mark the column as text."
    )
    reason = "shortened"


class TextTooLong(InvalidNumber):
    """A text is longer than anything that is kept; it is not cut without a word."""

    text = N_("This text has more than 10,000 characters. Shorten it or keep it elsewhere.")
    reason = "text too long"


class SaidTwice(InvalidNumber):
    """Two columns of a row say different things of what there is one of."""

    text = N_("Two columns give different values for it. Correct one, or leave it out with --map.")
    reason = "said twice"


class NameOfPerson(InvalidNumber):
    """A legal person was given the given or family name of a human being."""

    text = N_(
        "A legal person has no given and family name. Enter it as a natural person, or add the"
        " person as a contact: contact add."
    )
    reason = "name of a person"


class WordUnknown(InvalidNumber):
    """A word stands for no language, channel or country that is known."""

    text = N_("This word is not recognised. Enter the code, such as lv, email or LV.")
    reason = "unknown word"


class MailingByNotice(Refused):
    """Marketing by e-mail was to rest on a notice or a contract, where the law wants a yes."""

    text = N_(
        "{purpose}: for marketing by e-mail, SMS or automated call the law requires consent "
        "({law}); a notice or a contract is not enough. Record a consent, or, for own similar "
        "products and services, that the person bought and did not refuse: --evidence soft-opt-in"
    )
    article = "6(1)(a)"


class NeverBought(Refused):
    """The soft opt-in was to be used for somebody who is no customer."""

    text = N_(
        "Without consent only those who bought from you may be contacted, about your own "
        "similar products and services ({law}). Record a consent."
    )
    article = "6(1)(a)"


class RightsRefused(Damaged):
    """A restore met rights signed by somebody who might not; it brought nothing of them about."""

    text = Nn_(
        "{count} erasure or withdrawal was signed by someone not entitled to it and was not"
        " repeated; see refused. Find out who signed it.",
        "{count} erasures or withdrawals were signed by someone not entitled to them and were not"
        " repeated; see refused. Find out who signed them.",
    )


class NothingToAcknowledge(NotFound):
    """An owner would sign for damage, and there is none that is new."""

    text = N_("No unacknowledged damage was found.")


class DamageMiscounted(Invalid):
    """An owner would sign for another number of damages than there are."""

    text = Nn_(
        "{count} place is damaged now; nothing was acknowledged. Check it with kartoteka "
        "audit verify and kartoteka doctor, then repeat with --count {count}",
        "{count} places are damaged now; nothing was acknowledged. Check them with kartoteka "
        "audit verify and kartoteka doctor, then repeat with --count {count}",
    )


class NoticeUnconfirmed(Refused):
    """A notice was to be published while people are kept for purposes the firm never confirmed."""

    text = N_(
        "The firm has not confirmed these purposes, so no notice can refer to them: {purposes}."
    )
    article = "5(1)(a), 13(1)(c)"
    remedy = N_(
        "Read each, change what is different in your firm, and confirm it: kartoteka purpose "
        "confirm CODE. Remove what you do not do from the relationships: kartoteka relation edit."
    )


class DayOutOfReach(Invalid):
    """The register was to be looked at on a day before it began, or a century ahead."""

    text = N_("Choose a day from {first} to {last}.")


class PasswordsDiffer(Invalid):
    """The two typings of a new password are not the same."""

    text = N_("The two passwords do not match.")
