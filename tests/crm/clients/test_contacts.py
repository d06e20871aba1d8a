"""Contact persons and notes: kept while somebody speaks for a company, let go afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crm.clients.errors import ContactIsNatural, ContactKnown, EmptyNote, NotAContact
from crm.errors import DayAhead, FieldUnknown, NoName
from crm.models.attached import Employment, Note
from crm.models.party import Party
from crm.parties.cards import NewClient, NewContact
from crm.parties.errors import NobodyThere, PerhapsKnown
from crm.shape.errors import TextTooLong
from gdpr.errors import NoKey, NoLawfulBasis, NoRight

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from gdpr.clock import FixedClock
    from tests.crm.conftest import Hire, Place

JANIS = NewContact(
    given_name="Jānis",
    family_name="Ozols",
    position="direktors",
    email="janis@example.com",
    phone="29 111 111",
)


@pytest.fixture
def firms(register: Kartoteka) -> Kartoteka:
    for name in ("SIA Pirmā", "SIA Otrā"):
        register.clients.add(NewClient(kind="legal", name=name, relation="client"))
    return register


def test_a_contact_person_is_a_party_with_a_position_at_a_company(firms: Kartoteka) -> None:
    """The person has a number, grounds and a card; the company's card names them."""
    card = firms.contacts.add("1", JANIS)
    (line,) = firms.clients.show("1").contacts

    assert (card.number, card.kind, card.status) == (3, "natural", "contact")
    assert card.relations == ("contact",)
    assert [(place.number, place.position) for place in card.works_at] == [(1, "direktors")]
    assert (line.number, line.name, line.position) == (3, "Jānis Ozols", "direktors")
    assert (line.email, line.phone, line.left) == ("janis@example.com", "+37129111111", None)
    explained = {(d["table"], d["field"]) for d in firms.clients.why("3")["data"]}
    assert ("employment", "position") in explained


def test_somebody_known_can_speak_for_another_company(firms: Kartoteka) -> None:
    """One person, one card, two places; the same place twice is refused."""
    firms.contacts.add("1", JANIS)

    card = firms.contacts.add("2", NewContact(person="3", position="valdes loceklis"))

    assert [(place.number, place.position) for place in card.works_at] == [
        (1, "direktors"),
        (2, "valdes loceklis"),
    ]
    with pytest.raises(ContactKnown):
        firms.contacts.add("2", NewContact(person="3"))
    with pytest.raises(ContactIsNatural):
        firms.contacts.add("2", NewContact(person="1"))
    with pytest.raises(NoName):
        firms.contacts.add("2", NewContact(position="kāds"))
    assert len(firms.context.session.rows(Employment)) == 2


def test_equal_contacts_ask_at_one_company_and_not_at_two(firms: Kartoteka) -> None:
    """Two equal contacts of two companies stay two until a person merges them."""
    firms.contacts.add("1", JANIS)

    with pytest.raises(PerhapsKnown):
        firms.contacts.add("1", JANIS)
    other = firms.contacts.add("2", JANIS)
    third = firms.contacts.add("1", JANIS, anyway=True)

    assert (other.number, other.warnings) == (4, ())
    assert [one.numbers for one in third.warnings] == [(3,)]


def test_a_position_is_corrected_where_it_is_held(firms: Kartoteka) -> None:
    """Fields of the person and the position at one company, or at all."""
    firms.contacts.add("1", JANIS)
    firms.contacts.add("2", NewContact(person="3", position="valdes loceklis"))

    one = firms.contacts.edit("3", {"position": "padomnieks", "email": ""}, company="2")
    both = firms.contacts.edit("3", {"position": "vadītājs"})

    assert [place.position for place in one.works_at] == ["direktors", "padomnieks"]
    assert one.email is None
    assert [place.position for place in both.works_at] == ["vadītājs", "vadītājs"]
    with pytest.raises(NoName):
        firms.contacts.edit("3", {"given_name": "", "family_name": ""})
    with pytest.raises(NotAContact):
        firms.contacts.edit("1", {"position": "x"})


def test_a_contact_has_no_ground_for_more_than_contact_data(firms: Kartoteka) -> None:
    """A contact person is not party to the contract: no personal code, no account (Art. 6(1))."""
    firms.contacts.add("1", JANIS)

    for field, value in (("personal_code", "161175-19997"), ("iban", "LV80BANK0000435195001")):
        with pytest.raises(NoLawfulBasis):
            firms.clients.edit("3", {field: value})


def test_leaving_one_company_of_two_keeps_the_person(firms: Kartoteka) -> None:
    """Only the last company's end is the end of the ground."""
    firms.contacts.add("1", JANIS)
    firms.contacts.add("2", NewContact(person="3"))

    departure = firms.contacts.left("3", "1")

    assert (departure.still_at, departure.grounds_ended, departure.going_until) == ((2,), 0, None)
    assert firms.clients.show("3").status == "contact"
    assert [line.left for line in firms.clients.show("1").contacts] == ["2026-03-02"]
    with pytest.raises(NotAContact):
        firms.contacts.left("3", "1")


def test_after_the_last_company_the_data_are_going(firms: Kartoteka, clock: FixedClock) -> None:
    """Fourteen days in which nothing is used; a reopened ground brings the person back whole."""
    firms.contacts.add("1", JANIS)

    departure = firms.contacts.left("3", "all", on=date(2026, 2, 27))

    assert departure.left == "2026-02-27"
    assert departure.grounds_ended > 0
    assert departure.going_until == "2026-03-16"
    card = firms.clients.show("3")
    assert card.status == "going"
    assert {line.field for line in card.going} >= {"given_name", "email", "phone", "position"}
    firms.grounds.reopen("3")
    assert firms.clients.show("3").status == "contact"


def test_leaving_now_destroys_at_once(firms: Kartoteka, place: Place) -> None:
    """With --now nothing waits: no row, no name in the directory, no trace in any file."""
    firms.contacts.add("1", JANIS)
    firms.clients.find("ozols")

    departure = firms.contacts.left("3", "1", now=True)

    assert departure.going_until is None
    with pytest.raises(NobodyThere):
        firms.clients.show("3")
    assert firms.clients.find("ozols").lines == ()
    assert firms.clients.find("29111111").lines == ()
    assert firms.clients.show("1").contacts == ()
    assert firms.context.session.rows(Employment) == []
    assert firms.audit.verify().ok


def test_a_departure_that_was_interrupted_can_be_completed(firms: Kartoteka) -> None:
    """Somebody whose places have ended while the grounds have not is let go by the same verb."""
    firms.contacts.add("1", JANIS)
    (place,) = firms.context.session.rows(Employment)
    from gdpr.audit.events import Event

    with firms.context.journal.audited_change(Event.CONTACT_LEFT, bytes(place.person)) as deed:
        place.left = "2026-03-02"
        deed.update(place)

    assert firms.contacts.left("3", "1").grounds_ended > 0
    assert firms.clients.show("3").status == "going"


def test_nobody_leaves_tomorrow(firms: Kartoteka) -> None:
    """A departure is something that has happened."""
    firms.contacts.add("1", JANIS)

    with pytest.raises(DayAhead):
        firms.contacts.left("3", "1", on=firms.context.day + timedelta(days=1))


def test_what_a_contact_has_not_cannot_be_corrected(firms: Kartoteka) -> None:
    """A mistyped field is refused and not passed over in silence."""
    firms.contacts.add("1", JANIS)

    with pytest.raises(FieldUnknown):
        firms.contacts.edit("3", {"positon": "valdes loceklis"})


def test_rights_to_contacts(firms: Kartoteka, place: Place, hire: Hire) -> None:
    """Who may not change names may not enter contacts; destroying at once is the owner's."""
    firms.contacts.add("1", JANIS)
    with place.open(hire("accountant")) as other, pytest.raises(NoRight):
        other.contacts.add("1", JANIS)
    with place.open(hire("technician")) as other, pytest.raises(NoRight):
        other.contacts.edit("3", {"email": "x@example.com"})

    assert len(firms.context.session.rows(Party)) == 3


def test_notes_are_kept_with_author_and_time(firms: Kartoteka, clock: FixedClock) -> None:
    """Notes come back newest first, and a note counts as a contact for review days."""
    firms.notes.add("1", "Pirmā rinda\nOtrā rinda")
    clock.instant += timedelta(hours=1)
    firms.notes.add("1", "Vēlāk")

    later, earlier = firms.notes.list("1")

    assert (later.text, earlier.text) == ("Vēlāk", "Pirmā rinda\nOtrā rinda")
    assert (earlier.author, earlier.written) == ("anna", "2026-03-02T12:00:00+00:00")
    assert firms.clients.show("1").notes == 2
    assert firms.clients.show("1").last_activity == "2026-03-02"
    with pytest.raises(EmptyNote):
        firms.notes.add("1", " \x07 ")


def test_a_note_or_position_too_long_is_refused_and_not_cut(firms: Kartoteka) -> None:
    """Whoever writes more than is kept is told, and does not find half of it a year later."""
    whole = "ā" * 10_000

    with pytest.raises(TextTooLong):
        firms.notes.add("1", whole + "!")
    with pytest.raises(TextTooLong):
        firms.contacts.add("1", NewContact(given_name="Anna", position=whole + "!"))
    assert firms.notes.list("1") == ()
    assert firms.notes.add("1", f"  {whole}  ").text == whole


def test_a_note_needs_a_ground_and_a_right(place: Place, hire: Hire) -> None:
    """No note about whom no purpose of correspondence covers; none for who may not read them."""
    with place.open() as register:
        fields: dict[str, Any] = {"kind": "legal", "name": "SIA Piegāde"}
        register.clients.add(NewClient(**fields, purposes=("delivery",)))
        register.clients.add(NewClient(kind="legal", name="SIA Pirmā", relation="client"))
        with pytest.raises(NoLawfulBasis):
            register.notes.add("1", "nedrīkst")
        register.notes.add("2", "drīkst")
        assert len(register.context.session.rows(Note)) == 1
    with place.open(hire("technician")) as register:
        assert [note.text for note in register.notes.list("2")] == ["drīkst"]
        register.notes.add("2", "arī drīkst")
    with place.open(hire("accountant")) as register:
        with pytest.raises(NoKey):
            register.notes.list("2")
        with pytest.raises(NoRight):
            register.notes.add("2", "nedrīkst")
