"""A PIN opens a user's keys again for a while, in this process, and for nobody who guesses."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from gdpr.clock import FixedClock
from gdpr.errors import CardDisabled, PinForgotten
from gdpr.vault import pin_unlock
from gdpr.vault.errors import CardRefused, PinShape, PinTooPlain, WrongPin
from gdpr.vault.founding import disable
from gdpr.vault.kdf import FLOOR
from gdpr.vault.opening import open_keyring, open_with_bundle
from gdpr.vault.pin_unlock import LASTS, TRIES, check_pin_digits
from tests.gdpr.vault.founded import PASSWORD, keys_of
from tests.gdpr.vault.sealing import new_data_key

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PIN = "482915"
PERSON = b"a person's id 16"


@pytest.fixture(scope="module")
def ring(vault):
    return open_keyring(vault.account, keys_of(vault, vault.slots), PASSWORD)


@pytest.fixture
def clock():
    return FixedClock(MORNING)


@pytest.fixture
def kept(ring, clock):
    return ring.quick_unlock(PIN, FLOOR, (MORNING, clock))


def test_the_pin_opens_the_very_same_keys(vault, ring, kept):
    """What was sealed before the lock opens after it, and signatures stay the user's."""
    key, wrapped = new_data_key(ring, "alpha", PERSON)
    card, signature = vault.account.card, vault.account.card_signature

    again = open_with_bundle(card, signature, keys_of(vault, vault.slots), kept.open(PIN))

    assert again.categories() == ring.categories()
    assert again.sign(b"said") == ring.sign(b"said")
    again.open_data_key("alpha", PERSON, wrapped)
    assert repr(key) == "<redacted>"


def test_three_wrong_pins_forget_everything(kept):
    """Each wrong PIN says how many are left; after the third the right one opens nothing."""
    for left in range(TRIES - 1, -1, -1):
        with pytest.raises(WrongPin) as wrong:
            kept.open("999999")
        assert left == wrong.value.arguments["left"]
    assert not kept.is_alive()
    with pytest.raises(PinForgotten):
        kept.open(PIN)
    assert kept._secret is None
    assert kept._wrapped == b""


def test_the_right_pin_gives_the_tries_back(kept):
    """Two slips in the morning do not shut somebody out in the afternoon."""
    for _lock in range(3):
        for _slip in range(TRIES - 1):
            with pytest.raises(WrongPin):
                kept.open("111112")
        kept.open(PIN)


def test_twelve_hours_after_the_password_it_is_over(kept, clock):
    """The hours count from the password, and using the PIN does not lengthen them."""
    clock.instant = MORNING + LASTS - timedelta(seconds=1)
    kept.open(PIN)
    clock.instant = MORNING + LASTS
    with pytest.raises(PinForgotten):
        kept.open(PIN)
    assert kept._secret is None


def test_a_clock_put_back_ends_it(kept, clock):
    """Nobody stretches the hours by the system clock."""
    clock.instant = MORNING - timedelta(minutes=1)
    assert not kept.is_alive()


def test_a_clock_that_stands_does_not_stretch_it(kept, monkeypatch):
    """The machine's own count of seconds ends it too."""
    later = pin_unlock.monotonic() + LASTS.total_seconds()
    monkeypatch.setattr(pin_unlock, "monotonic", lambda: later)
    assert not kept.is_alive()


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "12 34", "١٢٣٤", "-123"])
def test_a_pin_is_digits(ring, clock, pin):
    """Four to twelve of them, in one script."""
    with pytest.raises(PinShape):
        ring.quick_unlock(pin, FLOOR, (MORNING, clock))


@pytest.mark.parametrize("pin", ["0000", "777777", "1234", "9876543210", "2468", "7890"])
def test_a_pin_that_a_stranger_tries_first_is_refused(pin):
    """Three tries are few, but enough for these."""
    with pytest.raises(PinTooPlain):
        check_pin_digits(pin)


def test_it_is_neither_shown_nor_copied(kept):
    """No log line and no pickle holds what a PIN opens."""
    assert "<redacted>" == repr(kept)
    with pytest.raises(TypeError):
        pickle.dumps(kept)


def test_neither_the_pin_nor_the_keys_stand_in_it(ring, kept):
    """What is kept holds the seeds only shut, and the PIN not at all."""
    held = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for value in (getattr(kept, name) for name in kept.__slots__)
    )
    assert ring._bundle.seeds not in held
    assert ring._bundle.seeds[:16] not in held
    assert PIN.encode() not in held


def test_a_pin_of_one_user_opens_no_other(vault, clerk, kept):
    """The kept keys fit the card of whom they are, and no other card."""
    card, signature = clerk.account.card, clerk.account.card_signature
    with pytest.raises(CardRefused):
        open_with_bundle(card, signature, keys_of(vault, clerk.slots), kept.open(PIN))


def test_who_was_shut_out_meanwhile_stays_out(vault, clerk, clock):
    """A card that was disabled while the screen was locked shuts its user out, PIN or not."""
    theirs = open_keyring(clerk.account, keys_of(vault, clerk.slots), clerk.password)
    kept = theirs.quick_unlock(PIN, FLOOR, (MORNING, clock))
    shut = disable(vault.keyring, clerk.account)
    with pytest.raises(CardDisabled):
        open_with_bundle(
            shut.card, shut.card_signature, keys_of(vault, clerk.slots), kept.open(PIN)
        )
