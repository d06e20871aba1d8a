"""What is refused about erasing."""

from __future__ import annotations

from gdpr.errors import Invalid


class ConfirmNeeded(Invalid):
    """An erasure was not confirmed with the number of the person."""
