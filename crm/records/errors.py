"""What can go wrong with records of a described kind."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, NotFound, Refused
from gdpr.text import N_


class NoSuchRecord(NotFound):
    """No record of this kind has the number, or the user may not see any."""

    text = N_(
        "There is no record with this number. Numbers are never reused: if there was one, it "
        "was erased."
    )


class RecordChanged(Failed):
    """Somebody else changed the same fields since they were shown; nothing is overwritten."""

    text = N_(
        "Somebody changed {fields} of record {number} in the meantime. Compare both, then choose."
    )


class RecordOutlives(Refused):
    """The client of a kept record is gone: the record is kept as it was, and used for nothing."""

    text = N_("The client is erased; the law keeps this record as it was. It cannot be changed.")
    article = "17(3)"


class MoveImpossible(Invalid):
    """A verb does not lead on from the state in which a record is."""

    text = N_("This is possible only in the state: {states}.")


class SortUnknown(Invalid):
    """A list was to be put in the order of something that is no field."""

    text = N_("A list can be sorted by: {known}.")


class FilterUnknown(Invalid):
    """A list was to be narrowed by something that has no codes."""

    text = N_("A list can be narrowed by: {known}.")
