"""The forms in which two values are the same value, for the columns that are found by token."""

from __future__ import annotations

# With fewer digits a phone tells nobody apart.
SHORTEST_PHONE = 7


def lowercase(value: str) -> str:
    """Compare mail addresses without case and spaces."""
    return "".join(value.split()).lower()


def digits(value: str) -> str:
    """Compare phones by their digits; `00` and `+` in front say the same, an extension nothing."""
    value = value.partition(" ext. ")[0]
    return "".join(filter(str.isdigit, value)).removeprefix("00")
