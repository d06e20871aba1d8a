"""What is refused where consents are recorded."""

from __future__ import annotations

from gdpr.errors import Invalid, NotFound, Refused


class WordingNeeded(Invalid):
    """A yes or a request was recorded without the text that was shown."""


class NoConsentWhenGoing(Refused):
    """Somebody who is leaving the register was to consent; a no is always taken."""

    article = "17"


class NoConsent(NotFound):
    """Nothing was ever recorded about a consent to this purpose."""
