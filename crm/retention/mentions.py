"""Where texts about others speak of a person who is to be erased: listed, for somebody to decide.

A note about one client may name another. Erasing the other does not rewrite what was said about
the first, so a person decides: the mention stays, or it is blanked out. Of what stays the places
are kept, though not the name, so that a later package about the first still asks about them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from crm.grounds.cards import Mention
from crm.kinds.party import NAMES
from crm.models.attached import FURTHER_MODELS, Note
from crm.models.party import Party
from crm.privacy import SUPPORT
from crm.retention.third_parties import EMAILS, PHONES, WORDS, digits_of, names_in, plain, stem
from gdpr.audit.events import Event
from gdpr.errors import NoLawfulBasis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.session.context import RegisterContext

KEEP, BLANK = "keep", "blank"
DECISIONS: Final = (KEEP, BLANK)
_BLOCK: Final = "▇"

Places = tuple[tuple[int, int], ...]


class Person:
    """Knows one person's name in its cases, their addresses and phones."""

    def __init__(self, context: RegisterContext, party: Party) -> None:
        """Learn what names this party."""
        words = [word for name in NAMES for word in WORDS.findall(getattr(party, name) or "")]
        family = [stem(word) for word in WORDS.findall(party.family_name or party.name or "")]
        self._families = {name: {stem(word) for word in words} - {name} for name in family[-1:]}
        emails, phones = [party.email], [party.phone]
        this = bytes(party.id)
        for kind, values in (("email", emails), ("phone", phones)):
            values += [row.value for row in context.session.rows(FURTHER_MODELS[kind], party=this)]
        self._emails = {plain(email) for email in emails if email}
        self._phones = {digits_of(phone) for phone in phones if phone} - {""}

    def places(self, text: str) -> Places:
        """Return where a text speaks of the person, in its order and without overlaps."""
        found = [*self._addresses(text), *self._numbers(text), *names_in(text, self._families)]
        kept: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if kept and start < kept[-1][1]:
                kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
            else:
                kept.append((start, end))
        return tuple(kept)

    def _addresses(self, text: str) -> Iterator[tuple[int, int]]:
        for match in EMAILS.finditer(text):
            if plain(match[0]) in self._emails:
                yield match.span()

    def _numbers(self, text: str) -> Iterator[tuple[int, int]]:
        for match in PHONES.finditer(text):
            digits = digits_of(match[0])
            if digits and any(digits[-len(end) :] == end[-len(digits) :] for end in self._phones):
                yield match.span()


def mentions_of(context: RegisterContext, party: Party) -> tuple[Mention, ...]:
    """List the notes about others that speak of a party, as far as the user reads notes."""
    if SUPPORT.code not in context.access.reads:
        return ()
    person, found = Person(context, party), []
    for note, about, text in context.session.scan(Note, ("party",), ("text",)):
        places = person.places(text or "") if bytes(about) != bytes(party.id) else ()
        if places:
            number = context.session.get(Party, bytes(about)).number
            found.append(Mention(number, bytes(note).hex(), str(text), places))
    return tuple(sorted(found, key=lambda one: (one.number, one.note)))


def decide_on(
    context: RegisterContext, mentions: Sequence[Mention], decision: str
) -> tuple[Mention, ...]:
    """Blank mentions out or keep them with their places; return those that stay."""
    stay = []
    for one in mentions:
        if decision == KEEP or not _blanked(context, one):
            _kept(context, one)
            stay.append(one)
    return tuple(stay)


def places_kept(context: RegisterContext, note: bytes) -> Places:
    """Return where a note speaks of somebody who was erased."""
    row = context.session.first(Note, id=note)
    if row is None or row.speaks_of is None:
        return ()
    return tuple((start, end) for start, end in json.loads(row.speaks_of))


def _blanked(context: RegisterContext, mention: Mention) -> bool:
    """Write blocks over a mention, under a new key, so that no old copy opens it again."""
    note = context.session.get(Note, bytes.fromhex(mention.note))
    about, text = bytes(note.party), note.text or ""
    for start, end in mention.places:
        text = text[:start] + _BLOCK * (end - start) + text[end:]
    note.text = text
    try:
        with context.journal.audited_change(
            Event.NOTE_BLANKED, about, places=len(mention.places)
        ) as change:
            change.update(note, context.grounds.warrant(about, context.day))
            change.settle(context.session.keys_of(about), {SUPPORT.code}, renew=True)
    except NoLawfulBasis:  # the note waits for its own end, and nothing is written to it
        return False
    return True


def _kept(context: RegisterContext, mention: Mention) -> None:
    note = context.session.get(Note, bytes.fromhex(mention.note))
    places = sorted({*places_kept(context, bytes(note.id)), *mention.places})
    note.speaks_of = json.dumps(places, separators=(",", ":"))
    with context.journal.audited_change(Event.NOTE_BLANKED, bytes(note.party), places=0) as change:
        change.update(note)
