"""The tables of consents: a kept record for each party and purpose, and its signed events."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from gdpr.rules.facts import KeptRecord, RecordClock
from gdpr.rules.purposes import Trigger
from gdpr.store.fields import OptionalBlob, OptionalText, PlainBlob, PlainInteger, PlainText
from gdpr.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdpr.rules.purposes import Purpose


class ConsentEvent(Record):
    """One thing that happened to a consent: codes and times, signed and chained, never changed."""

    wide = True
    unique_together = ("consent", "seq")

    consent = PlainBlob("which consent")
    seq = PlainInteger("place in the chain of this consent, from 1")
    state = PlainText("what it became")
    happened = PlainInteger("when it happened, µs UTC")
    entered = PlainText("day on which it was entered, ISO")
    said_on = OptionalText("day it was said in the firm's calendar, ISO; it decides")
    channel = PlainText("how it reached us, a code")
    wording = OptionalText("code of the text that was shown")
    wording_version = PlainInteger("version of that text, 0 without one")
    language = OptionalText("language of that text")
    wording_hash = OptionalText("SHA-256 of that text")
    evidence = PlainText("none, note or file")
    evidence_hash = OptionalBlob("salted hash of the sealed evidence")
    by_guardian = PlainInteger("1 when somebody spoke for a child")
    actor = PlainBlob("which user entered it")
    card_counter = PlainInteger("issue of that user's card")
    prev = PlainBlob("hash of the event before")
    sig = PlainBlob("the user's signature")

    @property
    def day(self) -> date:
        """Return the day it was said in the firm's calendar; the instant is only beside it."""
        return date.fromisoformat(self.said_on or self.entered)


class KeptProof(Record):
    """What shows a consent and outlives the person for a while; the product adds what is sealed.

    The purpose consented to keeps it while its ground lasts; `proof_purpose` then has the period
    (Art. 7(1): the burden of proof is ours).
    """

    proof_purpose: ClassVar[str]
    item: ClassVar[str]
    subject = "party"
    kept = True

    party = PlainBlob("who consented; after an erasure a fresh id", index=True)
    purpose = PlainText("to which purpose")
    kind = PlainText("what the party was to us")
    since = PlainText("day of the first word, ISO")
    closed_on = OptionalText("day the consent ended, ISO")
    going_until = OptionalText("last day of grace, ISO")

    def kept_record(self, purpose: Callable[[str], Purpose]) -> KeptRecord:
        """Give the clock that starts when the consent ends."""
        clock = RecordClock(
            purpose(self.proof_purpose),
            self.kind,
            Trigger.CONSENT_ENDED,
            date.fromisoformat(self.closed_on) if self.closed_on else None,
            awaits=self.purpose,
        )
        return KeptRecord(
            id=bytes(self.id),
            table=type(self).layout().table,
            item=self.item,
            since=date.fromisoformat(self.since),
            clocks=(clock,),
            going_until=date.fromisoformat(self.going_until) if self.going_until else None,
        )


class ConsentFile(KeptProof):
    """One party's consent to one purpose; its events hang on its id, which never changes.

    The product adds the sealed column `identifier`, which says who consented.
    """

    identifier: str | None
    identity_hash = PlainBlob("salted hash of the sealed identifier, which every event signs")
    events = PlainInteger("how many events there are, so that a cut end shows")
    parts = ((ConsentEvent, "consent"),)


class ConsentEvidence(KeptProof):
    """What backs one event; the product adds the sealed columns `note` and `scan`.

    A scan goes when the consent ends, earlier than the proof.
    """

    note: str | None
    scan: str | None
    consent = PlainBlob("which consent", index=True)
    seq = PlainInteger("which event")
