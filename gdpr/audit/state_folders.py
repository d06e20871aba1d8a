"""Which state folder belongs to which register file: every place has a chain of its own.

A copy of a register carries the same vault id. If it were given the state of the original, its
first entry would move the original's anchor, and the original would never verify again. So each
folder knows the place whose chain it keeps, and whether that place still has its register tells a
moved file from a copied one.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gdpr.audit.entries import entry_at, last_of
from gdpr.audit.identity import known_identity
from gdpr.audit.pin import copy_pin
from gdpr.errors import KartotekaError
from gdpr.store.accounts import read_vault
from gdpr.store.database import STORAGE_ERRORS, reading
from gdpr.store.places import safe_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peewee import Database

_PLACE: Final = "place"
_DESK: Final = "desk"
_NAMELESS: Final = re.compile(r"\.(?P<vault>[0-9a-f]{32})(-[0-9a-f]+)?\.(?P<process>[0-9]+)")


class Standing(Enum):
    """What a file is to this desk: its own, one it never saw, or the copy of one it keeps."""

    OWN = "own"
    NEW = "new"
    COPY = "copy"


class Whereabouts(Enum):
    """Whether a place still has its register; of a drive that is not here nobody can tell."""

    THERE = "there"
    AWAY = "away"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Found:
    """The state of a file; of a copy that of the original, and where the original lies."""

    standing: Standing
    folder: Path
    original: str | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """Where a register lies: its path, its path seen from the state folder, and its disk.

    Somebody who takes register and state along together has moved both.
    """

    place: str
    state: str
    beside: str
    device: int
    founding: int = 0

    @classmethod
    def of(cls, target: str, folder: Path) -> _Record:
        """Describe the place of `target` as seen from its state folder."""
        place, state = os.path.realpath(target), os.path.realpath(folder)
        try:
            beside = os.path.relpath(place, state)
        except ValueError:  # another drive, on Windows
            beside = place
        return cls(place, state, beside, _device(place))

    def moved(self, folder: Path) -> str | None:
        """Return where the register would be if it was taken along with its state folder."""
        state = os.path.realpath(folder)
        return None if state == self.state else os.path.realpath(Path(state, self.beside))

    def now(self, folder: Path) -> str:
        """Return where the register should be."""
        moved = self.moved(folder)
        return moved if moved is not None and Path(moved).exists() else self.place

    def is_at(self, target: str, folder: Path) -> bool:
        """Tell whether this is the place of `target`."""
        real = os.path.realpath(target)
        if real in {self.place, self.moved(folder)}:
            return True
        one, other = Path(real), Path(self.place)
        try:  # the same folder by two names, such as a mount
            return one.name == other.name and one.parent.samefile(other.parent)
        except OSError:
            return False


class StateFolders:
    """The state folders of one desk, below one root."""

    def __init__(self, root: Path) -> None:
        """Look below `root`; nothing is made yet."""
        self._root = root

    def known(self, vault_id: bytes) -> list[Path]:
        """Return the folders of a vault, the first one made first."""
        first = self._root / vault_id.hex()
        others = sorted(self._root.glob(vault_id.hex() + "-*"))
        return [folder for folder in (first, *others) if folder.is_dir()]

    def look(self, target: str, vault_id: bytes, database: Database | None) -> Found:
        """Say what the file at `target` is to this desk, and write nothing.

        Who wrote last in a file is the one whose file it is, where the place does not say it.
        """
        fresh = Found(Standing.NEW, self._unused(vault_id))
        records = dict(self._records(vault_id))
        here = [folder for folder, record in records.items() if record.is_at(target, folder)]
        if here and len(records) == 1:
            return Found(Standing.OWN, here[0])
        writers = _writers(database, records)
        for folder in writers:
            if folder in here:
                return Found(Standing.OWN, folder)
        others = [*writers, *(one for one in records if one not in writers)]
        for folder in others:
            if folder in here:
                continue
            original = records[folder].now(folder)
            if whereabouts(original, vault_id, records[folder].device) is not Whereabouts.GONE:
                return Found(Standing.COPY, folder, original)
            if folder in writers:
                return Found(Standing.OWN, folder)
        return Found(Standing.OWN, here[0]) if here else fresh

    def at(self, target: str, vault_id: bytes) -> Path | None:
        """Return the folder that keeps the chain of this place, if there is one."""
        for folder, record in self._records(vault_id):
            if record.is_at(target, folder):
                return folder
        return None

    def elsewhere(self, target: str, vault_id: bytes) -> tuple[str, ...]:
        """Return the other places where this desk keeps the same register, as far as seen."""
        return tuple(
            record.now(folder)
            for folder, record in self._records(vault_id)
            if not record.is_at(target, folder)
            and whereabouts(record.now(folder), vault_id, record.device) is Whereabouts.THERE
        )

    def claim(self, target: str, vault_id: bytes, folder: Path, *, founding: bool = False) -> Path:
        """Make `folder` the one that keeps the chain of `target`; its pin comes from the others.

        It is written before anything else in it, so that no chain is ever without a place.
        """
        safe_folder(folder)
        process = os.getpid() if founding else 0
        record = replace(_Record.of(target, folder), founding=process)
        if _read(folder) != record:
            _write(folder, record)
        for known in self.known(vault_id):
            if known != folder:
                copy_pin(known, folder)
        return folder

    def new(self, target: str, vault_id: bytes, *, founding: bool = False) -> Path:
        """Make a folder for a place that has none; it has its name once it knows its place."""
        folder = self._unused(vault_id)
        built = safe_folder(folder.with_name(f".{folder.name}.{os.getpid()}"))
        process = os.getpid() if founding else 0
        _write(built, replace(_Record.of(target, folder), founding=process))
        built.rename(folder)
        return self.claim(target, vault_id, folder, founding=founding)

    @staticmethod
    def is_founding(folder: Path) -> bool:
        """Tell whether the register of this folder has never been used since it got its name."""
        record = _read(folder)
        return record is not None and record.founding != 0

    def unfinished(self) -> Iterator[tuple[Path, bytes, int]]:
        """Yield folders whose making or whose register was never finished.

        With each come the vault it was for, and the process that began it.
        """
        for folder in list(self._root.iterdir()) if self._root.is_dir() else ():
            nameless = _NAMELESS.fullmatch(folder.name)
            if nameless:
                yield folder, bytes.fromhex(nameless["vault"]), int(nameless["process"])
                continue
            record = _read(folder)
            if record is not None and record.founding:
                vault_id = bytes.fromhex(folder.name.partition("-")[0])
                place = whereabouts(record.now(folder), vault_id, record.device)
                if place is Whereabouts.GONE:
                    yield folder, vault_id, record.founding

    def _records(self, vault_id: bytes) -> Iterator[tuple[Path, _Record]]:
        for folder in self.known(vault_id):
            record = _read(folder)
            # A folder without a place belongs to whoever wrote its chain.
            yield folder, record or _Record("", "", "", -1)

    def _unused(self, vault_id: bytes) -> Path:
        first = self._root / vault_id.hex()
        if not first.exists():
            return first
        return first.with_name(f"{first.name}-{os.urandom(4).hex()}")


def whereabouts(place: str, vault_id: bytes, device: int) -> Whereabouts:
    """Look whether a place still has this register, without writing a byte there."""
    try:
        if not place or not stat.S_ISREG(os.stat(place).st_mode):  # noqa: PTH116 - "" is no path
            return Whereabouts.GONE
    except (FileNotFoundError, NotADirectoryError):
        return Whereabouts.GONE if device == _device(place) else Whereabouts.AWAY
    except OSError:
        return Whereabouts.AWAY
    try:
        with reading(place) as database:
            there = read_vault(database).vault_id
    except (*STORAGE_ERRORS, KartotekaError, TypeError, ValueError):
        return Whereabouts.THERE  # who cannot read it must not take it for gone
    return Whereabouts.THERE if there == vault_id else Whereabouts.GONE


def _writers(database: Database | None, records: dict[Path, _Record]) -> list[Path]:
    """Return the folders whose desk wrote into a file, the newest entry first."""
    if database is None:
        return []
    found = []
    for folder in records:
        try:
            desk = known_identity(folder) if (folder / _DESK).exists() else b""
            last = last_of(database, desk) if desk else None
            entry = None if last is None else entry_at(database, desk, last[0])
        except (*STORAGE_ERRORS, KartotekaError, OSError):
            continue
        if entry is not None and isinstance(entry.time, int):
            found.append((entry.time, folder))
    return [folder for _time, folder in sorted(found, reverse=True)]


def _write(folder: Path, record: _Record) -> None:
    write_private(folder / _PLACE, json.dumps(asdict(record)).encode() + b"\n")


def _read(folder: Path) -> _Record | None:
    try:
        values = json.loads((folder / _PLACE).read_bytes())
        record = _Record(**values)
    except (OSError, ValueError, TypeError):
        return None
    sound = all(isinstance(value, str) for value in (record.place, record.state, record.beside))
    return record if sound and isinstance(record.device, int) else None


def _device(place: str) -> int:
    """Return the disk a place is on, or would be on: the disk of the nearest folder there is."""
    for path in (Path(place), *Path(place).parents):
        try:
            return path.stat().st_dev
        except OSError:
            continue
    return -1
