"""A program that does one thing again and again and is killed at every point of it.

`python -m tests.faults.killing FOUNDED WORK CHUNK OF` plants a register, counts the points that
the work passes - every SQL statement, and both sides of every sync, rename and cut of a file - and
then, for each point of its chunk, forks a child that dies there. What is left is opened with the
product and judged. The answer is one JSON object on stdout.

A child that begins anew for each point does the work as often as there are points. In short the
work is therefore done once, and at each point a child of it dies that has taken along what lies on
the disk: SIGKILL takes back nothing that was written. At each eighth point a child that began anew
is killed as well, and must have left the same.

SIGKILL loses nothing that was written, only what comes after. At the points that have to do with
files the child therefore dies once more in a worse way: the state folder loses everything that
was not synced, as in a power cut, so does the shred file, and once the ledger's last write and each
block of the shred file stay half done.

In short every file point and every edge of a transaction is tried. Before a statement that reads,
the disk is as before the next that writes, and inside a transaction one is undone like the other:
of those that write each fourth is tried. KARTOTEKA_FAULTS=long tries all.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import stat
import sys
import traceback
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import peewee

import gdpr.store.database as store_database
import gdpr.store.ids as store_ids
import gdpr.vault.fields as vault_fields
import gdpr.vault.keyring as vault_keyring
import gdpr.vault.shred as vault_shred
from gdpr.clock import FixedClock
from tests.crm.conftest import NOON, Place
from tests.faults.erasing_many import ErasingMany
from tests.faults.invariants import breaches, residue, spellings
from tests.faults.keeping_works import KEEPING
from tests.faults.works import WORKS
from tests.once import be_quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.works import Work

    # A point by its number, and what is left there.
    Turn = tuple[int, str]
    Die = Callable[["Points", list[object], int], None]

EVERY = {**WORKS, **KEEPING, "erasing many": ErasingMany}
KILL, CUT, TEAR, HALF = "kill", "power cut", "torn line", "torn block"
BLOCK = "before a block of the shred file"
SHRED = ".shred"
LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
READS = "sql SELECT"
# What begins, ends or moves a transaction, and what may change how it is kept.
EDGES = ("sql BEGIN", "sql COMMIT", "sql ROLLBACK", "sql SAVEPOINT", "sql RELEASE", "sql PRAGMA")
# Of the points one in so many is met by a child that does nothing but the work.
EACH = 1 if LONG else 8


class Disk:
    """What a folder would hold after a power cut: of each file, and of itself, the last sync.

    So would a file that is written in place elsewhere, such as the shred file.
    """

    def __init__(self, folder: Path, in_place: Path) -> None:
        self.folder = folder
        self.in_place = in_place
        self.synced_in_place = in_place.read_bytes()
        self.contents = {}
        self.names = {}
        for entry in os.scandir(folder):
            self.names[entry.name] = entry.inode()
            self.contents[entry.inode()] = Path(entry.path).read_bytes()

    def synced(self, handle: int) -> None:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            if found.st_ino == self.folder.stat().st_ino:
                self.names = {e.name: e.inode() for e in os.scandir(self.folder)}
        else:
            self.contents[found.st_ino] = Path(f"/proc/self/fd/{handle}").read_bytes()
            if found.st_ino == self.in_place.stat().st_ino:
                self.synced_in_place = self.contents[found.st_ino]

    def keep(self, path: str | Path) -> None:
        """Hold a file that is about to lose its name, so that its number is not used again."""
        if Path(path).exists():
            os.open(path, os.O_RDONLY)

    def cut(self, found: Callable[[Path], Path]) -> None:
        folder = found(self.folder)
        for entry in os.scandir(folder):
            Path(entry.path).unlink()
        for name, inode in self.names.items():
            path = folder / name
            path.write_bytes(self.contents.get(inode, b""))
            path.chmod(0o600)
        found(self.in_place).write_bytes(self.synced_in_place)


class Points:
    """Counts what the work passes, and dies at one of the points."""

    def __init__(self, disk: Disk, die: Callable[[int], None]) -> None:
        self.disk = disk
        self.names: list[str] = []
        self.on = False
        self._die = die
        self._block = (0, b"")
        self._sync, self._replace, self._truncate = os.fsync, os.replace, os.truncate
        self._write = os.write

    def watch(self) -> None:
        """Patch this process; it ends soon."""
        os.fsync, os.replace, os.truncate = self.fsync, self.replace, self.truncate
        os.write = self.write
        # Every child draws the same, so that what is equal is judged once.
        for module in (vault_shred, vault_keyring, vault_fields, store_ids):
            module.urandom = random.Random(7).randbytes
        store_ids.time_ns = lambda: int(NOON.timestamp()) * 1_000_000_000
        connect = store_database._connect

        def traced(path: Path) -> object:
            database = connect(path)
            database.connection().set_trace_callback(lambda text: self.meet(f"sql {text[:60]}"))
            return database

        store_database._connect = traced

    def write(self, handle: int, content: bytes) -> int:
        if self.on and str(Path(f"/proc/self/fd/{handle}").readlink()).endswith(SHRED):
            self._block = (os.lseek(handle, 0, os.SEEK_CUR), content)
            self.meet(BLOCK)
        return self._write(handle, content)

    def meet(self, name: str) -> None:
        if not self.on:
            return
        self.names.append(name)
        self._die(len(self.names))

    def spoil(self, how: str, found: Callable[[Path], Path]) -> None:
        """Make of what lies on the disk, found where it was taken to, what is left in that way."""
        if how == TEAR:
            path = found(self.disk.folder / "ledger")
            sound = path.read_bytes().rstrip(b"\n").rfind(b"\n") + 1
            self._truncate(path, (sound + path.stat().st_size) // 2)
        elif how == CUT:
            self.disk.cut(found)
        elif how == HALF:
            start, content = self._block
            with found(self.disk.in_place).open("r+b", buffering=0) as file:
                file.seek(start)
                file.write(content[: len(content) // 2])

    def fsync(self, handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        name = "the folder" if folder else Path(f"/proc/self/fd/{handle}").readlink().name
        name = name.rstrip("0123456789")
        self.meet(f"before the sync of {name}")
        self._sync(handle)
        self.disk.synced(handle)
        self.meet(f"after the sync of {name}")

    def replace(self, source: str, target: str, **places: int) -> None:
        name = Path(target).name
        self.meet(f"before the rename to {name}")
        self.disk.keep(target)
        self._replace(source, target, **places)
        self.meet(f"after the rename to {name}")

    def truncate(self, path: str, length: int) -> None:
        self.meet(f"before the cut of {Path(path).name}")
        self._truncate(path, length)
        self.meet(f"after the cut of {Path(path).name}")


class Ring:
    """One register in a folder of its own, brought back before each child."""

    def __init__(self, founded: Path, folder: Path, work: Work) -> None:
        self.work = work
        self._judged: dict[str, list[str]] = {}
        self.template = folder / "template"
        self.taken = folder / "taken"
        shutil.copytree(founded, self.template)
        self.place = Place(folder / "place", FixedClock(NOON))
        os.environ.update(self.place.environment)
        os.environ["TMPDIR"] = str(self.place.folder / "tmp")
        self.bring_back()
        with self.place.open() as register:
            work.plant(register, self.place)
        shutil.rmtree(self.template)
        self.place.folder.rename(self.template)

    @property
    def state(self) -> Path:
        (found,) = (self.place.folder / "state" / "kartoteka").iterdir()
        return found

    @property
    def shred(self) -> Path:
        return self.place.vault.with_name(self.place.vault.name + SHRED)

    def bring_back(self) -> None:
        shutil.rmtree(self.place.folder, ignore_errors=True)
        shutil.copytree(self.template, self.place.folder)
        self.place.folder.chmod(0o700)

    def run(self, turn: Turn | None) -> tuple[int, list[str], list[str]]:
        """Do the work in a child; return how it ended, what it acknowledged, what it passed."""
        if turn is None:
            return self._in_child(lambda _points, _told, _at: None)
        die_at, how = turn

        def die(points: Points, _told: list[object], at: int) -> None:
            if at == die_at:
                points.spoil(how, Path)
                os.kill(os.getpid(), signal.SIGKILL)

        return self._in_child(die)

    def take(self, turns: list[Turn]) -> None:
        """Do the work once; at each turn a child of it takes along what lies there, and dies."""
        shutil.rmtree(self.taken, ignore_errors=True)
        wanted: dict[int, list[str]] = {}
        for at, how in turns:
            wanted.setdefault(at, []).append(how)

        def die(points: Points, told: list[object], at: int) -> None:
            for how in wanted.get(at, ()):
                child = os.fork()
                if child == 0:
                    self._take_along(points, told, (at, how))
                _, status = os.waitpid(child, 0)
                if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
                    raise RuntimeError(at, how)

        code, told, _ = self._in_child(die)
        if code != 0:
            raise SystemExit("\n".join(map(str, told)))

    def _take_along(self, points: Points, told: list[object], turn: Turn) -> None:
        try:
            points.on = False
            folder = self.left_at(turn)
            shutil.copytree(self.place.folder, folder)
            points.spoil(turn[1], lambda path: folder / path.relative_to(self.place.folder))
            folder.with_suffix(".told").write_text(json.dumps(told))
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)

    def left_at(self, turn: Turn) -> Path:
        return self.taken / f"{turn[0]} {turn[1]}"

    def lay_out(self, turn: Turn) -> list[str]:
        """Lay out what was left at a turn; return what was acknowledged by then."""
        shutil.rmtree(self.place.folder)
        folder = self.left_at(turn)
        folder.rename(self.place.folder)
        told: list[str] = json.loads(folder.with_suffix(".told").read_text())
        return told

    def _in_child(self, die: Die) -> tuple[int, list[str], list[str]]:
        self.bring_back()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            gc.disable()
            os.close(reader)
            self._live_and_die(writer, die)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            told = [json.loads(line) for line in pipe.read().splitlines()]
        _, status = os.waitpid(child, 0)
        names = next((line["points"] for line in told if isinstance(line, dict)), [])
        return os.waitstatus_to_exitcode(status), [w for w in told if isinstance(w, str)], names

    def _live_and_die(self, writer: int, die: Die) -> None:
        said: list[object] = []

        def tell(what: object) -> None:
            said.append(what)
            os.write(writer, json.dumps(what).encode() + b"\n")

        code = 1
        try:
            points = Points(Disk(self.state, self.shred), lambda at: die(points, said, at))
            points.watch()
            points.on = self.work.from_opening
            with self.work.enter(self.place) as register:
                points.on = True
                self.work.do(register, self.place, tell)
            points.meet("the end")
            tell({"points": points.names})
            code = 0
        except BaseException:  # noqa: BLE001 - the child ends here, and says how
            tell("failed: " + traceback.format_exc())
        finally:
            os._exit(code)

    def found(self, told: list[str], mark: str = "") -> list[str]:
        """Judge what a child left; what is the same to the last byte of every row was judged."""
        early = list(self.work.before_opening(self.place, self.state, told))
        mark = mark or self.mark(told)
        if mark not in self._judged:
            self._judged[mark] = list(self.judge(told))
        return early + self._judged[mark]

    def mark(self, told: list[str], *, values: bool = True) -> str:
        """Hash every row and every file of the state folder, without touching the originals.

        Without values only which rows and files there are.
        """
        copy = self.place.folder.with_name("copy")
        shutil.copytree(self.place.vault.parent, copy)
        database = peewee.SqliteDatabase(str(copy / self.place.vault.name))
        mark = sha256(repr(told).encode())
        for table in database.get_tables():
            rows = database.execute_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()
            mark.update(repr((table, rows if values else len(rows))).encode())
        database.close()
        shutil.rmtree(copy)
        for path in (*sorted(self.state.iterdir()), self.shred):
            known = ".anchor" if path.name.startswith(".anchor.") else path.name
            mark.update(repr((known, path.read_bytes() if values else "")).encode())
        return mark.hexdigest()

    def judge(self, told: list[str]) -> Iterator[str]:
        """Open what is left, compare it with what may be, let the work finish, compare again."""
        with self.work.enter(self.place) as register:
            yield from breaches(register)
            yield from self.work.judge(register, told)
        with self.work.enter(self.place) as register:
            self.work.finish(register, self.place)
            yield from breaches(register)
            yield from (f"I7 after finishing: {text}" for text in self.work.judge(register, ["*"]))
        forms = {form for text in self.work.canaries for form in spellings(text)}
        yield from (f"I8 {name}: {form!r}" for name, form in residue(self.place.folder, forms))
        gone = residue(self.place.folder, self.work.gone)
        yield from (f"I8 {name} keeps {form.hex()}" for name, form in gone)

    def kill_all(self, chunk: int, of: int) -> dict[str, object]:
        code, told, names = self.run(None)
        if code != 0:
            raise SystemExit("\n".join(told))
        problems = [
            f"not killed: {text}" for text in self.found([t for t in told if isinstance(t, str)])
        ]
        turns = self._turns(names)[chunk::of]
        if EACH > 1:
            self.take(turns)
        killed = 0
        for number, turn in enumerate(turns):
            died, found = self._kill(turn, for_good=number % EACH == 0)
            killed += died
            problems += [f"{turn[1]} at {turn[0]} {names[turn[0] - 1]!r}: {text}" for text in found]
        return {"points": len(names), "turns": len(turns), "killed": killed,
                "judged": len(self._judged), "problems": problems, "names": names}  # fmt: skip

    def _turns(self, names: list[str]) -> list[Turn]:
        turns = [(at, KILL) for at in self.work.chosen(names) if LONG or _differs(names, at)]
        for at, name in enumerate(names, 1):
            if not name.startswith("sql "):
                turns.append((at, CUT))
            if name == "before the sync of ledger":
                turns.append((at, TEAR))
            if name == BLOCK:
                turns.append((at, HALF))
        return turns

    def _kill(self, turn: Turn, *, for_good: bool) -> tuple[bool, list[str]]:
        """Judge what a child of the work took along, and what one that dies of itself leaves."""
        problems, left = [], ("", "")
        if EACH > 1:
            told = self.lay_out(turn)
            left = self._marks(told, alike=for_good)
            problems += self.found(told, left[0])
        if not for_good:
            return False, problems
        code, told, _ = self.run(turn)
        if code not in (0, -signal.SIGKILL):
            return False, [*problems, str(told)]
        died = self._marks(told, alike=True)
        if left[1] not in ("", died[1]):
            problems.append("a kill leaves something else than was taken along")
        return code == -signal.SIGKILL, [*problems, *self.found(told, died[0])]

    def _marks(self, told: list[str], *, alike: bool) -> tuple[str, str]:
        """Mark what lies there to know it again, and what of it is alike however it was left."""
        mark = self.mark(told)
        return mark, self.mark(told, values=False) if alike and self.work.by_lot else mark


def _differs(names: list[str], at: int) -> bool:
    """Tell whether a point is tried in short: not each statement of one transaction."""
    name = names[at - 1]
    if not name.startswith("sql ") or name.startswith(EDGES):
        return True
    before = sum(not one.startswith(READS) for one in names[:at])
    return not name.startswith(READS) and before % 4 == 0


def main(founded: str, work: str, chunk: str, of: str) -> None:
    """Answer for one chunk."""
    os.umask(0o077)
    be_quick()
    gc.freeze()
    folder = Path.cwd()
    sys.stdout.write(
        json.dumps(Ring(Path(founded), folder, EVERY[work]()).kill_all(int(chunk), int(of)))
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
