"""Who said no is known again however the address or number was typed, and among other words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from crm.errors import ErasedOnRequest
from crm.parties.cards import NewClient
from crm.transfer.cards import ImportOrder

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka

MAIL, PHONE = "ilze@example.com", "+37129998877"
PHONES = (
    "29998877 un 29998878",
    "29998878/29998877",
    "8 29998877",
    "tālr. 2999-88-77",
    "+371 (0) 29998877",
    "011 371 29998877",
)
CELLS = (f"{MAIL}; cita@example.com", f"Ilze <{MAIL.upper()}>", f"cita@example.com / {MAIL}.")


def person(**told: str) -> NewClient:
    """Describe somebody who asks."""
    return NewClient(kind="natural", family_name="Četri", relation="prospect", **told)


def forget(register: Kartoteka, number: int) -> int:
    """Erase somebody on request and say how many marks are left."""
    return register.subjects.erase(str(number), "request:7", number).remembered


def take(register: Kartoteka, *rows: str, heading: str, relation: str = "prospect") -> tuple:
    """Take a list in without its bad values, and say who came and why others did not."""
    text = "\n".join((heading, *rows))
    order = ImportOrder(relation=relation, informed="unknown", keep_defective=True)
    done = register.imports.take(io.BytesIO(text.encode()), order)
    return done.created, done.contacts, [line.reason for line in done.rejects]


def test_a_phone_among_other_words_brings_nobody_back(register: Kartoteka) -> None:
    """A phone that fits no form still holds the number of somebody who was erased on request."""
    forget(register, register.clients.add(person(phone=PHONE)).number)

    for phone in PHONES:
        with pytest.raises(ErasedOnRequest):
            register.clients.add(person(phone=phone), anyway=True)
    rows = [f"Cits{number};{phone}" for number, phone in enumerate(PHONES)]
    told = take(register, *rows, heading="Uzvārds;Tālrunis")
    assert told == (0, 0, ["erased"] * len(PHONES))

    assert register.clients.add(person(phone="29998870 un 29998878"), anyway=True).number


def test_what_is_set_aside_to_be_mended_brings_nobody_back(register: Kartoteka) -> None:
    """A bad cell is stored to be mended, so that it must not hold the address of who was erased."""
    forget(register, register.clients.add(person(email=MAIL)).number)

    rows = [f"Cits{number};{cell}" for number, cell in enumerate(CELLS)]
    told = take(
        register, *(f'"{row}"'.replace(";", '";"', 1) for row in rows), heading="Uzvārds;E-pasts"
    )
    assert told == (0, 0, ["erased"] * len(CELLS))

    heading = "Nosaukums;Kontaktpersona;Kontaktpersonas e-pasts"
    row = f'SIA Trešā;Ilze Četri;"{CELLS[0]}"'
    assert take(register, row, heading=heading, relation="client") == (1, 0, [])


def test_who_is_erased_is_known_again_by_what_was_set_aside(register: Kartoteka) -> None:
    """An erasure remembers the addresses in a value that nobody had mended by then."""
    told = take(register, f'Četri;"{CELLS[0]}"', heading="Uzvārds;E-pasts")
    assert told == (1, 0, [])
    (line,) = register.clients.list()
    assert forget(register, line.number) == 2

    with pytest.raises(ErasedOnRequest):
        register.clients.add(person(email=MAIL))
