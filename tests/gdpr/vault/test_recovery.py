"""The key on paper survives hands, eyes and keyboards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.vault.errors import RecoveryKeyLength, RecoveryKeyTypo
from gdpr.vault.recovery import RecoveryKey, new_recovery_key, parse_recovery_key
from tests.gdpr.vault.second import CROCKFORD

keys = st.integers(0, 2**255 - 1).map(lambda number: number.to_bytes(32, "big"))


@given(keys)
def test_printed_and_read(key):
    """Every key reads back from its print, whatever case and spaces were typed."""
    printed = RecoveryKey(key).printed()
    assert len(printed) == 64
    for typed in (
        printed,
        printed.lower(),
        printed.replace("-", " "),
        printed.replace("-", ""),
        f"  {printed.replace('-', ' – ')}\n",
        printed.replace("0", "o").replace("1", "l"),
        printed.replace("0", "O").replace("1", "I"),
    ):
        assert parse_recovery_key(typed).printed() == printed


@given(keys, st.integers(0, 51), st.integers(1, 31))
def test_every_single_mistake_is_found(key, at, by):
    """One wrong character, wherever and whichever, is always found."""
    letters = list(RecoveryKey(key).printed().replace("-", ""))
    letters[at] = CROCKFORD[(CROCKFORD.index(letters[at]) + by) % 32]
    with pytest.raises(RecoveryKeyTypo):
        parse_recovery_key("".join(letters))


@given(keys, st.integers(0, 50))
def test_every_swap_of_neighbours_is_found(key, at):
    """Two neighbours in the wrong order are always found."""
    letters = list(RecoveryKey(key).printed().replace("-", ""))
    swapped = [*letters[:at], letters[at + 1], letters[at], *letters[at + 2 :]]
    if swapped != letters:
        with pytest.raises(RecoveryKeyTypo):
            parse_recovery_key("".join(swapped))


@given(keys, st.integers(0, 51))
def test_a_lost_or_doubled_character_is_found(key, at):
    """A character too few or too many is a length, and said so."""
    text = RecoveryKey(key).printed().replace("-", "")
    for wrong, count in ((text[:at] + text[at + 1 :], 51), (text[:at] + text[at] + text[at:], 53)):
        with pytest.raises(RecoveryKeyLength) as caught:
            parse_recovery_key(wrong)
        assert caught.value.arguments == {"count": count}


@given(st.text(max_size=80))
def test_noise_is_refused_politely(text):
    """Whatever is typed, the answer is a key or one of two errors."""
    with pytest.raises((RecoveryKeyLength, RecoveryKeyTypo)):
        parse_recovery_key("U" + text)


@pytest.mark.parametrize("foreign", ["U", "Ā", "٣", "!"], ids=ascii)
def test_a_foreign_character_is_not_passed_over(foreign):
    """A character that no key has is a mistake, even where the others alone would fit."""
    with pytest.raises(RecoveryKeyTypo):
        parse_recovery_key(foreign + "0" * 51)


def test_groups_are_asked_back():
    """Each group confirms itself in any case, and no other group."""
    key = new_recovery_key()
    groups = key.groups()
    assert len(groups) == 13
    for number, group in enumerate(groups, 1):
        assert key.confirms(number, f" {group.lower()} ")
        assert not key.confirms(number, group[:3])
        assert not key.confirms(number, "é")


def test_keys_are_drawn_fresh():
    """Two recovery keys are never the same, and every bit but the first can be set."""
    drawn = [new_recovery_key()._key for _ in range(64)]
    assert len(set(drawn)) == 64
    ones = 0
    for key in drawn:
        ones |= int.from_bytes(key, "big")
    assert ones == 2**255 - 1


@pytest.mark.parametrize(
    "key", [bytes(31), bytes(33), b"\x80" + bytes(31)], ids=["short", "long", "first bit"]
)
def test_a_key_that_paper_cannot_hold(key):
    """A key of another size is a fault in the code, never printed short."""
    with pytest.raises(ValueError, match="255 bits"):
        RecoveryKey(key)
