"""What goes wrong with packages for people, and what to do then."""

from __future__ import annotations

from gdpr.errors import Damaged, Invalid, NotFound, Refused


class PackageDamaged(Damaged):
    """A package is not what was signed; `fault` is a code, `file` a name of ours."""


class PackageLocked(Invalid):
    """A package is sealed with a passphrase that was not given or is another one."""


class ReviewUnreadable(Invalid):
    """A review file is no review of ours, or marks a place that is not in the text."""


class ReviewOutdated(Refused):
    """A review decides on other texts than those that are held now."""

    article = "15(4)"


class ReviewNeeded(Refused):
    """Texts may speak of other people, and nobody has looked yet."""

    article = "15(4)"


class PackageMissing(NotFound):
    """There is no folder and no file of that name."""


class StillHere(Invalid):
    """An address was asked about whose owner is in the register, under a number."""
