"""What services answer about consents, and about people who said no: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SuppressionLine:
    """One entry of the suppression list: when, what kind of no, to what, known by what.

    `until` is the last day on which it is remembered, None while it is needed.
    """

    day: str
    why: str
    scope: str
    known_by: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is on the list against one address or number, and what is in the register with it.

    `numbers` are the parties that have it, `proofs` the purposes of which a proof of consent is
    kept under it.
    """

    listed: tuple[SuppressionLine, ...]
    numbers: tuple[int, ...]
    proofs: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Tell whether nothing at all is kept, which is an answer too (Art. 15(1))."""
        return not (self.listed or self.numbers or self.proofs)


@dataclass(frozen=True, slots=True)
class ConsentStepLine:
    """One event of a consent."""

    seq: int
    state: str
    at: str
    entered: str
    channel: str
    wording: str | None
    wording_version: int | None
    language: str | None
    wording_hash: str | None
    evidence: str
    note: str | None
    by_guardian: bool
    by: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent as it stands: its last event decides, and only with a live ground it permits.

    `reaches` are the channels which the text that was shown names, and nothing beyond them.
    """

    id: str
    purpose: str
    state: str
    permits: bool
    reaches: tuple[str, ...]
    since: str
    at: str
    entered: str
    channel: str
    wording: str | None
    wording_version: int | None
    language: str | None
    kept_until: str | None
    events: tuple[ConsentStepLine, ...]


@dataclass(frozen=True, slots=True)
class ConsentList:
    """The consents of a party, and whether it may be written to for marketing, and how."""

    number: int
    marketing_status: str
    marketing_channels: tuple[str, ...]
    consents: tuple[ConsentLine, ...]
