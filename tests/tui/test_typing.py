"""Whoever types faster than a screen is drawn finds every letter where it was meant."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events

from crm.parties.cards import NewClient
from gdpr.store.database import open_database
from tests.tui.conftest import seated

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crm.conftest import Place

_KEYS = {"\t": "tab", "/": "slash", " ": "space"}


def test_keys_that_come_all_at_once_go_where_they_belong(place: Place, drive: Callable) -> None:
    """A slash and letters in one burst open the search and stand in its box."""
    with place.open() as register:
        for name in ("SIA Bērziņš un dēli", "SIA Ozols"):
            register.clients.add(NewClient(kind="legal", name=name, relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            for letter in "/ozo":
                seat.app.post_message(events.Key(_KEYS.get(letter, letter), letter))
            await seat.settle()
            assert "SIA Ozols" in seat.text
            assert "Bērziņš" not in seat.text

    drive(scenario())


def test_a_form_filled_in_one_burst(place: Place, drive: Callable) -> None:
    """What is typed after a tab stands in the next field, never at the end of the one before."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("client-new")
            await seat.settle()
            first = seat.app.focused
            for letter in "abc\tdef":
                seat.app.post_message(events.Key(_KEYS.get(letter, letter), letter))
            await seat.settle()
            assert seat.app.focused is not first
            assert "abcdef" not in seat.text

    drive(scenario())


def test_a_key_pressed_twice_stores_once(place: Place, drive: Callable) -> None:
    """Whoever presses the key that saves twice in a row has written one note."""
    with place.open() as register:
        card = register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("note-new", card.number)
            await seat.settle()
            await seat.write("zvanīt")
            # Another desk is writing, so storing takes its time.
            other = open_database(str(place.vault))
            other.execute_sql("BEGIN IMMEDIATE")
            seat.app.post_message(events.Key("ctrl+s", None))
            await asyncio.sleep(1)
            seat.app.post_message(events.Key("ctrl+s", None))
            await asyncio.sleep(1)
            other.execute_sql("ROLLBACK")
            other.close()
            await seat.settle()
            assert "SIA Ozols" in seat.text

    drive(scenario())
    with place.open() as register:
        assert 1 == len(register.notes.list(str(card.number)))
