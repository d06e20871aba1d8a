"""What is refused to whoever is logged in, whatever the room."""

from __future__ import annotations

from gdpr.errors import Damaged, Invalid, Refused


class UnknownRole(Invalid):
    """A role code is not one of ours."""


class BadUserName(Invalid):
    """A login name is empty, long, or holds what is hard to type."""


class SharedShredFile(Refused):
    """Two registers would overwrite each other's secrets: one file has the name of both."""


class RightsRepeated(Damaged):
    """An older database was opened, and rights it had forgotten took effect again."""


class DayOutOfReach(Invalid):
    """The register was to be looked at on a day before it began, or a century ahead."""
