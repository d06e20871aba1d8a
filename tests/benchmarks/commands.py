"""Time whole commands on small and large registers: `python tests/benchmarks/commands.py`.

A user waits for a process, not for a function: its start, the key derivation, the opening of the
register and the work are all in the figure. Every register is made by the import command, with
the lawful bases of a client, as a firm would make it.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

from people import people  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people import Person

SIZES = (1_200, 20_000, 100_000)
_PASSWORD = "gravel sunrise copper lantern 47"
_FIRM = ("--firm", "SIA Paraugs", "--country", "LV", "--reg-no", "40003032949")
_OWNER = ("--address", "Rīga", "--email", "dati@example.com", "--user", "anna", "--language", "en")
_FROM = ("--relation", "client", "--informed", "2026-01-05", "--obtained-from", "subject")
# The invented bank and personal numbers have no check digits, so an import would refuse them.
_COLUMNS = (
    *("kind", "country", "name", "given_name", "family_name", "language", "email", "phone"),
    *("legal_address", "delivery_address"),
)


class Taken(NamedTuple):
    """What one process took: seconds on the clock and of the processor, and its peak in MiB."""

    wall: float
    cpu: float
    memory: float


def main() -> int:
    """Build the registers, run every command in turn on each, print a table in Markdown."""
    parser = argparse.ArgumentParser(description="Time whole commands as a user waits for them.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="clients in a register")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each command, at least 3")
    parser.add_argument("--only", default="", metavar="WORD", help="commands that contain WORD")
    parser.add_argument("--folder", type=Path, help="keep the registers here, and use them again")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kartoteka-bench-") as temporary:
        folder = wish.folder or Path(temporary)
        registers = [register(folder / str(size), size) for size in wish.sizes]
        tell(f"| command | {' | '.join(f'{size:,}' for size in wish.sizes)} | ratio of CPU |")
        tell(f"|---|{'---|' * len(wish.sizes)}---|")
        for name, arguments in commands().items():
            if wish.only in name:
                tell(line(name, [rounds(place, arguments, wish.rounds) for place in registers]))
    return 0


def commands() -> dict[str, list[str]]:
    """Name each command and its arguments; the client in question is there in every size."""
    sought = next(people(1))
    word = sought.display_name().split()[0]
    return {
        "--version": ["--version"],
        "client find (a number)": ["client", "find", sought.email],
        "client find (a name)": ["client", "find", word],
        "client show": ["client", "show", "1"],
        "client why": ["client", "why", "1"],
        "client list (a page)": ["client", "list", "--limit", "50"],
        "client list (all)": ["client", "list", "--format", "csv"],
        "export clients": ["export", "clients", "--profile", "rfc4180", "--out", "-"],
        "note add": ["note", "add", "1", "called about the printer"],
        "retention due": ["retention", "due"],
        "consent list": ["consent", "list", "1"],
        "audit verify": ["audit", "verify"],
        "doctor": ["doctor"],
    }


def register(folder: Path, size: int) -> Path:
    """Make a register of `size` clients by the commands, unless it is there already."""
    if not (folder / "register.kartoteka").exists():
        folder.mkdir(parents=True)
        run(folder, ["init", *_FIRM, *_OWNER])
        written = folder / "clients.csv"
        _write(written, people(size))
        run(folder, ["import", str(written), *_FROM])
        written.unlink()
    return folder


def _write(path: Path, persons: Iterable[Person]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS)
        for person in persons:
            rows.writerow([getattr(person, name) or "" for name in _COLUMNS])


def rounds(place: Path, arguments: list[str], count: int) -> Taken:
    """Run one command several times and return the median of each figure."""
    taken = [run(place, arguments) for _ in range(count)]
    return Taken(*(median(figures) for figures in zip(*taken, strict=True)))


def run(place: Path, arguments: list[str]) -> Taken:
    """Run one process to its end; its own accounting, not that of its parent, is read."""
    names = ("STATE", "DATA", "CONFIG", "CACHE")
    surroundings = {
        **os.environ,
        **{f"XDG_{name}_HOME": str(place / name.lower()) for name in names},
        "HOME": str(place),
        "KARTOTEKA_PASSWORD": _PASSWORD,
    }
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "crm.cli", "--vault", str(place / "register.kartoteka"), *arguments],
        env=surroundings,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    told = process.stderr.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    if process.returncode not in {0, 6}:  # 6: it ran, and something is due
        raise SystemExit(f"{arguments} ended with {process.returncode}: {told.decode()}")
    return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def line(name: str, taken: list[Taken]) -> str:
    """Write one row: seconds on the clock, of the processor, and MiB for each size."""
    cells = [f"{one.wall:.2f} s, {one.cpu:.2f} s CPU, {one.memory:.0f} MB" for one in taken]
    return f"| {name} | {' | '.join(cells)} | {taken[-1].cpu / taken[0].cpu:.1f} |"


def tell(text: str) -> None:
    """Print a line at once, because the next one may take minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
