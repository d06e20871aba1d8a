"""Finding out how a text file is encoded, because the file itself does not say.

Marks at the start are believed, and bytes that are UTF-8 but for a few are UTF-8 with a few
mistakes in it. What remains is a code page: each is tried on the words of the file, and the one
that makes most of them words of a language written around here wins. Latvian consonants stand
inside words and Italian accents at their ends, which tells pages apart that differ in little else.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from crm.files.errors import EncodingUnknown
from crm.files.spellings import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHUNK: Final = 1 << 14
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROES_OF_UTF16: Final = 0.3
# The pages in use around the Baltic and in Italy, on Windows, DOS and Macintosh; where nothing
# tells two apart, the earlier one is taken.
CODE_PAGES: Final = (
    *("cp1257", "cp1252", "cp775", "cp850", "cp1251", "cp1250", "cp866", "koi8_r"),
    *("mac_roman", "mac_latin2", "mac_cyrillic"),
)
_CYRILLIC: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў")
_WEIGHT_OF_CYRILLIC: Final = 0.9
_INSIDE_IN_LATVIAN: Final = frozenset("čģķņ")
_AT_THE_END_IN_ITALIAN: Final = frozenset("àèìòù")
_ODD_PLACE: Final = 0.3
_PUNCTUATION: Final = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e«»–—…€§°№·´\u00a0•’")
_HIGH_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_PARTS = re.compile(r"[^\W\d_]+")
_BEYOND_DOUBT: Final = 1_000
_MOST_WORDS: Final = 2_000
_LONGEST_WORD: Final = 60
# So much of a text must be words, and so much better than the next page must it be, to be sure.
_MOSTLY: Final = 0.7
_CLEARLY: Final = 1.15


class Encoding(NamedTuple):
    """How a file is read; `others` are the pages that would fit about as well, best first.

    `sure` is false where the words of the file are words in no language known here.
    """

    codec: str
    sure: bool = True
    others: tuple[str, ...] = ()


class _Fit(NamedTuple):
    """How well one page fits: the weight of the words it makes, and their share of all."""

    codec: str
    weight: float
    share: float


def find_encoding(stream: BinaryIO) -> Encoding:
    """Return how the bytes of `stream` are encoded; it is read through at most twice."""
    stream.seek(0)
    start = stream.read(_CHUNK)
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return Encoding(codec)
    zeroes = (start[::2].count(0), start[1::2].count(0))
    if max(zeroes) > len(start) / 2 * _ZEROES_OF_UTF16:
        return Encoding("utf-16-be" if zeroes[0] > zeroes[1] else "utf-16-le")
    if _is_utf8(stream):
        return Encoding("utf-8")
    return _code_page(_words(stream))


def named_encoding(name: str) -> str:
    """Return the codec somebody named, if it is one for text."""
    try:
        "".encode(name)  # a codec that is none for text is refused here too
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise EncodingUnknown(known=", ".join(("utf-8", *CODE_PAGES))) from None


def _is_utf8(stream: BinaryIO) -> bool:
    """Tell whether letters of more than one byte outnumber the bytes that break them."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    whole = broken = 0
    while chunk := stream.read(_CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            bad = text.count("\ufffd") - chunk.count("\ufffd".encode())
            broken += max(0, bad)
            whole += len(text) - len(text.encode("ascii", "ignore")) - bad
            if broken > whole + _BEYOND_DOUBT:
                return False
    broken += len(decoder.decode(b"", final=True))
    return broken == 0 or whole > broken


def _words(stream: BinaryIO) -> Counter[bytes]:
    """Collect the words with letters beyond a-z, as bytes, until there are enough of them."""
    stream.seek(0)
    words: Counter[bytes] = Counter()
    rest = b""
    while len(words) < _MOST_WORDS and (chunk := stream.read(_CHUNK)):
        rest += chunk
        whole, sign, rest = rest.rpartition(b"\n") if len(chunk) == _CHUNK else (rest, b"", b"")
        if not sign and rest:
            whole, rest = rest, b""
        words.update(word[:_LONGEST_WORD] for word in _HIGH_WORD.findall(whole))
    return words


def _code_page(words: Counter[bytes]) -> Encoding:
    fits = sorted(_fits(words), key=lambda fit: -fit.weight)
    best = fits[0]
    text = b" ".join(words)

    def differs(fit: _Fit) -> bool:
        return text.decode(fit.codec, "replace") != text.decode(best.codec, "replace")

    rivals = [fit for fit in fits[1:] if differs(fit) and fit.weight > 0]
    close = [fit.codec for fit in rivals if fit.weight * _CLEARLY > best.weight]
    if best.share >= _MOSTLY and not close:
        return Encoding(best.codec)
    if best.share >= _MOSTLY and _second_opinion(text) == best.codec:
        return Encoding(best.codec)
    others = tuple(fit.codec for fit in rivals[:3])
    return Encoding(best.codec, sure=False, others=others)


def _fits(words: Counter[bytes]) -> Iterator[_Fit]:
    for codec in CODE_PAGES:
        weight, good, told = 0.0, 0, 0
        for word, count in words.items():
            for one in _weights(word.decode(codec, "replace")):
                weight += one * min(count, 3)
                good += one > 0
                told += 1
        yield _Fit(codec, weight, good / told if told else 1.0)


def _weights(word: str) -> Iterator[float]:
    """Give for each part of a word how much it speaks for being one; below zero, against."""
    for letter in word:
        if letter > "\x7f" and not letter.isalpha() and letter not in _PUNCTUATION:
            yield -1.0
    for part in _PARTS.findall(word):
        if not part.isascii():
            yield _weight(part)


def _weight(part: str) -> float:
    low = part.lower()
    if part not in {low, part.upper(), part.capitalize()}:
        return -1.0
    if _CYRILLIC.issuperset(low):
        return _WEIGHT_OF_CYRILLIC
    beyond = {letter for letter in low if letter > "\x7f"}
    fitting = [
        weight * _place(language, low, beyond)
        for language, (weight, letters) in _languages().items()
        if beyond <= letters
    ]
    return max(fitting, default=-1.0)


@cache
def _languages() -> Mapping[str, tuple[float, frozenset[str]]]:
    """Return how much a word of each language counts, and its letters beyond a-z."""
    known = written("letters.toml")
    return {code: (one["weight"], frozenset(one["letters"])) for code, one in known.items()}


def _place(language: str, word: str, beyond: set[str]) -> float:
    """Say how well the letters of a word stand where their language puts them."""
    if language == "lv" and word[-1] in _INSIDE_IN_LATVIAN:
        return _ODD_PLACE
    if language == "it" and len(word) > 1 and beyond & _AT_THE_END_IN_ITALIAN & set(word[:-1]):
        return _ODD_PLACE
    return 1.0


def _second_opinion(text: bytes) -> str | None:
    """Ask a library that knows how often letters follow each other in many languages."""
    library: Any = import_module("charset_normalizer")
    found = library.from_bytes(text, cp_isolation=list(CODE_PAGES)).best()
    return None if found is None else str(found.encoding)
