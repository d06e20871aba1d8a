"""What only somebody before a screen of purposes can get wrong."""

from __future__ import annotations

from gdpr.errors import Invalid


class NoNumber(Invalid):
    """A period was typed in a way that cannot be read."""
