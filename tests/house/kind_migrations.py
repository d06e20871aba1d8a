"""Writes the migration that brings a kind of record into the database, or further columns of it.

What it writes is frozen and imports nothing of ours: it describes the table as it was that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.shape.description import Misdescribed
from gdpr.store.fields import Sealed
from gdpr.store.layout import FIXED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gdpr.store.record import Record

_HEAD = '''"""{title}"""

from __future__ import annotations

from typing import TYPE_CHECKING

'''
_RUNNER = """if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator
"""
_TABLE = '''

class {name}(Row):
    """Table `{table}`."""

{columns}

    class Meta:
        """Frozen."""

        table_name = "{table}"


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create the table."""
    with db.bind_ctx([{name}]):
        db.create_tables([{name}])


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop it; for tests only."""
    with db.bind_ctx([{name}]):
        db.drop_tables([{name}])
'''
_COLUMNS = '''

def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Add the columns."""
{up}


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop them; for tests only."""
{down}
'''


class Step(NamedTuple):
    """A migration to be written: what its file is called after the number, and its text."""

    name: str
    text: str


def step_for(model: type[Record], held: Collection[str]) -> Step | None:
    """Write what is missing of a table whose columns `held` are there; None when all are.

    `Misdescribed` when a column was taken away or cannot come later: that is written by hand,
    because somebody has to say what becomes of what is stored.
    """
    meta: Any = model._meta
    fields = meta.sorted_fields
    names = {field.name for field in fields}
    if gone := set(held) - names:
        raise Misdescribed(f"{meta.table_name}: gone from the description: {', '.join(gone)}")
    if not held:
        return Step(meta.table_name, _new_table(model.__name__, meta.table_name, fields))
    fresh = [field for field in fields if field.name not in held]
    if not fresh:
        return None
    if late := [field.name for field in fresh if not field.null]:
        raise Misdescribed(f"{meta.table_name}: cannot be empty in old rows: {', '.join(late)}")
    return Step(f"{meta.table_name}_{fresh[0].name}", _new_columns(meta.table_name, fresh))


def _new_table(name: str, table: str, fields: Sequence[Any]) -> str:
    lines = [f"    {f.name} = {_column(f)}" for f in fields if f.name not in FIXED]
    used = sorted({line.split(" = ")[1].partition("(")[0] for line in lines} - {"SealedField"})
    sealed = any("SealedField" in line for line in lines)
    imports = f"from peewee import {', '.join(used)}\n\nfrom migrations.columns import Row"
    imports += ", SealedField\n\n" if sealed else "\n\n"
    body = _TABLE.format(name=name, table=table, columns="\n".join(lines))
    return _HEAD.format(title=f"The table `{table}`.") + imports + _RUNNER + body


def _new_columns(table: str, fields: Sequence[Any]) -> str:
    up, down = [], []
    plain = set()
    for field in fields:
        if isinstance(field, Sealed):
            up.append(f'    add_sealed(migrator, "{table}", "{field.name}")')
        else:
            made = _column(field)
            plain.add(made.partition("(")[0])
            up.append(
                f'    migrator.migrate(migrator.add_column("{table}", "{field.name}", {made}))'
            )
        down.append(f'    migrator.migrate(migrator.drop_column("{table}", "{field.name}"))')
    imports = f"from peewee import {', '.join(sorted(plain))}\n\n" if plain else ""
    if len(plain) < len(fields) and any(isinstance(field, Sealed) for field in fields):
        imports += "from migrations.columns import add_sealed\n\n"
    title = f"Further columns of `{table}`."
    body = _COLUMNS.format(up="\n".join(up), down="\n".join(reversed(down)))
    return _HEAD.format(title=title) + imports + _RUNNER + body


def _column(field: Any) -> str:
    if isinstance(field, Sealed):
        return "SealedField()"
    options = ["null=True"] if field.null else []
    options += ["unique=True"] if field.unique else ["index=True"] if field.index else []
    kinds = {"BIGINT": "BigIntegerField", "TEXT": "TextField", "BLOB": "BlobField"}
    return f"{kinds[field.field_type]}({', '.join(options)})"
