"""Works killed at random moments, and what is left judged: `make kills`.

`python -m tests.faults.kills [--count N] [--seed SEED] [--flaw FLAW]` founds a register and, for
each of the six works in turn, starts the work in a process of its own, sends that process SIGKILL
at a moment drawn by lot over the time that the work takes, opens what is left with the product and
judges it: whole, nothing that was said is lost, and it goes on. A line for each work says how many
of the kills fell inside it, after its beginning and before its end, and how many violations there
were. What is drawn is drawn from the seed, which is printed, so that a run can be repeated; when
exactly a signal arrives is the system's affair.

FLAW plants a fault that must be found: a harness that finds none would prove nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from crm.kartoteka import Firm, Kartoteka
from gdpr.audit.journal import Journal
from gdpr.clock import FixedClock
from gdpr.store.shred_groups import Groups
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import NOON, OWNER, PASSWORD, Place
from tests.faults.invariants import breaches, residue, spellings
from tests.faults.killing import Ring
from tests.faults.random_works import SIX, Alone
from tests.once import be_quick

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gdpr.audit.journal import AuditedChange
    from gdpr.store.transaction import Transaction

ROOT: Final = Path(__file__).resolve().parents[2]
FLAWS: Final = ("none", "early secrets", "early anchor")
_BEGUN, _ENDED = "begun", "ended"
# The time a work takes is measured again after so many kills: other programs come and go.
_EACH, _LAST = 15, 3
# A little longer than the work takes, so that its last moments are hit as often as the others.
_LONGER = 1.02
# How long a planted fault keeps its window open, so that a few kills are enough to fall into it.
_OPEN_SECONDS = 0.05


@dataclass
class Tally:
    """What became of the kills of one work."""

    work: str
    kills: int = 0
    inside: int = 0
    after: int = 0
    milliseconds: int = 0
    violations: list[str] = field(default_factory=list)


class RandomRing(Ring):
    """One register whose works are killed by another process, whenever the lot says."""

    def start(self, flaw: str) -> tuple[int, int]:
        """Start the work in a process of its own; return its number and the pipe it speaks into."""
        self.bring_back()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            self._live(writer, flaw)
        os.close(writer)
        return child, reader

    def _live(self, writer: int, flaw: str) -> None:
        def tell(what: object) -> None:
            os.write(writer, json.dumps(what).encode() + b"\n")

        code = 1
        try:
            plant_flaw(flaw)
            if isinstance(self.work, Alone):
                tell([_BEGUN])
                self.work.do_alone(self.place, tell)
                tell([_ENDED])
            else:
                if self.work.from_opening:
                    tell([_BEGUN])
                with self.work.enter(self.place) as register:
                    if not self.work.from_opening:
                        tell([_BEGUN])
                    self.work.do(register, self.place, tell)
                    tell([_ENDED])
            code = 0
        except BaseException:  # noqa: BLE001 - the process ends here, and says how
            tell("failed: " + traceback.format_exc())
        finally:
            os._exit(code)

    def time_it(self, flaw: str) -> tuple[float, list[str]]:
        """Return how long the work takes if nobody ends it, and what it says is done."""
        said = []
        child, reader = self.start(flaw)
        with os.fdopen(reader, "rb") as pipe:
            self._wait_for_beginning(pipe.readline())
            begun = time.monotonic()
            for line in pipe:
                if (what := json.loads(line)) == [_ENDED]:
                    taken = time.monotonic() - begun
                else:
                    said.append(what)
        _, status = os.waitpid(child, 0)
        if status:
            raise SystemExit(f"{self.work}: it does not end: {said}")
        return taken, said

    def _unkilled(self, flaw: str) -> list[str]:
        """Judge what the work leaves that nobody kills; it also loads what every turn needs."""
        _, said = self.time_it(flaw)
        return [f"not killed: {text}" for text in self.what_is_wrong(said)]

    def kill_after(self, seconds: float, flaw: str) -> tuple[int, list[object]]:
        """Start the work, kill it so long after its beginning, and return what it had said."""
        child, reader = self.start(flaw)
        with os.fdopen(reader, "rb") as pipe:
            self._wait_for_beginning(pipe.readline())
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
            told = [json.loads(line) for line in pipe]
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), told

    def _wait_for_beginning(self, line: bytes) -> None:
        if not line or json.loads(line) != [_BEGUN]:
            raise SystemExit(f"{self.work}: it does not begin: {line.decode()}")

    def what_is_wrong(self, told: list[str]) -> Iterator[str]:
        """Judge what is left, whatever it is: what stops the opening is a violation as well."""
        try:
            yield from self.work.before_opening(self.place, self.state, told)
            yield from self.judge(told)
        except Exception as error:  # noqa: BLE001 - see above
            yield f"I7 it does not go on: {type(error).__name__} {error}"

    def judge(self, told: list[str]) -> Iterator[str]:
        """Open what is left and judge it; bring it to its end, go on with it, and judge again."""
        work = self.work
        with work.enter(self.place) as register:
            yield from breaches(register)
            yield from work.judge(register, told)
        if isinstance(work, Alone):
            work.again(self.place)
        with work.enter(self.place) as register:
            work.finish(register, self.place)
            yield from breaches(register)
            yield from (f"I7 after finishing: {text}" for text in work.judge(register, ["*"]))
        forms = {form for text in work.canaries for form in spellings(text)}
        yield from (f"I8 {name}: {form!r}" for name, form in residue(self.place.folder, forms))
        gone = residue(self.place.folder, work.gone)
        yield from (f"I8 {name} keeps {form.hex()}" for name, form in gone)

    def kill_often(self, name: str, count: int, chance: random.Random, flaw: str) -> Tally:
        """Kill the work so often, each time at a moment drawn anew."""
        violations = self._unkilled(flaw)
        times = [self.time_it(flaw)[0] for _ in range(_LAST if count > _EACH else 1)]
        milliseconds = round(statistics.median(times) * 1000)
        tally = Tally(name, milliseconds=milliseconds, violations=violations)
        for number in range(1, count + 1):
            if number % _EACH == 0:
                times.append(self.time_it(flaw)[0])
            seconds = chance.uniform(0, statistics.median(times[-_LAST:]) * _LONGER)
            code, told = self.kill_after(seconds, flaw)
            said = [what for what in told if isinstance(what, str)]
            if code not in (0, -signal.SIGKILL):
                tally.violations.append(f"{name} {number}: it failed by itself: {said}")
                continue
            ended = [_ENDED] in told
            tally.kills += 1
            tally.after += ended
            tally.inside += not ended
            where = f"{name} {number}, killed after {seconds * 1000:.1f} ms"
            tally.violations += [f"{where}: {text}" for text in self.what_is_wrong(said)]
        return tally


def plant_flaw(flaw: str) -> None:
    """Do before the commit what has to wait for it, as somebody in a hurry might."""
    if flaw == "early secrets":
        renew = Groups.renew

        def renewed(groups: Groups, work: Transaction, doomed: Collection[int]) -> None:
            renew(groups, work, doomed)
            groups.finish()
            time.sleep(_OPEN_SECONDS)

        Groups.renew = renewed
    if flaw == "early anchor":
        append = Journal.append

        def appended(journal: Journal, deed: AuditedChange) -> None:
            append(journal, deed)
            deed.after_commit.pop(0)()
            time.sleep(_OPEN_SECONDS)

        Journal.append = appended


def found(folder: Path) -> Path:
    """Found the register on which everything is done."""
    place = Place(folder, FixedClock(NOON))
    place.vault.parent.mkdir(mode=0o700, parents=True)
    os.environ.update(place.environment)
    firm = Firm("SIA Testa birojs", "LV", "40003798684", "Brīvības iela 1, Rīga", "b@example.com")
    login = (OWNER, PASSWORD)
    made, _key = Kartoteka.create(str(place.vault), firm, login, clock=place.clock, cost=FLOOR)
    with made:
        pass
    return folder


def shares(count: int) -> dict[str, int]:
    """Spread the kills evenly over the works; the first ones take what does not come out even."""
    each, rest = divmod(count, len(SIX))
    return {name: each + (number < rest) for number, name in enumerate(SIX)}


def table(tallies: Sequence[Tally]) -> str:
    """Lay out what became of the kills, a line for each work and one for all."""
    lines = [f"{'work':<12}{'takes':>9}{'kills':>7}{'inside':>8}{'share':>8}{'violations':>12}"]
    total = Tally("all")
    for one in tallies:
        lines.append(_line(one, f"{one.milliseconds} ms"))
        total.kills += one.kills
        total.inside += one.inside
        total.violations += one.violations
    return "\n".join([*lines, _line(total, "")]) + "\n"


def _line(one: Tally, takes: str) -> str:
    share = f"{one.inside / one.kills:.1%}" if one.kills else "-"
    broken = len(one.violations)
    return f"{one.work:<12}{takes:>9}{one.kills:>7}{one.inside:>8}{share:>8}{broken:>12}"


def kill_one(founded: Path, name: str, count: int, seed: str, flaw: str) -> None:
    """Answer for one work, in the current folder."""
    be_quick()
    ring = RandomRing(founded, Path.cwd(), SIX[name]())
    tally = ring.kill_often(name, count, random.Random(f"{seed} {name}"), flaw)
    sys.stdout.write(json.dumps(asdict(tally)))


def kill_all(count: int, seed: str, flaw: str) -> list[Tally]:
    """Kill every work, each in a fresh program and on a fresh register."""
    tallies = []
    with TemporaryDirectory(prefix="kartoteka-kills-") as name:
        folder = Path(name)
        found(folder / "founded")
        for work, share in shares(count).items():
            (folder / work).mkdir(mode=0o700)
            words = ("--work", work, "--founded", str(folder / "founded"))
            lots = ("--count", str(share), "--seed", seed, "--flaw", flaw)
            done = subprocess.run(
                [sys.executable, "-m", "tests.faults.kills", *words, *lots],
                cwd=folder / work,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            tallies.append(Tally(**json.loads(done.stdout)))
            sys.stderr.write(table(tallies[-1:]).splitlines()[1] + "\n")
    return tallies


def main(*words: str) -> int:
    """Kill, print the table, and end with 1 if anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills")
    parser.add_argument("--count", type=int, default=1000, help="how many kills (default: 1000)")
    parser.add_argument("--seed", default=str(time.time_ns() % 10**6), help="what the lots follow")
    parser.add_argument("--flaw", choices=FLAWS, default="none", help="plant a fault to be found")
    parser.add_argument("--work", choices=list(SIX), help=argparse.SUPPRESS)
    parser.add_argument("--founded", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    os.umask(0o077)
    if given.work:
        kill_one(given.founded, given.work, given.count, given.seed, given.flaw)
        return 0
    sys.stdout.write(f"{given.count} kills, --seed {given.seed}\n")
    sys.stdout.flush()
    tallies = kill_all(given.count, given.seed, given.flaw)
    sys.stdout.write(table(tallies))
    violations = [text for one in tallies for text in one.violations]
    sys.stdout.write("".join(f"{text}\n" for text in violations))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
