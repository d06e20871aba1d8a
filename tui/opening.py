"""How the screens come to a register: where it lies, whose keys, and what the clock is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdpr.clock import Clock


@dataclass(frozen=True, slots=True)
class Start:
    """What the program was started with; `password` is there for demos and scripts only.

    `demo` says that the register of invented people is to be opened, and made where it is absent;
    `own` that it lies in the demo's own place.
    """

    vault: str
    user: str | None
    clock: Clock
    password: str | None = None
    demo: bool = False
    fresh: bool = False
    own: bool = False
