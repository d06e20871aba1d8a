"""What is refused about purposes and what people are told of them."""

from __future__ import annotations

from gdpr.errors import Invalid, Refused


class PurposeInUse(Refused):
    """A purpose was to be retired while a relation would still open it."""

    article = "5(1)(b)"


class PurposeKnown(Invalid):
    """A new purpose has the code of another."""


class NothingWeighed(Invalid):
    """A purpose rests on legitimate interests and nobody wrote down why."""


class NoticeUnchanged(Invalid):
    """A new version would say the same as the last one."""


class ChannelNotNamed(Refused):
    """A wording was to reach further than its text; nobody agreed to what they could not read."""

    article = "4(11), 7(2)"


class NoticeUnconfirmed(Refused):
    """A notice was to be published while people are kept for purposes the firm never confirmed."""

    article = "5(1)(a), 13(1)(c)"


class NoticeNeeded(Refused):
    """A person in the register is to be kept for a further purpose nobody told them of."""

    article = "13(3)"


class WordingTooLong(Invalid):
    """A text is longer than any that people read; a part of it would not be what they saw."""


class NoticeBlank(Invalid):
    """A notice would have blanks where the law wants words."""


class UnknownChannel(Invalid):
    """A notice was given in a way that has no code."""


class NotYetPublished(Invalid):
    """A notice is said to have been given before it was published."""
