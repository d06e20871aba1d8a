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


@pytest.fixture(scope="module")
def clients() -> list[DemoClient]:
    return list(invented_clients(TODAY))


def named(client: DemoClient) -> str:
    return client.name or f"{client.given_name} {client.family_name}"


def test_there_are_twelve_hundred_of_three_countries_and_every_relation(
    clients: list[DemoClient],
) -> None:
    """The demo has the promised number of clients and something of everything."""
    countries = Counter(client.country for client in clients)

    assert len(clients) == COUNT == 1_200
    assert set(countries) == {"LV", "IT", "EE"}
    assert countries["LV"] > countries["IT"] > countries["EE"] > 100
    assert {client.kind for client in clients} == {"natural", "legal"}
    assert {client.relation for client in clients} == {
        "client",
        "prospect",
        "newsletter",
        "supplier",
        "partner",
    }


def test_the_same_day_gives_the_same_clients(clients: list[DemoClient]) -> None:
    """Nothing but the day decides, and another day moves dates, not people."""
    later = list(invented_clients(TODAY + timedelta(days=30)))

    assert list(invented_clients(TODAY)) == clients
    assert [named(client) for client in later] == [named(client) for client in clients]
    assert list(invented_clients(TODAY, 12)) == clients[:12]


def test_every_number_has_its_form(clients: list[DemoClient]) -> None:
    """All numbers, addresses and accounts pass the checks that real ones have to pass."""
    for client in clients:
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
def test_nobody_shares_what_must_be_unique(clients: list[DemoClient], field: str) -> None:
    """No two clients meet a rule against duplicates."""
    values = [getattr(client, field) for client in clients if getattr(client, field)]

    assert len(values) == len(set(values))


def test_nobody_real_is_meant(clients: list[DemoClient]) -> None:
    """Mail goes to example domains, and numbers stand outside the series that are given out."""
    for client in clients:
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


def test_nothing_is_known_that_the_relation_does_not_need(clients: list[DemoClient]) -> None:
    """Every filled field is an item that a purpose of the client's relation names."""
    register = starter("LV")
    items_of = {purpose.code: set(purpose.items) for purpose in register.purposes}
    relations = {relation.code: relation for relation in register.relations}
    for client in clients:
        relation = relations[client.relation]
        items = set().union(*(items_of[code] for code in relation.purposes))
        known = {item for field, item in ITEMS.items() if getattr(client, field)}
        assert known <= items
        assert client.evidence in {word.value for word in relation.evidence}


def test_time_runs_forward(clients: list[DemoClient]) -> None:
    """Nothing happens before a client came or after today, and what ended can still come back."""
    for client in clients:
        days = [note.written for note in client.notes] + [event.on for event in client.history]
        days += [contact.since for contact in client.contacts]
        left = [contact.left for contact in client.contacts if contact.left]
        ended = [event.on for event in client.history if event.field == "relation"]
        assert all(client.since <= day <= TODAY for day in [*days, *left])
        assert all(TODAY - day < timedelta(days=14) for day in [*left, *ended])


def test_there_is_history_to_look_at(clients: list[DemoClient]) -> None:
    """Some phones changed, some relations ended, some contacts left, most clients have notes."""
    fields = Counter(event.field for client in clients for event in client.history)

    assert fields["phone"] > 50
    assert fields["legal_address"] > 20
    assert fields["relation"] > 10
    assert sum(bool(contact.left) for client in clients for contact in client.contacts) > 20
    assert sum(bool(client.notes) for client in clients) > COUNT // 2


def test_the_first_dozen_is_chosen(clients: list[DemoClient]) -> None:
    """The first lines of the list show both kinds, all countries and relations."""
    first = clients[:12]

    assert [named(client) for client in first][:2] == ['SIA "Vējlapas Dati"', "Ilze Ozoliņa"]
    assert len({client.relation for client in first}) == 5
    assert len({client.country for client in first}) == 3
