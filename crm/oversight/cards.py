"""What services answer about the log, the state of things and drills: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from crm.session.cards import DamageLine


@dataclass(frozen=True, slots=True)
class AcknowledgedLine:
    """Damage that an owner has signed for: when, who, and how many places."""

    time: datetime
    user: str
    damages: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying the log and the rows found.

    `damages` are new; what was `acknowledged` before is not among them, and does not make `ok` no.
    """

    entries: int
    rows: int
    ok: bool
    first_bad: DamageLine | None
    damages: tuple[DamageLine, ...]
    acknowledged: tuple[AcknowledgedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of the log: codes, counts and numbers, never a name of anybody in the register."""

    time: datetime
    desk: str
    seq: int
    user: str
    event: str
    number: int | None
    object: str | None
    told: dict[str, int | str]


@dataclass(frozen=True, slots=True)
class LogHead:
    """The newest entry of this desk, to be kept on paper."""

    desk: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `state` is ok, warning or damage, `count` how many are wrong.

    `detail` says which, by file name, table or day.
    """

    check: str
    state: str
    count: int
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that was looked at."""

    sqlite: str
    rows: int
    grounds: int
    checks: tuple[Check, ...]
    damages: tuple[DamageLine, ...]

    @property
    def warnings(self) -> int:
        """Count what is not as it should be, without being damage."""
        return sum(check.state == "warning" for check in self.checks)


@dataclass(frozen=True, slots=True)
class DrillDone:
    """A backup that was brought back, proved and destroyed again.

    `differing` are the tables that have another number of records by now, `replayed` what was
    done again, and `erased` the people of whom nothing was found.
    """

    data: str
    made: str
    rows: int
    live_rows: int
    differing: tuple[str, ...]
    replayed: int
    erased: int


@dataclass(frozen=True, slots=True)
class DrillLine:
    """What a drill showed, as the log has it; `why` is what stopped one that came to no end."""

    day: str
    ok: bool
    why: str
    rows: int
    live_rows: int
    replayed: int
    erased: int
    left: int
