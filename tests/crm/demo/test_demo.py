"""The demo shows a register that could be real and is not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from stdnum.ee import ik, registrikood

from crm import numbers
from crm.demo.invented import COUNT, DemoClient, invented_clients
from crm.starter import starter

TODAY = date(2026, 11, 22)
CLIENTS = list(invented_clients(TODAY))
# Which item each field is, as the register keeps it.
ITEMS = {
    "name": "name",
    "given_name": "name",
    "family_name": "name",
    "reg_no": "reg_no",
    "vat_no": "vat_no",
    "personal_code": "official_number",
    "email": "email",
    "phone": "phone",
    "iban": "bank",
    "legal_address": "address",
    "delivery_address": "address",
    "language": "language",
    "channel": "channel",
    "notes": "correspondence",
}


def named(client: DemoClient) -> str:
    return client.name or f"{client.given_name} {client.family_name}"


def test_there_are_twelve_hundred_of_three_countries_and_every_relation() -> None:
    """The demo has the promised number of clients and something of everything."""
    countries = Counter(client.country for client in CLIENTS)

    assert len(CLIENTS) == COUNT == 1_200
    assert set(countries) == {"LV", "IT", "EE"}
    assert countries["LV"] > countries["IT"] > countries["EE"] > 100
    assert {client.kind for client in CLIENTS} == {"natural", "legal"}
    assert {client.relation for client in CLIENTS} == {
        "client",
        "prospect",
        "newsletter",
        "supplier",
        "partner",
    }


def test_the_same_day_gives_the_same_clients() -> None:
    """Nothing but the day decides, and another day moves dates, not people."""
    later = list(invented_clients(TODAY + timedelta(days=30)))

    assert list(invented_clients(TODAY)) == CLIENTS
    assert [named(client) for client in later] == [named(client) for client in CLIENTS]
    assert list(invented_clients(TODAY, 12)) == CLIENTS[:12]


def test_every_number_has_its_form() -> None:
    """All numbers, addresses and accounts pass the checks that real ones have to pass."""
    for client in CLIENTS:
        home = client.country
        if client.reg_no and home == "EE":  # nothing of ours judges it, the library does
            assert registrikood.is_valid(client.reg_no)
        elif client.reg_no:
            assert numbers.reg_no(client.reg_no, home).checkable
        assert client.vat_no is None or numbers.vat_no(client.vat_no, home, TODAY).checkable
        code = client.personal_code
        if code and home == "EE":
            assert ik.is_valid(code)
        elif code:
            assert numbers.personal_code(code, home, TODAY).checkable
        assert client.iban is None or numbers.iban(client.iban).checkable
        assert numbers.email(client.email).checkable
        phones = [contact.phone for contact in client.contacts]
        phones += [client.phone] if client.phone else []
        assert not any(numbers.phone(phone, home).to_check for phone in phones)
        assert all(numbers.email(contact.email).checkable for contact in client.contacts)


@pytest.mark.parametrize(
    "field", ["reg_no", "vat_no", "personal_code", "email", "phone", "iban", "name"]
)
def test_nobody_shares_what_must_be_unique(field: str) -> None:
    """No two clients meet a rule against duplicates."""
    values = [getattr(client, field) for client in CLIENTS if getattr(client, field)]

    assert len(values) == len(set(values))


def test_nobody_real_is_meant() -> None:
    """Mail goes to example domains, and numbers stand outside the series that are given out."""
    for client in CLIENTS:
        for address in (client.email, *(contact.email for contact in client.contacts)):
            domain = address.partition("@")[2]
            assert domain.endswith(".example") or domain.startswith("example.")
        if client.country == "LV" and client.reg_no:
            assert client.reg_no.startswith("49")
        if client.country == "LV" and client.personal_code:
            assert client.personal_code[7] == "0", "born in the nineteenth century"
        if client.country == "IT" and client.personal_code:
            assert client.personal_code[11:15] == "Z999", "born nowhere"
        if client.country == "EE" and client.personal_code:
            assert client.personal_code[0] in "12", "born in the nineteenth century"


def test_nothing_is_known_that_the_relation_does_not_need() -> None:
    """Every filled field is an item that a purpose of the client's relation names."""
    register = starter("LV")
    items_of = {purpose.code: set(purpose.items) for purpose in register.purposes}
    relations = {relation.code: relation for relation in register.relations}
    for client in CLIENTS:
        relation = relations[client.relation]
        items = set().union(*(items_of[code] for code in relation.purposes))
        known = {item for field, item in ITEMS.items() if getattr(client, field)}
        assert known <= items
        assert client.evidence in {word.value for word in relation.evidence}


def test_time_runs_forward() -> None:
    """Nothing happens before a client came or after today, and what ended can still come back."""
    for client in CLIENTS:
        days = [note.written for note in client.notes] + [event.on for event in client.history]
        days += [contact.since for contact in client.contacts]
        left = [contact.left for contact in client.contacts if contact.left]
        ended = [event.on for event in client.history if event.field == "relation"]
        assert all(client.since <= day <= TODAY for day in [*days, *left])
        assert all(TODAY - day < timedelta(days=14) for day in [*left, *ended])


def test_there_is_history_to_look_at() -> None:
    """Some phones changed, some relations ended, some contacts left, most clients have notes."""
    fields = Counter(event.field for client in CLIENTS for event in client.history)

    assert fields["phone"] > 50
    assert fields["legal_address"] > 20
    assert fields["relation"] > 10
    assert sum(bool(contact.left) for client in CLIENTS for contact in client.contacts) > 20
    assert sum(bool(client.notes) for client in CLIENTS) > COUNT // 2


def test_the_first_dozen_is_chosen() -> None:
    """The first lines of the list show both kinds, all countries and relations."""
    first = CLIENTS[:12]

    assert [named(client) for client in first][:2] == ['SIA "Vējlapas Dati"', "Ilze Ozoliņa"]
    assert len({client.relation for client in first}) == 5
    assert len({client.country for client in first}) == 3
