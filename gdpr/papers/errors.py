"""What papers refuse, and what cannot be made."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, NotFound, Refused
from gdpr.text import N_


class TemplateBroken(Failed):
    """A template names something that is not there, or does what a sandbox forbids."""

    text = N_("The template {template} is broken.")


class NoticeTooSoon(Refused):
    """A changed notice was to take effect before people could have read it."""

    text = N_(
        "A change of the notice takes effect no earlier than one month after publication:"
        " on {earliest}."
    )
    article = "5(1)(a), 13(3)"


class NoticeUnchanged(Invalid):
    """A new version would say the same as the last one."""

    text = N_("The notice says the same as version {version}; nothing was published.")


class UnknownNotice(NotFound):
    """No notice of this version was published."""

    text = N_("No notice of this version was published. See: kartoteka notice list")


class NoticeNotInThisForm(NotFound):
    """A version was published, but not in this language or for this article."""

    text = N_("Version {version} was not published in this language.")


class WordingKnown(Invalid):
    """A wording was to be added whose text is there already."""

    text = N_("The text {wording} has exactly this content in version {version} already.")


class UnknownWording(NotFound):
    """No wording has this code, language or version."""

    text = N_("There is no such text. See: kartoteka wording list")


class BadWording(Invalid):
    """A text or its code cannot be a wording."""

    text = N_("A text must be UTF-8 of at most {limit} bytes, with a code of small letters.")


class ChannelNotNamed(Refused):
    """A wording was to reach further than its text; nobody agreed to what they could not read."""

    text = N_("The text does not say that people are contacted by {channel}.")
    article = "4(11), 7(2)"
    remedy = N_("Leave the channel out, or add a text that names it.")
