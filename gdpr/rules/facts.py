"""What the rules are told about one data subject: grounds, kept records and single data.

These are values without a database, so that the one deciding function can be tried on any past
or future day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from gdpr.rules.errors import ConsentNeeded, NoBasisForKind
from gdpr.rules.purposes import Basis, Evidence

if TYPE_CHECKING:
    from datetime import date

    from gdpr.rules.purposes import Purpose, RetentionRule, Trigger


class Ending(StrEnum):
    """Why a ground ended: the first three wait their days of grace, a person's word does not."""

    CLOCK = "clock"
    ENDED = "ended"
    LEFT = "left"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    OBJECTION = "objection"
    NO_LONGER_NEEDED = "no-longer-needed"
    UNLAWFUL = "unlawful"
    REQUEST = "request"

    @property
    def waits(self) -> bool:
        """Tell whether what ends so is first shown as going."""
        return self in _WAITING


_WAITING = frozenset({Ending.CLOCK, Ending.ENDED, Ending.LEFT})


@dataclass(frozen=True, slots=True)
class Ground:
    """One purpose version that holds for one party, since a day and upon evidence.

    `ended_on` is the first day on which it no longer holds; `going_until` the last day on which
    what it named is still there, None when it goes at once. `review_on` is a person's own choice
    and takes the place of the purpose's period; None leaves it to the last activity.
    """

    id: bytes
    purpose: Purpose
    kind: str
    since: date
    evidence: Evidence
    relation: str | None = None
    review_on: date | None = None
    ended_on: date | None = None
    ended_why: Ending | None = None
    going_until: date | None = None

    def __post_init__(self) -> None:
        """Refuse a ground that would have no lawful basis to show."""
        if self.purpose.basis(self.kind, self.evidence) is None:
            raise NoBasisForKind(purpose=self.purpose.code, kind=self.kind)

    @property
    def basis(self) -> Basis:
        """Give the basis the purpose has for this kind of data subject."""
        return self.purpose.basis(self.kind, self.evidence) or Basis.NOT_APPLICABLE

    @property
    def upheld_against(self) -> bool:
        """Tell whether an objection ends it: it rests on an interest that is not compelling."""
        return self.basis.weighed and not self.purpose.compelling

    def has_ended(self, today: date) -> bool:
        """Tell whether its end was recorded and has come."""
        return self.ended_on is not None and self.ended_on <= today


@dataclass(frozen=True, slots=True)
class RecordClock:
    """A purpose a kept record serves, and the day its period began to run; None is not yet.

    Until then the ground for the same purpose keeps the record, or for the one it `awaits`.
    """

    purpose: Purpose
    kind: str
    trigger: Trigger
    started: date | None
    awaits: str | None = None

    def __post_init__(self) -> None:
        """Refuse a clock no rule of the purpose can wind."""
        if self.kind not in self.purpose.bases:
            raise NoBasisForKind(purpose=self.purpose.code, kind=self.kind)
        _ = self.rule

    @property
    def basis(self) -> Basis:
        """Give the basis the purpose has for this kind of data subject."""
        return self.purpose.bases[self.kind]

    @property
    def rule(self) -> RetentionRule:
        """Give the rule that says how long."""
        rule = self.purpose.record_rule(self.trigger)
        if rule is None:
            raise NoBasisForKind(purpose=self.purpose.code, kind=self.trigger)
        return rule


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A row with clocks and a data key of its own, so that it can outlast the party it names.

    It lives or dies whole: all its data share the fate of its `item`, whatever else they name.
    `going_until` is set when its last clock was first seen to have run out.
    """

    id: bytes
    table: str
    item: str
    since: date
    clocks: tuple[RecordClock, ...]
    going_until: date | None = None


class Datum(NamedTuple):
    """One stored personal value, named by its place and never by its content."""

    table: str
    row: bytes
    field: str
    item: str
    category: str
    owner: bytes
    record: KeptRecord | None = None


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """Everything the rules may know about one party on the day they decide."""

    id: bytes
    is_legal: bool
    grounds: tuple[Ground, ...]
    data: tuple[Datum, ...] = ()
    last_activity: date | None = None


def as_of(facts: SubjectFacts, day: date) -> SubjectFacts:
    """Give what the rules would have known on another day, from what is stored today.

    A ground counts from its first day on; an end or a review that was set later is not undone, and
    what was destroyed meanwhile is not there any more.
    """
    begun = tuple(ground for ground in facts.grounds if ground.since <= day)
    return replace(facts, grounds=begun)


def lawful_basis(purpose: Purpose, kind: str, evidence: Evidence, *, is_legal: bool) -> Basis:
    """Give the basis a new ground would rest on, or refuse it.

    Consent is never assumed (Art. 7(1)); a legal person is no data subject and needs no basis.
    """
    basis = purpose.basis(kind, evidence)
    if basis is None:
        raise NoBasisForKind(purpose=purpose.code, kind=kind)
    if is_legal:
        return Basis.NOT_APPLICABLE
    if basis is Basis.CONSENT and evidence is not Evidence.CONSENT:
        raise ConsentNeeded(purpose=purpose.code)
    return basis
