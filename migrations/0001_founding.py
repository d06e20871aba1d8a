"""Everything the first release keeps, as the table beside this says it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from peewee import BigIntegerField, BlobField, CompositeKey, Field, Model, TextField

from migrations.columns import Row, SealedField

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator

_KINDS = {
    "blob": BlobField,
    "integer": BigIntegerField,
    "text": TextField,
    "sealed": SealedField,
}


def _table(name: str, said: dict[str, Any]) -> type[Model]:
    """Make the class of a table; one with a key of its own has neither revision nor MAC."""
    key = said.get("key", [])
    attributes: dict[str, Any] = {
        column: _column(words, primary_key=key == [column])
        for column, words in said["columns"].items()
    }
    options = {
        "table_name": name,
        "without_rowid": said.get("without_rowid", False),
        "indexes": [(tuple(said["unique"]), True)] if "unique" in said else [],
    }
    if len(key) > 1:
        options["primary_key"] = CompositeKey(*key)
    attributes["Meta"] = type("Meta", (), options)
    return type(name, (Model if key else Row,), attributes)


def _column(words: str, **options: bool) -> Field[Any]:
    kind, *more = words.split()
    return _KINDS[kind](**options, **dict.fromkeys(more, True))


_SAID = tomllib.loads((files("migrations") / "0001_founding.toml").read_text("utf-8"))
_INDEXES: list[str] = _SAID.pop("indexes")
TABLES = [_table(name, said) for name, said in _SAID.items()]


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create every table and index."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    for statement in _INDEXES:
        db.execute_sql(statement)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop every table; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
