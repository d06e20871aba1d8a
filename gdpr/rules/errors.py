"""What the rules refuse, and what they cannot read."""

from __future__ import annotations

from gdpr.errors import Invalid, NotFound, Refused
from gdpr.text import N_


class InvalidRegister(Invalid):
    """A purpose or relation is not written as the rules can read it."""

    text = N_("The register of purposes cannot be read at {place}: {fault}.")


class UnknownCause(Invalid):
    """A reason for erasing is none of the codes the law knows."""

    text = N_(
        "Give the reason: consent-withdrawn, objection, no-longer-needed, unlawful or "
        "request:NUMBER."
    )


class GroundNeeded(Refused):
    """A legal obligation still rests on a ground (Art. 17(3)(b))."""

    text = N_("Records that must be kept ({count}) need the purpose {purpose} until {until}.")
    article = "6(1)(c), 17(3)(b)"
    remedy = N_(
        "Data these records do not need can be erased by ending the other purposes, or by an "
        "erasure, which does not affect these records."
    )


class GroundGone(Refused):
    """An ended ground cannot come back, because what it named may be destroyed already."""

    text = N_("This lawful basis has ended permanently; add a new one.")


class GroundAlreadyEnded(Refused):
    """A ground ends once; its first day and reason stay on record."""

    text = N_("The purpose {purpose} has already ended.")


class InvalidSetting(Invalid):
    """A setting lies outside what the rules can answer for."""

    text = N_("The setting {setting} must be between {least} and {most}.")


class NoBasisForKind(Refused):
    """A purpose has no lawful basis for this kind of data subject."""

    text = N_("The purpose {purpose} has no lawful basis for {kind}.")
    article = "6(1)"
    remedy = N_(
        "Choose a purpose that fits, or give this one a lawful basis in the register of purposes."
    )


class ConsentNeeded(Refused):
    """A purpose that rests on consent was to begin without one."""

    text = N_("The purpose {purpose} needs a consent; record it as evidence.")
    article = "7(1)"
    remedy = N_("Everything that needs no consent remains possible without it.")


class UnknownPurpose(Invalid):
    """A purpose code is not in the register of purposes."""

    text = N_("There is no such purpose. Known: {known}.")


class UnknownVersion(NotFound):
    """A purpose never had this version."""

    text = N_("The purpose {purpose} has no such version.")


class UnknownRelation(Invalid):
    """A relation code is not in the register of relations."""

    text = N_("There is no such relationship. Known: {known}.")


class EvidenceNeeded(Refused):
    """A relation rests on evidence that was not named."""

    text = N_("The relationship {relation} requires evidence: {accepted}.")
    article = "7(1)"
    remedy = N_("Everything that needs no such evidence remains possible without it.")


class NotHeld(NotFound):
    """A party has no ground for a purpose."""

    text = N_("There is no lawful basis in force for the purpose {purpose}.")


class NothingGoing(NotFound):
    """A ground was to be reopened, but none is going."""

    text = N_("No data of this person are scheduled for erasure; there is nothing to restore.")


class PurposeRetired(Refused):
    """A retired purpose was to begin anew for somebody."""

    text = N_("The purpose {purpose} is retired; no new lawful bases are added for it.")
    article = "5(1)(b)"
    remedy = N_(
        "Choose another purpose; what is already kept for this one continues until it ends."
    )


class PurposeInUse(Refused):
    """A purpose was to be retired while a relation would still open it."""

    text = N_(
        "The purpose {purpose} belongs to the relationships {relations}; remove it from them first."
    )
    article = "5(1)(b)"
    remedy = N_("After that nobody new is kept for it.")


class PurposeKnown(Invalid):
    """A new purpose has the code of another."""

    text = N_("There is a purpose {purpose} already; change it with: kartoteka purpose edit")


class NothingWeighed(Invalid):
    """A purpose rests on legitimate interests and nobody wrote down why."""

    text = N_("The purpose {purpose} has no balancing test in: {languages}.")


class NothingNew(Invalid):
    """A new version would say the same as the one in force."""

    text = N_("Nothing would change.")


class YesBeforeNo(Refused):
    """A yes that is older than a no was to be entered after it; a withdrawal is never undone."""

    text = N_(
        "The person refused {purpose} on {day}. Consent given before that is no longer "
        "valid; a new one is needed."
    )
    article = "7(3)"
    remedy = N_("Record a new consent with the day on which the person gave it, after the refusal.")


class ConsentStep(Refused):
    """A consent cannot come into a state from the one it is in."""

    text = N_("The consent to {purpose} is {state}; from there it cannot become {then}.")
    article = "7"
    remedy = N_("Check what is on record: kartoteka consent list.")


class HasObjected(Refused):
    """A purpose would begin for somebody who objected to it; marketing has no exception."""

    text = N_("This person objected to {purpose} on {day}; the processing may not resume.")
    article = "21(2)-(3)"
    remedy = N_(
        "Their data can be kept for other purposes, such as a contract or an offer, and no "
        "service may be refused because of it. Only a new consent of their own lifts it, "
        "recorded with its date: kartoteka consent give."
    )


class HasWithdrawn(Refused):
    """A purpose would begin for somebody who took back or refused their consent to it."""

    text = N_("This person refused {purpose} on {day}; the processing may not resume.")
    article = "7(3)"
    remedy = N_(
        "Their data can be kept for other purposes, such as a contract or an offer, and no "
        "service may be refused because of it. Only a new consent of their own lifts it, "
        "recorded with its date: kartoteka consent give."
    )


class ErasedOnRequest(Refused):
    """Somebody who asked to be erased would be entered again without having asked for it."""

    text = N_(
        "This person requested erasure on {day}; a record of that is kept until {until}."
        " Nothing was saved."
    )
    article = "17(1), 21"
    remedy = N_(
        "Anyone who returns of their own accord, to buy or to enquire, is entered with "
        "--own-wish; no service may be refused because of it."
    )


class Compelling(Refused):
    """An objection meets an interest that was weighed and found compelling."""

    text = N_(
        "The objection to {purpose} is not upheld: there are compelling legitimate grounds, "
        "as set out in the balancing test in the register of purposes."
    )
    article = "21(1)"
    remedy = N_(
        "Inform the person of the reasons within one month. To uphold the objection all the "
        "same, end the purpose: kartoteka ground end"
    )


class NotToBeObjectedTo(Refused):
    """An objection to what rests on neither an interest nor a public task."""

    text = N_(
        "The purpose {purpose} is based on Article {basis}, to which no objection is possible."
    )
    article = "21(1)"
    remedy = N_(
        "Consent is withdrawn with kartoteka consent withdraw; what a contract or a legal "
        "obligation requires stays until it ends, and marketing stops in any case."
    )
