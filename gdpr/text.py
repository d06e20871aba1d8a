"""What text may hold before it is stored, and the mark for text that is translated later."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 10_000
_MARKS_IN_A_ROW = 3
# Controls, bidi overrides, zero-width and tag characters drive terminals or hide text.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile(r"[\t\n]+")


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message for the catalogue and translate nothing: the kernel has no language."""
    return message


class InSense(str):
    """A message that means several things; `sense` says which one is meant here."""

    __slots__ = ("sense",)
    sense: str


def NP_(sense: str, message: str) -> InSense:  # noqa: N802 - a name that gettext tools are told of
    """Mark a message together with its sense, as `pgettext` translates it: *right* has two."""
    marked = InSense(message)
    marked.sense = sense
    return marked


class Counted(str):
    """A message about `count` things, in the form for many; `one` is the form for one of them."""

    __slots__ = ("one",)
    one: str


def Nn_(one: str, many: str) -> Counted:  # noqa: N802 - a name that gettext tools are told of
    """Mark a message that has a plural, as `N_` marks others."""
    message = Counted(many)
    message.one = one
    return message


def clean(value: str, *, lines: bool = False) -> str:
    """Normalise typed or imported text, so that nothing stored can drive a terminal.

    NFC; drops control, bidi, zero-width and tag characters; caps stacked combining marks and the
    length. Line feeds and tabs survive only with `lines`, else they become spaces.
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = _FORBIDDEN.sub("", text)
    if not lines:
        text = _BREAKS.sub(" ", text)
    if not text.isascii():
        text = _thin_marks(text)
    return text.strip()[:LONGEST].rstrip()


def _thin_marks(text: str) -> str:
    kept: list[str] = []
    row = 0
    for letter in text:
        row = row + 1 if unicodedata.combining(letter) else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def safe(value: str) -> str:
    """Make any text fit to be drawn: nothing that a terminal would obey gets through."""
    return clean(value, lines=True)


def undriven(value: str) -> str:
    """Drop what a terminal would obey and nothing else, for lines that are already laid out."""
    return _FORBIDDEN.sub("", value)
