"""Which passwords are strong enough, and phrases to take instead of thinking one up."""

from __future__ import annotations

import re
from functools import cache
from secrets import choice
from typing import TYPE_CHECKING, Final
from unicodedata import combining, normalize

from gdpr.program_files import program_text
from gdpr.vault.errors import PasswordTooLong, PasswordTooShort, WeakPassword

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST: Final = 15
MOST: Final = 256
LANGUAGES: Final = ("en", "lv", "it")
# Six words of lists of 512 or more are at least 54 bits; five would be 45.
WORDS: Final = 6
_SCORED: Final = 72  # the scorer takes no more, and what comes after can only help
_ENOUGH: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 3  # shorter words stand inside too many others to be taken out
_JOINING: Final = re.compile(r"[\s_.,;:/+-]+")
# What people type in a letter's place, and what is tried first.
_ALIKE: Final = {
    "a": "a4@",
    "b": "b8",
    "e": "e3",
    "g": "g9",
    "i": "i1!|",
    "l": "l1!|",
    "o": "o0",
    "s": "s5$",
    "t": "t7+",
    "z": "z2",
}


def check_password(password: str, user_inputs: Iterable[str] = ()) -> None:
    """Refuse a password that is short or easy to guess; `user_inputs` are names an attacker knows.

    There are no rules about kinds of characters, because they make passwords worse.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists of words are long, and few commands ask

    text = normalize("NFKC", password)
    if len(text) < LEAST:
        raise PasswordTooShort(least=LEAST)
    if len(text) > MOST:
        raise PasswordTooLong(most=MOST)
    known = _known_forms(user_inputs)
    plain = _folded(text)
    for what in dict.fromkeys((text, plain, _without(plain, known))):
        if not what or zxcvbn(what[:_SCORED], user_inputs=known)["score"] < _ENOUGH:
            raise WeakPassword


def _known_forms(names: Iterable[str]) -> list[str]:
    """Return names whole, run together and word by word: nobody types a firm's whole name."""
    forms: dict[str, None] = {}
    for name in names:
        for spelled in (normalize("NFKC", name), _folded(name)):
            words = _WORD.findall(spelled)
            forms |= dict.fromkeys((spelled, "".join(words), *words))
    return [form[:_SCORED] for form in forms if form]


def _without(plain: str, known: list[str]) -> str:
    """Return what is left of a folded password without the known words, however joined.

    What joined them goes as well: signs left standing alone would pass for something unguessable.
    """
    left = plain
    for form in sorted(known, key=len, reverse=True):
        letters = "".join(f"[{re.escape(_ALIKE.get(letter, letter))}]" for letter in form)
        if len(form) < _SHORTEST:
            letters = rf"(?<![^\W_]){letters}(?![^\W_])"
        left = re.sub(letters, "", left)
    return left if left == plain else _JOINING.sub("", left)


def _folded(text: str) -> str:
    """Return small letters without their marks, because a keyboard without them adds nothing."""
    parts = normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not combining(letter))


def suggest_passphrase(language: str) -> str:
    """Draw six words of the user's language; hyphens between them survive every shell."""
    words = word_list(language)
    return "-".join(choice(words) for _ in range(WORDS))


@cache
def word_list(language: str) -> tuple[str, ...]:
    """Return the words that phrases are drawn from; a language without a list gets English."""
    code = language if language in LANGUAGES else "en"
    text = program_text("gdpr.vault", "words", f"{code}.txt")
    return tuple(normalize("NFC", word) for word in text.split())
