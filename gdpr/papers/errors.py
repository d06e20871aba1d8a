"""What papers refuse, and what cannot be made."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, NotFound, Refused


class TemplateBroken(Failed):
    """A template names something that is not there, or does what a sandbox forbids."""


class NoticeTooSoon(Refused):
    """A changed notice was to take effect before people could have read it."""

    article = "5(1)(a), 13(3)"


class UnknownNotice(NotFound):
    """No notice of this version was published."""


class NoticeNotInThisForm(NotFound):
    """A version was published, but not in this language or for this article."""


class WordingKnown(Invalid):
    """A wording was to be added whose text is there already."""


class UnknownWording(NotFound):
    """No wording has this code, language or version."""


class BadWording(Invalid):
    """A text or its code cannot be a wording."""
