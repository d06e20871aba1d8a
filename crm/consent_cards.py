"""What services are told and answer about consents: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from crm.file_cards import RejectLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentOrder:
    """A word about a consent that is to be recorded.

    `on` is the day it was said (a consent on paper), None is now; `guardian` the number of who
    spoke for a child, `minor` says that the person is one.
    """

    purpose: str
    channel: str
    state: str = "given"
    wording: str | None = None
    language: str | None = None
    on: date | None = None
    note: str | None = None
    scan: Path | None = None
    guardian: str | None = None
    minor: bool = False


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


@dataclass(frozen=True, slots=True)
class Stopped:
    """What an unsubscribe list did: whom it stopped, who had stopped already, lines of nobody.

    `differing` are lines whose address and number name different people; `going_until` is the last
    day on which what goes can be looked at. In a `preview` nothing has happened yet.
    """

    purpose: str
    read: int
    stopped: tuple[int, ...]
    already: tuple[int, ...]
    unknown: tuple[int, ...]
    differing: tuple[int, ...] = ()
    preview: bool = False
    going_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentImport:
    """What became of the rows of a list of historic consents.

    `not_given` counts the yes without a known wording, which are recorded as unknown.
    """

    read: int
    created: int
    given: int
    ended: int
    not_given: int
    duplicates: int
    rejected: int
    rejects: tuple[RejectLine, ...]
