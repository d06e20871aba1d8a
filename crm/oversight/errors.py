"""What is refused to whoever looks after the register: its damage, its drills."""

from __future__ import annotations

from gdpr.errors import Damaged, Failed, Invalid, NotFound


class NothingToAcknowledge(NotFound):
    """An owner would sign for damage, and there is none that is new."""


class DamageMiscounted(Invalid):
    """An owner would sign for another number of damages than there are."""


class NoBackupToDrill(NotFound):
    """There is no backup of which both parts are at hand."""


class DrillNoRoom(Failed):
    """The register of a drill could not be written; what there was of it is destroyed."""


class DrillFoundErased(Damaged):
    """A backup that was brought back still holds something of people who were erased."""


class DaysOutOfRange(Invalid):
    """A period is shorter or longer than makes sense."""
