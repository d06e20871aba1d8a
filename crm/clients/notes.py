"""Notes: what staff wrote down about a party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.clients.errors import EmptyNote
from crm.models.attached import Note
from crm.parties.cards import NoteCard
from crm.parties.find_party import find_party
from crm.privacy import SUPPORT
from crm.session.context import RegisterService
from crm.shape.normal_forms import whole_text
from gdpr.audit.events import Event
from gdpr.clock import instant_of, microseconds
from gdpr.errors import NotFound
from gdpr.store.accounts import UserAccount
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from crm.models.party import Party


class Notes(RegisterService):
    """Writing and reading notes; they go with the ground that names correspondence."""

    def add(self, reference: str, text: str) -> NoteCard:
        """Write a note; it counts as a contact, from which review days are reckoned."""
        context = self._context
        context.access.need_write(SUPPORT)
        written = whole_text(text, lines=True)
        if not written:
            raise EmptyNote
        with context.journal.audited_change(Event.NOTE_ADDED) as change:
            party = find_party(context, reference)
            change.object_id = bytes(party.id)
            note = Note(
                id=new_id(),
                party=bytes(party.id),
                written=microseconds(context.clock.now()),
                author=context.user,
                text=written,
            )
            change.insert(note, context.grounds.warrant(bytes(party.id), context.day))
            party.last_activity = max(party.last_activity, context.day.isoformat())
            change.update(party)
        return self._card(party, note)

    def list(self, reference: str) -> tuple[NoteCard, ...]:
        """Return the notes about a party, the newest first."""
        context = self._context
        context.access.need_read(SUPPORT)
        party = find_party(context, reference)
        cards = [
            self._card(party, note) for note in context.session.rows(Note, party=bytes(party.id))
        ]
        context.journal.log_access(Event.PARTY_SHOWN, bytes(party.id), notes=len(cards))
        return tuple(sorted(cards, key=lambda card: card.written, reverse=True))

    def _card(self, party: Party, note: Note) -> NoteCard:
        written = instant_of(note.written).isoformat(timespec="seconds")
        text = note.text or ""
        return NoteCard(bytes(note.id).hex(), party.number, written, self._author(note), text)

    def _author(self, note: Note) -> str:
        try:
            return self._context.session.get(UserAccount, bytes(note.author)).name
        except NotFound:
            return bytes(note.author).hex()
