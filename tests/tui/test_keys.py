"""Keys on the screen: seen, replaced, and the recovery key that is on paper and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.tui.conftest import seated
from tests.tui.test_papers import plain
from tui.dialogs.recovery_paper import RecoveryPaper

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place


def test_one_key_is_replaced(place: Place, drive) -> None:
    """After the question the key has a second version, and the first is destroyed."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("keys")
            await seat.settle()
            assert "names and registration numbers" in seat.text
            await seat.press("r")
            assert "It starts only if every key" in plain(seat)
            await seat.press("tab", "enter")
            assert "Keys rotated" in seat.text
            await seat.press("escape")
            assert "destroyed" in seat.text

    drive(scenario())
    with place.open() as register:
        assert [2] == [one.version for one in register.keys.status() if one.version > 1]


def test_a_new_recovery_key_is_shown_once_and_asked_back(place: Place, drive) -> None:
    """Two groups read from the paper confirm it; no screen holds a group afterwards."""

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            seat.app.visit("keys")
            await seat.settle()
            assert "not confirmed to be on paper" in seat.text
            await seat.press("n", "tab", "enter")
            assert isinstance(seat.app.screen, RecoveryPaper)
            paper = dict(re.findall(r"(\d+): ([0-9A-Z]{4})", seat.text))
            assert len(paper) == 13
            await seat.press("enter")
            for _group in range(2):
                found = re.search(r"Group (\d+) of the recovery key", seat.text)
                assert found is not None
                await seat.write(paper[found.group(1)].lower())
                await seat.press("enter")
            assert "✓ The recovery key is confirmed" in seat.text
            assert not [group for group in paper.values() if group in seat.text]

    drive(scenario())
    with place.open() as register:
        assert register.keys.recovery_confirmed()


def test_a_wrong_group_does_not_confirm(place: Place, drive) -> None:
    """Three wrong answers, or leaving, end without a confirmation, which is said."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("keys")
            await seat.settle()
            await seat.press("n", "tab", "enter", "enter")
            for _try in range(3):
                await seat.write("zzzz")
                await seat.press("enter")
            assert "is not confirmed. Compare it with your paper" in " ".join(seat.notices)

    drive(scenario())


def test_the_paper_is_typed_whole(place: Place, drive) -> None:
    """The whole key confirms the paper; a mistake in it is said as one."""
    with place.open() as register:
        printed = register.recovery.renew().printed()

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("keys")
            await seat.settle()
            await seat.press("c")
            await seat.write(printed[:-1] + ("0" if printed[-1] != "0" else "1"))
            await seat.press("enter")
            assert "typing mistake" in " ".join(seat.notices)
            await seat.press("c")
            await seat.write(printed.lower())
            await seat.press("enter")
            assert "✓ The recovery key is confirmed" in seat.text

    drive(scenario())


def test_only_who_keeps_keys_may(place: Place, hire: Hire, drive) -> None:
    """Others see which keys there are, and can change none of them."""
    login = hire("small-office")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            seat.app.visit("keys")
            await seat.settle()
            await seat.press("r", "d", "n", "c")
            assert "Rotate" not in seat.lines[-1]
            assert "in use" in seat.text

    drive(scenario())
