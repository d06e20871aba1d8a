"""Promises of the seal that hold for every value and every place."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.errors import Damaged
from gdpr.vault import _layout
from gdpr.vault._layout import MAX_VALUE, check_envelope, pad, unpad
from gdpr.vault.errors import (
    BadPadding,
    BadSeal,
    BadValue,
    BadWrap,
    MalformedSeal,
    UnknownFormat,
    UnsealableValue,
    ValueTooLong,
)
from gdpr.vault.fields import DataKey, decode_value, draw_nonces, field_ad_parts
from tests.gdpr.vault import second
from tests.gdpr.vault.sealing import (
    encode_value,
    field_ad,
    open_field,
    seal_field,
    unwrap_key,
    wrap_key,
)

KEY = DataKey(bytes(range(32)))
AD = b"one place"
values = st.one_of(
    st.text(),
    st.integers(-(2**63), 2**63 - 1),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(max_size=600),
)
ids = st.binary(min_size=16, max_size=16)
names = st.text("abcdefgh_", min_size=1, max_size=8)
places = st.tuples(ids, names, ids, names, ids, names)


@given(values)
def test_every_value_comes_back(value):
    """What is sealed opens to the same value of the same type."""
    opened = open_field(KEY, seal_field(KEY, value, AD), AD)
    assert (opened, type(opened)) == (value, type(value))
    assert decode_value(encode_value(value)) == value


@given(places, places)
def test_a_seal_opens_only_at_its_own_place(here, there):
    """Every part of a place counts, and no two places share their bytes."""
    sealed = seal_field(KEY, "Anna", field_ad(*here))
    if here == there:
        assert open_field(KEY, sealed, field_ad(*there)) == "Anna"
    else:
        with pytest.raises(BadSeal):
            open_field(KEY, sealed, field_ad(*there))


@given(places, places, st.integers(0, 5))
def test_one_changed_part_is_enough(here, other, at):
    """A ciphertext moved by a single part of its place, say to the next column, is refused."""
    there = list(here)
    there[at] = other[at]
    if list(here) != there:
        with pytest.raises(BadSeal):
            open_field(KEY, seal_field(KEY, "Anna", field_ad(*here)), field_ad(*there))


@given(places)
def test_a_place_in_prepared_parts(place):
    """The bulk writer's prepared parts give the same place as the whole."""
    vault, table, row, column, owner, category = place
    before, between, after = field_ad_parts(vault, table, column, category)
    assert before + row + between + owner + after == field_ad(*place)


@given(values, st.data())
def test_any_flipped_bit_is_refused(value, data):
    """No bit of a sealed field can change unseen."""
    sealed = bytearray(seal_field(KEY, value, AD))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Damaged):
        open_field(KEY, bytes(sealed), AD)


@given(values, st.data())
def test_any_cut_is_refused(value, data):
    """A sealed field cannot lose its end or its beginning unseen."""
    sealed = seal_field(KEY, value, AD)
    cut = data.draw(st.integers(0, len(sealed) - 1))
    for rest in (sealed[:cut], sealed[cut + 1 :]):
        with pytest.raises(Damaged):
            open_field(KEY, rest, AD)


@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    """Whatever lies in a sealed column is opened or refused as damage, never another error."""
    with pytest.raises(Damaged):
        open_field(KEY, b"\x01" + noise, AD)


@given(st.binary(max_size=200))
def test_noise_under_the_seal_is_refused_or_read(noise):
    """A value no format knows is damage, so that a face always meets one family of errors."""
    try:
        decode_value(noise)
    except BadValue:
        pass
    else:
        assert noise[:1] in {b"s", b"i", b"d", b"t", b"b"}


@given(st.binary(max_size=5000))
def test_padding_comes_off(data):
    """Padding is undone, is as long as promised and never grows a value by more than an eighth."""
    padded = pad(data)
    assert unpad(padded) == data
    size = len(data) + 4
    assert len(padded) == second.padded_size(size) == _layout.padded_length(size)
    assert len(padded) <= max(size + 15, size * 9 // 8)


@given(st.binary(max_size=400), st.data())
def test_only_one_padding_is_right(data, draw):
    """No second padded form of the same value passes, so a ciphertext carries no hidden bytes."""
    padded = bytearray(pad(data))
    zeros = len(padded) - 4 - len(data)
    if zeros:
        padded[-draw.draw(st.integers(1, zeros))] = draw.draw(st.integers(1, 255))
        with pytest.raises(BadPadding):
            unpad(bytes(padded))
    with pytest.raises(BadPadding):
        unpad(pad(data) + bytes(16))


def test_padding_hides_lengths_of_names():
    """Two names of different length look alike in the database."""
    lengths = {len(seal_field(KEY, "x" * n, AD)) for n in range(12)}
    assert len(lengths) == 1


def test_every_step_of_padding_up_to_the_longest():
    """A padded length is padded already, and none falls below its value, up to the last byte."""
    sizes = [*range(2000), *range(2000, MAX_VALUE + 6, 997), MAX_VALUE + 5]
    for size in sizes:
        padded = _layout.padded_length(size)
        assert padded == second.padded_size(size) >= size
        assert _layout.padded_length(padded) == padded


def test_the_longest_value():
    """A field takes one mebibyte and not a byte more."""
    longest = "x" * MAX_VALUE
    sealed = seal_field(KEY, longest, AD)
    check_envelope(sealed)
    assert open_field(KEY, sealed, AD) == longest
    assert len(sealed) == _layout.LONGEST_SEAL
    with pytest.raises(ValueTooLong):
        seal_field(KEY, longest + "x", AD)
    with pytest.raises(ValueTooLong):
        pad(bytes(MAX_VALUE + 2))
    step = _layout.padded_length(MAX_VALUE + 5 + 1024) + 32_768
    too_long = b"\x01" + bytes(12 + _layout.padded_length(step) + 16)
    with pytest.raises(MalformedSeal):
        check_envelope(too_long)
    with pytest.raises(MalformedSeal):
        open_field(KEY, too_long, AD)


def test_what_no_field_holds():
    """A text that cannot be written is refused when sealing, not found out when opening."""
    with pytest.raises(UnsealableValue):
        KEY.seal_text(draw_nonces(1)[0], "\ud800", AD)


def test_an_instant_keeps_its_moment():
    """An instant of any zone comes back as the same moment in UTC."""
    there = datetime(2024, 3, 31, 3, 30, tzinfo=timezone(timedelta(hours=3)))
    opened = open_field(KEY, seal_field(KEY, there, AD), AD)
    assert opened == there
    assert opened.tzinfo is UTC


def test_a_date_is_no_instant():
    """A date stays a date although Python calls every datetime one."""
    assert type(decode_value(encode_value(date(2024, 2, 29)))) is date


def test_sealing_twice_differs():
    """Equal values give different ciphertexts, so that nobody can count equal names."""
    assert len({seal_field(KEY, "Anna", AD) for _ in range(100)}) == 100
    assert len({KEY.seal_text(nonce, "Anna", AD) for nonce in draw_nonces(100)}) == 100


@given(st.text())
def test_a_text_sealed_with_its_row_opens_as_any_value(text):
    """What writers of rows seal is what the format says of a text."""
    (nonce,) = draw_nonces(1)
    sealed = KEY.seal_text(nonce, text, AD)

    assert sealed == _layout.seal(KEY._cipher, nonce, encode_value(text), AD)
    assert open_field(KEY, sealed, AD) == text


def test_nonces_are_fresh():
    """Nonces drawn together are as many as asked for, whole and different."""
    drawn = draw_nonces(1000)
    assert len(set(drawn)) == 1000
    assert {len(nonce) for nonce in drawn} == {12}
    assert draw_nonces(0) == []


@pytest.mark.parametrize("blob", [b"", b"Anna", b"\x01", bytes(45)], ids=repr)
def test_what_is_not_sealed(blob):
    """Plain values are told from seals by shape alone."""
    with pytest.raises((MalformedSeal, UnknownFormat)):
        check_envelope(blob)


@given(ids, ids, st.binary(min_size=32, max_size=32))
def test_a_wrapped_key_opens_for_its_owner_only(owner, other, key):
    """A data key moved to another owner's row does not open there."""
    place = {"vault_id": bytes(16), "category": "alpha"}
    wrapped = wrap_key(bytes(32), 3, key, owner=owner, **place)
    assert unwrap_key({3: bytes(32)}, wrapped, owner=owner, **place) == key
    if owner != other:
        with pytest.raises(BadWrap):
            unwrap_key({3: bytes(32)}, wrapped, owner=other, **place)


@given(st.data())
def test_any_flipped_bit_of_a_wrap_is_refused(data):
    """No bit of a wrapped key can change unseen, the version it names included."""
    place = {"vault_id": bytes(16), "owner": bytes(16), "category": "alpha"}
    wrapped = bytearray(wrap_key(bytes(32), 1, bytes(32), **place))
    bit = data.draw(st.integers(0, 65 * 8 - 1))
    wrapped[bit // 8] ^= 1 << bit % 8
    held = {version: bytes(32) for version in range(4)} | {0x01000001: bytes(32)}
    with pytest.raises(Damaged):
        unwrap_key(held, bytes(wrapped), **place)


def test_a_data_key_has_32_bytes():
    """A shorter key would be a weaker cipher without a word, so it is a fault."""
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(bytes(16))
