"""The permit without which nothing personal is stored."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Warrant:
    """Says which items may be stored about which data subject; only the rules floor issues one.

    `subject` is the 16-byte id of the data subject, `items` are item codes named by the purposes
    of its live grounds (Art. 5(1)(b), 6(1)).
    """

    subject: bytes
    items: frozenset[str]
