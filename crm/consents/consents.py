"""Consents on record: given, refused, withdrawn, listed; each verb is one change of the log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from crm.clients.client_card import decision_on
from crm.consents.cards import ConsentLine, ConsentList, ConsentStepLine
from crm.consents.errors import NoConsentWhenGoing, WordingNeeded
from crm.errors import DayAhead, NotAmong, NotHeld
from crm.grounds.consent_rules import (
    check_age,
    consents_of,
    kept_until,
    opening_for,
    proofs_under,
    scanned,
    wording_named,
)
from crm.grounds.errors import NotByConsent
from crm.grounds.ground_endings import enter_no, erasing, preview_of, receipt_of
from crm.grounds.suppression import (
    identifiers_of,
    lift_purpose,
    need_objectionable,
    nos_against,
    refuse_earlier,
    refuse_objection,
    running_for,
)
from crm.parties.find_party import find_party
from crm.parties.grace_period import is_going
from crm.parties.mailing_law import DIRECT_MARKETING, MarketingStatus, reach
from crm.privacy import EVIDENCE
from crm.session.card_signers import CardSigners
from crm.session.context import RegisterService
from crm.shape.normal_forms import whole_text
from crm.transparency.notice_proofs import told_by_consent
from crm.transparency.wordings import channels_of_yes
from gdpr.audit.events import Event
from gdpr.audit.signers import Signatures
from gdpr.clock import instant_of
from gdpr.errors import ConsentStep, NoKey, Unreadable
from gdpr.rules.consent_states import NO_SPOKEN, SPOKEN, Channel, ConsentState
from gdpr.rules.consents import Said, at_noon, opened_text
from gdpr.rules.purposes import Evidence
from gdpr.rules.reasons import State
from gdpr.rules.suppression import closed
from gdpr.store.accounts import UserAccount

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from crm.grounds.cards import Preview, Receipt
    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from crm.transfer.cards import ConsentOrder
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.because import Because
    from gdpr.rules.consent_rows import ConsentEvent, ConsentFile
    from gdpr.rules.consents import Wording
    from gdpr.rules.reasons import Decision

# What staff may record by itself; a yes opens a ground, a no ends one.
NOTED = (
    ConsentState.REQUESTED,
    ConsentState.DEFERRED,
    ConsentState.REFUSED,
    ConsentState.INVALIDATED,
)
_SHOWN = frozenset({ConsentState.GIVEN, ConsentState.REQUESTED})

# What is written down of a no where nobody says how it came.
UNSAID = Channel.UNKNOWN.value


class ConsentVerbs(RegisterService):
    """What people agreed to, and how they take it back."""

    def give(self, reference: str, order: ConsentOrder) -> ConsentLine:
        """Record a yes, and keep the person for the purpose from the day it was said."""
        context = self._context
        context.access.need_write(EVIDENCE)
        party = find_party(context, reference)
        opening_for(context, party, order.purpose)
        said = self._said(party, order)
        if is_going(context, bytes(party.id)):
            raise NoConsentWhenGoing(number=party.number)
        identifiers = identifiers_of(context, party)
        with context.journal.audited_change(Event.CONSENT_GIVEN, bytes(party.id)) as change:
            refuse_earlier(context, identifiers, order.purpose, said)
            enter_yes(context, change, party, order.purpose, said)
            lifted = lift_purpose(context, change, identifiers, order.purpose)
            change.note(purpose=order.purpose, channel=said.channel.value)
            if lifted:
                change.note(lifted=lifted)
        return self.line(party, order.purpose)

    def note(self, reference: str, order: ConsentOrder) -> ConsentLine | Receipt:
        """Record that a consent was asked for, put off, refused or found invalid.

        A refusal of marketing is an objection to it; a consent found invalid ends its ground.
        """
        context = self._context
        context.access.need_write(EVIDENCE)
        party = find_party(context, reference)
        if order.state not in NOTED:
            raise NotAmong(field="state", known=", ".join(NOTED))
        opening_for(context, party, order.purpose)
        subject, purpose = bytes(party.id), order.purpose
        said = self._said(party, order)
        if said.state is ConsentState.INVALIDATED:
            self._need_yes(subject, purpose)
            outcome = erasing(context).void(subject, purpose, context.day)
            return receipt_of(context, bytes(party.id), party.number, said.state.value, outcome)
        if said.state is ConsentState.REFUSED and any(
            ground.purpose.direct_marketing for ground in running_for(context, party, purpose)
        ):
            return enter_no(context, party, purpose, replace(said, state=ConsentState.OBJECTED))
        with context.journal.audited_change(Event.CONSENT_RECORDED, subject) as change:
            consents_of(context).record(change, subject, purpose, said)
            change.note(purpose=purpose, state=said.state.value)
        return self.line(party, purpose)

    def withdraw(
        self,
        reference: str,
        purpose: str = DIRECT_MARKETING,
        *,
        channel: str = UNSAID,
        note: str | None = None,
    ) -> Receipt:
        """Take a no: the purpose stops at once, and what nothing names any more is destroyed."""
        return self._enter(reference, purpose, channel, note, objection=False)

    def object_to(
        self,
        reference: str,
        purpose: str = DIRECT_MARKETING,
        *,
        channel: str = UNSAID,
        note: str | None = None,
    ) -> Receipt:
        """Take an objection (Art. 21): to marketing always, to an interest unless compelling."""
        return self._enter(reference, purpose, channel, note, objection=True)

    def _enter(
        self, reference: str, purpose: str, channel: str, note: str | None, *, objection: bool
    ) -> Receipt:
        context = self._context
        context.access.need_write(EVIDENCE)
        party = find_party(context, reference)
        state = self._state_of_no(party, purpose, objection=objection)
        by = _channel(channel, NO_SPOKEN)
        said = Said(state, context.clock.now(), context.day, by, note=_cleaned(note))
        return enter_no(context, party, purpose, said)

    def _state_of_no(self, party: Party, purpose: str, *, objection: bool) -> ConsentState:
        if not objection:
            return self.kind_of_no(party, purpose)
        need_objectionable(self._context, party, purpose)
        return ConsentState.OBJECTED

    def preview(
        self,
        reference: str,
        purpose: str = DIRECT_MARKETING,
        say: Callable[[Because], str] = str,
        *,
        objection: bool = False,
    ) -> Preview:
        """Say what a no would destroy and what stays; changes nothing."""
        context = self._context
        party = find_party(context, reference)
        state = self._state_of_no(party, purpose, objection=objection)
        planned = erasing(context).preview_withdrawal(bytes(party.id), purpose, state, context.day)
        event = Event.CONSENT_PREVIEWED
        return preview_of(context, party, state.value, planned.decision, say, event)

    def listing(self, reference: str) -> ConsentList:
        """List the consents of a party with all that happened, and what may be sent to it.

        Of somebody who is no party any more the proofs that are left, under the address or number
        they name; the number is then 0.
        """
        context = self._context
        if EVIDENCE.code not in context.access.reads:
            raise NoKey(category=EVIDENCE.code)
        left = proofs_under(context, reference)
        if left:
            lines = tuple(self._line(file, None) for file in left)
            context.journal.log_access(Event.CONSENTS_LISTED, None, consents=len(lines))
            return ConsentList(0, MarketingStatus.NONE.value, (), lines)
        party = find_party(context, reference)
        files = consents_of(context).files(bytes(party.id))
        decision = decision_on(context, party)
        lines = tuple(self._line(file, decision) for file in files)
        status, channels = self._reach(party, decision)
        context.journal.log_access(Event.CONSENTS_LISTED, bytes(party.id), consents=len(lines))
        return ConsentList(party.number, status, channels, lines)

    def possible(self, reference: str) -> tuple[str, ...]:
        """Name the purposes that could rest on a consent of this party."""
        context = self._context
        party = find_party(context, reference)
        fitting = []
        for known in context.grounds.rulebook.purposes.values():
            if not known.retired:
                with suppress(NotByConsent):
                    opening_for(context, party, known.code)
                    fitting.append(known.code)
        return tuple(fitting)

    def line(self, party: Party, purpose: str) -> ConsentLine:
        """Describe one consent of a party."""
        file = consents_of(self._context).file(bytes(party.id), purpose)
        assert file is not None  # noqa: S101 - it was just recorded
        return self._line(file, decision_on(self._context, party))

    def kind_of_no(self, party: Party, purpose: str) -> ConsentState:
        """Tell a withdrawal from an objection; `NotHeld` when there is nothing to say no to."""
        known = self._context.grounds.rulebook.purpose(purpose)
        state = consents_of(self._context).state(bytes(party.id), purpose)
        if state is not None and (state.permits or state is ConsentState.WITHDRAWN):
            return ConsentState.WITHDRAWN
        if known.direct_marketing:
            return ConsentState.OBJECTED
        running = running_for(self._context, party, purpose)
        if any(ground.evidence is Evidence.CONSENT for ground in running):
            return ConsentState.WITHDRAWN
        if running and not party.is_legal_person():
            refuse_objection(running)
            return ConsentState.OBJECTED
        if state is None:
            raise NotHeld(purpose=purpose)
        return ConsentState.WITHDRAWN

    def _need_yes(self, subject: bytes, purpose: str) -> None:
        state = consents_of(self._context).state(subject, purpose)
        if state is None or not state.permits:
            raise ConsentStep(
                purpose=purpose, state=state or "none", then=ConsentState.INVALIDATED.value
            )

    def _said(self, party: Party, order: ConsentOrder) -> Said:
        context = self._context
        state = ConsentState(order.state)
        if order.on is not None and order.on > context.day:
            raise DayAhead
        speaker = None
        if state.permits:
            day = order.on or context.day
            speaker = check_age(context, party, day, guardian=order.guardian, minor=order.minor)
        note = _cleaned(order.note)
        if speaker is not None:
            note = "\n".join(part for part in (f"guardian: {speaker.number}", note) if part)
        return Said(
            state=state,
            at=at_noon(order.on) if order.on else context.clock.now(),
            entered=context.day,
            on=order.on,
            channel=_channel(order.channel),
            wording=self._wording(party, order, state),
            note=note,
            scan=scanned(order.scan) if order.scan else None,
            by_guardian=speaker is not None,
        )

    def _wording(self, party: Party, order: ConsentOrder, state: ConsentState) -> Wording | None:
        if order.wording is None:
            if state in _SHOWN:
                raise WordingNeeded
            return None
        return wording_named(self._context, party, order.wording, order.purpose, order.language)

    def _reach(self, party: Party, decision: Decision) -> tuple[str, tuple[str, ...]]:
        live = [reason.ground for reason in decision.live if reason.ground is not None]
        state = consents_of(self._context).state(bytes(party.id), DIRECT_MARKETING)
        context = self._context
        nos = nos_against(context, identifiers_of(context, party), bytes(party.id))
        if closed([context.grounds.rulebook.purpose(DIRECT_MARKETING)], nos):
            state = ConsentState.OBJECTED
        file = consents_of(context).file(bytes(party.id), DIRECT_MARKETING)
        agreed = channels_of_yes(context, consents_of(context).events(file)) if file else ()
        found = reach((party.kind, party.email), context.country, state, live, agreed)
        return found.status.value, found.channels

    def _line(self, file: ConsentFile, decision: Decision | None) -> ConsentLine:
        """Describe a consent whose chain verifies; a broken one is damage and says so."""
        book = consents_of(self._context)
        for damage in book.check(file, Signatures(CardSigners(self._context.session))):
            raise Unreadable(table=damage.table, row=damage.row or "–")
        steps = tuple(self._steps(file))
        last = steps[-1]
        live = {reason.purpose.code for reason in decision.live} if decision else set()
        until = self._kept_until(file, decision)
        shown = next((step for step in reversed(steps) if step.wording_hash), last)
        return ConsentLine(
            id=bytes(file.id).hex(),
            purpose=file.purpose,
            state=last.state,
            permits=ConsentState(last.state).permits and file.purpose in live,
            reaches=channels_of_yes(self._context, book.events(file)),
            since=file.since,
            at=last.at,
            entered=last.entered,
            channel=last.channel,
            wording=shown.wording,
            wording_version=shown.wording_version,
            language=shown.language,
            kept_until=until.isoformat() if until else None,
            events=steps,
        )

    def _kept_until(self, file: ConsentFile, decision: Decision | None) -> date | None:
        if decision is None:
            return kept_until(self._context, file)
        until = [
            verdict.until
            for verdict in decision.verdicts
            if verdict.datum.row == bytes(file.id) and verdict.state is not State.GOES
        ]
        return until[0] if until else None

    def _steps(self, file: ConsentFile) -> list[ConsentStepLine]:
        book = consents_of(self._context)
        names = {bytes(row.id): row.name for row in self._context.session.rows(UserAccount)}
        backed = book.evidence(file)
        lines = []
        for event in book.events(file):
            row = backed.get(event.seq)
            note = opened_text(row.note) if row is not None else None
            lines.append(_step(event, note, names.get(bytes(event.actor)) or ""))
        return lines


def enter_yes(
    context: RegisterContext, change: AuditedChange, party: Party, purpose: str, said: Said
) -> None:
    """Open the ground of a purpose and record the yes it rests on, in one change."""
    subject = bytes(party.id)
    opening = opening_for(context, party, purpose)
    book = consents_of(context)
    before = book.state(subject, purpose)
    if before is not None and before.permits:
        said = replace(said, state=ConsentState.RENEWED)
    context.grounds.open(change, subject, opening, said.day)
    book.record(change, subject, purpose, said)
    # It is a consent only because the person knew to what (Art. 4(11)); so they were told.
    if not party.is_legal_person():
        told_by_consent(context, change, subject, opening, said)
    today = context.day.isoformat()
    if party.last_activity < today:
        party.last_activity = today
        change.update(party)


def _channel(code: str, known: tuple[Channel, ...] = SPOKEN) -> Channel:
    if code not in known:
        raise NotAmong(field="channel", known=", ".join(known))
    return Channel(code)


def _cleaned(note: str | None) -> str | None:
    return whole_text(note, lines=True) or None


def _step(event: ConsentEvent, note: str | None, by: str) -> ConsentStepLine:
    return ConsentStepLine(
        seq=event.seq,
        state=event.state,
        at=_time(instant_of(event.happened)),
        entered=event.entered,
        channel=event.channel,
        wording=event.wording,
        wording_version=event.wording_version or None,
        language=event.language,
        wording_hash=event.wording_hash,
        evidence=event.evidence,
        note=note,
        by_guardian=bool(event.by_guardian),
        by=by,
    )


def _time(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
