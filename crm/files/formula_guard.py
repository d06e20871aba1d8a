"""The apostrophe that keeps a spreadsheet from running a cell as a formula or eating its zeros.

Writing adds one and reading takes one away, also from text that happened to begin with one, so
that every text comes back as it was.
"""

from __future__ import annotations

import re
from typing import Final

# What spreadsheets take for a formula; some fold the full-width forms to the plain ones.
_FORMULA: Final = r"[=+\-@\t\r\n\0＝＋－＠]"
# What they take for a number and write back changed.
_SHORTENED: Final = r"(?:0\d+|\d{12,})\Z"
_NEEDS_GUARD = re.compile(rf"'*{_FORMULA}|'+{_SHORTENED}", re.ASCII)
_IS_SHORTENED = re.compile(_SHORTENED, re.ASCII)
_GUARDED = re.compile(rf"'+(?:{_FORMULA}|{_SHORTENED})", re.ASCII)
_INTERNATIONAL = re.compile(r"\+[0-9][0-9 ]*")


def guarded(text: str) -> str:
    """Return the text as a spreadsheet will show it and not run it."""
    return "'" + text if _NEEDS_GUARD.match(text) else text


def guarded_digits(text: str) -> str:
    """Return digits so that a spreadsheet keeps them all; other text as `guarded` does."""
    return "'" + text if _IS_SHORTENED.match(text) else guarded(text)


def guarded_answer(text: str) -> str:
    """Return a cell of an answer: a plain international number is none that anything runs."""
    return text if _INTERNATIONAL.fullmatch(text) else guarded(text)


def unguarded(text: str) -> str:
    """Return what the text was before it was guarded; text that never was stays as it is."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
