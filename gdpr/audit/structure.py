"""What row MACs cannot see: indexes that disagree with their table, and pages that are broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from peewee import SqliteDatabase

from gdpr.audit.links import Damage
from gdpr.store.database import STORAGE_ERRORS

if TYPE_CHECKING:
    from peewee import Database

_NAMED: Final = re.compile(r"(?:index|value in|constraint failed in) (\w+)")
_TREE: Final = re.compile(r"(?:Tree|tree page) (\d+)")
_UNKNOWN: Final = "database"


def check_structure(database: Database) -> list[Damage]:
    """Let SQLite check its own file, and name the tables it complains about.

    A byte that flips in an index changes no row, yet a search would miss one. Servers check their
    pages themselves.
    """
    if not isinstance(database, SqliteDatabase):
        return []
    try:
        complaints = [row[0] for row in database.execute_sql("PRAGMA integrity_check")]
        if complaints == ["ok"]:
            return []
        names, roots = _places(database)
    except STORAGE_ERRORS:
        return [Damage(_UNKNOWN, None, "structure")]
    tables = {_table(str(complaint), names, roots) for complaint in complaints}
    return [Damage(table, None, "structure") for table in sorted(tables)]


def _places(database: Database) -> tuple[dict[str, str], dict[int, str]]:
    rows = database.execute_sql("SELECT name, tbl_name, rootpage FROM sqlite_master").fetchall()
    return {row[0]: row[1] for row in rows}, {row[2]: row[1] for row in rows}


def _table(complaint: str, names: dict[str, str], roots: dict[int, str]) -> str:
    named = _NAMED.search(complaint)
    if named is not None:
        return names.get(named.group(1), _UNKNOWN)
    tree = _TREE.search(complaint)
    return _UNKNOWN if tree is None else roots.get(int(tree.group(1)), _UNKNOWN)
