"""What services answer about forgetting and erasing: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.grounds.cards import DueLine


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """What a retention run did."""

    day: str
    parties: int
    destroyed: int
    going: int
    left: tuple[DueLine, ...]
