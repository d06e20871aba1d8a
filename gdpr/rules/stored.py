"""The tables of the rules: purpose versions, relations, and who is kept on which ground."""

from __future__ import annotations

from gdpr.store.fields import OptionalText, PlainBlob, PlainInteger, PlainText
from gdpr.store.record import Record


class PurposeRow(Record):
    """One version of one purpose, as the canonical text it was entered with."""

    few = True
    wide = True
    unique_together = ("code", "version")

    code = PlainText("a purpose has a code")
    version = PlainInteger("versions are never rewritten")
    body = PlainText("the purpose itself, canonical JSON")
    content_hash = PlainText("SHA-256 of the body")


class RelationRow(Record):
    """One version of one relation: the bundle of purposes a clerk chooses in plain words."""

    few = True
    unique_together = ("code", "version")

    code = PlainText("a relation has a code")
    version = PlainInteger("versions are never rewritten")
    body = PlainText("the relation itself, canonical JSON")


class GroundRow(Record):
    """A party kept for one purpose version since a day; nothing personal is stored without one.

    Grounds of a destroyed party go with it.
    """

    keeps = "party"
    wide = True

    party = PlainBlob("who is kept", index=True)
    purpose = PlainText("purpose code")
    version = PlainInteger("purpose version")
    kind = PlainText("what the party is to us, which decides the basis")
    relation = OptionalText("the relation it came with")
    since = PlainText("first day, ISO")
    evidence = PlainText("consent, contract, notice, soft opt-in")
    review_on = OptionalText("a review day a person chose, ISO")
    ended_on = OptionalText("first day it no longer holds, ISO")
    ended_why = OptionalText("code of the ending")
    going_until = OptionalText("last day of grace, ISO")


class ConfirmationRow(Record):
    """The firm made the balancing note and the periods of one purpose version its own.

    Who confirmed stands in the log.
    """

    few = True
    unique_together = ("purpose", "version")

    purpose = PlainText("purpose code")
    version = PlainInteger("purpose version")
    confirmed = PlainText("the day, ISO")


GroundRow.add_index(
    GroundRow.index(
        GroundRow.ended_on,
        name="ground_ended",
        where=GroundRow.ended_on.is_null(is_null=False),
    )
)

TABLES = (PurposeRow, RelationRow, GroundRow, ConfirmationRow)
