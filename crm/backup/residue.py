"""Whether anything of the erased is left in a register that was brought back from a backup."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peewee import Column, Table, fn

from crm.backup.parts import opened_parts
from crm.schema import SCHEMA
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE as OWNER_KEYS
from gdpr.store.rowstream import Columns, StreamNote, StreamReader
from gdpr.store.snapshot import is_token
from gdpr.vault.tokens import TOKEN_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from peewee import Database

    from crm.backup.parts import WayIn

# So many byte strings are looked for in every file; rows are looked for without a limit.
MOST_SOUGHT: Final = 256


@dataclass(frozen=True, slots=True)
class Traces:
    """What a backup still had of people who were erased since: wrapped keys and search tokens."""

    keys: frozenset[bytes]
    tokens: frozenset[bytes]

    @classmethod
    def read(cls, parts: tuple[Path, Path], way_in: WayIn, erased: frozenset[bytes]) -> Traces:
        """Collect them from the keys part, which alone has what opens or tells somebody."""
        keys: set[bytes] = set()
        tokens: set[bytes] = set()
        with opened_parts(*parts, way_in) as opened:
            table = ""
            for frame in StreamReader(opened.keys).frames:
                if isinstance(frame, Columns):
                    table = frame.table
                elif not isinstance(frame, StreamNote) and frame[0] in erased:
                    found = {
                        v for v in frame[1:] if isinstance(v, bytes) and len(v) >= TOKEN_LENGTH
                    }
                    (keys if table == OWNER_KEYS else tokens).update(found)
        return cls(frozenset(keys), frozenset(tokens))


def count_records(database: Database) -> dict[str, int]:
    """Count the records of a register by table, for comparing two."""
    tables = sorted(layout_of(model).table for model in SCHEMA.models)
    return {table: _count(database, table) for table in tables}


def rows_left(database: Database, erased: Iterable[bytes]) -> int:
    """Count the rows that are still about the erased, or hold a key of theirs."""
    wanted = list(erased)
    columns = [(OWNER_KEYS, "id")]
    columns += [(layout_of(m).table, m.subject) for m in SCHEMA.models if m.subject]
    return sum(_count(database, table, column, wanted) for table, column in columns)


def bytes_left(folder: Path, database: Database, traces: Traces) -> int:
    """Count what is found in any file of a folder of the keys and tokens of the erased.

    A token that somebody living shares, such as that of a common phone, is no trace.
    """
    tokens = (token for token in sorted(traces.tokens) if not _is_shared(database, token))
    sought = [*sorted(traces.keys)[:MOST_SOUGHT], *tokens][: 2 * MOST_SOUGHT]
    return sum(
        content.find(text) >= 0
        for path in sorted(folder.rglob("*"))
        for content in _mapped(path)
        for text in sought
    )


def _mapped(path: Path) -> Iterator[mmap.mmap]:
    if path.is_file() and path.stat().st_size:
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            yield content


def _is_shared(database: Database, token: bytes) -> bool:
    return any(
        _count(database, layout_of(model).table, column, [token])
        for model in SCHEMA.models
        for column in layout_of(model).columns
        if is_token(column)
    )


def _count(database: Database, table: str, column: str = "", values: Sequence[bytes] = ()) -> int:
    """Count rows: all, or those whose column has one of the values."""
    source: Any = Table(table)
    query = source.select(fn.COUNT(1))
    if not column:
        return _one(database, query)
    count = 0
    for start in range(0, len(values), 500):
        some = list(values[start : start + 500])
        count += _one(database, query.where(Column(source, column).in_(some)))
    return count


def _one(database: Database, query: Any) -> int:
    statement, bound = query.bind(database).sql()
    return int(database.execute_sql(statement, bound).fetchone()[0])
