"""What services answer about backups, the way back from them and copies: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.session.cards import DamageLine


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
class Adopted:
    """A copy that became a register of its own; `original` is left as it was.

    `replayed` rights were repeated in it; `waiting` could not be yet, which opening it explains.
    """

    vault: str
    original: str
    replayed: int
    waiting: int
