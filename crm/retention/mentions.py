"""Where texts about others speak of a person who is to be erased: listed, for somebody to decide.

A note or a record about one client may name another. Erasing the other does not rewrite what was
said about the first, so a person decides: the mention stays, or it is blanked out. Of what stays in
notes the places are kept, though not the name, so that a later package about the first still asks
about them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from crm.grounds.cards import Mention, RecordMention
from crm.kinds.listed import SHAPES
from crm.kinds.party import NAMES
from crm.models.attached import FURTHER_MODELS, Note
from crm.models.party import Party
from crm.privacy import SUPPORT
from crm.retention.third_parties import (
    EMAILS,
    PHONES,
    TEXTS,
    WORDS,
    digits_of,
    names_in,
    plain,
    stem,
)
from crm.shape.rows import rows_text
from crm.shape.tables import model_of
from gdpr.audit.events import Event
from gdpr.errors import NoLawfulBasis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.session.context import RegisterContext
    from crm.shape.tables import KindRow

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
    person, found = Person(context, party), list[Mention]()
    if SUPPORT.code in context.access.reads:
        for note, about, text in context.session.scan(Note, ("party",), ("text",)):
            places = person.places(text or "") if bytes(about) != bytes(party.id) else ()
            if places:
                number = context.session.get(Party, bytes(about)).number
                found.append(Mention(number, bytes(note).hex(), str(text), places))
    found += _in_records(context, person, bytes(party.id))
    return tuple(sorted(found, key=lambda one: (one.number, one.note)))


def _in_records(context: RegisterContext, person: Person, but: bytes) -> Iterator[RecordMention]:
    """Look through what staff typed into records about others; a client who is gone has no number.

    Rows are looked through as they are read.
    """
    for shape in SHAPES:
        for field in shape.fields:
            if (shape.noun, field.name) not in TEXTS or field.item is None:
                continue
            if field.item.category.code not in context.access.reads:
                continue
            rows = context.session.scan(model_of(shape), ("party", "number"), (field.name,))
            for row, about, record, stored in rows:
                text = rows_text(field, stored) if field.rows else stored or ""
                places = person.places(text) if bytes(about) != but else ()
                client = context.session.first(Party, id=bytes(about)) if places else None
                if client is not None:
                    place = (bytes(row).hex(), text, places, shape.noun, field.name, record)
                    yield RecordMention(client.number, *place)


def decide_on(
    context: RegisterContext, party: Party, mentions: Sequence[Mention], decision: str
) -> tuple[Mention, ...]:
    """Blank mentions out or keep them with their places; return those that stay."""
    stay, person = [], Person(context, party)
    for one in mentions:
        if decision == KEEP or not _blanked(context, person, one):
            if not isinstance(one, RecordMention):
                _kept(context, one)
            stay.append(one)
    return tuple(stay)


def places_kept(context: RegisterContext, note: bytes) -> Places:
    """Return where a note speaks of somebody who was erased."""
    row = context.session.first(Note, id=note)
    if row is None or row.speaks_of is None:
        return ()
    return tuple((start, end) for start, end in json.loads(row.speaks_of))


def _blanked(context: RegisterContext, person: Person, mention: Mention) -> bool:
    """Write blocks over a mention, under a new key, so that no old copy opens it again.

    Stored rows hold their cells as they were typed, so the same words are found in them.
    """
    model: type[Note | KindRow] = Note
    field = "text"
    if isinstance(mention, RecordMention):
        shape = next(one for one in SHAPES if one.noun == mention.table)
        model, field = model_of(shape), mention.field
    row = context.session.get(model, bytes.fromhex(mention.note))
    about, text = bytes(row.party), getattr(row, field) or ""
    for start, end in person.places(text):
        text = text[:start] + _BLOCK * (end - start) + text[end:]
    setattr(row, field, text)
    category = model.layout().column(field).category
    try:
        with context.journal.audited_change(
            Event.NOTE_BLANKED, about, places=len(mention.places)
        ) as change:
            change.update(row, context.grounds.warrant(about, context.day))
            change.settle(context.session.keys_of(row.owner), {category}, renew=True)
    except NoLawfulBasis:  # the text waits for its own end, and nothing is written to it
        return False
    return True


def _kept(context: RegisterContext, mention: Mention) -> None:
    note = context.session.get(Note, bytes.fromhex(mention.note))
    places = sorted({*places_kept(context, bytes(note.id)), *mention.places})
    note.speaks_of = json.dumps(places, separators=(",", ":"))
    with context.journal.audited_change(Event.NOTE_BLANKED, bytes(note.party), places=0) as change:
        change.update(note)
