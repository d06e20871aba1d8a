"""A disk that loses what was not synced, below the database and below our own files alike.

`python -m tests.faults.powercut FOUNDED WORK CUTS SEED FLAW` does one work of `works` once, over a
file system that writes down every write, sync, cut and rename. Then it draws moments and builds,
for each, what a disk could hold after the power failed there: everything that was synced, and of
the rest any choice of pieces, whole, torn or lost. What is left is opened with the product, through
the driver it always uses, and judged as after a kill. FLAW plants a fault that must be found: a
harness that finds none of them would prove nothing.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import stat
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import apsw
from playhouse.apsw_ext import APSWDatabase

import gdpr.audit.anchor as audit_anchor
import gdpr.audit.ledger as audit_ledger
import gdpr.store.database as store_database
import gdpr.store.places as store_places
import gdpr.store.shred_file as store_shred_file
from tests.faults.killing import EVERY, Ring
from tests.once import be_quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECTOR = 512
_SIDES = ("-wal", "-journal")


class Recorder:
    """Everything that changes a file of the register, in the order in which it happened."""

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.on = False

    def note(self, *event: object) -> None:
        if self.on:
            self.events.append(event)


class LyingDisk(apsw.VFS):
    """SQLite's files: each write and sync goes through to the real disk and is written down."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__("lying", "")
        self.recorder = recorder

    def xOpen(self, name: Any, flags: Any) -> LyingFile:  # noqa: N802 - SQLite's name
        return LyingFile(self.recorder, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802 - SQLite's signature
        super().xDelete(name, sync)
        self.recorder.note("gone", name)


class LyingFile(apsw.VFSFile):
    """One file of SQLite's."""

    def __init__(self, recorder: Recorder, name: Any, flags: Any) -> None:
        self.recorder = recorder
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        super().xWrite(data, offset)
        self.recorder.note("write", self.path, offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        super().xTruncate(size)
        self.recorder.note("cut", self.path, size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        super().xSync(flags)
        self.recorder.note("sync", self.path)


class Cursor(apsw.Cursor):
    """What our code asks of a cursor and this driver leaves out."""

    rowcount = -1

    def execute(self, *statement: Any, **options: Any) -> Any:
        answer = super().execute(*statement, **options)
        self.rowcount = self.connection.changes()
        return answer

    def executemany(self, *statement: Any, **options: Any) -> Any:
        before = self.connection.total_changes()
        answer = super().executemany(*statement, **options)
        self.rowcount = self.connection.total_changes() - before
        return answer

    def fetchmany(self, count: int) -> list[Any]:
        return [row for row, _ in zip(self, range(count), strict=False)]


class Connection(apsw.Connection):
    """A connection that lets itself be told how to read text, and reads it as it is."""

    text_factory: object = None


class LyingDatabase(APSWDatabase):
    """peewee over the lying disk."""

    def _connect(self) -> Connection:
        connection = Connection(self.database, vfs="lying")
        connection.cursor_factory = Cursor
        self._add_conn_hooks(connection)
        return connection


class OwnFiles:
    """Our own files: anchor, ledger, pin and whatever else is written without SQLite."""

    def __init__(self, recorder: Recorder, folder: Path) -> None:
        self.recorder = recorder
        self.folder = folder
        self._sync, self._replace, self._truncate = os.fsync, os.replace, os.truncate

    def watch(self) -> None:
        os.fsync, os.replace, os.truncate = self.fsync, self.replace, self.truncate

    def fsync(self, handle: int) -> None:
        found = os.fstat(handle)
        path = str(Path(f"/proc/self/fd/{handle}").readlink())
        if stat.S_ISDIR(found.st_mode):
            self._sync(handle)
            self.recorder.note("names", path)
            return
        content = Path(f"/proc/self/fd/{handle}").read_bytes()
        self.recorder.note("content", path, content)
        self._sync(handle)
        self.recorder.note("kept", path, content)

    def replace(self, source: str, target: str, **places: int) -> None:
        self.recorder.note("rename", str(source), str(target))
        self._replace(source, target, **places)

    def truncate(self, path: str, length: int) -> None:
        self._truncate(path, length)
        self.recorder.note("content", str(path), Path(path).read_bytes())


class Image:
    """What the disk holds, and what is still on its way to it, up to one moment."""

    def __init__(self, files: dict[str, bytes], chance: random.Random) -> None:
        self.kept = dict(files)
        self.chance = chance
        self.pages: dict[str, list[tuple[int, bytes | None]]] = defaultdict(list)
        self.contents: dict[str, bytes] = {}
        self.renames: list[tuple[str, bytes]] = []

    def meet(self, kind: str, path: str, *more: Any) -> None:
        meeting = getattr(self, f"meet_{kind}", None)
        if meeting is not None:
            meeting(path, *more)

    def meet_write(self, path: str, offset: int, data: bytes) -> None:
        self.pages[path].append((offset, data))

    def meet_cut(self, path: str, size: int) -> None:
        self.pages[path].append((size, None))

    def meet_sync(self, path: str) -> None:
        self.kept[path] = _applied(self.kept.get(path, b""), self.pages.pop(path, []))

    def meet_gone(self, path: str) -> None:
        self.pages.pop(path, None)
        self.kept.pop(path, None)

    def meet_content(self, path: str, content: bytes) -> None:
        self.contents[path] = content

    def meet_kept(self, path: str, content: bytes) -> None:
        self.contents.pop(path, None)
        self.kept[path] = content

    def meet_rename(self, path: str, target: str) -> None:
        # What was renamed without a sync of its content may come out empty.
        self.renames.append((target, self.kept.pop(path, b"")))

    def meet_names(self, path: str) -> None:
        waiting, self.renames = self.renames, []
        for target, content in waiting:
            if os.path.dirname(target) == path:  # noqa: PTH120 - texts, compared a thousand times
                self.kept[target] = content
            else:
                self.renames.append((target, content))

    def after_the_cut(self) -> dict[str, bytes]:
        """Draw what is left: all that was kept, and of the rest any pieces in any order."""
        left = Image(self.kept, self.chance)
        left.kept.update(self.renames[: self.chance.randint(0, len(self.renames))])
        for path, content in self.contents.items():
            left.kept[path] = self._torn(left.kept.get(path, b""), content)
        for path, pages in self.pages.items():
            arrived = [self._piece(page) for page in pages if self.chance.random() < 0.5]
            left.kept[path] = _applied(left.kept.get(path, b""), arrived)
        return left.kept

    def _torn(self, old: bytes, new: bytes) -> bytes:
        """Take of every sector the old or the new one; a file that grew may be cut in it."""
        size = max(len(old), len(new))
        sectors = range(0, size, _SECTOR)
        drawn = [self.chance.choice((old, new)) for _ in sectors]
        if self.chance.random() < 0.5 and len(new) > len(old):
            return new[: self.chance.randint(len(old), len(new))]
        pieces = (one[at : at + _SECTOR] for at, one in zip(sectors, drawn, strict=True))
        return b"".join(pieces)[: self.chance.choice((len(old), len(new)))]

    def _piece(self, page: tuple[int, bytes | None]) -> tuple[int, bytes | None]:
        offset, data = page
        if data is None or len(data) <= _SECTOR or self.chance.random() < 0.8:
            return page
        return offset, data[: _SECTOR * self.chance.randint(1, len(data) // _SECTOR)]


def _applied(content: bytes, pages: list[tuple[int, bytes | None]]) -> bytes:
    held = bytearray(content)
    for offset, data in pages:
        if data is None:
            del held[offset:]
            continue
        held.extend(bytes(max(offset - len(held), 0)))
        held[offset : offset + len(data)] = data
    return bytes(held)


class CutRing(Ring):
    """One register whose power fails."""

    def record(self, flaw: str) -> tuple[dict[str, bytes], list[tuple[Any, ...]]]:
        """Do the work once in a child; return the files before and all that happened to them."""
        self.bring_back()
        before = {str(path): path.read_bytes() for path in self._files()}
        log = self.place.folder.with_name("events")
        child = os.fork()
        if child == 0:
            self._live(log, flaw)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(log.read_bytes().decode())
        return before, pickle.loads(log.read_bytes())

    def _live(self, log: Path, flaw: str) -> None:
        import traceback

        code = 1
        try:
            recorder = Recorder()
            disk = LyingDisk(recorder)
            store_database._connect = _connecting(flaw)
            OwnFiles(recorder, self.place.folder).watch()
            _plant_flaw(flaw)
            recorder.on = True
            if self.work.from_opening:
                recorder.note("begun", "")
            with self.work.enter(self.place) as register:
                if not self.work.from_opening:
                    recorder.note("begun", "")
                self.work.do(register, self.place, lambda what: recorder.note("told", "", what))
                recorder.on = False
            log.write_bytes(pickle.dumps(recorder.events))
            code = 0
            del disk
        except BaseException:  # noqa: BLE001 - the child ends here, and says how
            log.write_text(traceback.format_exc())
        finally:
            os._exit(code)

    def _files(self) -> Iterator[Path]:
        for folder in (self.place.vault.parent, self.state):
            yield from (path for path in folder.iterdir() if path.is_file())

    def cut_often(self, cuts: int, seed: int, flaw: str) -> dict[str, object]:
        self.work.log_may_come_back = True
        before, events = self.record(flaw)
        chance = random.Random(seed)
        problems: list[str] = []
        begun = next(at for at, event in enumerate(events, 1) if event[0] == "begun")
        moments = sorted(chance.randint(begun, len(events)) for _ in range(cuts))
        inside = 0
        image, done, told = Image(before, chance), 0, []
        for moment in moments:
            for event in events[done:moment]:
                if event[0] == "told":
                    told.append(event[2])
                else:
                    image.meet(*event)
            done = moment
            inside += moment < len(events)
            self._lay(image.after_the_cut())
            place = f"cut after {moment} of {len(events)} ({events[moment - 1][0]})"
            try:
                problems += [f"{place}: {text}" for text in self.found(list(told))]
            except Exception as error:  # noqa: BLE001 - whatever stops the opening is the finding
                problems.append(f"{place}: {type(error).__name__} {error}")
        return {"events": len(events) - begun, "cuts": cuts, "inside": inside, "problems": problems}

    def _lay(self, files: dict[str, bytes]) -> None:
        """Bring the folder to what the disk holds."""
        self.bring_back()
        for path in list(self._files()):
            path.unlink()
        for name, content in files.items():
            path = Path(name)
            if not path.parent.is_dir() or name.endswith("-shm"):
                continue
            if name.endswith(_SIDES) and not content:
                continue
            path.write_bytes(content)
            path.chmod(0o600)


def _connecting(flaw: str) -> Callable[[Path], LyingDatabase]:
    synchronous = {"synchronous=NORMAL": 1, "synchronous=OFF": 0}.get(flaw, 2)

    def connect(path: Path) -> LyingDatabase:
        pragmas = [
            ("busy_timeout", 10_000), ("secure_delete", 1), ("journal_mode", "wal"),
            ("synchronous", synchronous), ("foreign_keys", 1), ("temp_store", 2),
            ("mmap_size", 0), ("cache_size", -64_000),
        ]  # fmt: skip
        database = LyingDatabase(str(path), pragmas=pragmas)
        database.connect()
        return database

    return connect


def _plant_flaw(flaw: str) -> None:
    """Take one sync away, as somebody in a hurry might."""
    if flaw == "ledger unsynced":
        append = store_places.append_private
        audit_ledger.append_private = lambda path, content, may_lag=False: append(
            path, content, may_lag=True
        )
    if flaw == "secrets unsynced":
        store_shred_file.os = SimpleNamespace(**{**vars(os), "fsync": lambda handle: None})
    if flaw == "files unsynced":

        def write(path: Path, content: bytes, *, may_lag: bool = False) -> None:
            temporary = path.with_name(f".{path.name}.{os.getpid()}")
            temporary.write_bytes(content)
            temporary.chmod(0o600)
            os.replace(temporary, path)  # noqa: PTH105 - watched under this name
            store_places.sync_folder(path.parent)

        audit_anchor.write_private = write


def main(founded: str, work: str, cuts: str, seed: str, flaw: str) -> None:
    """Answer for one work."""
    os.umask(0o077)
    be_quick()
    ring = CutRing(Path(founded), Path.cwd(), EVERY[work]())
    sys.stdout.write(json.dumps(ring.cut_often(int(cuts), int(seed), flaw)))
    shutil.rmtree(Path.cwd() / "place", ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
