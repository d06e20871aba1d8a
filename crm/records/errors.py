"""What can go wrong with records of a described kind."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, NotFound, Refused


class NoSuchRecord(NotFound):
    """No record of this kind has the number, or the user may not see any."""


class RecordChanged(Failed):
    """Somebody else changed the same fields since they were shown; nothing is overwritten."""


class RecordOutlives(Refused):
    """The client of a kept record is gone: the record is kept as it was, and used for nothing."""

    article = "17(3)"


class MoveImpossible(Invalid):
    """A verb does not lead on from the state in which a record is."""


class SortUnknown(Invalid):
    """A list was to be put in the order of something that is no field."""


class FilterUnknown(Invalid):
    """A list was to be narrowed by something that has no codes."""
