"""What goes wrong with packages for people, and what to do then."""

from __future__ import annotations

from gdpr.errors import NotFound, Refused


class ReviewOutdated(Refused):
    """A review decides on other texts than those that are held now."""

    article = "15(4)"


class PackageMissing(NotFound):
    """There is no folder and no file of that name."""
