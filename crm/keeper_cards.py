"""What services answer about users, keys, the log and the state of things: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


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
    confidentiality: str | None


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One version of one key, and who holds it; of the root also what two people compare."""

    key: str
    version: int
    state: str
    since: date | None
    due: date | None
    users: tuple[str, ...]
    recovery: bool
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Rotated:
    """A key that was replaced: `rewrapped` in this run, `keys` that it now wraps in all.

    `gone` says whether the old key has left the database's log as well.
    """

    key: str
    version: int
    rewrapped: int
    keys: int
    gone: bool


@dataclass(frozen=True, slots=True)
class DamageLine:
    """One thing that does not verify; `row` is None when none is left to name."""

    table: str
    row: str | None
    why: str


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


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written, read back and named."""

    backup: str
    data: str
    keys: str
    rows: int
    made: str
    ends: str
    retired: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True)
class BackupLine:
    """A backup that was made and not destroyed: its two files, its age, and what became of it.

    `state` is whole, no-data, no-keys, or away for a drive that is not here; `due` says that it is
    past its end, and `copies` are the ids by which both files are destroyed.
    """

    data: str
    keys: str
    made: str
    age: int
    ends: str
    state: str
    due: bool
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackupList:
    """All backups, the newest first; what a keeper should do; registers from before a restore."""

    lines: tuple[BackupLine, ...]
    reminders: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackupChecked:
    """A backup whose two parts were opened from end to end."""

    backup: str
    vault: str
    made: str
    rows: int
    tables: int
    entries: int


@dataclass(frozen=True, slots=True)
class SecretsBack:
    """A shred file that came out of a backup: `keys` open with it, `shut` are newer than it."""

    file: str
    backup: str
    made: str
    keys: int
    shut: int


@dataclass(frozen=True, slots=True)
class LostLine:
    """A row of the vault before a restore that the backup has older, or not at all."""

    table: str
    row: str
    number: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: what it brought back, did again, and could not bring back.

    `old_vault` is where the vault before it waits, `lost_entries` how many entries of this desk's
    log are behind the backup. `refused` are rights that somebody signed who might not: they were
    not done again. `elsewhere` are the same registers at other places, left as they are.
    """

    vault: str
    backup: str
    made: str
    rows: int
    replayed: tuple[dict[str, str], ...]
    lost_entries: int
    lost: tuple[LostLine, ...]
    old_vault: str | None
    first_time: bool
    damages: tuple[DamageLine, ...] = ()
    refused: tuple[dict[str, str], ...] = ()
    elsewhere: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Adopted:
    """A copy that became a register of its own; `original` is left as it was.

    `replayed` rights were repeated in it; `waiting` could not be yet, which opening it explains.
    """

    vault: str
    original: str
    replayed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Myself:
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
