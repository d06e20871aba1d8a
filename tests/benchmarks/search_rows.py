"""Searching names as they are typed, against the full-text search of an unencrypted database."""

from __future__ import annotations

import re
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

from measure import HUGE, Bench, Figures, each, percentile, row
from people import keystrokes, people

from crm.names.directory import Directory, NameEntry
from crm.names.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

try:
    import pysqlite3 as fast_sqlite
except ImportError:
    fast_sqlite = sqlite3

_KEYSTROKES = 400
_TRIES = 3


@row(
    "search as you type, sorted top 50, p95 / plaintext FTS5 prefix ORDER BY name p95",
    budget=0.25,
    stretch=0.06,
)
def search(bench: Bench) -> Figures:
    """Type the same beginnings into both; each keystroke counts with the best of three tries."""
    names = [person.display_name() for person in people(bench.n)]
    directory = directory_of(names)
    plain = full_text_of(names, bench.folder / "names.db")
    ours: list[float] = []
    theirs: list[float] = []
    for text in keystrokes(names, _KEYSTROKES):
        ours.append(_best(partial(directory.search, text)))
        theirs.append(_best(partial(plain, text)))
    note = f"p50 {percentile(ours, 0.5) * 1e3:.3f} ms / {percentile(theirs, 0.5) * 1e3:.3f} ms"
    return Figures(percentile(ours, 0.95), percentile(theirs, 0.95), bench.n, note)


@row("search as you type, p95 at 1M / at 100k", budget=10, stretch=7, full_only=True)
def search_in_a_million(bench: Bench) -> Figures:
    """Type the same beginnings into a directory ten times as large."""
    names = [person.display_name() for person in people(HUGE)]
    typed = keystrokes(names[: bench.n], _KEYSTROKES)
    small = directory_of(names[: bench.n])
    large = directory_of(names)
    del names
    few: list[float] = []
    many: list[float] = []
    for text in typed:
        few.append(_best(partial(small.search, text)))
        many.append(_best(partial(large.search, text)))
    note = f"p50 {percentile(many, 0.5) * 1e3:.3f} ms / {percentile(few, 0.5) * 1e3:.3f} ms"
    return Figures(percentile(many, 0.95), percentile(few, 0.95), HUGE, note)


def directory_of(names: list[str]) -> Directory:
    """Load a directory as the unlock does."""
    directory = Directory()
    directory.build(
        NameEntry(number.to_bytes(16, "big"), name, number, "legal")
        for number, name in enumerate(names)
    )
    return directory


def full_text_of(names: list[str], path: Path) -> Callable[[str], list[tuple[object, ...]]]:
    """Fill a full-text table and return the search over it."""
    database = fast_sqlite.connect(str(path))
    database.execute("PRAGMA cache_size = -64000")
    database.execute(
        "CREATE VIRTUAL TABLE names USING fts5(name, number UNINDEXED, prefix = '1 2 3')"
    )
    with database:
        rows = ((name, number) for number, name in enumerate(names))
        database.executemany("INSERT INTO names VALUES (?, ?)", rows)
    wanted = "SELECT rowid, name, number FROM names WHERE names MATCH ? ORDER BY name LIMIT 50"

    def find(text: str) -> list[tuple[object, ...]]:
        words = re.findall(r"\w+", fold(text))
        match = " ".join(f'"{word}"*' for word in words)
        found: list[tuple[object, ...]] = database.execute(wanted, (match,)).fetchall()
        return found

    return find


def _best(search: Callable[[], object]) -> float:
    return min(each([search] * _TRIES))
