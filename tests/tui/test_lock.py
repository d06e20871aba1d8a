"""The lock: nothing of the register is left before it, and nothing reaches behind it."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest
from textual.content import Content
from textual.widgets import Input

from crm.parties.cards import NewClient
from gdpr.errors import Locked
from tests.tui.conftest import seated
from tui import waiting
from tui.palette import Actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat

NAME = "Bērziņš"
FIRM = "Testa birojs"
PIN = "482915"
# Every other is looked at by its own test in the same way; these hold names of their own accord.
_HELD = ("value", "placeholder", "tooltip", "border_title", "border_subtitle", "name", "label")


@pytest.fixture
def peopled(place: Place) -> Place:
    with place.open() as register:
        for name in (f"SIA {NAME} un dēli", f"AS {NAME}"):
            register.clients.add(NewClient(kind="legal", name=name, relation="client"))
    return place


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Add these seconds to both clocks that an idle screen is measured by."""
    later = [0.0]
    for name in ("monotonic", "time"):
        real = getattr(waiting, name)
        monkeypatch.setattr(waiting, name, lambda real=real: real() + later[0])
    return later


def told(seat: Seat) -> str:
    """Return every text that any widget of any screen, the titles, notices and palette hold."""
    app = seat.app
    screens = [screen for stack in app._screen_stacks.values() for screen in stack]
    parts = [seat.text, app.title, app.sub_title, app.clipboard, *seat.notices]
    for screen in screens:
        parts += [str(screen.title), str(screen.sub_title)]
        for widget in screen.walk_children():
            parts += [str(getattr(widget, held, "")) for held in _HELD]
            parts += _rendered(widget)
            parts += [repr(value) for value in vars(widget).values() if _is_text(value)]
    palette = Actions(app.screen)
    parts += [words for words, _key, _run in palette._actions()]
    return "\n".join(parts)


def _rendered(widget: Any) -> Iterator[str]:
    drawn = widget.render() if not hasattr(widget, "_render_line_cache") else ""
    yield drawn.plain if isinstance(drawn, Content) else str(drawn)


def _is_text(value: object) -> bool:
    return isinstance(value, str | list | tuple | dict | Content)


async def lock(seat: Seat) -> None:
    await seat.press("ctrl+l")
    assert "locked" == seat.app.current_mode


def test_no_widget_holds_a_name_behind_the_lock(peopled: Place, drive) -> None:
    """Card, notice, clipboard, title: after the lock no name and no firm is left in any of them."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            assert NAME in told(seat)
            assert FIRM in told(seat) or FIRM in seat.app.me.firm
            seat.app.notify(f"about {NAME}", title=NAME)
            seat.app.copy_to_clipboard(NAME)
            seat.app.title = seat.app.sub_title = NAME
            await seat.press("ctrl+l")
            held = told(seat)
            assert NAME not in held
            assert FIRM not in held
            assert seat.app.me is None
            assert not seat.app.desk.is_open
            assert {"locked"} == set(seat.app._screen_stacks)

    drive(scenario())


def test_nothing_of_a_screen_is_left_in_memory_behind_the_lock(peopled: Place, drive) -> None:
    """The screens that held data are not only left: some seconds after the lock they are gone."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await seat.press("enter")
            stacks = seat.app._screen_stacks
            held = [ref(screen) for area in stacks if area != "locked" for screen in stacks[area]]
            held += [ref(widget) for screen in held for widget in screen().walk_children()]
            assert len(held) > 20
            await lock(seat)
            for _glance in range(100):
                left = [type(one()).__name__ for one in held if one() is not None]
                if not left:
                    break
                await asyncio.sleep(0.1)
            assert not left

    drive(scenario())


def test_the_lock_falls_over_an_open_palette(peopled: Place, drive) -> None:
    """The palette goes with the screen it was opened on, and does not open before the lock."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await seat.press("ctrl+p")
            assert 2 == len(seat.app.screen_stack)
            await lock(seat)
            assert 1 == len(seat.app.screen_stack)
            await seat.press("ctrl+p")
            assert 1 == len(seat.app.screen_stack)

    drive(scenario())


ACTIONS = (
    "go('clients')",
    "go('settings')",
    "command_palette",
    "pin",
    "screenshot",
    "switch_mode('clients')",
    "push_screen('card')",
    "copy_text",
    "toggle_dark",
    "show_help_panel",
    "suspend_process",
)


def test_no_action_reaches_behind_the_lock(peopled: Place, drive) -> None:
    """Whatever asks for it, before the lock an action of the program does nothing."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await lock(seat)
            for action in ACTIONS:
                await seat.app.run_action(action)
                await seat.pilot.pause()
                assert "locked" == seat.app.current_mode
                assert 1 == len(seat.app.screen_stack)
            assert NAME not in told(seat)

    drive(scenario())


def test_no_key_and_no_click_reaches_behind_the_lock(peopled: Place, drive) -> None:
    """Areas, search, letters, and a click on every place of the screen open nothing."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await lock(seat)
            for key in ("f2", "f3", "f7", "escape", "slash", "n", "f12", "ctrl+s", "enter"):
                await seat.pilot.press(key)
            for row in range(0, 24, 3):
                await seat.pilot.click(offset=(20, row))
            await seat.settle()
            assert "locked" == seat.app.current_mode
            assert seat.app.me is None

    drive(scenario())


def test_an_idle_screen_locks_by_itself(peopled: Place, drive, seconds: list[float]) -> None:
    """After ten minutes without a key the register is closed; a key starts the count anew."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            seconds[0] += 599
            await seat.press("down")
            seconds[0] += 599
            assert not await seat.app._lock_when_idle()
            seconds[0] += 2
            await seat.app._lock_when_idle()
            await seat.settle()
            assert "locked" == seat.app.current_mode
            assert not seat.app.desk.is_open

    drive(scenario())


def test_the_first_key_after_a_long_sleep_meets_the_lock(
    peopled: Place, drive, seconds: list[float]
) -> None:
    """A laptop that wakes up shows the lock, and the key that woke it does nothing else."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            seconds[0] += 8 * 3600
            await seat.press("slash")
            assert "locked" == seat.app.current_mode
            assert "" == seat.app.screen.query_one("#password", Input).value

    drive(scenario())


def test_the_idle_time_is_that_of_the_preferences(peopled: Place, drive, seconds) -> None:
    """Who chose one minute is locked after one minute."""
    from dataclasses import replace

    async def scenario() -> None:
        async with seated(peopled) as seat:
            seat.app.preferences = replace(seat.app.preferences, idle_minutes=1)
            seconds[0] += 61
            await seat.app._lock_when_idle()
            assert "locked" == seat.app.current_mode

    drive(scenario())


def test_long_work_is_finished_behind_the_lock(peopled: Place, drive) -> None:
    """A lock cuts nothing in two: the work ends, then the keys go, and the next unlock says so."""
    goes_on, at_work = threading.Event(), threading.Event()
    heard: list[int] = []

    def work(register, between):
        at_work.set()
        goes_on.wait(20)
        between(1)
        register.clients.add(NewClient(kind="legal", name="SIA Pabeigts", relation="client"))
        return "the answer"

    async def scenario() -> None:
        async with seated(peopled) as seat:
            screen = seat.app.screen
            worker = screen.run_worker(seat.app.desk.long(work, heard.append))
            await asyncio.to_thread(at_work.wait, 20)
            waits = asyncio.ensure_future(seat.app.desk.ask(lambda register: register.current_user))
            await asyncio.sleep(0)
            await seat.pilot.press("ctrl+l")
            await seat.pilot.pause()
            assert "locked" == seat.app.current_mode
            assert NAME not in told(seat)
            seat.app.screen._draw()
            await seat.pilot.pause()
            assert "is being finished" in seat.text
            with pytest.raises(Locked):
                await waits
            assert seat.app.desk.is_open
            goes_on.set()
            await seat.settle()
            assert not seat.app.desk.is_open
            assert worker.is_cancelled
            assert [] == heard
            await seat.give(password=peopled.owner.password)
            assert ["The work interrupted by the lock was finished."] == seat.notices

    drive(scenario())
    with peopled.open() as register:
        assert 1 == len(register.clients.find("Pabeigts").lines)


def test_a_pin_opens_after_a_lock(peopled: Place, drive) -> None:
    """Set once after the password, typed after each lock; nothing of it is on the screen."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await seat.press("f12")
            await seat.give(pin=PIN, again=PIN)
            for _lock in range(2):
                await lock(seat)
                assert seat.app.screen.query_one("#by-pin").display
                assert not seat.app.screen.query_one("#by-password").display
                await seat.give(pin=PIN)
                assert "clients" == seat.app.current_mode
                assert NAME in seat.text
            assert PIN not in told(seat)

    drive(scenario())


def test_a_poor_pin_is_refused_where_it_is_set(peopled: Place, drive) -> None:
    """Too short, too plain, or typed in two ways: the box stays and says why."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await seat.press("f12")
            for pin, again in (("123", "123"), ("0000", "0000"), ("4321", "4321"), (PIN, "482916")):
                await seat.give(pin=pin, again=again)
                assert seat.app.screen.query_one("#said").content.plain
                assert seat.app.kept is None
                assert 2 == len(seat.app.screen_stack)

    drive(scenario())


def test_three_wrong_pins_ask_for_the_password(
    peopled: Place, drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third wrong PIN forgets the keys; then only the password opens, and the PIN is gone."""
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0)

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await seat.press("f12")
            await seat.give(pin=PIN, again=PIN)
            await lock(seat)
            for left in (2, 1, 0):
                await seat.give(pin="999998")
                assert f"asked for: {left}" in seat.text
            assert seat.app.screen.query_one("#by-password").display
            assert not seat.app.has_pin()
            await seat.give(password=peopled.owner.password)
            assert seat.app.me is not None

    drive(scenario())


def test_twelve_hours_after_the_password_the_pin_is_over(peopled: Place, drive) -> None:
    """The hours count from the password, not from the PIN; then the password is asked for."""

    async def scenario() -> None:
        async with seated(peopled) as seat:
            peopled.clock.instant += timedelta(hours=7)
            await seat.press("f12")
            await seat.give(pin=PIN, again=PIN)
            await lock(seat)
            await seat.give(pin=PIN)
            assert seat.app.me is not None
            peopled.clock.instant += timedelta(hours=5)
            await lock(seat)
            assert seat.app.screen.query_one("#by-password").display

    drive(scenario())


def test_a_colleague_takes_the_desk_over(peopled: Place, hire: Hire, drive) -> None:
    """F9 asks for a password instead; whoever opens with it ends the PIN of the one before."""
    clerk = hire("office")

    async def scenario() -> None:
        async with seated(peopled) as seat:
            await seat.press("f12")
            await seat.give(pin=PIN, again=PIN)
            await lock(seat)
            await seat.press("f9")
            await seat.give(user=clerk.name, password=clerk.password)
            assert clerk.name == seat.app.me.name
            await lock(seat)
            assert not seat.app.has_pin()
            assert seat.app.screen.query_one("#by-password").display

    drive(scenario())


def test_a_pin_opens_no_other_register(peopled: Place, drive) -> None:
    """What a PIN kept of one register is refused by another, and counts as nothing there."""
    from crm.kartoteka import Firm, Kartoteka
    from gdpr.errors import PinForgotten
    from gdpr.vault.kdf import FLOOR

    other = str(peopled.folder / "register" / "other.kartoteka")
    owner = (peopled.owner.name, peopled.owner.password)
    made, _key = Kartoteka.create(
        other, Firm("SIA Cits", "LV"), owner, clock=peopled.clock, cost=FLOOR
    )
    with made:
        pass
    with peopled.open() as register:
        kept = register.keep_for_pin(PIN)
    with pytest.raises(PinForgotten):
        Kartoteka.open(other, kept, lambda: PIN, clock=peopled.clock)
    with Kartoteka.open(str(peopled.vault), kept, lambda: PIN, clock=peopled.clock) as register:
        assert peopled.owner.name == register.current_user.name


def test_wrong_pins_are_in_the_log_after_the_next_unlock(peopled: Place) -> None:
    """Who guessed PINs is counted like who guessed passwords."""
    from crm.kartoteka import Kartoteka
    from gdpr.vault.errors import WrongPin

    with peopled.open() as register:
        kept = register.keep_for_pin(PIN)
    for _guess in range(3):
        with pytest.raises(WrongPin):
            Kartoteka.open(str(peopled.vault), kept, lambda: "999998", clock=peopled.clock)
    with peopled.open() as register:
        opened = [e for e in register.context.journal.entries() if "opened" in e.event]
        assert "failures=3" in [entry.body for entry in opened]
