"""What services answer about purposes, wordings and notices: frozen values, texts included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Nobody knows whether, or when, somebody was told.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """A purpose as a list shows it; `confirmed` is None for what is not in use."""

    code: str
    number: str
    version: int
    names: Mapping[str, str]
    articles: tuple[str, ...]
    items: tuple[str, ...]
    confirmed: bool | None
    retired: bool


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """One version of a purpose: its document as stored, its hash, and all versions there are."""

    document: Mapping[str, object]
    content_hash: str
    versions: tuple[int, ...]
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """What a version of a purpose says in one language; `balancing` is interest, need, balance."""

    language: str
    name: str
    why: str
    bases: tuple[str, ...]
    items: str
    periods: str
    recipients: tuple[str, ...]
    laws: tuple[str, ...]
    balancing: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a purpose may be made of: data items, recipients, and what a period runs from."""

    items: Mapping[str, str]
    recipients: Mapping[str, str]
    triggers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A relation as stored."""

    code: str
    version: int
    kind: str
    purposes: tuple[str, ...]
    evidence: tuple[str, ...]
    assumed: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A text in one language and version, named by the hash that a proof quotes.

    `reach` are the channels by which it says that people are written to.
    """

    code: str
    kind: str
    language: str
    version: int
    purposes: tuple[str, ...]
    reach: tuple[str, ...]
    hash: str
    added: str


@dataclass(frozen=True, slots=True)
class WordingCard:
    """A wording with its text."""

    line: WordingLine
    body: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A published version of the privacy notice; `state` is coming, current or past."""

    version: int
    published: str
    effective: str
    material: bool
    state: str
    languages: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What giving a notice came to.

    `passed_over` counts companies and people who are going, `unknown` numbers that nobody has.
    """

    version: int
    given: int
    already: int
    passed_over: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class UninformedLine:
    """Somebody who is not known to be informed, and of what.

    That is purposes, and the version of the notice with a material `change` that takes effect on
    the day `by`.
    """

    number: int
    name: str | None
    since: str
    purposes: tuple[str, ...]
    change: int | None = None
    by: str | None = None
