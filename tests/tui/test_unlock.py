"""The way in: who is wrong waits, who is new chooses a password, and damage is said in words."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

from crm import i18n
from crm.kartoteka import Firm, Kartoteka, demo_logins
from gdpr.vault.kdf import FLOOR
from tests.tui.conftest import seated
from tui import waiting

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place

WRONG = "The password is wrong. The register stays locked."
OWN = "zvirbulis-lidot-akmens-rudens-siltums-putni"


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let a count of seconds stand until a test moves it."""
    now = [1_000.0]
    monkeypatch.setattr(waiting, "monotonic", lambda: now[0])
    return now


def test_every_user_gets_in_with_the_own_password(place: Place, hire: Hire, drive) -> None:
    """The login name is asked for, and whoever gives name and password is in as that user."""
    clerk = hire("office")

    async def scenario() -> None:
        async with seated(place, clerk, password=None) as seat:
            assert "Unlock the register" in seat.text
            assert place.vault.name in seat.text
            assert clerk.name in seat.text
            await seat.write(clerk.password)
            await seat.press("enter")
            assert seat.app.me is not None
            assert clerk.name == seat.app.me.name
            assert "clients" == seat.app.current_mode

    drive(scenario())


@pytest.mark.parametrize("login", ["anna", "nobody"])
def test_a_wrong_name_is_told_from_a_wrong_password_by_nothing(
    place: Place, drive, hours: list[float], login: str
) -> None:
    """Nobody learns from the screen which login names there are."""

    async def scenario() -> None:
        async with seated(place, password=None, size=(80, 24)) as seat:
            await seat.give(user=login, password="not-the-password")
            told = seat.app.screen.query_one("#said", Static).content.plain
            assert f"{WRONG}\nYou can try again in 2 seconds." == told
            assert WRONG in seat.text

    drive(scenario())


def test_nothing_typed_is_no_try(place: Place, drive, hours: list[float]) -> None:
    """Enter on an empty password, and the button over one, only ask for it: nobody waits."""

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            for _try in range(3):
                await seat.give(password="")
                assert "Enter the password." in seat.text
                assert "try again" not in seat.text
                await seat.press("down", "enter")
                assert "Enter the password." in seat.text
                assert "try again" not in seat.text
            await seat.give(password=place.owner.password)
            assert seat.app.me is not None

    drive(scenario())
    with place.open() as register:
        opened = [e for e in register.context.journal.entries() if "opened" in e.event]
        assert not [entry for entry in opened if re.search(r"failures=[1-9]", entry.body)]


def test_each_wrong_password_waits_twice_as_long(place: Place, drive, hours: list[float]) -> None:
    """Two seconds, four, eight, at most thirty; Enter before that tries nothing."""

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            for wait in (2, 4, 8, 16, 30, 30):
                await seat.give(password="wrong")
                assert f"in {wait} seconds." in seat.text
                hours[0] += wait - 1
                await seat.give(password=place.owner.password)
                assert seat.app.me is None
                hours[0] += 1
            await seat.give(password=place.owner.password)
            assert seat.app.me is not None

    drive(scenario())


def test_wrong_passwords_are_in_the_log_after_the_next_unlock(
    place: Place, drive, hours: list[float]
) -> None:
    """Whoever gets in at last finds how often somebody did not, unknown names included."""

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            for login in ("anna", "nobody"):
                await seat.give(user=login, password="wrong")
                hours[0] += 60
            await seat.give(user=place.owner.name, password=place.owner.password)
            assert seat.app.me is not None

    drive(scenario())
    with place.open() as register:
        opened = [e for e in register.context.journal.entries() if "opened" in e.event]
        assert "failures=2" in [entry.body for entry in opened]


def test_a_first_password_is_replaced_at_once(place: Place, drive) -> None:
    """A new colleague is asked for an own password before anything else, and gets in with it."""
    with place.open() as register:
        login = register.users.add("berta", ["office"], language="lv")

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            await seat.give(user="berta", password=login.password)
            assert "Your own password" in seat.text
            await seat.give(password="short")
            assert "must have at least 15" in seat.text
            await seat.give(password=OWN, again=OWN[:-1])
            assert "This does not match." in seat.text
            await seat.give(again=OWN)
            assert seat.app.me is not None
            assert "berta" == seat.app.me.name

    drive(scenario())
    with Kartoteka.open(str(place.vault), "berta", lambda: OWN, clock=place.clock) as register:
        assert "berta" == register.current_user.name


def test_the_first_password_again_is_refused_on_the_spot(place: Place, drive) -> None:
    """What only the service refuses is said on the screen too, and another one is asked for."""
    with place.open() as register:
        login = register.users.add("berta", ["office"], language="lv")

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            await seat.give(user="berta", password=login.password)
            await seat.give(password=login.password, again=login.password)
            assert seat.app.me is None
            assert "Your own password" in seat.text
            assert "the old one" in seat.text

    drive(scenario())


def test_a_damaged_register_is_said_in_words(place: Place, drive) -> None:
    """A file that is no register any more ends in a sentence, and the screen stays usable."""
    place.vault.write_bytes(b"SQLite format 3\x00" + b"\xff" * 8_000)

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            await seat.give(password=place.owner.password)
            assert seat.app.return_code in {None, 0}
            assert "damaged" in seat.app.screen.query_one("#said", Static).content.plain
            assert "Unlock" in seat.text

    drive(scenario())


def test_the_language_changes_before_anybody_is_in(place: Place, drive) -> None:
    """F8 goes round the three languages, and every word of the box is in the chosen one."""

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            seen = [seat.text]
            for _language in range(2):
                await seat.press("f8")
                seen.append(seat.text)
            assert ["Unlock the register" in text for text in seen] == [True, False, False]
            assert "Atslēgt" in seen[1]
            assert "Sblocca" in seen[2]
            await seat.press("f1")
            assert "Tasti" in seat.text
            assert "Scroll" not in seat.text
            await seat.press("escape")
            await seat.give(password=place.owner.password)
            assert seat.app.me is not None
            assert "it" == i18n.current()

    drive(scenario())


def test_who_was_in_stands_there_after_a_lock(place: Place, drive) -> None:
    """Opened without a name, as the demo is, the lock asks for the password of whoever was in."""

    async def scenario() -> None:
        async with seated(place, user=None) as seat:
            await seat.press("ctrl+l")
            assert seat.app.screen.query_one("#user", Input).value == place.owner.name
            await seat.write(place.owner.password)
            await seat.press("enter")
            assert seat.app.me is not None

    drive(scenario())


def test_the_demo_says_who_may_open_it(place: Place, drive) -> None:
    """The password of invented people is published where it is asked for; no other one is."""
    target = place.folder / "register" / "invented.kartoteka"
    password, logins = demo_logins()
    user = next(iter(logins))
    firm = Firm("SIA Izdomātais", "LV")
    made, _key = Kartoteka.create(
        str(target), firm, (user, password), clock=place.clock, cost=FLOOR, demo=True
    )
    with made:
        pass

    async def scenario() -> None:
        async with seated(place, password=None) as seat:
            assert password not in seat.text
        async with seated(place, vault=str(target), password=None) as seat:
            assert password in seat.text
            assert all(login in seat.text for login in logins)

    drive(scenario())


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is asked for")
@pytest.mark.parametrize(("keys", "code"), [("\x11", 0), ("\x1b[20~", 1)])
def test_leaving_is_no_failure_and_a_crash_is_one(place: Place, keys: str, code: int) -> None:
    """^q gives exit code 0; what nobody foresaw gives 1, a reference, and no local value."""
    import pexpect

    secret = "Bērziņa-canary"
    script = (
        "import sys; from tui.app import Register; from tui.command import run_app;"
        "from tui.opening import Start; from gdpr.clock import SystemClock;"
        "from tui.entry.unlock import Unlock\n"
        "async def fail(self):\n"
        f"    name = {secret!r}; raise ValueError(name)\n"
        "Unlock.action_other = fail; Register.has_pin = lambda self: True\n"
        f"run_app(Register(Start({str(place.vault)!r}, None, SystemClock())))\n"
    )
    surroundings = {**os.environ, **place.environment, "TERM": "xterm-256color"}
    child = pexpect.spawn(
        sys.executable, ["-c", script], env=surroundings, timeout=60, encoding="utf-8"
    )
    child.setwinsize(24, 80)
    child.expect("Unlock the register")
    child.send(keys)
    child.expect(pexpect.EOF)
    child.close()

    assert code == child.exitstatus
    assert secret not in (child.before or "")
    assert ("Reference" in (child.before or "")) == bool(code)
