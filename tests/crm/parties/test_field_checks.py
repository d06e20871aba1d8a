"""What a form asks while somebody types: checks, likenesses, what others changed, who would go."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import ChangedMeanwhile, check_field, form_fields
from crm.parties.cards import NewClient, NewContact
from gdpr.errors import Invalid

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place

TODAY = date(2026, 3, 2)
FIRM = NewClient(
    kind="legal", name="SIA Bērziņš", vat_no="LV40003521600", email="b@example.com",
    relation="client",
)  # fmt: skip
PERSON = NewClient(
    kind="natural", given_name="Ilze", family_name="Ozola", personal_code="161175-19997",
    iban="LV80BANK0000435195001", relation="client",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "field", "text", "stored"),
    [
        ("legal", "vat_no", "40003521600", "LV40003521600"),
        ("legal", "phone", "67012345", "+37167012345"),
        ("natural", "personal_code", "161175-19997", "16117519997"),
        ("natural", "vat_no", "LV16117519997", "LV16117519997"),
        ("natural", "email", "", None),
    ],
)
def test_a_field_is_read_as_it_would_be_stored(kind, field, text, stored) -> None:
    """The check of a form and the verb that stores agree on the value."""
    assert check_field(field, text, kind=kind, country="LV", today=TODAY).stored == stored


def test_a_vat_number_brings_the_registration_number() -> None:
    """A Latvian company's VAT number holds its number in the register; a foreign one does not."""
    told = check_field("vat_no", "LV40003521600", kind="legal", country="LV", today=TODAY)

    assert told.reg_no == "40003521600"
    abroad = check_field("vat_no", "DE136695976", kind="legal", country="DE", today=TODAY)
    assert abroad.reg_no is None


def test_a_wrong_value_is_refused_with_its_reason() -> None:
    """A wrong check digit is told while it is typed; a phone is kept and marked."""
    with pytest.raises(Invalid):
        check_field("vat_no", "LV40003521601", kind="legal", country="LV", today=TODAY)
    told = check_field("phone", "12", kind="legal", country="LV", today=TODAY)
    assert told.to_check


def test_forms_ask_people_for_other_things_than_companies() -> None:
    """Official numbers belong to people and are masked; each field names the key it needs."""
    natural = {one.name: one for one in form_fields("natural")}
    legal = {one.name: one for one in form_fields("legal")}

    assert natural["personal_code"].masked
    assert natural["vat_no"].category == "billing"
    assert natural["iban"].masked
    assert "personal_code" not in legal
    assert not legal["iban"].masked
    assert legal["vat_no"].category == "identity"


def test_what_is_typed_is_compared_before_it_is_stored(register: Kartoteka) -> None:
    """An equal number, address or nearly equal name names the other, but never oneself."""
    register.clients.add(FIRM)
    ask = register.clients.possible_duplicates

    assert ask({"vat_no": "LV40003521600"}, kind="legal", country="LV")[0].numbers == (1,)
    assert [one.field for one in ask({"email": "B@example.com"}, kind="legal", country="LV")] == [
        "email"
    ]
    assert ask({"name": "Berzins, SIA"}, kind="legal", country="LV")[0].field == "name"
    assert ask({"vat_no": "LV40003521600"}, kind="legal", country="LV", but=1) == ()


def test_comparing_opens_no_category_without_a_key(place: Place, hire: Hire) -> None:
    """A technician learns nothing about an account, an auditor nothing at all."""
    technician, auditor = hire("technician"), hire("auditor")
    with place.open() as register:
        register.clients.add(PERSON)
    for login in (technician, auditor):
        with place.open(login) as register:
            found = register.clients.possible_duplicates(
                {"iban": "LV80BANK0000435195001"}, kind="natural", country="LV"
            )
            assert found == ()
            assert register.clients.duplicates_of("1") == ()


def test_a_card_knows_its_twins(register: Kartoteka) -> None:
    """Two who share an address are told on each other's card."""
    register.clients.add(FIRM)
    register.clients.add(
        NewClient(kind="legal", name="AS Cita", email="b@example.com", relation="client"),
        anyway=True,
    )

    assert register.clients.duplicates_of("1")[0].numbers == (2,)
    assert register.clients.duplicates_of("2")[0].field == "email"


def test_what_another_desk_changed_is_not_overwritten(place: Place, register: Kartoteka) -> None:
    """A field that changed since it was seen is refused by name; others are stored."""
    register.clients.add(PERSON)
    seen = {"phone": None, "iban": "••••5001", "given_name": "Ilze"}
    with place.open() as other:
        other.clients.edit("1", {"phone": "+37126000001"})

    with pytest.raises(ChangedMeanwhile) as refused:
        register.clients.edit("1", {"phone": "+37126000002", "given_name": "Ilga"}, seen=seen)
    assert refused.value.arguments == {"number": 1, "fields": "phone"}
    card = register.clients.edit("1", {"given_name": "Ilga", "iban": ""}, seen=seen)
    assert (card.given_name, card.phone, card.iban) == ("Ilga", "+37126000001", None)
    same = register.clients.edit("1", {"phone": "26000001"}, seen=seen)
    assert same.phone == "+37126000001"


def test_a_masked_field_that_changed_is_not_overwritten(place: Place, register: Kartoteka) -> None:
    """Dots are compared too, and so is what was revealed."""
    register.clients.add(PERSON)
    with place.open() as other:
        other.clients.edit("1", {"iban": "LV97HABA0012345678910"})

    for was in ("••••5001", "LV80BANK0000435195001"):
        with pytest.raises(ChangedMeanwhile):
            register.clients.edit("1", {"iban": ""}, seen={"iban": was})


def test_before_somebody_leaves_it_is_told_what_goes(register: Kartoteka) -> None:
    """A preview names the data that would be going, and changes nothing."""
    register.clients.add(FIRM)
    register.contacts.add("1", NewContact(given_name="Jānis", email="j@example.com"))

    goes = register.contacts.preview_left("2", "1")

    assert {one.field for one in goes} >= {"given_name", "email"}
    assert {one.until for one in goes} == {"2026-03-16"}
    assert register.clients.show("2").going == ()


def test_before_somebody_leaves_one_of_two_places_nothing_goes(register: Kartoteka) -> None:
    """Who still works somewhere stays."""
    register.clients.add(FIRM)
    register.clients.add(NewClient(kind="legal", name="AS Cita", relation="client"))
    register.contacts.add("1", NewContact(given_name="Jānis"))
    register.contacts.add("2", NewContact(person="3"))

    assert register.contacts.preview_left("3", "1") == ()
    assert register.contacts.preview_left("3")


def test_an_erasure_that_left_something_is_told(register: Kartoteka) -> None:
    """Who was erased as far as the law allows is known as such."""
    register.clients.add(PERSON)
    assert not register.clients.show("1").partly_erased

    register.grounds.add("1", relation="prospect", informed=register.context.day)
    register.subjects.erase("1", "no-longer-needed", 1)

    assert register.clients.show("1").partly_erased
