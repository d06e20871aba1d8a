"""How names are folded, so that one word finds them however it is spelled.

A client writes Bērziņš, a keyboard gives berzins, a Russian-speaking caller spells Берзиньш: all
three must meet. Where a Cyrillic letter may stand for more than one Latvian spelling, every
plausible one is offered, the likeliest first.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice, product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SPELLINGS = 16
_WORD = re.compile(r"\S+")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_VOWELS = frozenset("аеёиоуыэюяіїєaeiouyāēīūō")
_SIGNS = frozenset("ьъ")
# Latvian has ķ, ģ, ļ, ņ for a softened consonant, which fold to the bare letter; after any other
# consonant Latvian writes the softness of я, ю, ё as j: Озолиня is Ozoliņa, Рязанов is Rjazanovs.
_SOFTENED = frozenset("кглн")
_PLAIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ж": "z", "з": "z", "и": "i",
    "і": "i", "ї": "ji", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "v", "ф": "f", "х": "h", "ц": "c", "ч": "c", "ш": "s",
    "щ": "sc", "ъ": "", "ы": "i", "ь": "", "э": "e", "є": "je", "ј": "j", "љ": "l", "њ": "n",
    "ђ": "dz", "ћ": "c", "џ": "dz",
}  # fmt: skip
_GLIDES = {"я": "a", "ю": "u", "ё": "o"}


class _Letters(dict[int, str]):
    """What each character folds to, filled as characters are met, because Unicode is large."""

    def __missing__(self, point: int) -> str:
        from anyascii import anyascii  # noqa: PLC0415 - most names never need it

        plain = anyascii(chr(point))
        folded = "".join(
            letter if letter.isalnum() else "" if letter in "'`" else " "
            for letter in plain.casefold()
        )
        self[point] = folded
        return folded


# Quotes and apostrophes inside a word vanish, so that D'Angelo is one word; other marks part words.
_LETTERS = _Letters(
    {
        point: chr(point).lower() if chr(point).isalnum() else "" if chr(point) in "'`" else " "
        for point in range(128)
    }
)
_ACCENTED = "āčēģīķļņōŗšūžàèéìíòóùúçöüõäåąęėįųłńśźżćñøâêôû"
_UNACCENTED = "acegiklnorsuzaeeiioouucouoaaaeeiulnszzcnoaeou"
_LETTERS.update(zip(map(ord, _ACCENTED), _UNACCENTED, strict=True))
_LETTERS.update((ord(quote), "") for quote in "´\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032")
_LETTERS.update((ord(mark), " ") for mark in "\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u2026\xa0")


def _page() -> tuple[Any, bytes, bytes]:
    """Lay out a code page of the letters above, and the table that folds its bytes.

    Writing text to such a page and translating the bytes folds a whole register in a few
    milliseconds; text with any other letter takes the slow road.
    """
    small = [letter for letter in map(chr, sorted(_LETTERS)) if letter > "\x7f"]
    large = [letter.upper() for letter in small if len(letter.upper()) == 1]
    letters = [chr(point) for point in range(128)] + sorted({*small, *large})
    folds = [_LETTERS[ord(letter.casefold())] for letter in letters]
    page = "".join(letters).ljust(256, "\ufffe")
    table = bytes(ord(fold or " ") for fold in folds).ljust(256)
    return codecs.charmap_build(page), table, bytes(n for n, fold in enumerate(folds) if not fold)


_PAGE, _TABLE, _NOTHING = _page()
_LINES = bytes(n if n == ord("\n") else byte for n, byte in enumerate(_TABLE))


def fold(text: str) -> str:
    """Fold text to lower-case ASCII words with one space between; the form names sort by."""
    try:
        plain = codecs.charmap_encode(text, "strict", _PAGE)[0].translate(_TABLE, _NOTHING)
    except UnicodeEncodeError:
        return _fold_slowly(text)
    return " ".join(plain.decode("ascii").split())


def fold_many(texts: Sequence[str]) -> list[str]:
    """Fold many texts, equal to folding each but several times quicker."""
    joined = "\n".join(texts)
    try:
        coded = codecs.charmap_encode(joined, "strict", _PAGE)[0]
    except UnicodeEncodeError:
        return list(map(fold, texts))
    if coded.count(b"\n") != len(texts) - 1:
        return list(map(fold, texts))
    plain = coded.translate(_LINES, _NOTHING)
    while b"  " in plain:
        plain = plain.replace(b"  ", b" ")
    plain = plain.replace(b"\n ", b"\n").replace(b" \n", b"\n").strip(b" ")
    return plain.decode("ascii").split("\n")


def _fold_slowly(text: str) -> str:
    folded = text.casefold()
    if _CYRILLIC.search(folded):
        folded = _WORD.sub(lambda word: _spellings(word[0])[0], folded)
    return " ".join(folded.translate(_LETTERS).split())


def words(text: str) -> tuple[tuple[str, ...], ...]:
    """Fold each word to every spelling it may have in the register, the likeliest first."""
    if not _CYRILLIC.search(text):
        return tuple((word,) for word in fold(text).split())
    found: list[tuple[str, ...]] = []
    for word in text.casefold().split():
        options = [spelling.translate(_LETTERS).split() for spelling in _spellings(word)]
        # Every spelling of a word breaks at the same marks, so the parts line up.
        found += [tuple(dict.fromkeys(parts)) for parts in zip(*options, strict=True)]
    return tuple(found)


def is_ambiguous(text: str) -> bool:
    """Tell whether some word may be spelled in more than one way."""
    return not text.isascii() and _CYRILLIC.search(text) is not None


def other_spellings(text: str) -> tuple[str, ...]:
    """Return the folded words a name may also be looked for by; none for a Latin name."""
    if not is_ambiguous(text):
        return ()
    return tuple(spelling for options in words(text) for spelling in options[1:])


def _spellings(word: str) -> list[str]:
    """Write one case-folded word in Latin letters in each plausible way."""
    if not _CYRILLIC.search(word):
        return [word]
    choices = [_letter(word, place) for place in range(len(word))]
    return ["".join(parts) for parts in islice(product(*choices), _MOST_SPELLINGS)]


def _letter(word: str, place: int) -> tuple[str, ...]:
    letter = word[place]
    before = word[place - 1] if place and word[place - 1].isalpha() else ""
    if letter in _GLIDES:
        return _glide(letter, before)
    if letter == "е":
        return _soft_e(word, place, before)
    if letter == "й":
        return _short_i(word, place)
    if letter == "г" and not before:
        return ("g", "h")  # Helmuts was Гельмут long before he was Хельмут
    plain = _PLAIN.get(letter)
    return (letter,) if plain is None else (plain,)


def _glide(letter: str, before: str) -> tuple[str, ...]:
    vowel = _GLIDES[letter]
    if not before or before in _VOWELS or before in _SIGNS:
        return ("j" + vowel,)
    if letter == "ё":
        return ("o", "jo", "e") if before in "жшчщ" or before in _SOFTENED else ("jo", "o", "e")
    return (vowel, "j" + vowel) if before in _SOFTENED else ("j" + vowel, vowel)


def _soft_e(word: str, place: int, before: str) -> tuple[str, ...]:
    """Give е its j where Latvian hears one: Екабс is Jēkabs, Андреев is Andrejevs."""
    if not before:
        return ("je", "e")
    if before in _SIGNS:
        return ("je", "e")
    if before == "и" and place > 1 and word[place - 2] not in _VOWELS:
        return ("e", "je")  # Лиепа is Liepa
    return ("je", "e") if before in _VOWELS else ("e",)


def _short_i(word: str, place: int) -> tuple[str, ...]:
    """Tell the й of Рейнис (Reinis) from that of Андрейс (Andrejs) and Вейонис (Vējonis)."""
    after = word[place + 1 :]
    if not after or not after[0].isalpha() or after[0] in _VOWELS:
        return ("j",)
    return ("j", "i") if after == "с" else ("i", "j")
