"""What can go wrong in the product; each class belongs to a family of `gdpr.errors`."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Failed, Invalid, Locked, NotFound, Refused
from gdpr.text import N_


class ConfigUnreadable(Invalid):
    """The config file is not TOML; `line` is 0 when the parser could not tell."""

    text = N_("The config file cannot be read (line {line}).")


class PasswordNeeded(Locked):
    """Nobody is there to ask for the password."""

    text = N_(
        "A password is needed: set KARTOTEKA_PASSWORD or KARTOTEKA_PASSCOMMAND, "
        "or run the command in a terminal."
    )


class PassCommandFailed(Locked):
    """The command that should print the password did not."""

    text = N_("KARTOTEKA_PASSCOMMAND failed or printed nothing (exit code {code}).")


class PasswordsDiffer(Invalid):
    """The two typings of a new password are not the same."""

    text = N_("The two passwords are not the same.")


class NobodyToAsk(Invalid):
    """A question came up where no terminal is."""

    text = N_("A question cannot be asked without a terminal; answer it with the option {option}.")


class NotOneObject(Invalid):
    """Standard input should hold one JSON object."""

    text = N_("Standard input must hold one JSON object in UTF-8, at most {limit} bytes.")


class UnknownFields(Invalid):
    """The JSON object names fields that the command does not take."""

    text = N_("{count} unknown fields in the JSON object; these are known: {known}.")


class FieldOfWrongKind(Invalid):
    """A field of the JSON object holds something other than text, a number or a list of text."""

    text = N_("The field {field} holds a value of the wrong kind.")


class OutputBroken(Failed):
    """Standard output could not take everything, so what arrived is not complete."""

    text = N_("Not everything could be written; what was written is incomplete.")


class InvalidNumber(Invalid):
    """A number or address does not have the form it must have.

    `reason` is the stable code that lists of rejected rows carry; the value itself never
    enters the error, because errors end in logs.
    """

    text = N_("This number cannot be right. Compare it with its source and enter it again.")
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
        "This VAT number is not written as its country writes them. Compare it and enter it again."
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

    text = N_("This is not written like a personal or tax code. Compare it and enter it again.")
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
        "A part of this personal or tax code, such as the birth date, is impossible. Compare it and"
        " enter it again."
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


class EmptyTable(Invalid):
    """A file that should hold a table has not even a line of headings."""

    text = N_("No line of column headings can be read. The file must begin with one.")


class NoKnownColumn(Invalid):
    """No heading of the file is known, so that importing it would import nothing."""

    text = N_("No column heading is known. Say what the columns hold with --map COLUMN=FIELD.")


class NoNameColumn(Invalid):
    """The file has no column for any name, so that every row would be rejected."""

    text = N_("No column holds a name. Say which one does with --map COLUMN=FIELD.")


class MapColumnUnknown(Invalid):
    """A `--map` names a column that the file does not have; `position` counts from 1."""

    text = N_("--map number {position} names a column that the file does not have.")


class MapFieldUnknown(Invalid):
    """A `--map` names a field that does not exist; `position` counts from 1."""

    text = N_("--map number {position} names an unknown field; these are known: {known}.")


class TargetExists(Failed):
    """A file of this name is there already and must not be lost."""

    text = N_("A file of this name is there already. Choose another name or remove it first.")


class TargetUnsafe(Failed):
    """The name leads through a link or to something that is not a plain file."""

    text = N_("The file cannot be written here: the name belongs to a link or a device.")


class UnknownRole(Invalid):
    """A role code is not one of ours."""

    text = N_("There is no such role. Known: {known}.")


class NoDuty(Locked):
    """The user's roles do not allow this work."""

    text = N_("Your role may not do this ({duty}).")


class FirstPasswordMustChange(Locked):
    """A user logs in with a first password that somebody else has seen."""

    text = N_("Set a password of your own first: kartoteka user password")


class UserExists(Invalid):
    """A login name is taken."""

    text = N_("A user with this name exists already.")


class UserNameNeeded(Locked):
    """There are several users and none was named."""

    text = N_("Say who you are: --user NAME or KARTOTEKA_USER.")


class NobodyThere(NotFound):
    """No party has this number, VAT number or registration number."""

    text = N_(
        "Nobody in the register has this number. Numbers are never given twice: "
        "one that existed was erased."
    )


class NotADataSubject(Refused):
    """A right of data subjects was asked for a legal person (rec. 14)."""

    text = N_(
        "A legal person is no data subject; end its relation with: kartoteka ground end. "
        "Its contact persons: {contacts}."
    )
    article = "4(1)"


class ConfirmNeeded(Invalid):
    """An erasure was not confirmed with the number of the person."""

    text = N_("Nothing was erased. Look at --preview, then repeat with --confirm {number}.")


class DateToConfirm(Refused):
    """The system clock leapt; nothing is destroyed before a person confirmed the date."""

    text = N_(
        "The date leapt to {day}. Nothing was destroyed. If it is right: "
        "kartoteka retention run --accept-date {day}"
    )
    article = "5(1)(d)"


class NothingChosen(Invalid):
    """Neither or both of two ways to choose grounds were used."""

    text = N_("Name either a relation or purposes; to end, either --purpose or --all-but.")


class UnknownCountry(Invalid):
    """A country is not given as its two letters."""

    text = N_("Name the country by its two letters, such as LV or IT.")


class UnknownLanguage(Invalid):
    """A language is not one the program speaks."""

    text = N_("The program does not speak this language. Known: {known}.")


class BadUserName(Invalid):
    """A login name is empty, long, or holds what is hard to type."""

    text = N_("A user name has 1 to {most} letters, digits, dots, dashes or underscores.")


class KindNeeded(Invalid):
    """Nothing says whether a new party is a human being or a company."""

    text = N_("Say whether it is a natural or a legal person: --kind natural or --kind legal.")


class CountryUnknown(Invalid):
    """A country is not given by its two letters."""

    text = N_("Give the country by its two letters, such as LV or IT.")


class NotAmong(Invalid):
    """A field takes one of a few codes."""

    text = N_("The field {field} takes one of: {known}.")


class FieldUnknown(Invalid):
    """A change names a field that no client has, or that nobody may change."""

    text = N_("A field is unknown; these can be changed: {known}.")


class RelationNeeded(Invalid):
    """Nobody is entered without a reason."""

    text = N_("Say why this party is kept: --relation CODE or --purpose CODE, one of the two.")


class ClientKnown(Invalid):
    """A number that belongs to one party only is in the register already."""

    text = N_("Client {number} is in the register with the same {field} already.")


class ClientKnownButGoing(Invalid):
    """A number belongs to a party whose data are going."""

    text = N_(
        "The same {field} belongs to client {number}, whose data are going. Bring the client back"
        " with: kartoteka ground reopen {number}"
    )


class PerhapsKnown(Invalid):
    """A new or changed party looks like others; nothing is stored before somebody has looked."""

    text = N_(
        "Perhaps in the register already ({matches}). Look there first; if it is somebody else,"
        " repeat with --anyway."
    )


class NotOnTheCard(NotFound):
    """A further phone, address or account was to be removed that the party does not have."""

    text = N_("The {field} to be removed is not on the card of client {number}.")


class NothingToChange(Invalid):
    """An edit names no change."""

    text = N_("Say what changes: FIELD=VALUE, or - and a JSON object on standard input.")


class NotAContact(NotFound):
    """Somebody is not a contact person of the company that was named, or of any."""

    text = N_("Number {number} is not a contact person there now.")


class ContactKnown(Invalid):
    """A company has this contact person already."""

    text = N_("Number {number} is a contact person of this company already.")


class ContactIsNatural(Invalid):
    """Only human beings are contact persons."""

    text = N_("Number {number} is a company; only a natural person can be a contact person.")


class DayUnreadable(Invalid):
    """A date is not written as year-month-day."""

    text = N_("Write dates as YYYY-MM-DD.")


class EmptyNote(Invalid):
    """A note has no text."""

    text = N_("The note is empty.")


class UnknownUser(NotFound):
    """Nobody logs in by this name."""

    text = N_("There is no user with this name.")


class SamePassword(Invalid):
    """A new password is the old one."""

    text = N_("The new password is the old one. Choose another.")


class DayAhead(Invalid):
    """Something that has happened is given a day that is yet to come."""

    text = N_("The day must not lie in the future.")
