"""What can be said of an owner's key of one category, as far as rows tell."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdpr.store.owners import OwnerKeys


class KeyCondition(StrEnum):
    HELD = "held"
    NEVER = "never had one"
    DESTROYED = "destroyed"
    MISSING = "missing"


def condition(keys: OwnerKeys, category: str, *, filled: bool) -> KeyCondition:
    """Say what became of a key, in whose category something is `filled` or not."""
    if category in keys.wrapped and not keys.was_destroyed(category):
        return KeyCondition.HELD
    if category in keys.destroyed():
        return KeyCondition.DESTROYED
    return KeyCondition.MISSING if filled else KeyCondition.NEVER
