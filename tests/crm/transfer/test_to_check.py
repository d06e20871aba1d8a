"""What an import guessed is marked, listed, and no longer so once somebody looked at it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from crm.lists.cards import ListQuery
from crm.transfer.cards import ImportOrder

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli

ROWS = (
    "First Name,Last Name,Company,Phone,Country\n"
    "John,Kalns,Egle,29123456,Narnia\n"
    "Anna,Liepa,,call her,\n"
    "Juris,Ozols,,29123457,\n"
)


def guessed(register: Kartoteka) -> None:
    register.imports.take(io.BytesIO(ROWS.encode()), ImportOrder(relation="client"))


def test_guesses_have_a_list_of_their_own(register: Kartoteka) -> None:
    """A firm that may be a person, a country that is none, a phone that is words."""
    guessed(register)

    marks = {line.number: register.clients.show(str(line.number)).to_check
             for line in register.clients.list(to_check=True)}  # fmt: skip
    assert marks == {1: ("kind", "country"), 3: ("phone",)}
    assert len(register.clients.list(contacts=True)) == 4


def test_a_mark_goes_with_the_field_or_when_somebody_looked(register: Kartoteka) -> None:
    """Correcting a field is looking at it; for the rest somebody says so."""
    guessed(register)

    register.clients.edit("1", {"country": "LV"})
    assert register.clients.show("1").to_check == ("kind",)
    register.clients.edit("3", {"phone": "29123458"})
    assert register.clients.show("3").to_check == ()
    assert register.clients.checked("1").to_check == ()
    assert register.clients.list(to_check=True) == ()


def test_the_list_and_the_card_say_it(cli: Cli, register: Kartoteka) -> None:
    """On the command line and in the filter of the screen."""
    guessed(register)

    listed = cli("client", "list", "--to-check", "--format", "json")
    assert [one["number"] for one in json.loads(listed.stdout)] == [1, 3]
    assert "country" in cli("client", "show", "1").stdout
    assert cli("client", "checked", "1").exit_code == 0
    assert register.clients.show("1").to_check == ()
    listing = register.client_list.open(ListQuery(to_check=True))
    while not listing.done:
        listing = register.client_list.more(listing.turn) or listing
    assert listing.count == 1
