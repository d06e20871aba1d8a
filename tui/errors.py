"""What only somebody before a screen can get wrong."""

from __future__ import annotations

from gdpr.errors import Invalid


class TerminalNeeded(Invalid):
    """The screens were asked for where nobody could see them."""
