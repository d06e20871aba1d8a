"""What the rules refuse, and what they cannot read."""

from __future__ import annotations

from gdpr.errors import Invalid, NotFound, Refused


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


class PurposeRetired(Refused):
    """A retired purpose was to begin anew for somebody."""

    article = "5(1)(b)"
