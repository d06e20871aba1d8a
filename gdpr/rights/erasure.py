"""Erasing on purpose, provably: grounds end, what nothing names dies, the proof stays (Art. 17).

Every way out of the register - an erasure, a ground that ends, a clock that runs out - takes the
same movement, so that none is less thorough than another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gdpr.audit.events import Event
from gdpr.rules.decide import decide
from gdpr.rules.destroying import Destroyed, destroy
from gdpr.rules.endings import Cause, check_end, end, erasure
from gdpr.rules.facts import Ending
from gdpr.rules.subject import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from gdpr.audit.journal import Deed, Journal
    from gdpr.audit.ledger import RightEvent
    from gdpr.rules.endings import Erasure
    from gdpr.rules.facts import Ground, SubjectFacts
    from gdpr.rules.grounds import Grounds
    from gdpr.rules.reasons import Decision

WHOLE = "erased-whole"
PART = "erased-part"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one movement did: grounds ended, data destroyed, and how far the proof has come.

    `shredded` is false while a reader keeps the database's log open; it is tried again until it
    is done. `decision` says what stays; `entry` names the audit entry, (desk hex, sequence).
    """

    ended: tuple[Ground, ...]
    destroyed: Destroyed
    decision: Decision
    shredded: bool
    entry: str


class Erasing:
    """Carries out endings and erasures for one opened vault."""

    def __init__(
        self,
        journal: Journal,
        grounds: Grounds,
        release: Callable[[Deed, tuple[bytes, ...]], None] | None = None,
    ) -> None:
        """Work on the journal's desk, under the registers behind `grounds`.

        `release` ends what keeps subjects whose rows went because they needed the one destroyed;
        it is called inside the same transaction, so that a crash cannot come between.
        """
        self._journal = journal
        self._desk = journal.desk
        self._grounds = grounds
        self._release = release
        self._settings = grounds.rulebook.settings

    def facts(self, subject: bytes) -> SubjectFacts:
        """Gather what is held about a subject."""
        return facts_of(self._desk, self._grounds, subject)

    def preview(self, subject: bytes, cause: Cause, today: date) -> Erasure:
        """Say what an erasure would end, destroy and leave; changes nothing."""
        return erasure(self.facts(subject), cause, today, self._settings)

    def erase(self, subject: bytes, cause: Cause, today: date) -> Outcome:
        """End what may end for this cause and destroy at once what nothing names any more."""
        with self._journal.deed(Event.ERASED_PARTLY, subject, because=str(cause)) as deed:
            planned = erasure(self.facts(subject), cause, today, self._settings)
            ended = planned.ending
            for ground in ended:
                self._grounds.save(deed, ground)
            destroyed = self._destroy(deed, subject, planned.decision, str(cause), ended)
        return self._outcome(deed, ended, destroyed, planned.decision)

    def end(
        self, subject: bytes, chosen: Callable[[Ground], bool], why: Ending, on: date, today: date,
        *, now: bool = False,
    ) -> Outcome:  # fmt: skip
        """End the running grounds that are `chosen`, with days of grace unless `now`.

        Raises `GroundNeeded` where a legal obligation still rests on a kept record.
        """
        with self._journal.deed(Event.GROUND_ENDED, subject, because=why.value) as deed:
            facts = self.facts(subject)
            running = [g for g in facts.grounds if not g.has_ended(today) and chosen(g)]
            for ground in running:
                check_end(ground, facts, today, self._settings)
            waiting = [
                g
                for g in facts.grounds
                if now and g.has_ended(today) and g.going_until and chosen(g)
            ]
            ended = tuple(
                end(ground, why, on, today, self._settings, now=now) for ground in running
            ) + tuple(_at_once(ground) for ground in waiting)
            for ground in ended:
                self._grounds.save(deed, ground)
            destroyed, decision = self._settle(deed, subject, today, why.value, ended)
        return self._outcome(deed, ended, destroyed, decision)

    def finish(self, subject: bytes, today: date) -> Outcome:
        """Record clocks that ran out, and destroy what was shown as going until its day passed."""
        with self._journal.deed(Event.RETENTION_RUN, subject) as deed:
            facts = self.facts(subject)
            decision = decide(facts, today, self._settings)
            ended = tuple(
                end(ground, Ending.CLOCK, today, today, self._settings)
                for ground in decision.ran_out
            ) + tuple(
                _at_once(ground)
                for ground in facts.grounds
                if ground.going_until is not None and ground.going_until < today
            )
            for ground in ended:
                self._grounds.save(deed, ground)
            destroyed, decision = self._settle(deed, subject, today, Ending.CLOCK.value, ended)
        return self._outcome(deed, ended, destroyed, decision)

    def replay(self, event: RightEvent, today: date) -> Outcome:
        """Do again what the ledger knows was done, on a database that has forgotten it."""
        subject, lost = event.subject, frozenset(event.grounds)
        with self._journal.deed(Event.ERASURE_REPLAYED, subject) as deed:
            facts = self.facts(subject)
            ended = tuple(
                _at_once(end(g, Ending.REQUEST, today, today, self._settings, now=True))
                for g in facts.grounds
                if not g.has_ended(today) and (g.id in lost or event.kind == WHOLE)
            )
            for ground in ended:
                self._grounds.save(deed, ground)
            destroyed, decision = self._settle(deed, subject, today, "replayed", ended)
        return self._outcome(deed, ended, destroyed, decision)

    def _settle(
        self, deed: Deed, subject: bytes, today: date, because: str, ended: tuple[Ground, ...]
    ) -> tuple[Destroyed, Decision]:
        decision = decide(self.facts(subject), today, self._settings)
        return self._destroy(deed, subject, decision, because, ended), decision

    def _destroy(
        self,
        deed: Deed,
        subject: bytes,
        decision: Decision,
        because: str,
        ended: tuple[Ground, ...],
    ) -> Destroyed:
        destroyed = destroy(deed, subject, decision)
        if destroyed.bereaved and self._release is not None:
            self._release(deed, destroyed.bereaved)
        if destroyed.whole:
            deed.event = Event.ERASED if deed.event is Event.ERASED_PARTLY else deed.event
        if destroyed.whole or destroyed.fields:
            kind = WHOLE if destroyed.whole else PART
            deed.bear(kind, because=because, grounds=[ground.id for ground in ended])
        deed.note(grounds=len(ended), fields=destroyed.fields, whole=int(destroyed.whole))
        return destroyed

    def _outcome(
        self, deed: Deed, ended: tuple[Ground, ...], destroyed: Destroyed, decision: Decision
    ) -> Outcome:
        waiting = self._journal.shred() if deed.right is not None else []
        entry = deed.entry
        name = "" if entry is None else f"{entry.desk.hex()}:{entry.seq}"
        shredded = all(event != deed.right for event in waiting)
        return Outcome(ended, destroyed, decision, shredded, name)


def _at_once(ground: Ground) -> Ground:
    return replace(ground, going_until=None)
