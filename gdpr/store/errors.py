"""What goes wrong with rows outside the database they belong to."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed
from gdpr.text import N_


class MalformedStream(Damaged):
    """Rows on their way do not have the form that this program writes."""

    text = N_("The rows of table {table} do not have the form of a backup.")


class MiscountedRows(Damaged):
    """A backup holds another number of rows than it says."""

    text = N_("Table {table} has another number of rows than the backup says.")


class UnknownTable(Failed):
    """A backup has a table or column that the register of its day did not have."""

    text = N_("The backup has a table that does not belong there ({table}).")
