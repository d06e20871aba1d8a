"""What can be wrong with a field of a described kind of record."""

from __future__ import annotations

from crm.errors import FieldInvalid, InvalidNumber
from gdpr.errors import Invalid


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


class ReferencesInvalid(FieldInvalid):
    """A field that leads to several records holds something else, or too many of them."""

    reason = "references"


class RowsInvalid(FieldInvalid):
    """A field that holds rows holds something that is no row of its columns, or too many."""

    reason = "rows"


class FieldOfNone(Invalid):
    """A field was named that this kind of record does not have."""


class TextTooLong(InvalidNumber):
    """A text is longer than anything that is kept; it is not cut without a word."""

    reason = "text too long"
