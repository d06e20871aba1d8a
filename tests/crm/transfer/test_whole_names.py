"""The name of a natural person is made from its parts, by whatever door a whole one comes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from crm.models.party import Party
from crm.transfer.cards import ImportOrder
from tests.crm.transfer.test_workbooks_and_cards import workbook

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka

KNOWN = (
    "Vārds;Uzvārds;E-pasts;Personas kods;Tālrunis\n"
    "Andris;Bērziņš;a@example.com;161175-19997;29123456\n"
)
ADDRESS_CARD = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Andris Bērziņš\r\nEMAIL:a@example.com\r\n"
    "NOTE:Cēsis\r\nEND:VCARD\r\n"
)
SAME: dict[str, Any] = {"doubles": "same"}
UPDATE: dict[str, Any] = {"update": True}
MAPPED: dict[str, Any] = {"mapping": (("Kas", "name"),)}


def take(register: Kartoteka, content: bytes, **order: Any) -> None:
    order.setdefault("relation", "client")
    register.imports.take(io.BytesIO(content), ImportOrder(**order))


@pytest.mark.parametrize(
    ("content", "order"),
    [
        ("Nosaukums;E-pasts\nAndris Bērziņš;a@example.com\n", SAME),
        ("Nosaukums;E-pasts\nBērziņš Andris;a@example.com\n", SAME),
        ("Nosaukums;E-pasts\nA. Bērziņš;a@example.com\n", SAME),
        ("Full name;E-mail\nAndris Bērziņš;a@example.com\n", SAME),
        ("Nosaukums;Personas kods\nAndris Bērziņš;161175-19997\n", UPDATE),
        ("Kas;Personas kods\nAndris Bērziņš;161175-19997\n", {**UPDATE, **MAPPED}),
        (ADDRESS_CARD, SAME),
        (workbook(("Nosaukums", "E-pasts"), ("Andris Bērziņš", "a@example.com")), SAME),
    ],
)
def test_a_whole_name_from_a_file_stands_in_no_second_place(
    register: Kartoteka, content: str | bytes, order: dict[str, Any]
) -> None:
    """Whoever is known by the parts of a name is not called twice by the whole of it."""
    take(register, KNOWN.encode())
    take(register, content if isinstance(content, bytes) else content.encode(), **order)

    (party,) = register.context.session.rows(Party)
    assert party.display_name() == "Andris Bērziņš"
    assert (party.name, party.given_name, party.family_name) == (None, "Andris", "Bērziņš")


def test_parts_from_a_file_replace_the_whole_name(register: Kartoteka) -> None:
    """Who was entered under one heading and comes in parts is called once as well."""
    take(register, "Nosaukums;Personas kods\nAndris Bērziņš;161175-19997\n".encode())
    take(register, KNOWN.encode(), update=True)

    (party,) = register.context.session.rows(Party)
    assert party.display_name() == "Andris Bērziņš"
    assert (party.name, party.given_name, party.family_name) == (None, "Andris", "Bērziņš")


def test_a_new_family_name_from_a_file_leaves_no_old_whole_one(register: Kartoteka) -> None:
    """A changed family name is the only one shown, though the whole old one was stored."""
    take(register, "Nosaukums;Personas kods\nAnna Bērziņa;161175-19997\n".encode())
    take(register, "Uzvārds;Personas kods\nLiepa;161175-19997\n".encode(), update=True)

    (party,) = register.context.session.rows(Party)
    assert party.display_name() == "Anna Liepa"


def test_the_business_of_a_trader_stands_behind_the_person(register: Kartoteka) -> None:
    """A name that is not made of the person's is that of a business, and is brought in."""
    take(register, KNOWN.encode())
    take(register, b"Nosaukums;Personas kods\nZelta adata;161175-19997\n", update=True)

    (party,) = register.context.session.rows(Party)
    assert party.display_name() == "Andris Bērziņš (Zelta adata)"
