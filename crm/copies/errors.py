"""What is refused about known copies."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, NotFound


class NoSuchCopy(NotFound):
    """No known copy lies at this path or has this id."""


class CopyStillThere(Failed):
    """Somebody calls a copy gone that lies where it was written."""


class UnknownReason(Invalid):
    """A copy is called gone for a reason that is not on the list."""
