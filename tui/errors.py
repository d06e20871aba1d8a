"""What only somebody before a screen can get wrong."""

from __future__ import annotations

from gdpr.errors import Invalid
from gdpr.text import N_


class NoNumber(Invalid):
    """A period was typed in a way that cannot be read."""

    text = N_("Write months as a whole number, such as 36.")
