"""What goes wrong with rows outside the database they belong to."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Damaged, Failed
from gdpr.text import N_


class MalformedStream(Damaged):
    """Rows on their way do not have the form that this program writes."""

    text = N_("The rows of table {table} do not have the form of a backup.")


class MiscountedRows(Damaged):
    """A backup holds another number of rows than it says."""

    text = N_("Table {table} has another number of rows than the backup says.")


class UnknownTable(Failed):
    """A backup has a table or column that the register of its day did not have, or lacks one."""

    text = N_("Table {table} of the backup does not have the form it had in the register that day.")


class SchemaDamaged(Damaged):
    """The schema is not as the migrations made it, so a stranger may be watching the keys."""

    why: ClassVar[str] = "schema"


class ForeignInSchema(SchemaDamaged):
    """Something stands in the database file that no migration made, such as a trigger."""

    why = "schema-foreign"
    text = N_(
        "{kind} {name} does not belong to the register. Nothing is destroyed, backed up or rotated "
        "until an owner takes it away: kartoteka doctor --mend"
    )


class MissingFromSchema(SchemaDamaged):
    """Something that the migrations made is gone."""

    why = "schema-missing"
    text = N_(
        "{kind} {name} is missing from the register. Nothing is destroyed, backed up or rotated "
        "until it is back: kartoteka doctor --mend makes an index anew; for anything else restore "
        "a backup."
    )


class ChangedInSchema(SchemaDamaged):
    """Something that the migrations made was made anew in another form."""

    why = "schema-changed"
    text = N_(
        "{kind} {name} is not as the register made it. Nothing is destroyed, backed up or rotated "
        "until it is: kartoteka doctor --mend makes an index anew; for anything else restore a "
        "backup."
    )
