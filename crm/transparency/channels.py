"""By what a text says people will be written to: a consent reaches no further than its words.

Whoever read *by e-mail* agreed to nothing else (Art. 4(11), 7(2)). So the channels belong to the
wording, and only those can be declared that the text names in one of our languages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.session.errors import NotAmong
from gdpr.papers.errors import ChannelNotNamed
from gdpr.papers.stored import WordingRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.session.context import RegisterContext
    from gdpr.rules.consent_rows import ConsentEvent

CHANNELS: Final = ("email", "phone", "post")
_BETWEEN: Final = ","
_NAMED: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"e-?mail|e-?past|posta elettronica|\be-?posta\b", re.IGNORECASE),
    "phone": re.compile(
        r"phone|\bcalls?\b|\bsms\b|text message|t\u0101lru|zvan|\u012bszi\u0146|telefon|chiamat",
        re.IGNORECASE,
    ),
    "post": re.compile(
        r"\bby (?:post|mail|letter)\b|\bpa pastu\b|(?<!-)\bpast\u0101\b"
        r"|\bposta\b(?! elettronica)|lettera",
        re.IGNORECASE,
    ),
}


def channels_named(text: str) -> tuple[str, ...]:
    """Return the channels that a text names."""
    return tuple(channel for channel in CHANNELS if _NAMED[channel].search(text))


def channels_declared(text: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the channels of a new wording: those that were chosen, else those it names."""
    named, chosen = channels_named(text), tuple(dict.fromkeys(wanted))
    for channel in chosen:
        if channel not in CHANNELS:
            raise NotAmong(field="reach", known=", ".join(CHANNELS))
        if channel not in named:
            raise ChannelNotNamed(channel=channel)
    return tuple(channel for channel in CHANNELS if channel in (chosen or named))


def packed(channels: Iterable[str]) -> str:
    """Write channels as a wording stores them."""
    return _BETWEEN.join(channels)


def channels_of(row: WordingRow) -> tuple[str, ...]:
    """Return the channels of a wording; one from before they were declared has those it names."""
    if row.channels is None:
        return channels_named(row.body)
    return tuple(channel for channel in row.channels.split(_BETWEEN) if channel)


def channels_of_yes(context: RegisterContext, events: Iterable[ConsentEvent]) -> tuple[str, ...]:
    """Return by what somebody may be written to upon the last yes among these events."""
    shown = [event.wording_hash for event in events if event.wording_hash]
    row = context.session.first(WordingRow, text_hash=shown[-1]) if shown else None
    return () if row is None else channels_of(row)
