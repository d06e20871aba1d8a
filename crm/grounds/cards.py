"""What services answer about grounds, their endings and clocks: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroundLine:
    """One ground of a party as a list shows it; `state` is live, going or ended."""

    number: int
    purpose: str
    version: int
    relation: str | None
    basis: str
    article: str | None
    evidence: str
    since: str
    until: str
    state: str
    ended_on: str | None
    ended_why: str | None
    going_until: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A note about another client that speaks of the person, and where in it."""

    number: int
    note: str
    text: str
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RecordMention(Mention):
    """A field of another client's record that speaks of the person; `note` is the row's id."""

    table: str
    field: str
    record: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would take and leave; the lines have the keys that scripts rely on.

    `mentions` are notes about others, and fields of their records, that would still speak of the
    person.
    """

    number: int
    because: str
    goes: tuple[dict[str, object], ...]
    stays: tuple[dict[str, object], ...]
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One purpose that keeps something after an erasure, with article and date.

    `refusal` is the paragraph of Art. 17 by which it was not erased.
    """

    purpose: str
    article: str | None
    refusal: str
    until: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of a destruction without any value: counts, states, what stays, known copies.

    `remembered` counts the marks by which a no is known again, of which the person is to be told.
    `mentions_left` are the clients whose notes still speak of the person, `mentions_blanked` those
    in whose notes that was blanked out. `state` is `shredded` once nothing of it is left in the
    database's log, else `shred_pending`.
    """

    number: int
    because: str
    whole: bool
    grounds_ended: int
    destroyed: dict[str, int]
    going_until: str | None
    stays: tuple[KeptLine, ...]
    state: str
    audit_entry: str
    copies: tuple[dict[str, str], ...]
    contacts_going: tuple[int, ...]
    remembered: int = 0
    mentions_left: tuple[int, ...] = ()
    mentions_blanked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something a clock has brought up: `what` is goes, ran-out or review, or going if asked."""

    number: int
    what: str
    purpose: str
    day: str


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """What a retention run did."""

    day: str
    parties: int
    destroyed: int
    going: int
    left: tuple[DueLine, ...]
