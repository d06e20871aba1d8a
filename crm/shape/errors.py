"""What can be wrong with a field of a described kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from gdpr.errors import Invalid
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class FieldInvalid(Invalid):
    """A field does not read as what it holds.

    `reason` is the stable code that lists of rejected rows carry, `cell` what is said there, where
    the column is named beside it.
    """

    text = N_("The field {field} cannot be read. Correct it.")
    reason: ClassVar[str] = "unreadable"
    cell: ClassVar[str] = N_("This cannot be read.")


class FieldRequired(FieldInvalid):
    """A field that must not be empty is."""

    text = N_("The field {field} must not be empty. Fill it in.")
    reason = "required"
    cell = N_("This must not be empty. Fill it in.")


class DayInvalid(FieldInvalid):
    """A field that holds a day holds something else."""

    text = N_("The field {field} requires a date, such as 2026-03-31 or 31.03.2026.")
    reason = "day"
    cell = N_("This is not a date. Write it as 2026-03-31 or 31.03.2026.")


class MoneyInvalid(FieldInvalid):
    """A field that holds an amount holds something else."""

    text = N_("The field {field} requires an amount with at most two decimals, such as 1250,00.")
    reason = "money"
    cell = N_("This is not an amount. Write it with at most two decimals, such as 1250,00.")


class WholeInvalid(FieldInvalid):
    """A field that holds a whole number holds something else."""

    text = N_("The field {field} requires a whole number, such as 12.")
    reason = "whole"
    cell = N_("This is not a whole number.")


class CodeUnknown(FieldInvalid):
    """A field takes one of a few codes."""

    text = N_("The field {field} must be one of: {known}.")
    reason = "code"
    cell = N_("This value is not permitted here.")


class FieldsDisagree(FieldInvalid):
    """A field does not fit the others."""

    text = N_("The field {field} is not consistent with the other fields. Correct one of them.")
    reason = "disagrees"
    cell = N_("This is not consistent with the other fields of the row.")


class ReferenceLost(FieldInvalid):
    """A reference leads to no record of the same client."""

    text = N_("The field {field} requires the number of a record of the same client.")
    reason = "reference"
    cell = N_("There is no record of the same client with this number.")


class FieldOfNone(Invalid):
    """A field was named that this kind of record does not have."""

    text = N_("A field is unknown; these can be changed: {known}.")


CELL_REASONS: Final[Mapping[str, str]] = {
    kind.reason: kind.cell
    for kind in (
        *(FieldInvalid, FieldRequired, DayInvalid, MoneyInvalid, WholeInvalid),
        *(CodeUnknown, FieldsDisagree, ReferenceLost),
    )
}
