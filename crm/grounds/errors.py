"""What is refused about why somebody's data may be kept."""

from __future__ import annotations

from gdpr.errors import Invalid, Locked, NotFound, Refused


class RightsWait(Locked):
    """The database forgot rights that took effect, and whoever opens it may not repeat them."""


class NothingGoing(NotFound):
    """A ground was to be reopened, but none is going."""


class HasObjected(Refused):
    """A purpose would begin for somebody who objected to it; marketing has no exception."""

    article = "21(2)-(3)"


class HasWithdrawn(Refused):
    """A purpose would begin for somebody who took back or refused their consent to it."""

    article = "7(3)"


class Compelling(Refused):
    """An objection meets an interest that was weighed and found compelling."""

    article = "21(1)"


class NotToBeObjectedTo(Refused):
    """An objection to what rests on neither an interest nor a public task."""

    article = "21(1)"


class NotByConsent(Refused):
    """A purpose rests on something else; asking for consent would mislead (Art. 5(1)(a))."""

    article = "6(1)(a)"


class NoSuchWording(NotFound):
    """A text that people consent to is not in the register."""


class WordingElsewhere(Refused):
    """A text speaks of other purposes; a consent holds for what people read (Art. 7(2))."""

    article = "4(11), 7(2)"


class GuardianNeeded(Refused):
    """A child consented alone (Art. 8(1))."""

    article = "8(1)"


class NotAGuardian(Invalid):
    """The one who spoke for a child is the child, a company, or a child too."""


class ScanTooLarge(Invalid):
    """A scan does not fit into a sealed field."""


class DayNotAhead(Invalid):
    """Somebody wants to look again on a day that is over."""
