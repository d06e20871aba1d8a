"""The outer wrap of a data key: masked by a group's secret, renewed without what lies inside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.vault.authenticator import Authenticator
from gdpr.vault.errors import BadWrap, MalformedSeal, SecretGone, UnknownFormat
from gdpr.vault.group_wraps import TAIL_AT, GroupWraps, Where, read_tail, write_tail
from gdpr.vault.shred import SecretPages
from tests.gdpr.vault.sealing import unwrap_key, wrap_key

PLACE = {"vault_id": b"v" * 16, "owner": b"o" * 16, "category": "alpha"}
KEY, CATEGORY_KEY = b"k" * 32, b"c" * 32
NUMBERS = st.integers(0, 2**32 - 1)


@pytest.fixture
def pages():
    found = SecretPages(b"v" * 16, Authenticator(b"i" * 32))
    found.grow(1)
    return found


@pytest.fixture
def wraps(pages):
    return GroupWraps(pages)


def inner(version=1):
    return wrap_key(CATEGORY_KEY, version, KEY, **PLACE)


def test_what_was_wrapped_opens_and_shows_nothing_of_the_wrap_inside(wraps):
    """Beside the nonce and the numbers no run of bytes of the inner wrap is in the stored one."""
    wrapped = inner(version=70_000)
    stored = wraps.wrap(7, 300, wrapped)

    assert wraps.open(stored) == wrapped
    assert read_tail(stored) == Where(7, 1, 300, 70_000)
    body = wrapped[17:]
    assert not any(body[at : at + 4] in stored for at in range(len(body) - 3))


def test_no_wrap_is_longer_than_its_numbers_need(wraps):
    """An owner has three keys and more, so a byte too many is megabytes in a large register."""
    assert len(wraps.wrap(7, 1, inner())) == TAIL_AT + 6
    assert len(wraps.wrap(7, 256, inner())) == TAIL_AT + 7


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS))
def test_every_number_is_read_as_it_was_written(numbers):
    """However large the numbers of a register grow, none is cut."""
    assert read_tail(bytes(TAIL_AT) + write_tail(Where(*numbers))) == Where(*numbers)


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), st.data())
def test_a_wrap_that_was_cut_or_grew_is_told(numbers, data):
    """Whatever is missing at the end, or stands behind it, no number is guessed."""
    whole = bytes(TAIL_AT) + write_tail(Where(*numbers))
    cut = data.draw(st.integers(0, len(whole) - 1))

    for changed in (whole[:cut], whole + b"\0"):
        with pytest.raises((MalformedSeal, UnknownFormat)):
            read_tail(changed)


def test_a_renewed_key_opens_and_the_one_before_it_never_again(wraps, pages):
    """Once the old secret is overwritten even the category's key opens nothing of an old copy."""
    stored = wraps.wrap(7, 1, inner())
    pages.prepare([7])
    wraps.forget()
    renewed = wraps.renew(stored)
    pages.keep_new(7)
    wraps.forget()

    assert unwrap_key({1: CATEGORY_KEY}, wraps.open(renewed), **PLACE) == KEY
    with pytest.raises(SecretGone):
        wraps.open(stored)
    # Who claims that it lies under today's secret has noise, which the seal inside tells.
    claimed = stored[:TAIL_AT] + renewed[TAIL_AT:]
    with pytest.raises(BadWrap):
        unwrap_key({1: CATEGORY_KEY}, wraps.open(claimed), **PLACE)


def test_a_changed_byte_never_opens(wraps):
    """Nothing seals the mask, so the seal inside must tell of every byte under it."""
    stored = wraps.wrap(7, 1, inner())

    for at in range(TAIL_AT):
        changed = stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :]
        with pytest.raises(BadWrap):
            unwrap_key({1: CATEGORY_KEY}, wraps.open(changed), **PLACE)
