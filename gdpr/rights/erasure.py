"""Erasing on purpose, provably: grounds end, what nothing names dies, the proof stays (Art. 17).

Every way out of the register - an erasure, a ground that ends, a clock that runs out - takes the
same movement, so that none is less thorough than another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from gdpr.audit.events import Event
from gdpr.clock import instant_of
from gdpr.rules.consent_rows import ConsentFile
from gdpr.rules.consent_states import Channel, ConsentState, may_follow
from gdpr.rules.consents import Said
from gdpr.rules.decide import decide
from gdpr.rules.destroying import Destroyed, destroy, goes_whole
from gdpr.rules.endings import Cause, Erasure, check_end, end, erasure, withdrawal
from gdpr.rules.facts import Ending
from gdpr.rules.purposes import Evidence
from gdpr.rules.subject import facts_of, gather
from gdpr.rules.suppression import No, Why, nos_of_code, nos_of_erasure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import TypeAlias

    from gdpr.audit.journal import AuditedChange, Journal
    from gdpr.audit.ledger import RightEvent
    from gdpr.audit.shredding import Lot
    from gdpr.rules.consents import Consents
    from gdpr.rules.facts import Ground, SubjectFacts
    from gdpr.rules.grounds import Grounds
    from gdpr.rules.reasons import Decision
    from gdpr.rules.subject import Gathered

    Remember: TypeAlias = Callable[[AuditedChange, bytes, Sequence[No]], int]

WHOLE = "erased-whole"
PART = "erased-part"
WITHDRAWN = ConsentState.WITHDRAWN.value
OBJECTED = ConsentState.OBJECTED.value
_SAID = {WITHDRAWN: Ending.CONSENT_WITHDRAWN, OBJECTED: Ending.OBJECTION}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one movement did: grounds ended, data destroyed, and how far the proof has come.

    `shredded` is false while a reader keeps the database's log open, and until the end of a lot of
    destructions; it is tried again until it is done. `decision` says what stays; `entry` names the
    audit entry, (desk hex, sequence); `remembered` counts the marks by which the person's no is
    known again.
    """

    ended: tuple[Ground, ...]
    destroyed: Destroyed
    decision: Decision
    shredded: bool
    entry: str
    remembered: int = 0


class Settled(NamedTuple):
    """What one transaction ended, destroyed and left."""

    ended: tuple[Ground, ...]
    destroyed: Destroyed
    decision: Decision


class Erasing:
    """Carries out endings and erasures for one opened vault."""

    def __init__(
        self,
        journal: Journal,
        grounds: Grounds,
        release: Callable[[AuditedChange, tuple[bytes, ...]], None] | None = None,
        consents: Consents | None = None,
        remember: Remember | None = None,
    ) -> None:
        """Work on the journal's desk, under the registers behind `grounds`.

        `release` ends what keeps subjects whose rows went because they needed the one destroyed;
        it is called inside the same transaction, so that a crash cannot come between. So do
        `consents` end with their grounds. `remember` enters a person's no, while it can still be
        told whose it is, so that nobody brings the person back.
        """
        self._journal = journal
        self._session = journal.session
        self._grounds = grounds
        self._release = release
        self._consents = consents
        self._remember = remember
        self._remembered = 0
        # With a lot, what follows a destruction waits until the lot's end, and outcomes say so.
        self.lot: Lot | None = None
        self._settings = grounds.rulebook.settings

    def facts(self, subject: bytes) -> SubjectFacts:
        """Gather what is held about a subject."""
        return facts_of(self._session, self._grounds, subject)

    def preview(self, subject: bytes, cause: Cause, today: date) -> Erasure:
        """Say what an erasure would end, destroy and leave; changes nothing."""
        return erasure(self.facts(subject), cause, today, self._settings)

    def erase(self, subject: bytes, cause: Cause, today: date) -> Outcome:
        """End what may end for this cause and destroy at once what nothing names any more."""
        with self._audited_change(Event.ERASED_PARTLY, subject, because=cause.code) as change:
            settled = self.erase_within(change, subject, cause, today)
        return self._outcome(change, settled)

    def erase_within(
        self, change: AuditedChange, subject: bytes, cause: Cause, today: date
    ) -> Settled:
        """Do the part of an erasure that belongs into one transaction."""
        gathered = self._gather(change, subject)
        planned = erasure(gathered.facts, cause, today, self._settings)
        self._keep_no(change, subject, nos_of_erasure(cause, planned.ending, today))
        return self._settle(change, gathered, planned, cause.code, today)

    def end(
        self, subject: bytes, chosen: Callable[[Ground], bool], why: Ending, on: date, today: date,
        *, now: bool = False,
    ) -> Outcome:  # fmt: skip
        """End the running grounds that are `chosen`, with days of grace unless `now`.

        Raises `GroundNeeded` where a legal obligation still rests on a kept record.
        """
        with self._audited_change(Event.GROUND_ENDED, subject, because=why.value) as change:
            gathered = self._gather(change, subject)
            facts = gathered.facts
            running = [g for g in facts.grounds if not g.has_ended(today) and chosen(g)]
            for ground in running:
                check_end(ground, facts, today, self._settings)
            waiting = [
                g
                for g in facts.grounds
                if now and g.has_ended(today) and g.going_until and chosen(g)
            ]
            ended = [
                *(end(ground, why, on, today, self._settings, now=now) for ground in running),
                *map(_at_once, waiting),
            ]
            settled = self._settle_on(change, gathered, ended, why.value, today)
        return self._outcome(change, settled)

    def withdraw(
        self, subject: bytes, purpose: str, said: Said, today: date, *, waits: bool = False
    ) -> Outcome:
        """Let a person's no take effect at once: nothing waits, nothing is asked (Art. 7(3)).

        A list is not the person, and may be the wrong one: with `waits` the no holds at once, and
        the data go after their days of grace. What happened once, and is said by a restore, takes
        effect in an older database as well.
        """
        state = said.state.value
        with self._audited_change(Event.CONSENT_WITHDRAWN, subject, purpose=purpose) as change:
            change.note(state=state, channel=said.channel.value)
            self._say(change, subject, purpose, said)
            self._keep_no(change, subject, [No(Why(state), purpose, said.day)])
            gathered = self._gather(change, subject, again=said.channel is Channel.RESTORED)
            why, settings = _SAID[state], self._settings
            planned = withdrawal(gathered.facts, purpose, why, today, settings, waits=waits)
            settled = self._settle(change, gathered, planned, f"{state}:{purpose}", today, state)
        return self._outcome(change, settled)

    def void(
        self, subject: bytes, purpose: str, today: date, why: Ending = Ending.UNLAWFUL
    ) -> Outcome:
        """End at once what rests on a consent that was none (Art. 17(1)(d)) or is one no more."""

        def resting(ground: Ground) -> bool:
            return ground.purpose.code == purpose and ground.evidence is Evidence.CONSENT

        return self.end(subject, resting, why, today, today, now=True)

    def preview_end(self, subject: bytes, chosen: Callable[[Ground], bool], today: date) -> Erasure:
        """Say what ends by hand would destroy once their days of grace are over; changes nothing.

        Raises `GroundNeeded` as the end itself would.
        """
        facts = self.facts(subject)
        at_once = replace(self._settings, grace_days=0)
        ended = {}
        for ground in facts.grounds:
            if chosen(ground) and not ground.has_ended(today):
                check_end(ground, facts, today, self._settings)
                ended[ground.id] = end(ground, Ending.ENDED, today, today, at_once, now=True)
        grounds = tuple(ended.get(ground.id, ground) for ground in facts.grounds)
        then = decide(replace(facts, grounds=grounds), today, at_once)
        return Erasure(tuple(ended.values()), then)

    def preview_withdrawal(
        self, subject: bytes, purpose: str, state: ConsentState, today: date
    ) -> Erasure:
        """Say what a no would end, destroy and leave; changes nothing."""
        facts = self.facts(subject)
        return withdrawal(facts, purpose, _SAID[state.value], today, self._settings)

    def finish(self, subject: bytes, today: date) -> Outcome:
        """Record clocks that ran out, and destroy what was shown as going until its day passed."""
        with self._audited_change(Event.RETENTION_RUN, subject) as change:
            gathered = self._gather(change, subject)
            facts = gathered.facts
            ended = [
                *(
                    end(ground, Ending.CLOCK, today, today, self._settings)
                    for ground in decide(facts, today, self._settings).ran_out
                ),
                *(
                    _at_once(ground)
                    for ground in facts.grounds
                    if ground.going_until is not None and ground.going_until < today
                ),
            ]
            settled = self._settle_on(change, gathered, ended, Ending.CLOCK.value, today)
        return self._outcome(change, settled)

    def replay(self, event: RightEvent, today: date) -> Outcome:
        """Do again what the ledger knows was done, on a database that has forgotten it."""
        lost = frozenset(event.grounds)
        if event.kind in _SAID and self._consents is not None:
            purpose = event.because.partition(":")[2]
            at = instant_of(event.at)
            on = min(self._journal.clock.day_of(at), today)
            said = Said(ConsentState(event.kind), at, today, Channel.RESTORED, on=on)
            return self.withdraw(event.subject, purpose, said, today)
        with self._audited_change(Event.ERASURE_REPLAYED, event.subject) as change:
            gathered = self._gather(change, event.subject, again=True, whole=event.kind == WHOLE)
            day = min(self._journal.clock.day_of(instant_of(event.at)), today)
            self._keep_no(change, event.subject, nos_of_code(event.because, day))
            ended = [
                _at_once(end(g, Ending.REQUEST, today, today, self._settings, now=True))
                for g in gathered.facts.grounds
                if not g.has_ended(today) and (g.id in lost or event.kind == WHOLE)
            ]
            settled = self._settle_on(change, gathered, ended, "replayed", today)
        return self._outcome(change, settled)

    def _audited_change(
        self, event: Event, subject: bytes, **codes_and_counts: int | str
    ) -> AuditedChange:
        change = self._journal.audited_change(event, subject, **codes_and_counts)
        if self.lot is not None:
            self.lot.take(change)
        return change

    def _gather(
        self, change: AuditedChange, subject: bytes, *, again: bool = False, whole: bool = False
    ) -> Gathered:
        """Read what is held about a subject, or raise where something of it is missing.

        What was decided once is done `again` in an older database, which lacks what came since;
        what is to go `whole` rests on no ground.
        """
        if not again:
            change.refuse_incomplete()
        return gather(self._session, self._grounds, subject, None if whole else change.holdings)

    def _settle_on(
        self,
        change: AuditedChange,
        gathered: Gathered,
        ended: list[Ground],
        because: str,
        today: date,
    ) -> Settled:
        after = {ground.id: ground for ground in ended}
        grounds = tuple(after.get(ground.id, ground) for ground in gathered.facts.grounds)
        facts = replace(gathered.facts, grounds=grounds)
        decision = decide(facts, today, self._settings)
        return self._settle(change, gathered, Erasure(tuple(ended), decision), because, today)

    def _settle(
        self,
        change: AuditedChange,
        gathered: Gathered,
        planned: Erasure,
        because: str,
        today: date,
        kind: str | None = None,
    ) -> Settled:
        ended, decision = planned
        # The grounds of a party that goes whole go with it; their ids stay in the ledger.
        if not goes_whole(decision):
            for ground in ended:
                self._grounds.save(change, ground)
        subject = gathered.facts.id
        destroyed = destroy(change, subject, decision, gathered.rows, gathered.grounds)
        if destroyed.orphaned and self._release is not None:
            self._release(change, destroyed.orphaned)
        if destroyed.whole and change.event is Event.ERASED_PARTLY:
            change.event = Event.ERASED
        self._end_consents(change, gathered, Settled(ended, destroyed, decision), today)
        if kind or destroyed.whole or destroyed.fields:
            kind = WHOLE if destroyed.whole else kind or PART
            change.bear(kind, because=because, grounds=[ground.id for ground in ended])
        change.note(grounds=len(ended), fields=destroyed.fields, whole=int(destroyed.whole))
        return Settled(ended, destroyed, decision)

    def _say(self, change: AuditedChange, subject: bytes, purpose: str, said: Said) -> None:
        """Record a no; one that is on record already is not recorded twice."""
        consents = self._consents
        if consents is not None and may_follow(consents.state(subject, purpose), said.state):
            consents.record(change, subject, purpose, said)

    def _keep_no(self, change: AuditedChange, subject: bytes, nos: Sequence[No]) -> None:
        """Remember the person's no before anything of theirs goes, if there is one."""
        if nos and self._remember is not None:
            self._remembered = self._remember(change, subject, nos)
            if self._remembered:
                change.note(remembered=self._remembered)

    def _end_consents(
        self, change: AuditedChange, gathered: Gathered, settled: Settled, today: date
    ) -> None:
        """No consent is left standing whose last ground has gone."""
        if self._consents is None:
            return
        files = [bytes(row.id) for row in gathered.rows if isinstance(row, ConsentFile)]
        standing = {reason.purpose.code for reason in settled.decision.live}
        ended = [ground for ground in settled.ended if ground.purpose.code not in standing]
        now, whole = (self._journal.clock.now(), today), settled.destroyed.whole
        count = self._consents.end_with(change, files, ended, now, whole=whole)
        if count:
            change.note(consents=count)

    def _outcome(self, change: AuditedChange, settled: Settled) -> Outcome:
        shredded = True
        if change.right is not None:
            shredded = self.lot is None and change.right not in self._journal.shred()
        entry = change.entry
        name = "" if entry is None else f"{entry.desk.hex()}:{entry.seq}"
        return Outcome(*settled, shredded, name, self._remembered)


def _at_once(ground: Ground) -> Ground:
    return replace(ground, going_until=None)
