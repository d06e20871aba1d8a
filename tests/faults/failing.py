"""Commands on a disk of which the n-th change fails, for every n: full from then on, or broken.

`python -m tests.faults.failing FOUNDED HOW MOST WORK…` must be started with `failing_disk.c`, built
and named in LD_PRELOAD and KARTOTEKA_FAILING. It plants a register, counts what each command
changes on the disk, and then runs the command again and again in a child of its own, in which one
of these changes fails. MOST says at how many of them, of as many kinds; 0 at all. What is said and
what is left is judged. The answer is one JSON object on stdout.
"""

from __future__ import annotations

import ctypes
import errno
import io
import json
import os
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import crm.kartoteka
from crm import i18n
from crm.cli.app import finish, run
from crm.cli.failures import install_hooks
from crm.errors import StateNotWritten
from crm.kartoteka import Kartoteka
from crm.transfer.cards import ImportOrder
from gdpr.clock import FixedClock
from gdpr.errors import DiskFailed
from gdpr.store.errors import DiskFull
from gdpr.vault.kdf import FLOOR
from tests.crm.client_lists import firm, latvian, person
from tests.crm.conftest import NOON, OWNER, PASSWORD, Place
from tests.crm.consenting import add_wording, agree
from tests.faults.invariants import breaches
from tests.faults.keeping_works import hire
from tests.once import be_quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOWS: Final = {"full": (errno.ENOSPC, True), "broken": (errno.EIO, False)}
NUMBER: Final = "3"
NEW: Final = "pieci resni suņi rej naktī skaļi"
# What a command adds to whether it did its work: looking, counting, and copies it writes.
_NOT_OF_THE_WORK: Final = {"audit_entry", "known_copy", "proved", "row_chain"}
_ID: Final = re.compile(r"[0-9a-f]{8,}|[0-9]+")
SAYS: Final = {
    # SQLite has one word for a disk that is full when it syncs, and for one that is broken.
    # After a sync of a commit that failed nobody knows, and neither is said.
    "full": ((DiskFull.text, DiskFailed.text), StateNotWritten.text),
    "broken": ((DiskFailed.text,), StateNotWritten.text),
}


@dataclass(frozen=True)
class Command:
    """A command line, what must be there before it, and how it may end."""

    words: tuple[str, ...]
    before: Callable[[Place], None] | None = None
    typed: str = ""
    password: str = PASSWORD
    codes: frozenset[int] = frozenset({0})
    # Whether it works in steps, of which some may be done when the disk refuses the next.
    steps: bool = False


def lose_secrets(place: Place) -> None:
    """Take the shred file away."""
    place.vault.with_name(place.vault.name + ".shred").unlink()


def clear(place: Place) -> None:
    """Take the register away, as before it was founded."""
    shutil.rmtree(place.vault.parent)
    shutil.rmtree(place.folder / "state")


def copied(place: Place) -> None:
    """Leave a copy of the register in the place of another one."""
    other = place.folder / "other"
    shutil.copytree(place.vault.parent, other)


DATA, KEYS = "{data}", "{keys}"
RESTORE = ("backup", "restore", "--data", DATA, "--keys", KEYS, "--accept-older", "--to")
COMMANDS: Final = {
    "add": Command(
        ("client", "add", "--kind", "natural", "--relation", "client", "--name", "Jānis Ozols")
    ),
    "note": Command(("note", "add", NUMBER, "zvanīja, atzvanīt rīt")),
    "erase": Command(
        ("subject", "erase", NUMBER, "--because", "no-longer-needed", "--confirm", NUMBER)
    ),
    "import": Command(("import", "good.csv", "--relation", "client"), steps=True),
    "rejects": Command(
        ("import", "bad.csv", "--relation", "client", "--rejects", "out/rejects.csv"),
        codes=frozenset({0, 8}), steps=True,
    ),
    # The keyed hash of an export may stay that came to nothing: it tells nothing of anybody.
    "clients": Command(
        ("export", "clients", "--profile", "rfc4180", "--out", "out/clients.csv"), steps=True
    ),
    "everything": Command(("export", "everything", "--to", "out/all")),
    "package": Command(("subject", "access", NUMBER, "--out", "out/package")),
    "archive": Command(("subject", "access", NUMBER, "--out", "out/package.zip", "--encrypt")),
    "receipt": Command(
        ("consent", "receipt", NUMBER, "--purpose", "direct_marketing", "--out", "out/yes.json")
    ),
    "backup": Command(("backup", "create", "--to", "out")),
    "drill": Command(("backup", "drill")),
    "restore": Command((*RESTORE, "register/register.kartoteka")),
    "restore elsewhere": Command((*RESTORE, "out/restored/office.kartoteka")),
    "adopt": Command(
        ("--vault", "other/register.kartoteka", "backup", "adopt"), before=copied
    ),
    "shred file": Command(("key", "shred-file", "--keys", KEYS), before=lose_secrets),
    "rotate": Command(("key", "rotate", "contact"), steps=True),
    "recovery key": Command(("key", "recovery", "--new")),
    "offboard": Command(("user", "disable", "karlis"), steps=True),
    "password": Command(("user", "password"), typed=NEW + "\n"),
    "hire": Command(("user", "add", "liga", "--role", "office")),
    "settings": Command(("firm", "edit", "--phone", "+37167000000")),
    "verify": Command(("audit", "verify")),
    "shred copies": Command(("files", "shred", KEYS, DATA)),
    "wrong password": Command(("client", "list"), password="wrong", codes=frozenset({5})),
    "found": Command(
        ("init", "--firm", "SIA Jauns", "--country", "LV", "--reg-no", "40003798684",
         "--address", "Rīga", "--email", "b@example.com", "--user", OWNER, "--language", "lv"),
        before=clear,
    ),
}  # fmt: skip


class Bench:
    """One register on a disk that can be told to fail."""

    def __init__(self, founded: Path, folder: Path) -> None:
        self.disk = ctypes.CDLL(os.environ["KARTOTEKA_FAILING"])
        self.disk.failing_told.restype = ctypes.c_char_p
        self.scratch = folder
        self.template = folder / "template"
        self.place = Place(folder / "place", FixedClock(NOON))
        shutil.copytree(founded, self.place.folder)
        os.environ.update(self.place.environment)
        os.environ["TMPDIR"] = str(self.place.folder / "tmp")
        os.environ["KARTOTEKA_VAULT"] = str(self.place.vault)
        os.environ["KARTOTEKA_USER"] = OWNER
        os.environ["COLUMNS"] = "100"
        self._plant()
        self.place.folder.rename(self.template)

    def _plant(self) -> None:
        place = self.place
        for name in ("tmp", "out", "drive"):
            (place.folder / name).mkdir(mode=0o700)
        (place.folder / "good.csv").write_bytes(latvian(*map(person, range(20, 26))))
        (place.folder / "bad.csv").write_bytes(latvian(person(7, email="kanarija@"), person(8)))
        with place.open() as register:
            rows = io.BytesIO(latvian(firm(1), person(2), person(4)))
            register.imports.take(rows, ImportOrder(relation="client"))
            add_wording(register)
            agree(register, int(NUMBER))
            hire(register)
            made = register.backups.create(place.folder / "drive")
            register.subjects.erase("4", "no-longer-needed", 4)
        self.parts = {"data": made.data, "keys": made.keys}

    def bring_back(self, command: Command) -> None:
        """Lay everything out as it was planted, and as the command needs it."""
        shutil.rmtree(self.place.folder, ignore_errors=True)
        shutil.copytree(self.template, self.place.folder)
        self.place.folder.chmod(0o700)
        if command.before is not None:
            command.before(self.place)

    def start(self, command: Command, at: int, how: str) -> tuple[int, str, int, str]:
        """Run it in a child; return its code, what it said, the changes, which one failed."""
        self.bring_back(command)
        said, left = self.scratch / "said", self.scratch / "left"
        child = os.fork()
        if child == 0:
            code = 99
            try:
                code = self._run(command, at, how, said)
                told = (self.disk.failing_told() or b"").decode()
                number = self.disk.failing_seen()
                self.disk.failing_arm(b"", 0, 0, 0)
                left.write_text(json.dumps([number, told]))
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        changes, told = json.loads(left.read_text())
        left.unlink()
        return os.waitstatus_to_exitcode(status), said.read_text("utf-8"), changes, told

    def _run(self, command: Command, at: int, how: str, said: Path) -> int:
        handle = os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        sys.stdin = io.TextIOWrapper(io.BytesIO(command.typed.encode()), encoding="utf-8")
        os.chdir(self.place.folder)
        os.environ["KARTOTEKA_PASSWORD"] = command.password
        number, for_good = HOWS[how]
        install_hooks()
        self.disk.failing_arm(str(self.place.folder).encode(), at, number, int(for_good))
        words = [word.format(**self.parts) for word in command.words]
        code = finish(run(words, self.place.clock))
        sys.stderr.flush()
        return code

    def everywhere(self, name: str, how: str, most: int) -> dict[str, object]:
        """Let the command meet the fault at each of its changes, or at some of them."""
        command = COMMANDS[name]
        self.old = self._state(command)
        code, said, changes, names = self.start(command, 0, how)
        problems = []
        if code not in command.codes:
            problems.append(f"unharmed it ends with {code}: {said}")
        self.new = self._state(command, fresh=False)
        points = _spread(names.splitlines(), most) if most else list(range(1, changes + 1))
        sayings: Counter[str] = Counter()
        for at in points:
            code, said, _, told = self.start(command, at, how)
            sayings[" ".join([str(code), *said.split()])[-260:] if code else "0"] += 1
            found = self.judge(command, code, said, how)
            place = f"{name}, {how} at {at} of {changes} ({told.strip()})"
            problems += [f"{place}: {text}" for text in found]
        return {"changes": changes, "points": len(points), "problems": problems,
                "sayings": dict(sayings)}  # fmt: skip

    def judge(self, command: Command, code: int, said: str, how: str) -> Iterator[str]:
        """Compare what was said with what is left, which must open, be whole and go on."""
        if "Traceback" in said or "nexpected error" in said:
            yield f"not foreseen: {said[-400:]}"
            return
        heard = _squeezed(said)
        undone = any(_squeezed(text) in heard for text in SAYS[how][0])
        done = _squeezed(SAYS[how][1]) in heard
        if code not in {1, *command.codes}:
            yield f"ended with {code}: {said[-300:]}"
        try:
            now = self._state(command, fresh=False)
        except Exception as error:  # noqa: BLE001 - whatever stops the opening is the finding
            yield f"it does not go on: {type(error).__name__} {error} after {said[-200:]!r}"
            return
        if now not in (self.old, self.new) and not command.steps:
            yield f"half done: {_difference(self.old, now)}"
        if (done or code in command.codes) and now != self.new:
            yield f"said to be done and is not: {code} {_difference(now, self.new)}"
        if undone and not done and not command.steps and now != self.old:
            yield f"said to be undone and is done: {_difference(self.old, now)}"
        if now is not None:
            yield from self._left(command)

    def _left(self, command: Command) -> Iterator[str]:
        """Look into what opens again: whole, and every file with people in it is on the list."""
        with self.place.open() as register:
            yield from breaches(register)
            if register.lags:
                yield "the notes beside the register still lag"
            known = {Path(line.path) for line in register.copies.list(gone=False)}
        for path in (self.place.folder / "out").rglob("*"):
            if (
                path.is_dir()
                or path.name.endswith(".schema.json")
                or {path, *path.parents} & known
                or "restored" in path.parts
            ):
                continue
            yield f"{path.name} is on no list"
        for path in (self.place.folder / "tmp").rglob("*"):
            if path.is_file():
                yield f"{path} is left in the folder for passing things"
        left = [p.name for p in self.place.vault.parent.iterdir() if ".before-" in p.name]
        if left and command.words[1] != "restore":
            yield f"copies are left beside the register: {left}"

    def _state(self, command: Command, *, fresh: bool = True) -> dict[str, int] | None:
        """Count the rows of the register as it opens now, or say that there is none."""
        if fresh:
            self.bring_back(command)
        if not self.place.vault.exists():
            return None
        lost = not self.place.vault.with_name(self.place.vault.name + ".shred").exists()
        if lost and command.before is lose_secrets:
            return None
        password = PASSWORD
        if command.typed:
            try:
                Kartoteka.open(str(self.place.vault), OWNER, lambda: NEW, clock=self.place.clock)
                password = NEW
            except crm.kartoteka.KartotekaError:
                pass
        self.place.owner.__dict__["password"] = password
        with self.place.open() as register:
            desk = register.context.session
            names = [model.layout().table for model in desk.schema.all_models()]
            run_sql = desk.database.execute_sql
            counts = {
                name: run_sql(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for name in names
                if name not in _NOT_OF_THE_WORK
            }
            counts["rev"] = sum(
                run_sql(f'SELECT coalesce(sum(rev), 0) FROM "{name}"').fetchone()[0]
                for name in names if name in {"party", "setting", "user_account", "vault"}
            )  # fmt: skip
        return counts


def _spread(names: list[str], most: int) -> list[int]:
    """Choose so many changes: of each kind the last, for that is where something is done already.

    A kind is what is done to which file; numbers and ids in its name make no other one.
    """
    last = {_ID.sub("#", name): at for at, name in enumerate(names, 1)}
    kinds = sorted(last.values())
    if most >= len(kinds):
        return kinds
    return sorted({kinds[(len(kinds) - 1) * n // max(most - 1, 1)] for n in range(most)})


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _difference(one: dict[str, int] | None, other: dict[str, int] | None) -> str:
    if one is None or other is None:
        return f"{one is not None} {other is not None}"
    return str({k: (one[k], other[k]) for k in one if one[k] != other[k]})


def main(founded: str, how: str, most: str, *works: str) -> None:
    """Answer for some works."""
    os.umask(0o077)
    be_quick()
    i18n.use("en")
    crm.kartoteka.calibrate = lambda: FLOOR
    bench = Bench(Path(founded), Path.cwd())
    told = {name: bench.everywhere(name, how, int(most)) for name in works}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
