"""What services answer about copies of data outside the register: frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy of data outside the register: where, since and until when, and whether it is there.

    `state` is `there`, `missing` when nothing lies there now, `other` when something else does,
    `unfinished` when a program died over it, `out-of-reach`, `gone` when it was destroyed or
    `declared` when somebody said that it is gone, and why: `because`. `left` names what lies there
    and is nobody's copy.
    """

    id: str
    kind: str
    path: str
    made: str
    ends: str
    gone: str | None
    state: str
    because: str | None = None
    left: tuple[str, ...] = ()
