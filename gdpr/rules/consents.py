"""Consents: what was said, by whom, how and to which text, as chains of signed events.

The state of a consent is its last event by place, never by clock: a consent on paper may be
entered long after the day it was given. Only a yes older than a no is refused. Days are those of
the firm's calendar, which a wrong clock does not move; the instant stands beside them. The ground
of the purpose lives and ends with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from os import urandom
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gdpr.audit.chain_check import Damage
from gdpr.clock import microseconds
from gdpr.errors import ConsentStep, Damaged, Unreadable, YesBeforeNo
from gdpr.rules.consent_rows import ConsentEvent, ConsentEvidence, ConsentFile
from gdpr.rules.consent_states import Channel, ConsentState, may_follow, state_after
from gdpr.rules.facts import Ending
from gdpr.rules.purposes import Evidence
from gdpr.store.ids import new_id, random_id
from gdpr.store.warrant import Warrant
from gdpr.vault.encoding import label, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gdpr.audit.signers import Signatures
    from gdpr.rules.facts import Ground
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction

_LABEL: Final = label("consent")
_GENESIS: Final = bytes(32)
_SALT: Final = 16
_SALT_DIGITS: Final = 2 * _SALT


class Wording(NamedTuple):
    """The text a person saw: its code, version, language and SHA-256 in hex."""

    code: str
    version: int
    language: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be recorded; `at` is when it happened, `entered` the day somebody entered it.

    `on` is the day it was said where that is another one, such as on a paper. `note` and `scan`
    are sealed; `by_guardian` tells that a parent spoke for a child.
    """

    state: ConsentState
    at: datetime
    entered: date
    channel: Channel
    wording: Wording | None = None
    note: str | None = None
    scan: str | None = None
    by_guardian: bool = False
    on: date | None = None

    @property
    def day(self) -> date:
        """Return the day it was said in the firm's calendar, by which a yes and a no compare."""
        return self.on or self.entered


class ConsentModels(NamedTuple):
    """The product's record classes, which add the sealed columns to those of the kernel."""

    file: type[ConsentFile]
    evidence: type[ConsentEvidence]


class Consents:
    """The consents of one vault; `identify` says in words who a party is, for the proof."""

    def __init__(
        self, session: Session, models: ConsentModels, identify: Callable[[bytes], tuple[str, str]]
    ) -> None:
        """Work on `session`; `identify` gives the identifier to seal and the party's kind."""
        self._session = session
        self._models = models
        self._identify = identify

    def files(self, party: bytes) -> list[ConsentFile]:
        """Return the consents of a party, the oldest first."""
        found = self._session.rows(self._models.file, party=party)
        return sorted(found, key=lambda file: (file.since, file.purpose))

    def file(self, party: bytes, purpose: str) -> ConsentFile | None:
        """Return the consent of a party to one purpose."""
        return self._session.first(self._models.file, party=party, purpose=purpose)

    def events(self, file: ConsentFile) -> list[ConsentEvent]:
        """Return what happened to a consent, in order; `Unreadable` when one is missing."""
        found = self._session.rows(ConsentEvent, consent=bytes(file.id))
        found.sort(key=lambda event: event.seq)
        if [event.seq for event in found] != list(range(1, file.events + 1)):
            raise Unreadable(table="consent_event", row=bytes(file.id).hex())
        return found

    def evidence(self, file: ConsentFile) -> dict[int, ConsentEvidence]:
        """Return what backs the events of a consent, by their places."""
        rows = self._session.rows(self._models.evidence, consent=bytes(file.id))
        return {row.seq: row for row in rows}

    def state(self, party: bytes, purpose: str) -> ConsentState | None:
        """Return the state of a consent by its last event; None when nothing was ever recorded."""
        file = self.file(party, purpose)
        return None if file is None else ConsentState(self.events(file)[-1].state)

    def record(self, work: Transaction, party: bytes, purpose: str, said: Said) -> ConsentEvent:
        """Append an event, opening the consent's file with the first; `ConsentStep` if it may not.

        A yes from before the day of a no is refused: a paper that turns up undoes no withdrawal.
        Called by whoever opens or ends the ground in the same transaction.
        """
        file = self.file(party, purpose)
        events = [] if file is None else self.events(file)
        before = ConsentState(events[-1].state) if events else None
        if not may_follow(before, said.state):
            raise ConsentStep(purpose=purpose, state=before or "none", then=said.state)
        no = last_no(events)
        if said.state.permits and no is not None and not is_after(said, no):
            raise YesBeforeNo(purpose=purpose, day=no.isoformat())
        if file is None:
            file = self._open(work, party, purpose, said)
        evidence_hash = self._keep_evidence(work, file, said)
        event = self._event(file, said, evidence_hash, events[-1] if events else None)
        work.insert(event)
        file.events += 1
        file.closed_on = None if said.state in _OPEN else said.entered.isoformat()
        file.going_until = None
        work.update(file)
        self._settle_evidence(work, file)
        return event

    def end_with(
        self,
        work: Transaction,
        files: Iterable[bytes],
        ended: Iterable[Ground],
        now: tuple[datetime, date],
        *,
        whole: bool,
    ) -> int:
        """Let the consents among `files` end whose grounds ended for good; return how many.

        `now` is the instant and the firm's day. A ground that still waits its days of grace may
        come back, and its consent with it. When the party goes `whole` every consent ends.
        """
        why = {
            ground.purpose.code: ground.ended_why
            for ground in ended
            if ground.evidence is Evidence.CONSENT and ground.going_until is None
        }
        count = 0
        for file_id in files:
            file = self._session.first(self._models.file, id=file_id)
            if file is None:
                continue
            reason = why.get(file.purpose) or (Ending.ENDED if whole else None)
            if reason is not None and ConsentState(self.events(file)[-1].state).permits:
                said = Said(state_after(reason), *now, Channel.REGISTER)
                self.record(work, bytes(file.party), file.purpose, said)
                count += 1
        return count

    def check(self, file: ConsentFile, signatures: Signatures) -> list[Damage]:
        """Verify a chain: places, links, signatures, and that it is about the sealed identifier."""
        table, name = "consent_event", bytes(file.id).hex()
        try:
            events = self.events(file)
        except Damaged:
            return [Damage(table, name, "missing")]
        if self._session.ring.can(_category(self._models.file)) and not _matches(
            file.identifier, bytes(file.identity_hash)
        ):
            return [Damage("consent", name, "identity")]
        prev = _GENESIS
        for event in events:
            message = self._message(file, event)
            if bytes(event.prev) != prev:
                return [Damage(table, bytes(event.id).hex(), "link")]
            signer = (bytes(event.actor), event.card_counter)
            if not signatures.holds(*signer, bytes(event.sig), message):
                return [Damage(table, bytes(event.id).hex(), "signature")]
            prev = _hash(message, bytes(event.sig))
        return []

    def check_all(self, signatures: Signatures) -> list[Damage]:
        """Verify every chain, those of erased people included."""
        return [
            damage
            for file in self._session.each(self._models.file)
            for damage in self.check(file, signatures)
        ]

    def _open(self, work: Transaction, party: bytes, purpose: str, said: Said) -> ConsentFile:
        identifier, kind = self._identify(party)
        sealed, identity_hash = _salted(identifier)
        columns: dict[str, Any] = {
            "id": random_id(),
            "party": party,
            "purpose": purpose,
            "kind": kind,
            "since": said.day.isoformat(),
            "identity_hash": identity_hash,
            "events": 0,
            "identifier": sealed,
        }
        file = self._models.file(**columns)
        work.insert(file, _warrant(self._models.file, party))
        return file

    def _keep_evidence(self, work: Transaction, file: ConsentFile, said: Said) -> bytes | None:
        if said.note is None and said.scan is None:
            return None
        columns: dict[str, Any] = {
            "id": random_id(),
            "party": bytes(file.party),
            "purpose": file.purpose,
            "kind": file.kind,
            "since": file.since,
            "consent": bytes(file.id),
            "seq": file.events + 1,
        }
        hashes = []
        for name, text in (("note", said.note), ("scan", said.scan)):
            if text is not None:
                columns[name], digest = _salted(text)
                hashes.append(digest)
        work.insert(
            self._models.evidence(**columns), _warrant(self._models.evidence, bytes(file.party))
        )
        return sha256(b"".join(hashes)).digest()

    def _settle_evidence(self, work: Transaction, file: ConsentFile) -> None:
        """Let the clocks of the evidence follow the consent; the scans go when it ends."""
        for row in self._session.rows(self._models.evidence, consent=bytes(file.id)):
            owner = bytes(row.id)
            if file.closed_on is not None and row.holds("scan"):
                if row.holds("note"):
                    work.clear(row, ["scan"])
                    work.settle(
                        self._session.keys_of(owner), [_category(self._models.evidence)], renew=True
                    )
                    row = self._session.get(self._models.evidence, owner)  # noqa: PLW2901 - as now stored
                else:
                    work.delete(row)
                    work.drop_keys(owner)
                    continue
            row.closed_on, row.going_until = file.closed_on, None
            work.update(row)

    def _event(
        self, file: ConsentFile, said: Said, evidence_hash: bytes | None, last: ConsentEvent | None
    ) -> ConsentEvent:
        ring = self._session.ring
        wording = said.wording
        prev = _GENESIS
        if last is not None:
            prev = _hash(self._message(file, last), bytes(last.sig))
        event = ConsentEvent(
            id=new_id(),
            consent=bytes(file.id),
            seq=file.events + 1,
            state=said.state.value,
            happened=microseconds(said.at),
            entered=said.entered.isoformat(),
            said_on=said.day.isoformat(),
            channel=said.channel.value,
            wording=wording.code if wording else None,
            wording_version=wording.version if wording else 0,
            language=wording.language if wording else None,
            wording_hash=wording.text_hash if wording else None,
            evidence="file" if said.scan is not None else "note" if said.note else "none",
            evidence_hash=evidence_hash,
            by_guardian=int(said.by_guardian),
            actor=ring.user_id,
            card_counter=ring.card_counter,
            prev=prev,
            sig=b"",
        )
        event.sig = ring.sign(self._message(file, event))
        return event

    def _message(self, file: ConsentFile, event: ConsentEvent) -> bytes:
        """Return the bytes that the signature of an event covers."""
        return pack(
            _LABEL,
            self._session.ring.vault_id,
            bytes(event.consent),
            bytes(file.identity_hash),
            file.purpose.encode(),
            event.seq.to_bytes(4, "big"),
            event.state.encode(),
            event.happened.to_bytes(8, "big", signed=True),
            event.entered.encode(),
            (event.said_on or "").encode(),
            event.channel.encode(),
            (event.wording or "").encode(),
            event.wording_version.to_bytes(4, "big"),
            (event.language or "").encode(),
            (event.wording_hash or "").encode(),
            event.evidence.encode(),
            bytes(event.evidence_hash or b""),
            event.by_guardian.to_bytes(1, "big"),
            bytes(event.actor),
            event.card_counter.to_bytes(4, "big"),
            bytes(event.prev),
        )


_OPEN: Final = frozenset(
    {
        ConsentState.GIVEN,
        ConsentState.RENEWED,
        ConsentState.REQUESTED,
        ConsentState.DEFERRED,
        ConsentState.UNKNOWN,
    }
)


def last_no(events: Iterable[ConsentEvent]) -> date | None:
    """Return the latest day on which the person said no, whatever came after it."""
    days = [event.day for event in events if ConsentState(event.state).forbids]
    return max(days, default=None)


def is_after(said: Said, no: date) -> bool:
    """Tell whether a word came after a no: on a later day, or on that very day and entered then.

    What was said today is after all that is in the log; of a paper from the day of the no nobody
    knows which of the two came first.
    """
    return said.day > no or (said.day == no and said.day == said.entered)


def opened_text(sealed: str | None) -> str | None:
    """Return a sealed text of a consent without the salt that stands before it."""
    return None if sealed is None else sealed[_SALT_DIGITS:]


def at_noon(day: date) -> datetime:
    """Give the instant a mere date stands for; noon is the same day everywhere in the Union."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _salted(text: str) -> tuple[str, bytes]:
    """Put a salt before a text, so that its hash gives nothing away once the text is gone."""
    sealed = urandom(_SALT).hex() + text
    return sealed, sha256(sealed.encode()).digest()


def _matches(sealed: str | None, digest: bytes) -> bool:
    return sealed is not None and sha256(sealed.encode()).digest() == digest


def _hash(message: bytes, signature: bytes) -> bytes:
    return sha256(pack(message, signature)).digest()


def _warrant(model: type[ConsentFile | ConsentEvidence], party: bytes) -> Warrant:
    """Permit the proof itself: whoever rests on a consent must be able to show it (Art. 7(1))."""
    return Warrant(party, frozenset(column.item for column in model.layout().sealed))


def _category(model: type[ConsentFile | ConsentEvidence]) -> str:
    return model.layout().sealed[0].category
