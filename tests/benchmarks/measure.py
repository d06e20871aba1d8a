"""How the benchmarks measure: both sides in one run, turn by turn, by CPU time, as medians.

Seconds depend on the machine and on what else it does; the ratio of two things measured side by
side hardly does. So every row of the budget is a ratio whose baseline is measured anew
each time.
"""

from __future__ import annotations

import gc
import resource
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUNDS = 3
QUICK = 20_000
FULL = 100_000
HUGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What a benchmark found, in seconds or bytes; None where a side could not be measured.

    `note` says loudly why a side is missing, or what stands beside the row.
    """

    ours: float | None
    baseline: float | None
    n: int
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return ours by the baseline."""
        return self.ours / self.baseline if self.ours is not None and self.baseline else None


@dataclass(slots=True)
class Bench:
    """The run: how many clients, where files may lie, and what benchmarks share."""

    n: int
    folder: Path
    quick: bool
    shared: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the budget and the function that measures it."""

    work: str
    budget: float
    stretch: float
    measure: Measure
    full_only: bool


Measure: TypeAlias = "Callable[[Bench], Figures]"
ROWS: list[Row] = []


def row(
    work: str, *, budget: float, stretch: float, full_only: bool = False
) -> Callable[[Measure], Measure]:
    """Register a benchmark with its row of the budget."""

    def register(measure: Measure) -> Measure:
        ROWS.append(Row(work, budget, stretch, measure, full_only))
        return measure

    return register


def cpu() -> float:
    """Return the CPU seconds that this process and its finished children have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one go, with garbage of earlier work out of the way."""
    gc.collect()
    begin = cpu()
    work()
    return cpu() - begin


def interleaved(*sides: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Run the sides turn by turn and return the median CPU seconds of each."""
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, times in zip(sides, taken, strict=True):
            times.append(seconds(side))
    return [median(times) for times in taken]


def each(calls: list[Callable[[], object]]) -> list[float]:
    """Return the wall seconds of single short calls, too short for the CPU clock."""
    times = []
    for call in calls:
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return times


def percentile(times: list[float], share: float) -> float:
    """Return the value that this share of the times does not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]
