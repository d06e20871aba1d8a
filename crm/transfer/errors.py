"""What goes wrong with files that are taken in or given out."""

from __future__ import annotations

from gdpr.errors import Invalid, NotFound, Refused


class ListNamesNobody(Invalid):
    """No line of a list holds an address or number by which somebody could be known."""


class EncodingUnclear(Invalid):
    """The letters of a file make no words, however they are read."""


class NumberOfNobody(NotFound):
    """Of several numbers, this one is nobody's."""


class DemoTakesNoFiles(Refused):
    """Real people must not end in a register whose password is published."""


class RowElsewhere(NotFound):
    """A rejected row is not where it was: somebody has changed the file since it was read."""


class UnknownProfile(Invalid):
    """A file is to be written in a form that is not known."""


class ColumnsMissing(Invalid):
    """A list of consents lacks what every row must say."""
