"""What the services refuse, with what to do next."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, Locked, NotFound, Refused
from gdpr.text import N_


class UnknownRole(Invalid):
    """A role code is not one of ours."""

    text = N_("There is no such role. Known: {known}.")


class NoDuty(Locked):
    """The user's roles do not allow this work."""

    text = N_("Your role does not permit this ({duty}).")


class UserNameNeeded(Locked):
    """There are several users and none was named."""

    text = N_("Give your user name: --user NAME or KARTOTEKA_USER.")


class FirstPasswordMustChange(Locked):
    """A user logs in with a first password that somebody else has seen."""

    text = N_("Set a password of your own first: kartoteka user password")


class UserExists(Invalid):
    """A login name is taken."""

    text = N_("A user with this name exists already.")


class NobodyThere(NotFound):
    """No party has this number, VAT number or registration number."""

    text = N_(
        "Nobody in the register has this number. Numbers are never reused: if there was one, "
        "it was erased."
    )


class NotADataSubject(Refused):
    """A right of data subjects was asked for a legal person (rec. 14)."""

    text = N_(
        "A legal person is not a data subject; end its relationship with: kartoteka"
        " ground end. Its contact persons: {contacts}."
    )
    article = "4(1)"


class ConfirmNeeded(Invalid):
    """An erasure was not confirmed with the number of the person."""

    text = N_("Nothing was erased. Check --preview, then repeat with --confirm {number}.")


class DateToConfirm(Refused):
    """The system clock leapt; nothing is destroyed before a person confirmed the date."""

    text = N_(
        "The date jumped to {day}. Nothing was destroyed. If it is right: kartoteka"
        " retention run --accept-date {day!s}"
    )
    article = "5(1)(d)"


class NumberOfNobody(NotFound):
    """Of several numbers, this one is nobody's."""

    text = N_("Nobody in the register has the number {number}; nothing was written.")


class NothingChosen(Invalid):
    """Neither or both of two ways to choose grounds were used."""

    text = N_("Name either a relationship or purposes; to end, either --purpose or --all-but.")


class UnknownCountry(Invalid):
    """A country is not given as its two letters."""

    text = N_("Name the country by its two letters, such as LV or IT.")


class UnknownLanguage(Invalid):
    """A language is not one the program speaks."""

    text = N_("The program is not available in this language. Known: {known}.")


class BadUserName(Invalid):
    """A login name is empty, long, or holds what is hard to type."""

    text = N_("A user name has 1 to {most} letters, digits, dots, dashes or underscores.")


class KindNeeded(Invalid):
    """Nothing says whether a new party is a human being or a company."""

    text = N_("State whether it is a natural or a legal person: --kind natural or --kind legal.")


class NotAmong(Invalid):
    """A field takes one of a few codes."""

    text = N_("The field {field} must be one of: {known}.")


class FieldUnknown(Invalid):
    """A change names a field that no client has, or that nobody may change."""

    text = N_("A field is unknown; these can be changed: {known}.")


class RelationNeeded(Invalid):
    """Nobody is entered without a reason."""

    text = N_("State why this party is kept: either --relation CODE or --purpose CODE.")


class ClientKnown(Invalid):
    """A number that belongs to one party only is in the register already."""

    text = N_("Client {number} is already in the register with the same {field}.")


class ClientKnownButGoing(Invalid):
    """A number belongs to a party whose data are going."""

    text = N_(
        "The same {field} belongs to client {number}, whose data are scheduled for erasure. "
        "Restore the client with: kartoteka ground reopen {number}"
    )


class PerhapsKnown(Invalid):
    """A new or changed party looks like others; nothing is stored before somebody has looked."""

    text = N_(
        "Possibly in the register already ({matches}). Check there first; if it is somebody "
        "else, repeat with --anyway."
    )


class ChangedMeanwhile(Failed):
    """Somebody else changed the same fields since they were shown; nothing is overwritten."""

    text = N_(
        "Somebody changed {fields} of client {number} in the meantime. Compare both, then choose."
    )


class NotOnTheCard(NotFound):
    """A further phone, address or account was to be removed that the party does not have."""

    text = N_("The {field} to be removed is not on the card of client {number}.")


class NothingToChange(Invalid):
    """An edit names no change."""

    text = N_("Give the changes: FIELD=VALUE, or - and a JSON object on standard input.")


class NotAContact(NotFound):
    """Somebody is not a contact person of the company that was named, or of any."""

    text = N_("Number {number} is not currently a contact person there.")


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

    text = N_("The day must not be in the future.")


class DemoTakesNoFiles(Refused):
    """Real people must not end in a register whose password is published."""

    text = N_(
        "This is the demo register, whose password everybody knows. Import into a register of"
        " your own, or repeat with --into-demo."
    )


class FileMissing(NotFound):
    """There is no file of that name."""

    text = N_("There is no such file.")


class FileUnreadable(Failed):
    """A file is there but cannot be read."""

    text = N_("The file cannot be read. Check its permissions.")


class RowElsewhere(NotFound):
    """A rejected row is not where it was: somebody has changed the file since it was read."""

    text = N_("Line {line} of the file has changed. Import the file again.")


class FolderUnusable(Failed):
    """A file is to be written into a folder that is not there or not ours."""

    text = N_("The folder for the file is not there, or nothing can be written to it.")


class NoSuchCopy(NotFound):
    """No known copy lies at this path or has this id."""

    text = N_("There is no known copy there; kartoteka files list shows them all.")


class CopyStillThere(Failed):
    """Somebody calls a copy gone that lies where it was written."""

    text = N_("The copy still exists where it was written. Destroy it: kartoteka files shred FILE")


class UnknownReason(Invalid):
    """A copy is called gone for a reason that is not on the list."""

    text = N_("There is no such reason. Known: {known}.")


class UnknownProfile(Invalid):
    """A file is to be written in a form that is not known."""

    text = N_("There is no such profile. Known: {known}.")


class NoticeNeeded(Refused):
    """A person in the register is to be kept for a further purpose nobody told them of."""

    text = N_(
        "Number {number} has not been informed of the purpose {purpose} in version {version}. Give "
        "the notice first (kartoteka notice give), or state when it was given: --informed DATE"
    )
    article = "13(3)"


class NotByConsent(Refused):
    """A purpose rests on something else; asking for consent would mislead (Art. 5(1)(a))."""

    text = N_("The purpose {purpose} is not based on consent for this person.")
    article = "6(1)(a)"
    remedy = N_("Add the purpose on its own lawful basis: kartoteka ground add.")


class NoSuchWording(NotFound):
    """A text that people consent to is not in the register."""

    text = N_("There is no such text. Known: {known}.")


class WordingTooLong(Invalid):
    """A text is longer than any that people read; a part of it would not be what they saw."""

    text = N_("A text may have at most {kib} KiB. Nothing was added.")


class WordingElsewhere(Refused):
    """A text speaks of other purposes; a consent holds for what people read (Art. 7(2))."""

    text = N_("The text does not cover the purpose {purpose}.")
    article = "4(11), 7(2)"
    remedy = N_("Choose a text that covers it: kartoteka wording list.")


class WordingNeeded(Invalid):
    """A yes or a request was recorded without the text that was shown."""

    text = N_("State which text was shown: --wording CODE.")


class GuardianNeeded(Refused):
    """A child consented alone (Art. 8(1))."""

    text = N_("Below the age of {age} a parent must consent: --guardian NUMBER.")
    article = "8(1)"


class NotAGuardian(Invalid):
    """The one who spoke for a child is the child, a company, or a child too."""

    text = N_("Number {number} cannot consent for a child.")


class NoConsentWhenGoing(Refused):
    """Somebody who is leaving the register was to consent; a no is always taken."""

    text = N_("The data of client {number} are scheduled for erasure; no new consent is accepted.")
    article = "17"
    remedy = N_("If that was a mistake, restore the data first: kartoteka ground reopen {number}")


class ScanTooLarge(Invalid):
    """A scan does not fit into a sealed field."""

    text = N_(
        "The file is larger than {kib} KiB. Keep it elsewhere and state its location in a note."
    )


class NoConsent(NotFound):
    """Nothing was ever recorded about a consent to this purpose."""

    text = N_("No consent of client {number} to {purpose} is on record.")


class ColumnsMissing(Invalid):
    """A list of consents lacks what every row must say."""

    text = N_(
        "The list needs the columns purpose, state and date, and one of number, email and reg_no."
    )


class NoticeBlank(Invalid):
    """A notice would have blanks where the law wants words."""

    text = N_(
        "The notice would have blanks: {blanks}. Fill them in with kartoteka firm edit or"
        " kartoteka purpose edit."
    )


class UnknownChannel(Invalid):
    """A notice was given in a way that has no code."""

    text = N_("There is no such way of giving a notice. Known: {known}.")


class NotYetPublished(Invalid):
    """A notice is said to have been given before it was published."""

    text = N_("Version {version} was published on {day}; it cannot have been provided before.")


class DayNotAhead(Invalid):
    """Somebody wants to look again on a day that is over."""

    text = N_("The date of the next review must be in the future.")
