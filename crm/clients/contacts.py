"""Contact persons of companies: entering, correcting, and letting go when they leave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.clients.client_card import client_card, going_lines
from crm.clients.clients import SEQUENCE, new_party, note_informed
from crm.clients.errors import ContactIsNatural, ContactKnown, NotAContact
from crm.errors import DayAhead, FieldUnknown
from crm.files.parsing import Who
from crm.grounds import suppression
from crm.grounds.ground_endings import end_contact, erasing
from crm.kinds.party import OF_CONTACTS
from crm.kinds.party import TYPED as FIELDS
from crm.models.attached import Employment
from crm.models.party import Party, PartyKind, Status
from crm.parties import field_rules
from crm.parties.cards import Departure, Likeness
from crm.parties.changes import change_columns
from crm.parties.duplicates import refuse_alike, similar
from crm.parties.edit_conflicts import refuse_changed
from crm.parties.find_party import find_party
from crm.parties.identifiers import identifiers_in
from crm.parties.masking import Masking
from crm.privacy import IDENTITY, Duty
from crm.session.context import RegisterService
from crm.shape.normal_forms import whole_text
from crm.transparency.notice_proofs import further_proof, stated_row
from gdpr.audit.events import Event
from gdpr.rules.decide import decide
from gdpr.rules.endings import end
from gdpr.rules.facts import Ending
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from crm.parties.cards import ClientCard, GoingLine, NewContact
    from crm.parties.field_rules import Columns
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.grounds import Opening

RELATION = "contact"
ALL = "all"
EDITABLE = (*OF_CONTACTS, "position", *field_rules.MORE)


class Contacts(RegisterService):
    """People who speak for companies; their ground ends with the last company they leave."""

    def add(self, company: str, new: NewContact, *, anyway: bool = False) -> ClientCard:
        """Enter a contact person of a company, or give one that is known another company."""
        context = self._context
        context.access.need_write(IDENTITY)
        place = find_party(context, company)
        opening = context.grounds.by_relation(RELATION, is_legal=False)
        person, columns = self._person(new, place.country, opening)
        fresh = identifiers_in(columns)
        known = suppression.identifiers_of(context, person) if new.person is not None else []
        nos = suppression.nos_against(context, [*known, *fresh], bytes(person.id))
        suppression.refuse_erased(nos, own_wish=new.own_wish)
        opening = suppression.open_to(opening, nos, named=False)
        proof = (
            stated_row(context, bytes(person.id), opening, new.informed)
            if new.person is None
            else further_proof(context, person, opening, new.informed)
        )
        here = [
            context.session.get(Party, bytes(row.person))
            for row in context.session.rows(Employment, company=bytes(place.id))
            if row.left is None
        ]
        warnings = _alike(person, here)
        if not anyway:
            refuse_alike(warnings)
        since = new.since or context.day
        with context.journal.audited_change(Event.CONTACT_ADDED, bytes(person.id)) as change:
            this, whose = bytes(person.id), [*known, *fresh]
            suppression.refuse_said_since(context, whose, opening, this, own_wish=new.own_wish)
            if new.person is None:
                person.number = next_number(change, SEQUENCE)
                change.insert(person, context.grounds.warrant_for(bytes(person.id), opening))
            opened = context.grounds.open(change, bytes(person.id), opening, since)
            warrant = context.grounds.warrant(bytes(person.id), context.day)
            if columns and new.person is not None:
                suppression.follow_no(context, change, person, fresh, own_wish=new.own_wish)
                change_columns(change, person, columns, warrant)
            if proof is not None:
                change.insert(proof, warrant)
            self._employ(change, person, place, new.position, since)
            change.note(grounds=len(opened))
            if new.own_wish:
                change.note(lifted=suppression.lift_erased(context, change, fresh))
        context.names.note(person)
        return client_card(context, person, warnings=warnings)

    def edit(
        self,
        reference: str,
        typed: Mapping[str, str | None],
        *,
        company: str | None = None,
        seen: Mapping[str, str | None] | None = None,
        own_wish: bool = False,
    ) -> ClientCard:
        """Correct a contact person; a position is that at `company`, or at every one.

        `seen` is what the fields held when somebody began; what changed since is not overwritten.
        """
        context = self._context
        if not set(EDITABLE).issuperset(typed):
            raise FieldUnknown(known=", ".join(EDITABLE))
        person = find_party(context, reference)
        places = self._places(person, company)
        fields = {field: text for field, text in typed.items() if field != "position"}
        columns = field_rules.columns_of(fields, Who("natural", person.country, context.day))
        field_rules.check_renamed(person, columns)
        with context.journal.audited_change(Event.CONTACT_EDITED, bytes(person.id)) as change:
            refuse_changed(context, person, columns, seen or {})
            told = {c: value for c, value in columns.items() if value != getattr(person, c, None)}
            suppression.follow_no(context, change, person, identifiers_in(told), own_wish=own_wish)
            warrant = context.grounds.warrant(bytes(person.id), context.day)
            count = change_columns(change, person, columns, warrant)
            if "position" in typed:
                for place in places:
                    place.position = whole_text(typed["position"]) or None
                    change.update(place, warrant)
                    count += 1
            change.note(fields=count)
        context.names.note(person)
        return client_card(context, person)

    def left(
        self, reference: str, company: str, *, on: date | None = None, now: bool = False
    ) -> Departure:
        """Let a person leave a company, or `all`; after the last one their data are going.

        With `now` nothing waits: what no ground names any more is destroyed at once.
        """
        context = self._context
        context.access.need_write(IDENTITY)
        if now:
            context.access.need(Duty.ERASURE)
        person = find_party(context, reference)
        number, day = person.number, on or context.day
        if day > context.day:
            raise DayAhead
        # Somebody who left everywhere but is still held as a contact was interrupted here before.
        if not self._is_orphaned(person):
            places = self._places(person, _one(company))
            event = (Event.CONTACT_LEFT, bytes(person.id))
            with context.journal.audited_change(*event, places=len(places)) as change:
                for place in places:
                    place.left = day.isoformat()
                    change.update(place)
        remaining = tuple(
            context.session.get(Party, bytes(row.company)).number for row in self._works_at(person)
        )
        receipt = end_contact(context, person, now=now)
        return Departure(
            number=number,
            left=day.isoformat(),
            still_at=remaining,
            grounds_ended=receipt.grounds_ended if receipt else 0,
            going_until=receipt.going_until if receipt else None,
        )

    def preview_left(self, reference: str, company: str = ALL) -> tuple[GoingLine, ...]:
        """Say which data of a person would be going once they left; changes nothing."""
        context = self._context
        person = find_party(context, reference)
        leaves = {bytes(row.id) for row in self._places(person, _one(company))}
        if any(bytes(row.id) not in leaves for row in self._works_at(person)):
            return ()
        settings = context.grounds.rulebook.settings
        facts = erasing(context).facts(bytes(person.id))
        grounds = tuple(
            end(ground, Ending.LEFT, context.day, context.day, settings)
            if ground.kind == RELATION and not ground.has_ended(context.day)
            else ground
            for ground in facts.grounds
        )
        decision = decide(replace(facts, grounds=grounds), context.day, settings)
        return going_lines(decision, Masking(context))

    def _person(self, new: NewContact, country: str, opening: Opening) -> tuple[Party, Columns]:
        context = self._context
        typed = {field: text for field in FIELDS if (text := new.value(field)) is not None}
        if not set(EDITABLE).issuperset(typed):
            raise FieldUnknown(known=", ".join(EDITABLE))
        columns = field_rules.columns_of(typed, Who("natural", country, context.day))
        if new.person is not None:
            known = find_party(context, new.person)
            if known.is_legal_person():
                raise ContactIsNatural(number=known.number)
            return known, columns
        field_rules.check_name(columns, PartyKind.NATURAL)
        columns["country"] = country
        note_informed(columns, opening, new.informed)
        return new_party(context, PartyKind.NATURAL, columns, Status.CONTACT), columns

    def _employ(
        self,
        change: AuditedChange,
        person: Party,
        company: Party,
        position: str | None,
        since: date,
    ) -> None:
        context = self._context
        if any(bytes(row.company) == bytes(company.id) for row in self._works_at(person)):
            raise ContactKnown(number=person.number)
        row = Employment(
            id=new_id(),
            person=bytes(person.id),
            company=bytes(company.id),
            since=since.isoformat(),
            position=whole_text(position) or None,
        )
        change.insert(row, context.grounds.warrant(bytes(person.id), context.day))

    def _works_at(self, person: Party) -> list[Employment]:
        places = self._context.session.rows(Employment, person=bytes(person.id))
        return [place for place in places if place.left is None]

    def _is_orphaned(self, person: Party) -> bool:
        places = self._context.session.rows(Employment, person=bytes(person.id))
        held = any(
            ground.relation == RELATION and ground.ended_on is None
            for ground in self._context.grounds.of(bytes(person.id))
        )
        return held and bool(places) and all(place.left is not None for place in places)

    def _places(self, person: Party, company: str | None) -> list[Employment]:
        """Return where a person is a contact now, at one company or at every one."""
        wanted = bytes(find_party(self._context, company).id) if company is not None else None
        places = [one for one in self._works_at(person) if wanted in {None, bytes(one.company)}]
        if not places:
            raise NotAContact(number=person.number)
        return places


def _one(company: str) -> str | None:
    return None if company == ALL else company


def _alike(person: Party, others: list[Party]) -> tuple[Likeness, ...]:
    name = person.display_name()
    numbers = sorted(
        other.number
        for other in others
        if bytes(other.id) != bytes(person.id) and similar(name, other.display_name())
    )
    return (Likeness("name", tuple(numbers)),) if numbers else ()
