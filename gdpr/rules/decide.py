"""The one rule, as one function.

A datum about a party is kept if and only if the purpose of a live ground names it, or it belongs
to a kept record whose own clock runs. Everything else the program says about keeping - the
answer to *why*, the erasure preview, the refusal, the retention run - is this decision read out.

How to read it: `weigh` asks of each ground whether it lives, is going or is over, and until when.
`_Records` asks the same of each purpose a kept record serves. `decide` lets, for every datum, the
reason that lasts longest lead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.rules.because import Code
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import add_days, add_months, clock_end
from gdpr.rules.purposes import DEFAULT, Action, Basis, Trigger
from gdpr.rules.reasons import Decision, Reason, State, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gdpr.rules.facts import Ground, KeptRecord, RecordClock, SubjectFacts
    from gdpr.rules.period_ends import RuleSettings


def decide(facts: SubjectFacts, today: date, settings: RuleSettings) -> Decision:
    """Decide about every datum of one party on one day."""
    reasons = sorted((weigh(ground, facts, today, settings) for ground in facts.grounds), key=_rank)
    records = _Records(facts, reasons, today, settings)
    own: dict[str, _Led] = {}

    verdicts = []
    for datum in facts.data:
        item = datum.item
        if datum.record is not None:
            lead, also = records.lead(datum.record)
        else:
            if item not in own:
                own[item] = _lead([one for one in reasons if item in one.purpose.items])
            lead, also = own[item]
        if lead is None:
            verdicts.append(Verdict(datum, State.GOES, today, None, ()))
        else:
            verdicts.append(Verdict(datum, lead.state, lead.until, lead, also))
    return Decision(
        verdicts=tuple(verdicts),
        live=tuple(reason for reason in reasons if reason.state is State.KEPT),
        going=tuple(reason for reason in reasons if reason.state is State.GOING),
        ended=tuple(reason for reason in reasons if reason.state is State.GOES),
        spent=records.spent(),
    )


def weigh(ground: Ground, facts: SubjectFacts, today: date, settings: RuleSettings) -> Reason:
    """Say how one ground stands today, and until when: the end of its clock, or its review."""
    if ground.has_ended(today):
        standing = _after_end(ground, today)
    else:
        standing = _while_live(ground, facts.last_activity, today, settings)
    return Reason(
        *standing[:2],
        purpose=ground.purpose,
        basis=Basis.NOT_APPLICABLE if facts.is_legal else ground.basis,
        since=ground.since,
        until=standing[2],
        day=standing[3],
        rule=ground.purpose.ground_rule() if standing[1] in _BY_CLOCK else None,
        ground=ground,
    )


def without_clock(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """Give the grounds that hold without a clock or a review date; there must never be one."""
    return tuple(
        ground
        for ground in grounds
        if ground.ended_on is None
        and ground.review_on is None
        and ground.purpose.ground_rule() is None
        and not ground.purpose.review_months.get(ground.kind)
        and not ground.purpose.review_months.get(DEFAULT)
    )


_Standing = tuple[State, Code, "date", "date | None"]
_Led = tuple[Reason | None, tuple[Reason, ...]]

_NOTHING: _Led = (None, ())
_BY_CLOCK = (Code.CLOCK, Code.CLOCK_RAN_OUT, Code.CLOCK_RAN_OUT_GOING)


def _rank(reason: Reason) -> tuple[int, int, str]:
    """Put what keeps before what waits, the longest first, and ties in a steady order."""
    order = 0 if reason.state is State.KEPT else 1 if reason.state is State.GOING else 2
    return order, -reason.until.toordinal(), reason.purpose.code


def _lead(ranked: list[Reason]) -> _Led:
    """Let the first of the ranked reasons lead; those that are over would keep nothing."""
    if not ranked:
        return _NOTHING
    return ranked[0], tuple(reason for reason in ranked[1:] if reason.state is not State.GOES)


def _while_live(
    ground: Ground, last_activity: date | None, today: date, settings: RuleSettings
) -> _Standing:
    """Say until when a ground holds that nobody ended."""
    active = max(ground.since, last_activity or ground.since)
    code, until, day = Code.REVIEW, ground.review_on, None
    rule = ground.purpose.ground_rule()
    if rule is not None:
        started = ground.since if rule.trigger is Trigger.GROUND_START else active
        clock = clock_end(rule, started, settings)
        # A person may have decided to look again later than the clock would have let it go.
        if until is None or until <= clock:
            if clock < today:
                return _run_out(clock, None, today, settings)
            code, until, day = Code.CLOCK, clock, started
    if until is None:
        until = add_months(active, ground.purpose.review_after(ground.kind))
    if ground.ended_on is not None and ground.ended_on < until:
        return State.KEPT, Code.ENDS_ON, ground.ended_on, None
    if code is Code.REVIEW and until < today:
        code = Code.REVIEW_DUE
    return State.KEPT, code, until, day


def _after_end(ground: Ground, today: date) -> _Standing:
    """Say whether an ended ground still waits for somebody to object to its end."""
    assert ground.ended_on is not None  # noqa: S101 - told to the type checker
    by_clock = ground.ended_why is Ending.CLOCK
    if ground.going_until is not None and today <= ground.going_until:
        code = Code.CLOCK_RAN_OUT_GOING if by_clock else Code.GROUND_ENDED_GOING
        return State.GOING, code, ground.going_until, ground.ended_on
    code = Code.CLOCK_RAN_OUT if by_clock else Code.GROUND_ENDED
    return State.GOES, code, ground.ended_on, ground.ended_on


def _run_out(
    clock: date, going_until: date | None, today: date, settings: RuleSettings
) -> _Standing:
    """Let what a clock gave up wait its days of grace, counted from the day that was recorded.

    Until it is recorded the count begins anew each day: nothing goes that was never shown going.
    """
    if going_until is None and settings.grace_days:
        going_until = add_days(today, settings.grace_days)
    if going_until is not None and today <= going_until:
        return State.GOING, Code.CLOCK_RAN_OUT_GOING, going_until, clock
    return State.GOES, Code.CLOCK_RAN_OUT, clock, clock


class _Records:
    """What the clocks of kept records say, remembered because all data of a record share it."""

    def __init__(
        self, facts: SubjectFacts, reasons: list[Reason], today: date, settings: RuleSettings
    ) -> None:
        self._is_legal = facts.is_legal
        self._grounds = reasons
        self._today = today
        self._settings = settings
        self._led: dict[bytes, tuple[KeptRecord, _Led]] = {}

    def lead(self, record: KeptRecord) -> _Led:
        """Let the purpose lead that keeps the record longest."""
        known = self._led.get(record.id)
        if known is None:
            served = {clock.purpose.code for clock in record.clocks}
            reasons = [self._clock(record, clock) for clock in record.clocks]
            # Once its clock on a record has started, a purpose keeps it so long and no longer.
            reasons += [
                reason
                for reason in self._grounds
                if reason.purpose.code not in served and reason.purpose.serves(record.item)
            ]
            known = self._led[record.id] = record, _lead(sorted(reasons, key=_rank))
        return known[1]

    def spent(self) -> tuple[KeptRecord, ...]:
        """Give the records whose last clock ran out and which were not yet recorded as going."""
        return tuple(
            record
            for record, (lead, _) in self._led.values()
            if record.going_until is None
            and lead is not None
            and lead.ground is None
            and lead.code in {Code.CLOCK_RAN_OUT, Code.CLOCK_RAN_OUT_GOING}
        )

    def _clock(self, record: KeptRecord, clock: RecordClock) -> Reason:
        """Say how long one purpose keeps a record: by its clock, or by its ground until then."""
        started = clock.started
        if started is None:
            ground = self._ground(clock.awaits or clock.purpose.code)
            if ground is not None and (
                ground.state is State.KEPT
                or (ground.state is State.GOING and not clock.rule.months)
            ):
                return ground
            # The event nobody recorded is taken to be the end of the ground.
            started = (ground.day if ground is not None else None) or record.since
        standing = self._standing(record, clock, started)
        return Reason(
            *standing[:2],
            purpose=clock.purpose,
            basis=Basis.NOT_APPLICABLE if self._is_legal else clock.basis,
            since=record.since,
            until=standing[2],
            day=standing[3],
            rule=clock.rule,
        )

    def _ground(self, purpose: str) -> Reason | None:
        """Find the ground for a purpose that lasts longest, or lasted."""
        return next((one for one in self._grounds if one.purpose.code == purpose), None)

    def _standing(self, record: KeptRecord, clock: RecordClock, started: date) -> _Standing:
        until = clock_end(clock.rule, started, self._settings)
        if until > self._today or (until == self._today and clock.rule.months):
            return State.KEPT, Code.CLOCK, until, started
        if clock.rule.then is Action.REVIEW:
            return State.KEPT, Code.REVIEW_DUE, until, None
        if clock.started is None and not clock.rule.months:
            # The ground that kept it has waited its days already.
            return State.GOES, Code.GROUND_ENDED, until, started
        return _run_out(until, record.going_until, self._today, self._settings)
