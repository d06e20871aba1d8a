"""How grounds end and come back: the only changes there are, each giving a new ground.

An erasure ends what may end and destroys what nothing names any more. A live contract stays, and a
legal obligation as far as a kept record needs it; saying so, with article and date, is the refusal.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from gdpr.rules.decide import decide
from gdpr.rules.errors import GroundAlreadyEnded, GroundGone, GroundNeeded, UnknownCause
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import add_days, add_months
from gdpr.rules.purposes import Basis, Evidence
from gdpr.rules.reasons import State

if TYPE_CHECKING:
    from datetime import date

    from gdpr.rules.facts import Ground, KeptRecord, SubjectFacts
    from gdpr.rules.period_ends import RuleSettings
    from gdpr.rules.reasons import Decision

_REQUEST = re.compile(r"request:([1-9][0-9]{0,8})")
_CAUSES = frozenset(
    {Ending.CONSENT_WITHDRAWN, Ending.OBJECTION, Ending.NO_LONGER_NEEDED, Ending.UNLAWFUL}
)
# A person who asks for erasure, or data nobody needs, also says that the offer is off the table.
_ENDS_STEPS = frozenset({Ending.NO_LONGER_NEEDED, Ending.UNLAWFUL, Ending.REQUEST})


class Cause(NamedTuple):
    """Why an erasure is asked for, as said on the command line."""

    why: Ending
    request: int | None = None
    declined: bool = False

    @property
    def code(self) -> str:
        """Write it as log and ledger keep it; `declined` is who does not want to be remembered."""
        return f"{self}:declined" if self.declined else str(self)

    def __str__(self) -> str:
        """Write it as it was said."""
        return str(self.why) if self.request is None else f"{self.why}:{self.request}"


def parse_cause(text: str) -> Cause:
    """Read one of the four codes, or `request:NUMBER`."""
    asked = _REQUEST.fullmatch(text)
    if asked:
        return Cause(Ending.REQUEST, int(asked[1]))
    if text not in _CAUSES:
        raise UnknownCause
    return Cause(Ending(text))


def contract_in_force(facts: SubjectFacts, today: date) -> bool:
    """Tell whether a ground that rests on a contract with this very person has not ended."""
    return any(
        ground.basis is Basis.CONTRACT
        and ground.evidence is Evidence.CONTRACT
        and not ground.has_ended(today)
        for ground in facts.grounds
    )


def endable(ground: Ground, cause: Cause, facts: SubjectFacts, today: date) -> bool:
    """Tell whether an erasure for this cause may end this ground (Art. 17(1) and 17(3))."""
    if facts.is_legal or ground.has_ended(today):
        return False
    if ground.purpose.direct_marketing and cause.why is Ending.OBJECTION:
        return True
    match ground.basis:
        case Basis.CONSENT | Basis.SOFT_OPT_IN | Basis.VITAL:
            may = True
        case Basis.LEGITIMATE_INTERESTS | Basis.PUBLIC_TASK:
            may = not ground.purpose.compelling
        case Basis.PRE_CONTRACT:
            may = cause.why in _ENDS_STEPS
        case Basis.CONTRACT:
            may = not contract_in_force(facts, today)
        case _:
            # A duty holds what a kept record needs and no more (Art. 17(3)(b)): one whose clock
            # runs stands by itself, an open one needs its ground. Nobody objects to a duty, so
            # under a contract in force it ends by a wish for erasure only.
            wished = cause.why in _ENDS_STEPS or not contract_in_force(facts, today)
            may = wished and not _open_records(ground, facts)
    return may


def end(
    ground: Ground, why: Ending, on: date, today: date, settings: RuleSettings, *, now: bool = False
) -> Ground:
    """Record that a ground ends on a day: at once by a person's word or `now`, else with grace.

    The days of grace run from today even when the end lies in the past, because before today
    nobody could have seen the data going. An end that lies ahead keeps its own day as the last,
    so that the retention run of that time finds it.
    """
    if ground.ended_on is not None and ground.has_ended(today):
        raise GroundAlreadyEnded(purpose=ground.purpose.code)
    grace = settings.grace_days if why.waits and not now else 0
    waits = grace > 0 or on > today
    return replace(
        ground,
        ended_on=on,
        ended_why=why,
        going_until=add_days(max(on, today), grace) if waits else None,
    )


def reopen(ground: Ground, today: date, *, review_on: date | None = None) -> Ground:
    """Bring back a ground whose data is still there; a clock that ran out gets a review instead."""
    if ground.has_ended(today) and (ground.going_until is None or ground.going_until < today):
        raise GroundGone
    if review_on is None and (ground.ended_why is Ending.CLOCK or ground.ended_on is None):
        review_on = add_months(today, ground.purpose.review_after(ground.kind))
    return replace(
        ground,
        ended_on=None,
        ended_why=None,
        going_until=None,
        review_on=review_on or ground.review_on,
    )


def check_end(ground: Ground, facts: SubjectFacts, today: date, settings: RuleSettings) -> None:
    """Refuse to end by hand a legal obligation on which kept records still rest."""
    if ground.basis is not Basis.LEGAL_OBLIGATION:
        return
    untils = {
        verdict.datum.record.id: reason.until
        for verdict in decide(facts, today, settings).verdicts
        if verdict.datum.record is not None and verdict.lead is not None
        for reason in (verdict.lead, *verdict.also)
        if reason.state is State.KEPT and reason.purpose.code == ground.purpose.code
    }
    if untils:
        raise GroundNeeded(
            purpose=ground.purpose.code,
            count=len(untils),
            until=max(untils.values()).isoformat(),
        )


class Erasure(NamedTuple):
    """What an erasure would do: the grounds it ends, and the decision once they have ended.

    Among `ending` are those that had ended already and lose their remaining days of grace; all
    have to be stored, else a ground could be reopened whose data is gone.
    """

    ending: tuple[Ground, ...]
    decision: Decision


def erasure(facts: SubjectFacts, cause: Cause, today: date, settings: RuleSettings) -> Erasure:
    """Decide as if all that may end had ended today; nothing waits, because a person has spoken.

    What was going already goes too: its days of grace protect against a clerk's mistake only.
    """
    at_once = replace(settings, grace_days=0)
    ending: list[Ground] = []
    grounds: list[Ground] = []
    for ground in facts.grounds:
        after = ground
        if endable(ground, cause, facts, today):
            after = end(ground, cause.why, today, today, at_once)
        elif ground.has_ended(today) and ground.going_until is not None:
            after = replace(ground, going_until=None)
        if after is not ground:
            ending.append(after)
        grounds.append(after)
    data = tuple(
        datum._replace(record=_not_waiting(datum.record)) if datum.record else datum
        for datum in facts.data
    )
    then = replace(facts, grounds=tuple(grounds), data=data)
    return Erasure(tuple(ending), decide(then, today, at_once))


def withdrawal(
    facts: SubjectFacts,
    purpose: str,
    why: Ending,
    today: date,
    settings: RuleSettings,
    *,
    waits: bool = False,
) -> Erasure:
    """Decide as if a person's no to one purpose had taken effect: what rests on the yes ends.

    For direct marketing everything ends, upon whatever evidence (Art. 21(3)); other purposes are
    untouched, and so is another ground of this one that never needed the consent. An objection
    ends what rests on an interest as well, unless that interest is compelling (Art. 21(1)). With
    `waits` the data have their days of grace, though used for nothing from today on.
    """
    until = add_days(today, settings.grace_days) if waits and settings.grace_days else None
    at_once = replace(settings, grace_days=0)
    ending: list[Ground] = []
    grounds: list[Ground] = []
    for ground in facts.grounds:
        after = ground
        if ground.purpose.code == purpose and _ends_with_no(ground, why):
            if not ground.has_ended(today):
                after = replace(end(ground, why, today, today, at_once), going_until=until)
            elif ground.going_until is not None and not waits:
                after = replace(ground, going_until=None)
        if after is not ground:
            ending.append(after)
        grounds.append(after)
    then = replace(facts, grounds=tuple(grounds))
    return Erasure(tuple(ending), decide(then, today, settings))


def _ends_with_no(ground: Ground, why: Ending) -> bool:
    if ground.evidence is Evidence.CONSENT or ground.purpose.direct_marketing:
        return True
    return why is Ending.OBJECTION and ground.upheld_against


def _not_waiting(record: KeptRecord) -> KeptRecord:
    return record if record.going_until is None else replace(record, going_until=None)


def _open_records(ground: Ground, facts: SubjectFacts) -> bool:
    """Tell whether a kept record waits for an event before its clock for this purpose can run."""
    return any(
        clock.started is None and (clock.awaits or clock.purpose.code) == ground.purpose.code
        for datum in facts.data
        if datum.record is not None
        for clock in datum.record.clocks
    )
