"""What is refused about clients and their contact persons."""

from __future__ import annotations

from gdpr.errors import Invalid, NotFound


class RelationNeeded(Invalid):
    """Nobody is entered without a reason."""


class NotAContact(NotFound):
    """Somebody is not a contact person of the company that was named, or of any."""


class ContactKnown(Invalid):
    """A company has this contact person already."""


class ContactIsNatural(Invalid):
    """Only human beings are contact persons."""


class EmptyNote(Invalid):
    """A note has no text."""
