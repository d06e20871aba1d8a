"""What was handed out about a person: to whom, on what day, and the hash that proves which."""

from __future__ import annotations

from gdpr.store.fields import OptionalText, PlainBlob, PlainInteger, PlainText
from gdpr.store.record import Record


class Disclosure(Record):
    """Data about a person left the register; the row goes with the person."""

    party = PlainBlob("whose data", index=True)
    kind = PlainText("access, portable or another code")
    made = PlainInteger("when, µs UTC")
    channel = PlainText("how it left, a code")
    recipient = PlainText("who got it, a code")
    purpose = OptionalText("for which purpose; empty when a right of the person was answered")
    article = PlainText("the article it rests on")
    request = OptionalText("number of the request it answers")
    file_hash = PlainText("SHA-256 of the manifest that was handed out")

    subject = "party"
    wide = True


TABLES = (Disclosure,)
