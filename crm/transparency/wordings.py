"""Wordings: texts of the firm's own and those the program brings, added and never changed.

A consent reaches no further than the words of its text: whoever read *by e-mail* agreed to nothing
else (Art. 4(11), 7(2)). So the channels belong to the wording, and only those can be declared that
the text names in one of our languages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm.errors import FileMissing, FileUnreadable, NotAmong
from crm.i18n import LANGUAGES
from crm.privacy import Duty
from crm.session.context import RegisterService
from crm.starter import starter_wordings
from crm.transparency.cards import WordingCard, WordingLine
from crm.transparency.errors import ChannelNotNamed, WordingTooLong
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.papers.stored import WordingRow, text_hash
from gdpr.papers.wordings import NewWording, add_wording, decoded, find_wording, wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.session.context import RegisterContext
    from gdpr.clock import Clock
    from gdpr.rules.consent_rows import ConsentEvent
    from gdpr.store.transaction import Transaction


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


_MOST: Final = 1 << 20
KINDS: Final = ("consent", "notice-part", "unsubscribe", "confirmation", "other")


class Wordings(RegisterService):
    """The texts people are shown; a proof quotes one by its hash."""

    def add(
        self,
        raw: bytes,
        *,
        code: str,
        kind: str,
        language: str,
        purposes: Sequence[str] = (),
        reach: Sequence[str] = (),
    ) -> WordingCard:
        """Add a text byte for byte, as the next version of its code in its language.

        `reach` are the channels it speaks of, all that it names if none is chosen.
        """
        context = self._context
        context.access.need(Duty.PURPOSES)
        for field, value, known in (("kind", kind, KINDS), ("language", language, LANGUAGES)):
            if value not in known:
                raise NotAmong(field=field, known=", ".join(known))
        for purpose in purposes:
            context.grounds.rulebook.purpose(purpose)
        if len(raw) > _MOST:
            raise WordingTooLong(kib=_MOST >> 10)
        body = decoded(raw)
        channels = packed(channels_declared(body, reach))
        text = NewWording(code, kind, language, tuple(dict.fromkeys(purposes)), body)
        with context.journal.audited_change(Event.WORDING_ADDED, None, wording=code) as change:
            row = add_wording(change, text, channels, microseconds(context.clock.now()))
            change.note(version=row.version)
        return WordingCard(_line(self._context.clock, row), row.body)

    @staticmethod
    def read(path: str) -> bytes:
        """Read a text to be added from a file, as it stands there."""
        try:
            with Path(path).expanduser().open("rb") as stream:
                return stream.read(_MOST + 1)
        except FileNotFoundError:
            raise FileMissing from None
        except (OSError, ValueError):
            raise FileUnreadable from None

    def load(self) -> int:
        """Add the program's own texts that are not there yet, and return how many were."""
        context = self._context
        context.access.need(Duty.PURPOSES)
        with context.journal.audited_change(Event.WORDINGS_LOADED, None) as change:
            count = load_starter(change, microseconds(context.clock.now()))
            change.note(count=count)
        return count

    def listing(self, language: str | None = None) -> list[WordingLine]:
        """List every version of every text, or those in one language."""
        rows = wordings(self._context.session)
        return [_line(self._context.clock, row) for row in rows if language in {None, row.language}]

    def show(self, code: str, language: str, version: int | None = None) -> WordingCard:
        """Show a text as people saw it."""
        row = find_wording(self._context.session, code, language, version)
        return WordingCard(_line(self._context.clock, row), row.body)


def load_starter(work: Transaction, added: int) -> int:
    """Store the program's own texts as far as they are not there."""
    known = {row.text_hash for row in work.session.rows(WordingRow)}
    fresh = [one for one in starter_wordings() if text_hash(one.body) not in known]
    for one in fresh:
        add_wording(work, one, packed(channels_named(one.body)), added)
    return len(fresh)


def _line(clock: Clock, row: WordingRow) -> WordingLine:
    return WordingLine(
        code=row.code,
        kind=row.kind,
        language=row.language,
        version=row.version,
        purposes=tuple(code for code in row.purposes.split(",") if code),
        reach=channels_of(row),
        hash=row.text_hash,
        added=clock.day_of(row.added).isoformat(),
    )
