"""What services answer about people who said no: frozen values, without a name."""

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
class AnswerWritten:
    """An answer to somebody who is no party any more; `nothing` says that nothing is kept."""

    path: str
    ends: str
    consents: int
    listed: int
    nothing: bool
