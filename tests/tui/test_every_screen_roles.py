"""Every screen by every role: what it may not read is nowhere, and forcing it does nothing."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button, Input, TextArea
from textual.worker import Worker

from crm.schema import SCHEMA
from crm.session.access import access_of
from crm.transfer.cards import ImportOrder
from gdpr.errors import Locked, NoRight
from tests.faults.test_roles import CATEGORIES
from tests.tui import everywhere
from tests.tui.conftest import seated
from tests.tui.everywhere import NARROW, WHERE, go, leave, reachable, screen_of
from tui.key_bindings import KEY_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from textual.screen import Screen

    from tests.crm.conftest import Login
    from tests.tui.conftest import Seat
    from tests.tui.everywhere import World

furnished = everywhere.furnished
world = everywhere.world
# A value is looked for by its beginning, since lists cut long ones.
_SHOWN = 7
_QUESTIONS = 4
PLACES_OF = tuple(screen_of(name) for name in WHERE)
# An office may write most of what its screens write; these may not even correct a name.
FORCED = ("technician", "accountant", "auditor")
# Leaving, locking, walking and the language are everybody's, and end what is being tried.
_LEFT_OUT = frozenset(
    {"leave", "lock", "go", "help", "command_palette", "pin", "back", "list", "language"}
)
# It is made with texts that the service gives to nobody who may not read everything.
_GIVEN_ITS_TEXTS = frozenset({"package-review"})


def beginnings(world: World, categories: set[str]) -> set[str]:
    """Return what the values of some categories begin with."""
    return {word[:_SHOWN] for word in world.person.words(*categories)} if categories else set()


def test_some_category_is_closed_to_these_roles_and_to_no_other() -> None:
    """The narrow roles are walked below; owner, privacy contact and small office read all."""
    assert NARROW == ("office", "technician", "accountant", "auditor")
    assert set(FORCED) == {role for role in NARROW if "identity" not in access_of([role]).writes}


@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("role", NARROW)
def test_a_role_sees_and_does_only_what_it_may(
    world: World, drive, monkeypatch: pytest.MonkeyPatch, role: str, part: int
) -> None:
    """No screen draws, and no widget holds, a value of a category that is closed to the role.

    That holds as well after actions were called past the keys and answered yes, by an auditor each
    action of each screen, by others what is not offered to them: what is stored stays as it was.
    """
    # Files that are saved on the way stay in the folder of the test.
    monkeypatch.chdir(world.place.folder)
    monkeypatch.setenv("HOME", str(world.place.folder))
    before = contents(world)
    access = access_of([role])
    reads = set(access.reads)
    secret = beginnings(world, set(CATEGORIES) - reads)
    known = beginnings(world, reads)
    seen: set[str] = set()

    async def scenario() -> None:
        async with seated(world.place, world.logins[role], size=(150, 30)) as seat:
            for name in WHERE[part::2]:
                if name in _GIVEN_ITS_TEXTS:
                    continue
                await go(seat, name, world)
                drawn = seat.text
                assert found(secret, [*reachable(seat.app), drawn]) == set(), name
                seen.update(found(known, [drawn]))
                if role in FORCED:
                    for action in actions_of(seat.app.screen, offered=role == "auditor"):
                        await force(seat, name, world, action, world.logins[role])
                    assert found(secret, reachable(seat.app)) == set(), (name, "forced")
                await leave(seat)

    drive(scenario())
    # Where a role may read, its screens do show: the search is not blind.
    assert bool(seen) is bool(reads)
    assert contents(world) == before


@pytest.mark.parametrize("role", ["technician", "accountant"])
def test_writing_out_leaves_a_known_copy_and_its_lines(
    world: World, tmp_path: Path, role: str
) -> None:
    """Who reads may write out, and two rows are left of it, of which none says who somebody is.

    One is the copy that has to go some day. The other marks the lines of the file, so that nobody
    comes in twice by it; to take it in is refused to the same user, though all its rows are known.
    """
    before = contents(world)
    file = tmp_path / "clients.csv"
    with world.place.open(world.logins[role]) as register:
        register.exports.clients(file, "rfc4180")
        with pytest.raises(NoRight):
            register.imports.take(file, ImportOrder(relation="client"))
    left = [table for table, _row in contents(world) ^ before]
    assert sorted(left) == ["imported_file", "known_copy"]


def found(words: set[str], texts: Iterable[str]) -> set[str]:
    """Return which of the words stand in any of the texts."""
    whole = "\n".join(texts)
    return {word for word in words if word in whole}


def test_texts_for_review_are_refused(world: World) -> None:
    """Who may not read everything about a person gets no text to decide on."""
    with world.place.open(world.logins["accountant"]) as register, pytest.raises(Locked):
        register.packages.texts(str(world.person.number))


def actions_of(screen: Screen[object], *, offered: bool) -> list[str]:
    """Name the actions that the table of keys has for a screen, or those that it does not offer."""
    known = {key.id: key.action for keys in KEY_GROUPS.values() for key in keys}
    named = [known.get(getattr(each, "id", None) or "", "") for each in screen.BINDINGS]
    return [
        action
        for action in named
        if action and "(" not in action and "." not in action and action not in _LEFT_OUT
        if offered or not screen.check_action(action, ())
    ]


async def force(seat: Seat, name: str, world: World, action: str, login: Login) -> None:
    """Call an action of the screen whether it is offered or not, and answer what it asks."""
    place = seat.app.screen
    typed_into(place, "Forced 1")
    called = getattr(place, f"action_{action}", None)
    answer = called() if called is not None else None
    if inspect.isawaitable(answer) and not isinstance(answer, Worker):
        await answer
    await seat.settle()
    asked = place
    for _question in range(_QUESTIONS):
        # A box that is still there after an answer will not go by another one like it, and a place
        # has its own turn.
        top = seat.app.screen
        if top in {place, asked} or isinstance(top, PLACES_OF) or seat.app.me is None:
            break
        asked = top
        typed_into(asked, str(world.person.number))
        for button in asked.query(Button).filter("#yes"):
            button.press()
            await seat.settle()
        for key in ("enter", "ctrl+s"):
            if seat.app.screen is asked:
                await seat.press(key)
    assert seat.app._exception is None, (name, action)
    # Work that waits for the answer of a box would be waited for.
    seat.app.workers.cancel_node(place)
    if seat.app.me is None:
        await unlock(seat, login)
    while seat.app.screen is not place and len(seat.app.screen_stack) > 1:
        await seat.app.pop_screen()
    if place not in seat.app.screen_stack:
        await go(seat, name, world)


async def unlock(seat: Seat, login: Login) -> None:
    """Come back from the lock, which is everybody's to turn."""
    while len(seat.app.screen_stack) > 1:
        await seat.app.pop_screen()
    seat.app.screen.query_one("#password", Input).value = login.password
    await seat.press("enter")
    assert seat.app.me is not None


def typed_into(screen: Screen[object], text: str) -> None:
    """Fill every line that is empty."""
    for typed in screen.query(Input):
        typed.value = typed.value or text
    for area in screen.query(TextArea):
        area.text = area.text or text


def contents(world: World) -> set[tuple[str, str]]:
    """Return every stored row without the log; what only grows holds the day last seen."""
    with world.place.open() as register:
        desk = register.context.session
        return {
            (model.layout().table, str(sorted(row.__data__.items())))
            for model in SCHEMA.models
            if model.layout().table != "sequence"
            for row in desk.rows(model)
        }
