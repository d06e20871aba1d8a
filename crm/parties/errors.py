"""What is refused about who somebody is."""

from __future__ import annotations

from gdpr.errors import Failed, Invalid, NotFound, Refused


class MailingByNotice(Refused):
    """Marketing by e-mail was to rest on a notice or a contract, where the law wants a yes."""

    article = "6(1)(a)"


class NeverBought(Refused):
    """The soft opt-in was to be used for somebody who is no customer."""

    article = "6(1)(a)"


class NobodyThere(NotFound):
    """No party has this number, VAT number or registration number."""


class KindNeeded(Invalid):
    """Nothing says whether a new party is a human being or a company."""


class ClientKnown(Invalid):
    """A number that belongs to one party only is in the register already."""


class ClientKnownButGoing(Invalid):
    """A number belongs to a party whose data are going."""


class PerhapsKnown(Invalid):
    """A new or changed party looks like others; nothing is stored before somebody has looked."""


class ChangedMeanwhile(Failed):
    """Somebody else changed the same fields since they were shown; nothing is overwritten."""


class NotOnTheCard(NotFound):
    """A further phone, address or account was to be removed that the party does not have."""
