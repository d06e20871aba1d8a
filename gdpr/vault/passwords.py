"""Which passwords are strong enough, and phrases to take instead of thinking one up."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import log2
from secrets import choice
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from zxcvbn import zxcvbn

from gdpr.errors import PasswordTooLong, PasswordTooShort, WeakPassword

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST: Final = 15
MOST: Final = 256
LANGUAGES: Final = ("en", "lv", "it")
# Six words of lists of 512 or more are at least 54 bits; five would be 45.
WORDS: Final = 6
_SCORED: Final = 72  # the scorer takes no more, and what comes after can only help
_ENOUGH: Final = 3


def check_password(password: str, user_inputs: Iterable[str] = ()) -> None:
    """Refuse a password that is short or easy to guess; `user_inputs` are names an attacker knows.

    There are no rules about kinds of characters, because they make passwords worse.
    """
    text = normalize("NFKC", password)
    if len(text) < LEAST:
        raise PasswordTooShort(least=LEAST)
    if len(text) > MOST:
        raise PasswordTooLong(most=MOST)
    names = [normalize("NFKC", name) for name in user_inputs]
    # Parts count as well: nobody types a firm's whole name.
    known = [part[:_SCORED] for name in names for part in (name, *name.split()) if part]
    if zxcvbn(text[:_SCORED], user_inputs=known)["score"] < _ENOUGH:
        raise WeakPassword


def suggest_passphrase(language: str) -> str:
    """Draw six words of the user's language; hyphens between them survive every shell."""
    words = word_list(language)
    return "-".join(choice(words) for _ in range(WORDS))


def passphrase_bits(language: str) -> float:
    """Return the entropy of a suggestion, so that we can state it honestly."""
    return WORDS * log2(len(word_list(language)))


@cache
def word_list(language: str) -> tuple[str, ...]:
    """Return the words that phrases are drawn from; a language without a list gets English."""
    code = language if language in LANGUAGES else "en"
    text = files("gdpr.vault").joinpath("words", f"{code}.txt").read_text("utf-8")
    return tuple(normalize("NFC", word) for word in text.split())
