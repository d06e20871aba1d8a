"""The words of the log."""

from __future__ import annotations

from crm.oversight.words import EVENTS
from gdpr.audit.events import Event


def test_every_event_has_words() -> None:
    """No code of the log is shown bare, and no words are kept for what cannot happen."""
    assert set(EVENTS) == {event.value for event in Event}
