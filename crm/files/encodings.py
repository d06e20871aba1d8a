"""Finding out how a text file is encoded, because the file itself does not say.

Marks at the start are believed, and bytes that are valid UTF-8 are UTF-8. What remains is one of
the two Windows code pages of our countries; there the letters decide. Most letters of one page
are absurd in the other, and a few mean a consonant here and an accented vowel there: a Latvian
consonant stands inside a word, an Italian accent at its end.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BALTIC: Final = "cp1257"
_WESTERN: Final = "cp1252"
_SURE: Final = 3
_BEYOND_DOUBT: Final = 1000
_SURELY_BALTIC: Final = frozenset("āēīļšūžĀĒĪĻŠŪŽ".encode(_BALTIC))
_SURELY_WESTERN: Final = frozenset("àùúÀÙÚâêôÂÊÔ".encode(_WESTERN)) - _SURELY_BALTIC
_EITHER: Final = frozenset("čģķņČĢĶŅ".encode(_BALTIC))
# What one page leaves empty speaks for the other; cp1252 keeps š and ž there.
_EMPTY_IN_BALTIC: Final = frozenset(b"\x83\x8a\x8c\x9a\x9c\x9f\xa1\xa5")
_EMPTY_IN_WESTERN: Final = frozenset(b"\x8d\x8f\x9d")
_HIGH_PAIR = re.compile(rb"[\x80-\xff](?=(.?))", re.DOTALL)
_ZEROES_OF_UTF16: Final = 0.3


def find_encoding(stream: BinaryIO) -> str:
    """Return the codec name for the bytes of `stream`, which is read through at most twice."""
    stream.seek(0)
    start = stream.read(_CHUNK)
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec
    zeroes = (start[::2].count(0), start[1::2].count(0))
    if max(zeroes) > len(start) / 2 * _ZEROES_OF_UTF16:
        return "utf-16-be" if zeroes[0] > zeroes[1] else "utf-16-le"
    stream.seek(0)
    if _is_utf8(stream):
        return "utf-8"
    stream.seek(0)
    return _code_page(stream)


def _is_utf8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _code_page(stream: BinaryIO) -> str:
    """Weigh each letter with what follows it; without any evidence the Baltic page is taken."""
    balance = 0
    while abs(balance) < _BEYOND_DOUBT and (chunk := stream.read(_CHUNK)):
        pairs = Counter((found[0][0], found[1]) for found in _HIGH_PAIR.finditer(chunk))
        balance += sum(
            count * _weight(letter, inside=_is_letter(following))
            for (letter, following), count in pairs.items()
        )
    return _WESTERN if balance < 0 else _BALTIC


def _weight(letter: int, *, inside: bool) -> int:
    """Return how much one letter speaks for the Baltic page; below zero, for the western."""
    if letter in _SURELY_BALTIC or letter in _EMPTY_IN_WESTERN:
        return _SURE
    if letter in _SURELY_WESTERN or letter in _EMPTY_IN_BALTIC:
        return -_SURE
    if letter in _EITHER:
        return 1 if inside else -1
    return 0


def _is_letter(following: bytes) -> bool:
    return following.isalpha() or following >= b"\xc0"
