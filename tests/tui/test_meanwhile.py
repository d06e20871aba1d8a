"""Long work that holds one state of the register, and a search that is made meanwhile."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from crm.parties.cards import NewClient
from gdpr.audit.events import Event
from tests.tui.conftest import seated

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat

_PATIENCE = 60


class Watch:
    """Stands beside long work of one app: searches at its first step, reads the screen after."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.found: list[str] = []
        self.told = ""
        self.ended = False
        self._apart = seat.app.desk.apart
        seat.app.desk.apart = self.apart  # type: ignore[method-assign] # to stand beside it

    async def apart(self, verb: Callable[..., Any], progress: Callable[[int], None]) -> object:
        """Do the work as it is done, but stop at its first two steps."""
        loop = asyncio.get_running_loop()
        stops = [self._search, self._read]

        def watched(register: Kartoteka, step: Callable[[int], None]) -> object:
            def each(done: int) -> None:
                if stops:
                    passed = threading.Event()
                    loop.call_soon_threadsafe(stops.pop(0), passed)
                    assert passed.wait(_PATIENCE)
                step(done)

            return verb(register, each)

        answer = await self._apart(watched, progress)
        self.ended = True
        assert stops == []
        return answer

    def _search(self, passed: threading.Event) -> None:
        self._searching = asyncio.ensure_future(self._look())
        asyncio.get_running_loop().call_soon(passed.set)

    async def _look(self) -> None:
        found = await self.seat.app.desk.look(lambda register: register.clients.find("ozol"))
        # The work has not ended: it could not have answered later than this.
        assert not self.ended
        self.found = [each.name or "" for each in found.lines]

    def _read(self, passed: threading.Event) -> None:
        self.told = self.seat.text
        passed.set()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("f6", "v"), "Verifying… 1 entries"),
        (("doctor",), "Checking… 1 entries"),
        (("backup", "n"), "Backup… 1 entries"),
    ],
)
def test_a_search_is_answered_while_one_state_is_held(
    place: Place, drive, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], said: str
) -> None:
    """Proof, examination and backup tell how far they came; a name is found and logged meanwhile.

    What they hold stays whole: the proof made afterwards finds nothing wrong.
    """
    monkeypatch.setattr("gdpr.store.stepwise._STEP", 1)
    with place.open() as register:
        # With an SQLite whose write-ahead log is not safe, searches would wait; ours is pinned.
        assert register.can_go_apart
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            watch = Watch(seat)
            for key in keys:
                if key in {"doctor", "backup"}:
                    seat.app.visit(key)
                    await seat.settle()
                else:
                    await seat.press(key)
            if "backup" in keys:
                await seat.give(text=str(place.folder / "copies"))
            assert watch.found == ["SIA Ozols"]
            assert said in watch.told

    drive(scenario())
    with place.open() as register:
        events = [entry.event for entry in register.context.journal.entries()]
        assert Event.PARTIES_FOUND.value in events
        assert register.audit.verify().ok
