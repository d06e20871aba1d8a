"""What is refused about packages of somebody's data."""

from __future__ import annotations

from gdpr.errors import Invalid


class StillHere(Invalid):
    """An address was asked about whose owner is in the register, under a number."""
