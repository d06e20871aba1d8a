"""What can be wrong with a field of a described kind of record."""

from __future__ import annotations

from typing import ClassVar

from gdpr.errors import Invalid
from gdpr.word_tables import ErrorWords


class FieldInvalid(Invalid):
    """A field does not read as what it holds.

    `reason` is the stable code that lists of rejected rows carry, `cell` what is said there, where
    the column is named beside it.
    """

    reason: ClassVar[str] = "unreadable"
    cell = ErrorWords("")


class FieldRequired(FieldInvalid):
    """A field that must not be empty is."""

    reason = "required"


class DayInvalid(FieldInvalid):
    """A field that holds a day holds something else."""

    reason = "day"


class MoneyInvalid(FieldInvalid):
    """A field that holds an amount holds something else."""

    reason = "money"


class WholeInvalid(FieldInvalid):
    """A field that holds a whole number holds something else."""

    reason = "whole"


class CodeUnknown(FieldInvalid):
    """A field takes one of a few codes."""

    reason = "code"


class FieldsDisagree(FieldInvalid):
    """A field does not fit the others."""

    reason = "disagrees"


class ReferenceLost(FieldInvalid):
    """A reference leads to no record of the same client."""

    reason = "reference"


class ReferencesInvalid(FieldInvalid):
    """A field that leads to several records holds something else, or too many of them."""

    reason = "references"


class RowsInvalid(FieldInvalid):
    """A field that holds rows holds something that is no row of its columns, or too many."""

    reason = "rows"


class FieldOfNone(Invalid):
    """A field was named that this kind of record does not have."""
