"""Users on the screen: they come with a password shown once, change roles, go, come back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.tui.conftest import seated
from tests.tui.test_papers import fill, plain

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place


def test_a_new_user_gets_a_password_that_is_shown_once(place: Place, drive) -> None:
    """Roles are chosen in plain words; the password stands in one box and nowhere afterwards."""
    shown: list[str] = []

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("users")
            await seat.settle()
            await seat.press("n")
            assert "contracts, payments; reads contact data" in plain(seat)
            await fill(seat, "name", "janis")
            await seat.press("ctrl+s")
            assert "This first password is shown once." in plain(seat)
            row = next(line for line in seat.lines if re.search("│ +first password", line))
            shown.append(row.partition("first password")[2].strip(" │"))
            assert len(shown[0]) > 15
            await seat.press("escape")
            assert "janis" in seat.text
            assert "first password" in seat.text
            assert shown[0] not in seat.text

    drive(scenario())
    with place.open() as register:
        janis = register.users.list()[-1]
        assert (janis.name, janis.roles, janis.first_password) == ("janis", ("office",), True)


def test_roles_are_changed_and_rotation_is_offered(place: Place, hire: Hire, drive) -> None:
    """Whoever loses a right still knows keys, which the screen says and offers to replace."""
    hire("office")

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("users")
            await seat.settle()
            await seat.press("down", "r")
            ticks = seat.app.screen.query_one("#fill-roles")
            ticks.focus()
            await seat.press("home", "down", "down", "down", "space")
            await seat.press("end", "space", "ctrl+s")
            assert "Rotate the keys now?" in seat.text
            assert "names and registration numbers" in plain(seat)
            await seat.press("escape")
            assert "auditor" in seat.text

    drive(scenario())


def test_somebody_is_shut_out_and_the_keys_are_replaced(place: Place, hire: Hire, drive) -> None:
    """Shut out first; the rotation that is offered ends with a list of what was replaced."""
    login = hire("technician")

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("users")
            await seat.settle()
            await seat.press("down", "x")
            assert "Earlier copies remain readable" in plain(seat)
            await seat.press("tab", "enter")
            assert "Rotate the keys now?" in seat.text
            await seat.press("tab", "enter")
            assert "Keys rotated" in seat.text
            assert "version 2" in seat.text
            await seat.press("escape")
            assert "disabled" in seat.text
            await seat.press("a", "tab", "enter")
            assert "This first password is shown once." in plain(seat)

    drive(scenario())
    with place.open() as register:
        assert {one.name: one.status for one in register.users.list()}[login.name] == "active"
        assert max(one.version for one in register.keys.status()) == 2


def test_nobody_does_it_to_themselves(place: Place, drive) -> None:
    """The own row offers neither roles nor a way out, and the keys for it do nothing."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("users")
            await seat.settle()
            await seat.press("x", "r", "w")
            assert "Disable" not in seat.text
            assert "Roles of" not in seat.text
            assert "Roles" not in seat.lines[-1]

    drive(scenario())


def test_confidentiality_and_review_are_noted(place: Place, hire: Hire, drive) -> None:
    """The day of the promise stands in the list; a day to come is refused; the review is noted."""
    hire("office")

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("users")
            await seat.settle()
            assert "! missing" in seat.text
            await seat.press("down", "y")
            await fill(seat, "day", "2027-01-01")
            await seat.press("ctrl+s")
            assert "must not be in the future" in plain(seat)
            await fill(seat, "day", "2026-03-01")
            await seat.press("ctrl+s")
            assert "2026-03-01" in seat.text
            await seat.press("v", "tab", "enter")
            assert "The review is recorded." in " ".join(seat.notices)

    drive(scenario())


def test_others_are_refused_by_the_register(place: Place, hire: Hire, drive) -> None:
    """Who may not keep users sees no key for it, and nothing happens when one is pressed."""
    login = hire("office")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            seat.app.visit("users")
            await seat.settle()
            await seat.press("n", "x", "v")
            assert "New user" not in seat.text
            assert "n New" not in seat.text

    drive(scenario())
