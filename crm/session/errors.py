"""What the services refuse, with what to do next."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, Locked, NotFound, Refused


class UnknownRole(Invalid):
    """A role code is not one of ours."""


class NoDuty(Locked):
    """The user's roles do not allow this work."""


class UserNameNeeded(Locked):
    """There are several users and none was named."""


class FirstPasswordMustChange(Locked):
    """A user logs in with a first password that somebody else has seen."""


class UserExists(Invalid):
    """A login name is taken."""


class NobodyThere(NotFound):
    """No party has this number, VAT number or registration number."""


class NotADataSubject(Refused):
    """A right of data subjects was asked for a legal person (rec. 14)."""

    article = "4(1)"


class ConfirmNeeded(Invalid):
    """An erasure was not confirmed with the number of the person."""


class DateToConfirm(Refused):
    """The system clock leapt; nothing is destroyed before a person confirmed the date."""

    article = "5(1)(d)"


class NumberOfNobody(NotFound):
    """Of several numbers, this one is nobody's."""


class NothingChosen(Invalid):
    """Neither or both of two ways to choose grounds were used."""


class UnknownCountry(Invalid):
    """A country is not given as its two letters."""


class UnknownLanguage(Invalid):
    """A language is not one the program speaks."""


class BadUserName(Invalid):
    """A login name is empty, long, or holds what is hard to type."""


class KindNeeded(Invalid):
    """Nothing says whether a new party is a human being or a company."""


class NotAmong(Invalid):
    """A field takes one of a few codes."""


class FieldUnknown(Invalid):
    """A change names a field that no client has, or that nobody may change."""


class RelationNeeded(Invalid):
    """Nobody is entered without a reason."""


class ClientKnown(Invalid):
    """A number that belongs to one party only is in the register already."""


class ClientKnownButGoing(Invalid):
    """A number belongs to a party whose data are going."""


class PerhapsKnown(Invalid):
    """A new or changed party looks like others; nothing is stored before somebody has looked."""


class ChangedMeanwhile(Failed):
    """Somebody else changed the same fields since they were shown; nothing is overwritten."""


class NotOnTheCard(NotFound):
    """A further phone, address or account was to be removed that the party does not have."""


class NothingToChange(Invalid):
    """An edit names no change."""


class NotAContact(NotFound):
    """Somebody is not a contact person of the company that was named, or of any."""


class ContactKnown(Invalid):
    """A company has this contact person already."""


class ContactIsNatural(Invalid):
    """Only human beings are contact persons."""


class DayUnreadable(Invalid):
    """A date is not written as year-month-day."""


class EmptyNote(Invalid):
    """A note has no text."""


class UnknownUser(NotFound):
    """Nobody logs in by this name."""


class SamePassword(Invalid):
    """A new password is the old one."""


class DayAhead(Invalid):
    """Something that has happened is given a day that is yet to come."""


class DemoTakesNoFiles(Refused):
    """Real people must not end in a register whose password is published."""


class FileMissing(NotFound):
    """There is no file of that name."""


class FileUnreadable(Failed):
    """A file is there but cannot be read."""


class RowElsewhere(NotFound):
    """A rejected row is not where it was: somebody has changed the file since it was read."""


class FolderUnusable(Failed):
    """A file is to be written into a folder that is not there or not ours."""


class NoSuchCopy(NotFound):
    """No known copy lies at this path or has this id."""


class CopyStillThere(Failed):
    """Somebody calls a copy gone that lies where it was written."""


class UnknownReason(Invalid):
    """A copy is called gone for a reason that is not on the list."""


class UnknownProfile(Invalid):
    """A file is to be written in a form that is not known."""


class NoticeNeeded(Refused):
    """A person in the register is to be kept for a further purpose nobody told them of."""

    article = "13(3)"


class NotByConsent(Refused):
    """A purpose rests on something else; asking for consent would mislead (Art. 5(1)(a))."""

    article = "6(1)(a)"


class NoSuchWording(NotFound):
    """A text that people consent to is not in the register."""


class WordingTooLong(Invalid):
    """A text is longer than any that people read; a part of it would not be what they saw."""


class WordingElsewhere(Refused):
    """A text speaks of other purposes; a consent holds for what people read (Art. 7(2))."""

    article = "4(11), 7(2)"


class WordingNeeded(Invalid):
    """A yes or a request was recorded without the text that was shown."""


class GuardianNeeded(Refused):
    """A child consented alone (Art. 8(1))."""

    article = "8(1)"


class NotAGuardian(Invalid):
    """The one who spoke for a child is the child, a company, or a child too."""


class NoConsentWhenGoing(Refused):
    """Somebody who is leaving the register was to consent; a no is always taken."""

    article = "17"


class ScanTooLarge(Invalid):
    """A scan does not fit into a sealed field."""


class NoConsent(NotFound):
    """Nothing was ever recorded about a consent to this purpose."""


class ColumnsMissing(Invalid):
    """A list of consents lacks what every row must say."""


class NoticeBlank(Invalid):
    """A notice would have blanks where the law wants words."""


class UnknownChannel(Invalid):
    """A notice was given in a way that has no code."""


class NotYetPublished(Invalid):
    """A notice is said to have been given before it was published."""


class DayNotAhead(Invalid):
    """Somebody wants to look again on a day that is over."""
