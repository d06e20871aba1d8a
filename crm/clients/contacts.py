"""Contact persons of companies: entering, correcting, and letting go when they leave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.clients.client_card import going_lines, portrait
from crm.clients.clients import SEQUENCE, new_party, note_knowing
from crm.grounds.ground_endings import end_contact, erasing
from crm.grounds.suppression import (
    follow_no,
    identifiers_of,
    lift_erased,
    nos_against,
    open_to,
    refuse_erased,
    refuse_said_since,
)
from crm.models.attached import Employment
from crm.models.party import Kind, Party, Status
from crm.parties.cards import Departure, Likeness
from crm.parties.changes import change_columns
from crm.parties.duplicates import refuse_alike, similar
from crm.parties.edit_conflicts import refuse_changed
from crm.parties.field_rules import MORE, Setting, check_name, check_renamed, columns_of
from crm.parties.find_party import party_at
from crm.parties.identifiers import identifiers_in
from crm.parties.masking import Sight
from crm.privacy import IDENTITY, Duty
from crm.session.errors import (
    ContactIsNatural,
    ContactKnown,
    DayAhead,
    FieldUnknown,
    NotAContact,
)
from crm.transparency.notice_proofs import further_proof, stated_row
from gdpr.audit.events import Event
from gdpr.rules.decide import decide
from gdpr.rules.endings import end
from gdpr.rules.facts import Ending
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from crm.parties.cards import ClientCard, GoingLine, NewContact
    from crm.parties.field_rules import Columns
    from crm.session.context import Office
    from gdpr.audit.journal import Deed
    from gdpr.rules.grounds import Opening

RELATION = "contact"
ALL = "all"
_FIELDS = ("name", "given_name", "family_name", "email", "phone", "language", "channel")
EDITABLE = (*_FIELDS, "position", *MORE)


class Contacts:
    """People who speak for companies; their ground ends with the last company they leave."""

    def __init__(self, office: Office) -> None:
        """Work in `office`."""
        self._office = office

    def add(self, company: str, new: NewContact, *, anyway: bool = False) -> ClientCard:
        """Enter a contact person of a company, or give one that is known another company."""
        office = self._office
        office.access.need_write(IDENTITY)
        place = party_at(office, company)
        opening = office.grounds.by_relation(RELATION, is_legal=False)
        person, columns = self._person(new, place.country, opening)
        fresh = identifiers_in(columns)
        known = identifiers_of(office, person) if new.person is not None else []
        nos = nos_against(office, [*known, *fresh], bytes(person.id))
        refuse_erased(nos, own_wish=new.own_wish)
        opening = open_to(opening, nos, named=False)
        proof = (
            stated_row(office, bytes(person.id), opening, new.informed)
            if new.person is None
            else further_proof(office, person, opening, new.informed)
        )
        here = [
            office.desk.get(Party, bytes(row.person))
            for row in office.desk.rows(Employment, company=bytes(place.id))
            if row.left is None
        ]
        warnings = _alike(person, here)
        if not anyway:
            refuse_alike(warnings)
        since = new.since or office.day
        with office.journal.deed(Event.CONTACT_ADDED, bytes(person.id)) as deed:
            this, whose = bytes(person.id), [*known, *fresh]
            refuse_said_since(office, whose, opening, this, own_wish=new.own_wish)
            if new.person is None:
                person.number = next_number(deed, SEQUENCE)
                deed.insert(person, office.grounds.warrant_for(bytes(person.id), opening))
            opened = office.grounds.open(deed, bytes(person.id), opening, since)
            warrant = office.grounds.warrant(bytes(person.id), office.day)
            if columns and new.person is not None:
                follow_no(office, deed, person, fresh, own_wish=new.own_wish)
                change_columns(deed, person, columns, warrant)
            if proof is not None:
                deed.insert(proof, warrant)
            self._employ(deed, person, place, new.position, since)
            deed.note(grounds=len(opened))
            if new.own_wish:
                deed.note(lifted=lift_erased(office, deed, fresh))
        office.names.note(person)
        return portrait(office, person, warnings=warnings)

    def edit(
        self,
        address: str,
        typed: Mapping[str, str | None],
        *,
        company: str | None = None,
        seen: Mapping[str, str | None] | None = None,
        own_wish: bool = False,
    ) -> ClientCard:
        """Correct a contact person; a position is that at `company`, or at every one.

        `seen` is what the fields held when somebody began; what changed since is not overwritten.
        """
        office = self._office
        if not set(EDITABLE).issuperset(typed):
            raise FieldUnknown(known=", ".join(EDITABLE))
        person = party_at(office, address)
        places = self._places(person, company)
        fields = {field: text for field, text in typed.items() if field != "position"}
        columns = columns_of(fields, Setting(Kind.NATURAL, person.country, office.day))
        check_renamed(person, columns)
        with office.journal.deed(Event.CONTACT_EDITED, bytes(person.id)) as deed:
            refuse_changed(office, person, columns, seen or {})
            told = {c: value for c, value in columns.items() if value != getattr(person, c, None)}
            follow_no(office, deed, person, identifiers_in(told), own_wish=own_wish)
            warrant = office.grounds.warrant(bytes(person.id), office.day)
            count = change_columns(deed, person, columns, warrant)
            if "position" in typed:
                for place in places:
                    place.position = clean(typed["position"] or "") or None
                    deed.update(place, warrant)
                    count += 1
            deed.note(fields=count)
        office.names.note(person)
        return portrait(office, person)

    def left(
        self, address: str, company: str, *, on: date | None = None, now: bool = False
    ) -> Departure:
        """Let a person leave a company, or `all`; after the last one their data are going.

        With `now` nothing waits: what no ground names any more is destroyed at once.
        """
        office = self._office
        office.access.need_write(IDENTITY)
        if now:
            office.access.need(Duty.ERASURE)
        person = party_at(office, address)
        number, day = person.number, on or office.day
        if day > office.day:
            raise DayAhead
        # Somebody who left everywhere but is still held as a contact was interrupted here before.
        if not self._adrift(person):
            places = self._places(person, _one(company))
            event = (Event.CONTACT_LEFT, bytes(person.id))
            with office.journal.deed(*event, places=len(places)) as deed:
                for place in places:
                    place.left = day.isoformat()
                    deed.update(place)
        remaining = tuple(
            office.desk.get(Party, bytes(row.company)).number
            for row in office.desk.rows(Employment, person=bytes(person.id))
            if row.left is None
        )
        receipt = end_contact(office, person, now=now)
        return Departure(
            number=number,
            left=day.isoformat(),
            still_at=remaining,
            grounds_ended=receipt.grounds_ended if receipt else 0,
            going_until=receipt.going_until if receipt else None,
        )

    def preview_left(self, address: str, company: str = ALL) -> tuple[GoingLine, ...]:
        """Say which data of a person would be going once they left; changes nothing."""
        office = self._office
        person = party_at(office, address)
        leaves = {bytes(row.id) for row in self._places(person, _one(company))}
        stays = [
            row
            for row in office.desk.rows(Employment, person=bytes(person.id))
            if row.left is None and bytes(row.id) not in leaves
        ]
        if stays:
            return ()
        settings = office.grounds.rulebook.settings
        facts = erasing(office).facts(bytes(person.id))
        grounds = tuple(
            end(ground, Ending.LEFT, office.day, office.day, settings)
            if ground.kind == RELATION and not ground.has_ended(office.day)
            else ground
            for ground in facts.grounds
        )
        decision = decide(replace(facts, grounds=grounds), office.day, settings)
        return going_lines(decision, Sight(office))

    def _person(self, new: NewContact, country: str, opening: Opening) -> tuple[Party, Columns]:
        office = self._office
        typed = {field: value for field in _FIELDS if (value := getattr(new, field)) is not None}
        columns = columns_of(typed, Setting(Kind.NATURAL, country, office.day))
        if new.person is not None:
            known = party_at(office, new.person)
            if known.is_legal_person():
                raise ContactIsNatural(number=known.number)
            return known, columns
        check_name(columns, Kind.NATURAL)
        columns["country"] = country
        note_knowing(columns, opening, new.informed)
        return new_party(office, Kind.NATURAL, columns, Status.CONTACT), columns

    def _employ(
        self, deed: Deed, person: Party, company: Party, position: str | None, since: date
    ) -> None:
        office = self._office
        for row in office.desk.rows(Employment, person=bytes(person.id)):
            if row.left is None and bytes(row.company) == bytes(company.id):
                raise ContactKnown(number=person.number)
        row = Employment(
            id=new_id(),
            person=bytes(person.id),
            company=bytes(company.id),
            since=since.isoformat(),
            position=clean(position or "") or None,
        )
        deed.insert(row, office.grounds.warrant(bytes(person.id), office.day))

    def _adrift(self, person: Party) -> bool:
        places = self._office.desk.rows(Employment, person=bytes(person.id))
        held = any(
            ground.relation == RELATION and ground.ended_on is None
            for ground in self._office.grounds.of(bytes(person.id))
        )
        return held and bool(places) and all(place.left is not None for place in places)

    def _places(self, person: Party, company: str | None) -> list[Employment]:
        """Return where a person is a contact now, at one company or at every one."""
        wanted = bytes(party_at(self._office, company).id) if company is not None else None
        places = [
            row
            for row in self._office.desk.rows(Employment, person=bytes(person.id))
            if row.left is None and wanted in {None, bytes(row.company)}
        ]
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
