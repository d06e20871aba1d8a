"""JSON that two readers cannot understand differently (RFC 8259, section 4; RFC 7493)."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def read_strictly(text: str, *, as_written: bool = False) -> Any:
    """Read JSON without doubled names, NaN and infinities; raises ValueError for all else.

    What one program takes for the first of two values and another for the last must not enter the
    register. With `as_written` numbers stay the text they are: 1.10 in a text is not 1.1.
    """
    numbers: dict[str, Any] = {"parse_float": str, "parse_int": str} if as_written else {}
    try:
        return json.loads(text, object_pairs_hook=_single, parse_constant=_refuse, **numbers)
    except RecursionError:
        raise ValueError from None


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError
    return told


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
