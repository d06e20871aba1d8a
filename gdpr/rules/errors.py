"""What the rules refuse, and what they cannot read."""

from __future__ import annotations

from gdpr.errors import Invalid, NotFound, Refused


class InvalidRegister(Invalid):
    """A purpose or relation is not written as the rules can read it."""


class UnknownCause(Invalid):
    """A reason for erasing is none of the codes the law knows."""


class GroundNeeded(Refused):
    """A legal obligation still rests on a ground (Art. 17(3)(b))."""

    article = "6(1)(c), 17(3)(b)"


class GroundGone(Refused):
    """An ended ground cannot come back, because what it named may be destroyed already."""


class GroundAlreadyEnded(Refused):
    """A ground ends once; its first day and reason stay on record."""


class InvalidSetting(Invalid):
    """A setting lies outside what the rules can answer for."""


class NoBasisForKind(Refused):
    """A purpose has no lawful basis for this kind of data subject."""

    article = "6(1)"


class ConsentNeeded(Refused):
    """A purpose that rests on consent was to begin without one."""

    article = "7(1)"


class UnknownPurpose(Invalid):
    """A purpose code is not in the register of purposes."""


class UnknownVersion(NotFound):
    """A purpose never had this version."""


class UnknownRelation(Invalid):
    """A relation code is not in the register of relations."""


class EvidenceNeeded(Refused):
    """A relation rests on evidence that was not named."""

    article = "7(1)"


class NotHeld(NotFound):
    """A party has no ground for a purpose."""


class NothingGoing(NotFound):
    """A ground was to be reopened, but none is going."""


class PurposeRetired(Refused):
    """A retired purpose was to begin anew for somebody."""

    article = "5(1)(b)"


class PurposeInUse(Refused):
    """A purpose was to be retired while a relation would still open it."""

    article = "5(1)(b)"


class PurposeKnown(Invalid):
    """A new purpose has the code of another."""


class NothingWeighed(Invalid):
    """A purpose rests on legitimate interests and nobody wrote down why."""


class NothingNew(Invalid):
    """A new version would say the same as the one in force."""


class YesBeforeNo(Refused):
    """A yes that is older than a no was to be entered after it; a withdrawal is never undone."""

    article = "7(3)"


class ConsentStep(Refused):
    """A consent cannot come into a state from the one it is in."""

    article = "7"


class HasObjected(Refused):
    """A purpose would begin for somebody who objected to it; marketing has no exception."""

    article = "21(2)-(3)"


class HasWithdrawn(Refused):
    """A purpose would begin for somebody who took back or refused their consent to it."""

    article = "7(3)"


class ErasedOnRequest(Refused):
    """Somebody who asked to be erased would be entered again without having asked for it."""

    article = "17(1), 21"


class Compelling(Refused):
    """An objection meets an interest that was weighed and found compelling."""

    article = "21(1)"


class NotToBeObjectedTo(Refused):
    """An objection to what rests on neither an interest nor a public task."""

    article = "21(1)"
