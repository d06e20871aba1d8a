"""Every screen by every role: what it may not read is nowhere, and forcing it does nothing."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button, Input, TextArea
from textual.worker import Worker

from crm.schema import SCHEMA
from crm.services.access import access_of
from gdpr.errors import Locked
from tests.faults.test_roles import CATEGORIES
from tests.tui import everywhere
from tests.tui.conftest import seated
from tests.tui.everywhere import ROLES, WHERE, go, leave, reachable
from tui.keys import ROOMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.screen import Screen

    from tests.tui.conftest import Seat
    from tests.tui.everywhere import World

furnished = everywhere.furnished
world = everywhere.world
# A value is looked for by its beginning, since lists cut long ones.
_SHOWN = 7
ALL = frozenset(CATEGORIES)
# Leaving, locking and walking are everybody's, and end what is being tried.
_LEFT_OUT = frozenset({"leave", "lock", "go", "help", "command_palette", "pin", "back", "list"})
# It is made with texts that the service gives to nobody who may not read everything.
_GIVEN_ITS_TEXTS = frozenset({"package-review"})


def beginnings(world: World, categories: set[str]) -> set[str]:
    """Return what the values of some categories begin with."""
    return {word[:_SHOWN] for word in world.person.words(*categories)} if categories else set()


@pytest.mark.parametrize("role", [role for role in ROLES if not ALL <= access_of([role]).reads])
def test_nothing_a_role_may_not_read_is_there(world: World, drive, role: str) -> None:
    """No screen draws, and no widget holds, a value of a category that is closed to the role."""
    reads = set(access_of([role]).reads)
    secret = beginnings(world, set(CATEGORIES) - reads)
    known = beginnings(world, reads)
    seen: set[str] = set()

    async def scenario() -> None:
        async with seated(world.place, world.logins[role], size=(160, 60)) as seat:
            for name in WHERE:
                if name in _GIVEN_ITS_TEXTS and secret:
                    continue
                await go(seat, name, world)
                held = [*set(reachable(seat.app)), seat.text]
                found = {word for word in secret for text in held if word in text}
                assert found == set(), name
                seen.update(word for word in known if word in seat.text)
                await leave(seat)

    drive(scenario())
    # Where a role may read, its screens do show: the search is not blind.
    assert bool(seen) is bool(reads)


def test_texts_for_review_are_refused(world: World) -> None:
    """Who may not read everything about a person gets no text to decide on."""
    with world.place.open(world.logins["accountant"]) as register, pytest.raises(Locked):
        register.packages.texts(str(world.person.number))


def test_forced_actions_change_nothing(
    world: World, drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each action of each screen, called by an auditor past the keys and answered yes."""
    # Files that are saved on the way stay in the folder of the test.
    monkeypatch.chdir(world.place.folder)
    monkeypatch.setenv("HOME", str(world.place.folder))
    before = contents(world)

    async def scenario() -> None:
        async with seated(world.place, world.logins["auditor"], size=(80, 24)) as seat:
            for name in WHERE:
                if name in _GIVEN_ITS_TEXTS:
                    continue
                await go(seat, name, world)
                for action in actions_of(seat.app.screen):
                    await force(seat, name, world, action)
                await leave(seat)

    drive(scenario())
    assert contents(world) == before


def actions_of(screen: Screen[object]) -> Iterator[str]:
    """Name the actions that the table of keys has for a screen."""
    known = {key.id: key.action for keys in ROOMS.values() for key in keys}
    for binding in screen.BINDINGS:
        action = known.get(getattr(binding, "id", None) or "", "")
        if action and "(" not in action and "." not in action and action not in _LEFT_OUT:
            yield action


async def force(seat: Seat, name: str, world: World, action: str) -> None:
    """Call an action of the screen whether it is offered or not, and answer what it asks."""
    place = seat.app.screen
    typed_into(place, "Forced 1")
    found = getattr(place, f"action_{action}", None)
    answer = found() if found is not None else None
    if inspect.isawaitable(answer) and not isinstance(answer, Worker):
        await answer
    await seat.settle()
    for _question in range(4):
        if seat.app.screen is place or seat.app.me is None:
            break
        typed_into(seat.app.screen, str(world.person.number))
        for button in seat.app.screen.query(Button):
            if button.id == "yes":
                button.press()
        await seat.press("enter", "ctrl+s")
    assert seat.app._exception is None, (name, action)
    # Work that waits for the answer of a box would be waited for.
    seat.app.workers.cancel_node(place)
    while seat.app.screen is not place and len(seat.app.screen_stack) > 1:
        await seat.app.pop_screen()
    if place not in seat.app.screen_stack:
        await go(seat, name, world)


def typed_into(screen: Screen[object], text: str) -> None:
    """Fill every line that is empty."""
    for typed in screen.query(Input):
        typed.value = typed.value or text
    for area in screen.query(TextArea):
        area.text = area.text or text


def contents(world: World) -> set[tuple[str, str]]:
    """Return every stored row without the log; settings hold the day last seen."""
    with world.place.open() as register:
        desk = register.office.desk
        return {
            (model.layout().table, str(sorted(row.__data__.items())))
            for model in SCHEMA.models
            if model.layout().table != "setting"
            for row in desk.rows(model)
        }
