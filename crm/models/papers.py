"""Proof that somebody was told what happens to their data."""

from __future__ import annotations

from crm.privacy import NOTICE_PROOF
from gdpr.category import Origin
from gdpr.store.fields import (
    OptionalInteger,
    OptionalText,
    Personal,
    PlainBlob,
    PlainInteger,
    PlainText,
)
from gdpr.store.record import Record


class NoticeGiven(Record):
    """A person was given a notice, or told of purposes in another way; it goes with the person."""

    party = PlainBlob("who was told", index=True)
    version = OptionalInteger("which version of the notice; empty when told in another way")
    covers = OptionalText("purpose versions told of in another way, canonical JSON")
    given = PlainText("the day, ISO")
    entered = PlainInteger("when it was entered, µs UTC")
    author = PlainBlob("which user entered it")
    channel = Personal(NOTICE_PROOF, Origin.OBSERVED)
    evidence = Personal(NOTICE_PROOF, Origin.OBSERVED)

    subject = "party"
    wide = True
