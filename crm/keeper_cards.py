"""What services answer about users, keys, the log and the state of things: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A user who was added, with the first password to be told once."""

    name: str
    roles: tuple[str, ...]
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user as a list shows it."""

    name: str
    roles: tuple[str, ...]
    status: str
    first_password: bool
    added: datetime


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One version of one key, and who holds it."""

    key: str
    version: int
    users: tuple[str, ...]
    recovery: bool


@dataclass(frozen=True, slots=True)
class DamageLine:
    """One thing that does not verify; `row` is None when none is left to name."""

    table: str
    row: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying the log and the rows found."""

    entries: int
    rows: int
    ok: bool
    first_bad: DamageLine | None
    damages: tuple[DamageLine, ...]


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
class Head:
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
