"""The types in which a product declares what it keeps: categories, data items and origins.

They stand on the ground floor because every floor above speaks in them, while the instances
belong to the product alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a datum came from, because portability and notices depend on it (Art. 14, 20)."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    DERIVED = "derived"
    PUBLIC = "public"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class Category:
    """Items that share one data key per owner, so that they are read and destroyed together.

    `code` is a lower-case word; it is bound into every ciphertext and must never change.
    """

    code: str


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of datum a purpose can name, so that keeping it can be justified or not.

    `dpv` is the full IRI of the nearest term of the Data Privacy Vocabulary.
    """

    code: str
    category: Category
    dpv: str
