"""Parties for tests, stored as the services store them, with a canary in every field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.models.attached import FURTHER_MODELS, Employment, Note
from crm.models.party import Party
from gdpr.audit.events import Event
from gdpr.rules.purposes import Evidence
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka

FIELDS = {
    "given_name": "Kanarija",
    "family_name": "Dzeltenspārne",
    "email": "kanarija@example.com",
    "phone": "+37129998877",
    "legal_address": "Kanariju iela 77, Rīga",
    "delivery_address": "Noliktavas gatve 12, Rīga",
    "personal_code": "161175-19997",
    "iban": "LV80BANK0000435195001",
    "language": "lv",
    "channel": "mutiski ar kanāriju",
    "provenance": "no kanāriju izstādes",
}
NOTE = "piezīme par kanārijputniņu"
FURTHER = "+37126665544"


def plant(
    opened: Kartoteka, relation: str, *, legal: bool = False, fields: dict[str, str] | None = None
) -> Party:
    """Store a party with every field the relation's purposes name, a note and a second phone."""
    office = opened.context
    opening = office.grounds.by_relation(relation, is_legal=legal)
    party_id = new_id()
    items = {column.name: column.item for column in Party.layout().sealed}
    wanted = FIELDS if fields is None else fields
    kept = {name: text for name, text in wanted.items() if items[name] in opening.items}
    with office.journal.audited_change(Event.PARTY_ADDED, party_id) as deed:
        warrant = office.grounds.warrant_for(party_id, opening)
        party = Party(
            id=party_id,
            number=next_number(deed, "party"),
            kind="legal" if legal else "natural",
            country="LV",
            status="contact" if relation == "contact" else "active",
            created=0,
            last_activity=office.day.isoformat(),
            phone_unchecked=0,
            **kept,
        )
        deed.insert(party, warrant)
        office.grounds.open(deed, party_id, opening, office.day)
        if "correspondence" in opening.items and fields is None:
            note = Note(id=new_id(), party=party_id, written=0, author=office.user, text=NOTE)
            deed.insert(note, warrant)
            deed.insert(
                FURTHER_MODELS["phone"](id=new_id(), party=party_id, phone=FURTHER), warrant
            )
    return office.session.get(Party, party_id)


def employ(opened: Kartoteka, company: Party, position: str) -> Party:
    """Store a contact person of a company."""
    office = opened.context
    person = plant(opened, "contact", fields={"given_name": "Kalvis", "email": "k@example.com"})
    with office.journal.audited_change(Event.CONTACT_ADDED, bytes(person.id)) as deed:
        place = Employment(
            id=new_id(),
            person=bytes(person.id),
            company=bytes(company.id),
            since=office.day.isoformat(),
            position=position,
        )
        deed.insert(place, office.grounds.warrant(bytes(person.id), office.day))
    return person


def add_marketing(opened: Kartoteka, party: Party) -> None:
    """Give a party the ground of a newsletter, upon a consent."""
    office = opened.context
    opening = office.grounds.by_purposes(
        ["direct_marketing"], kind="client", is_legal=False, evidence=Evidence.CONSENT
    )
    with office.journal.audited_change(Event.GROUND_ADDED, bytes(party.id)) as deed:
        office.grounds.open(deed, bytes(party.id), opening, office.day)
