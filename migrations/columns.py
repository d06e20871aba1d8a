"""Column types as the migrations know them, independent of the program's own classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import BlobField, Check, IntegerField, Model

if TYPE_CHECKING:
    from playhouse.migrate import SchemaMigrator

_SHORTEST = 45


class SealedField(BlobField):
    """A sealed column; the schema itself refuses anything that is not a sealed field."""

    def __init__(self, **options: Any) -> None:
        """Make it nullable always, because destroying a datum means null."""
        super().__init__(null=True, **options)

    def bind(self, model: type[Model], name: str, set_attribute: bool = True) -> None:  # noqa: FBT001, FBT002 - peewee's signature
        """Add the check once the column's name is known."""
        self.constraints = [Check(sealed_condition(name))]
        super().bind(model, name, set_attribute)


def sealed_condition(column: str) -> str:
    """Return the condition that a sealed column must meet."""
    return (
        f'"{column}" IS NULL OR (length("{column}") >= {_SHORTEST}'
        f" AND substr(\"{column}\", 1, 1) = x'01')"
    )


def add_sealed(migrator: SchemaMigrator, table: str, column: str) -> None:
    """Add a sealed column to a table that is there already, empty and with its check."""
    field = SealedField()
    # Whoever adds a column to a table binds no model, and the check would be missing.
    field.constraints = [Check(sealed_condition(column))]
    migrator.migrate(migrator.add_column(table, column, field))


class Row(Model):
    """Every authenticated table starts with an id, a revision and a MAC."""

    id = BlobField(primary_key=True)
    rev = IntegerField()
    mac = BlobField()

    class Meta:
        """Names of indexes follow the table."""

        legacy_table_names = False
