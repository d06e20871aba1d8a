"""Purposes and relations: why something may be kept, as data that never changes once written.

A purpose is a version. Changing one makes the next version; grounds keep the version they were
given, so that a refusal can be explained with the rule that applied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DEFAULT = "default"
"""The key of the review period for every kind of data subject that has none of its own."""


class Basis(StrEnum):
    """The lawful bases of Art. 6(1), because what a person may demand depends on them.

    Steps before a contract share the letter of the contract but end as soon as they are over. The
    soft opt-in rests on Directive 2002/58/EC Art. 13(2) alone, beside Art. 6 (CJEU C-654/23).
    """

    CONSENT = "consent"
    CONTRACT = "contract"
    PRE_CONTRACT = "pre_contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL = "vital"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    SOFT_OPT_IN = "soft_opt_in"
    NOT_APPLICABLE = "n/a"

    @property
    def article(self) -> str | None:
        """Name the paragraph to cite; legal persons and the soft opt-in have none in the GDPR."""
        return _ARTICLES[self]

    @property
    def weighed(self) -> bool:
        """Tell whether Article 21(1) lets a person object to what rests on it."""
        return self in {Basis.LEGITIMATE_INTERESTS, Basis.PUBLIC_TASK}


_ARTICLES = {
    Basis.CONSENT: "6(1)(a)",
    Basis.CONTRACT: "6(1)(b)",
    Basis.PRE_CONTRACT: "6(1)(b)",
    Basis.LEGAL_OBLIGATION: "6(1)(c)",
    Basis.VITAL: "6(1)(d)",
    Basis.PUBLIC_TASK: "6(1)(e)",
    Basis.LEGITIMATE_INTERESTS: "6(1)(f)",
    Basis.SOFT_OPT_IN: None,
    Basis.NOT_APPLICABLE: None,
}


class Evidence(StrEnum):
    """What shows that a ground is real, because the burden of proof is ours (Art. 5(2))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    NOTICE = "notice"
    SOFT_OPT_IN = "soft-opt-in"


class Scope(StrEnum):
    """What a retention rule governs: kept records, the ground itself, or data held elsewhere."""

    RECORDS = "records"
    GROUND = "ground"
    OUTSIDE = "outside"


class Trigger(StrEnum):
    """The event a period runs from."""

    GROUND_END = "ground_end"
    GROUND_START = "ground_start"
    LAST_ACTIVITY = "last_activity"
    CONTRACT_END = "contract_end"
    DOCUMENT_DATE = "document_date"
    CASE_CLOSED = "case_closed"
    CONSENT_ENDED = "consent_ended"
    RECORDED = "recorded"
    PSEUDONYMISED = "pseudonymised"


GROUND_TRIGGERS = frozenset({Trigger.GROUND_END, Trigger.GROUND_START, Trigger.LAST_ACTIVITY})


class Rounding(StrEnum):
    """Where a period really ends."""

    NONE = "none"
    FINANCIAL_YEAR_END = "financial_year_end"


class Action(StrEnum):
    """What follows when a period has run out."""

    ERASE = "erase"
    PSEUDONYMISE = "pseudonymise"
    ANONYMISE = "anonymise"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Law:
    """A provision that is cited, with the time it applied, because laws are replaced.

    `verified` is false until a person has compared the citation with the text in force.
    """

    country: str
    title: str
    article: str
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = False

    def in_force(self, day: date) -> bool:
        """Tell whether it applied on that day; an unknown end is open."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long, from when, and what then; `verified` is false until a person confirmed it."""

    scope: Scope
    trigger: Trigger
    months: int
    then: Action
    round: Rounding = Rounding.NONE
    days: int = 0
    items: tuple[str, ...] = ()
    verified: bool = False

    @property
    def code(self) -> str:
        """Say the rule in one machine-readable word, the same in every language."""
        period = f"+{self.months}m" if self.months else ""
        period += f"+{self.days}d" if self.days else ""
        end = "" if self.round is Rounding.NONE else f">{self.round}"
        return f"{self.trigger}{period}{end}:{self.then}"


@dataclass(frozen=True, slots=True)
class PurposeText:
    """A purpose in one language: its name and one sentence why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Balancing:
    """Why a legitimate interest is not overridden: the three steps of the test, in one language."""

    interest: str
    need: str
    balance: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """One version of one purpose: who it concerns, which items it names, and for how long.

    `bases` is keyed by the product's own codes for kinds of data subject; `basis_by_evidence`
    takes precedence. `compelling` interests outlast an objection (Art. 21(1)); for
    `direct_marketing` nothing does (Art. 21(3)). A `retired` purpose opens no new grounds.
    """

    code: str
    number: str
    version: int
    dpv: str
    bases: Mapping[str, Basis] = field(hash=False)
    items: tuple[str, ...]
    retention: tuple[RetentionRule, ...]
    review_months: Mapping[str, int] = field(hash=False)
    texts: Mapping[str, PurposeText] = field(hash=False)
    basis_by_evidence: Mapping[Evidence, Basis] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    laws: tuple[Law, ...] = ()
    recipients: tuple[str, ...] = ()
    direct_marketing: bool = False
    compelling: bool = False
    source: str = ""
    balancing: Mapping[str, Balancing] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    retired: bool = False

    @property
    def weighs_interests(self) -> bool:
        """Tell whether some basis is a legitimate interest, which needs a balancing note."""
        held = (*self.bases.values(), *self.basis_by_evidence.values())
        return Basis.LEGITIMATE_INTERESTS in held

    def basis(self, kind: str, evidence: Evidence) -> Basis | None:
        """Give the basis for this kind of data subject, or None where the purpose has none."""
        special = self.basis_by_evidence.get(evidence) if self.basis_by_evidence else None
        return special or self.bases.get(kind)

    def review_after(self, kind: str) -> int:
        """Give the months without activity after which a person looks again."""
        return self.review_months.get(kind) or self.review_months[DEFAULT]

    def record_rule(self, trigger: Trigger) -> RetentionRule | None:
        """Find the rule for a kept record whose period runs from `trigger`."""
        for rule in self.retention:
            if rule.scope is Scope.RECORDS and rule.trigger is trigger:
                return rule
        return None

    def serves(self, item: str) -> bool:
        """Tell whether kept records of this kind are kept for this purpose."""
        return any(item in rule.items for rule in self.retention)

    def ground_rule(self) -> RetentionRule | None:
        """Find the rule that ends the ground by itself, where there is one."""
        for rule in self.retention:
            if rule.scope is Scope.GROUND and rule.trigger is not Trigger.GROUND_END:
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Relation:
    """What someone is to us in plain words: a bundle of purposes and the evidence it rests on.

    `assumed` is the evidence taken when none is stated; without it a person must state one.
    """

    code: str
    version: int
    kind: str
    purposes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    names: Mapping[str, str] = field(hash=False)
    assumed: Evidence | None = None
