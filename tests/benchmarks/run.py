"""Measure every row of the budget and write build/bench.json: `python tests/benchmarks/run.py`.

`--quick` takes 20,000 clients instead of 100,000; `--only WORD` measures the rows that contain it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

from measure import FULL, QUICK, ROWS, Bench, Figures, Row  # noqa: E402 - found by the line above

PARTS = ("start_rows", "search_rows", "store_rows", "screen_rows")


def main() -> int:
    """Run the benchmarks; the exit code says nothing about speed, as no test may."""
    parser = argparse.ArgumentParser(description="Measure the budget of performance.")
    parser.add_argument("--quick", action="store_true", help="20,000 clients instead of 100,000")
    parser.add_argument("--only", default="", metavar="WORD", help="rows whose text contains WORD")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    wish = parser.parse_args()
    for part in PARTS:
        import_module(part)
    found: list[tuple[Row, Figures]] = []
    with tempfile.TemporaryDirectory(prefix="kartoteka-bench-") as folder:
        bench = Bench(QUICK if wish.quick else FULL, Path(folder), wish.quick)
        for row in ROWS:
            if wish.only in row.work and not (row.full_only and wish.quick):
                figures = row.measure(bench)
                found.append((row, figures))
                tell(line(row, figures))
    wish.out.parent.mkdir(parents=True, exist_ok=True)
    wish.out.write_text(json.dumps([record(*one) for one in found], indent=1) + "\n")
    missed = [row.work for row, figures in found if (figures.ratio or 0) > row.budget]
    unmeasured = [row.work for row, figures in found if figures.ratio is None]
    tell(f"{len(found)} rows, {len(missed)} over budget, {len(unmeasured)} not measured here")
    return 0


def record(row: Row, figures: Figures) -> dict[str, object]:
    """Put a row into the form that scripts read."""
    return {
        "work": row.work,
        "n": figures.n,
        "ours": figures.ours,
        "baseline": figures.baseline,
        "ratio": figures.ratio,
        "budget": row.budget,
        "stretch": row.stretch,
    }


def line(row: Row, figures: Figures) -> str:
    """Put a row into words."""
    ratio = figures.ratio
    if ratio is None:
        verdict = "NOT MEASURED HERE"
    elif ratio > row.budget:
        verdict = "OVER BUDGET"
    else:
        verdict = "better than stretch" if ratio <= row.stretch else "within budget"
    shown = "     -" if ratio is None else f"{ratio:6.2f}"
    limits = f"budget {row.budget:g}, stretch {row.stretch:g}"
    sides = " / ".join(
        "-" if side is None else f"{side:.4g}" for side in (figures.ours, figures.baseline)
    )
    note = f"\n       {figures.note}" if figures.note else ""
    return f"{shown}  {row.work}  [n {figures.n}; {sides}; {limits}]  {verdict}{note}"


def tell(text: str) -> None:
    """Print at once, because a full run takes minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
