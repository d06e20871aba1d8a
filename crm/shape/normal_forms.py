"""The forms in which two values are the same value, and how long a text may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.shape.errors import TextTooLong
from gdpr.text import LONGEST, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

# With fewer digits a phone tells nobody apart.
SHORTEST_PHONE = 7


def lowercase(value: str) -> str:
    """Compare mail addresses without case and spaces."""
    return "".join(value.split()).lower()


def digits(value: str) -> str:
    """Compare phones by their digits; `00` and `+` in front say the same, an extension nothing."""
    value = value.partition(" ext. ")[0]
    return "".join(filter(str.isdigit, value)).removeprefix("00")


def too_long(text: str) -> bool:
    """Tell whether a text would have to be cut."""
    return len(text) > LONGEST and len(text.strip()) > LONGEST


def whole_text(text: str | None, *, lines: bool = False) -> str:
    """Clean a text that is kept; one that would have to be cut is refused."""
    check_length({"": text})
    return clean(text or "", lines=lines)


def check_length(texts: Mapping[str, str | None]) -> None:
    """Refuse what would have to be cut."""
    if any(text and too_long(text) for text in texts.values()):
        raise TextTooLong
