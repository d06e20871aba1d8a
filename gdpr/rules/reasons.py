"""The shape of a decision: states, reasons, verdicts, and how the grounds stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from gdpr.rules.because import Because, Code, because
from gdpr.rules.purposes import Action, Basis

if TYPE_CHECKING:
    from datetime import date

    from gdpr.rules.facts import Datum, Ground, KeptRecord
    from gdpr.rules.purposes import Purpose, RetentionRule


_DUTIES = frozenset({Basis.LEGAL_OBLIGATION, Basis.PUBLIC_TASK})


class State(StrEnum):
    """What becomes of a datum: it stays, it waits and is used for nothing, or it is destroyed."""

    KEPT = "kept"
    GOING = "going"
    GOES = "goes"


class Reason(NamedTuple):
    """What one ground or one record's clock says about all it covers.

    `day` is the day the code speaks of: the start of a clock, or the end of a ground.
    """

    state: State
    code: Code
    purpose: Purpose
    basis: Basis
    since: date
    until: date
    day: date | None = None
    rule: RetentionRule | None = None
    ground: Ground | None = None

    @property
    def article(self) -> str | None:
        """Name the paragraph of Art. 6 to cite."""
        return self.basis.article

    @property
    def refusal(self) -> str:
        """Name the paragraph of Art. 17 by which an erasure leaves what this reason keeps."""
        if self.basis in _DUTIES:
            return "17(3)(b)"
        if self.purpose.compelling or self.ground is None:
            return "17(3)(e)"
        return "17(1)(a)"

    @property
    def then(self) -> Action:
        """Say what follows once nothing keeps it any more."""
        return Action.ERASE if self.rule is None else self.rule.then

    @property
    def because(self) -> Because:
        """Say why in words that a face can translate."""
        return because(self.code, until=self.until, day=self.day, rule=self.rule)

    @property
    def rule_code(self) -> str:
        """Name the rule behind the date in one machine-readable word."""
        if self.rule is not None:
            return self.rule.code
        if self.code not in {Code.REVIEW, Code.REVIEW_DUE} or self.ground is None:
            return "ground_end:erase"
        if self.ground.review_on is not None:
            return "set:review"
        return f"last_activity+{self.purpose.review_after(self.ground.kind)}m:review"


class Verdict(NamedTuple):
    """What becomes of one datum: the reason that leads, and the others that would keep it too.

    No reason leads where no ground ever named the datum; `until` is a date all the same.
    """

    datum: Datum
    state: State
    until: date
    lead: Reason | None
    also: tuple[Reason, ...]

    @property
    def because(self) -> Because:
        """Say why in words that a face can translate."""
        if self.lead is None:
            return because(Code.UNNAMED, until=self.until, day=None, rule=None)
        return self.lead.because


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on every datum, and how each ground stands.

    `spent` are the kept records whose last clock ran out; like the grounds in `ran_out` they go
    only after that was recorded, so that nothing is destroyed that was never shown as going.
    """

    verdicts: tuple[Verdict, ...]
    live: tuple[Reason, ...]
    going: tuple[Reason, ...]
    ended: tuple[Reason, ...]
    spent: tuple[KeptRecord, ...]

    @property
    def named_items(self) -> frozenset[str]:
        """Give the items that may be written: those that a live ground names."""
        return frozenset(item for reason in self.live for item in reason.purpose.items)

    @property
    def ran_out(self) -> tuple[Ground, ...]:
        """Give the grounds whose clock ran out and whose end is not recorded yet."""
        return tuple(
            reason.ground
            for reason in (*self.going, *self.ended)
            if reason.ground is not None and reason.ground.ended_on is None
        )

    @property
    def to_review(self) -> tuple[Ground, ...]:
        """Give the live grounds whose review date has passed."""
        return tuple(
            reason.ground
            for reason in self.live
            if reason.ground is not None and reason.code is Code.REVIEW_DUE
        )
