"""Whatever comes in as bytes is text in UTF-8, whole, or refused: no letter is lost in silence.

Python hides a byte that is no letter in half a surrogate; whoever drops those drops letters of
names.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from crm.cli.errors import ArgumentNotText, InputNotText, VariableNotText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OURS: Final = "KARTOTEKA_"


def refuse_broken(words: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return the arguments as text, and refuse arguments or variables that are none."""
    told = [_whole(word) for word in words]
    for position, word in enumerate(told, start=1):
        if word is None:
            raise ArgumentNotText(position=position)
    for name, value in environment.items():
        # The commands that use a variable read it themselves, so a mended one would not help.
        if name.startswith(_OURS) and is_broken(value):
            raise VariableNotText(name="".join(filter(str.isascii, name)))
    return [word for word in told if word is not None]


def is_broken(text: str) -> bool:
    """Tell whether a text holds what is no letter."""
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def decoded(raw: bytes) -> str:
    """Decode what came on standard input or from a command."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputNotText from None


def line_from_stdin() -> str:
    """Read one line of standard input, such as a password, without its end."""
    return decoded(sys.stdin.buffer.readline()).rstrip("\r\n")


def _whole(word: str) -> str | None:
    """Return a word as text; in an old locale its bytes may be UTF-8 all the same."""
    if not is_broken(word):
        return word
    try:
        return os.fsencode(word).decode()
    except UnicodeError:
        return None
