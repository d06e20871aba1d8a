"""Who is in, and what was found damaged: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DamageLine:
    """One thing that does not verify; `row` is None when none is left to name."""

    table: str
    row: str | None
    why: str


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Whose keys are open and what they may do; a face hides by it, the services refuse by it.

    `reads` and `writes` are codes of categories; `duties` are users, keys, backup, erasure,
    purposes and holds.
    """

    name: str
    roles: tuple[str, ...]
    reads: frozenset[str]
    writes: frozenset[str]
    duties: frozenset[str]
    firm: str
    country: str
    demo: bool
