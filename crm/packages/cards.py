"""What services answer about packages and what is left of people: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class AnswerWritten:
    """An answer to somebody who is no party any more; `nothing` says that nothing is kept."""

    path: str
    ends: str
    consents: int
    listed: int
    nothing: bool


@dataclass(frozen=True, slots=True)
class RedactionMark:
    """A stretch of a text that may speak of others: whether it is blacked out, and why.

    `rule` names what found it; it is empty for what a person marked.
    """

    start: int
    end: int
    redact: bool
    reason: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ReviewText:
    """A text about a person that somebody decides on; `sha256` tells that it is still the same."""

    id: str
    where: str
    text: str
    sha256: str
    marks: tuple[RedactionMark, ...]


@dataclass(frozen=True, slots=True)
class Packing:
    """How a package is to be made; `reviewed` is the file in which somebody decided on texts.

    `texts` are the same decisions without a file.
    """

    archive: bool = False
    encrypt: bool = False
    language: str | None = None
    reviewed: Path | None = None
    texts: tuple[ReviewText, ...] | None = None


@dataclass(frozen=True, slots=True)
class PackageMade:
    """A package that was written: where, what is in it, and how an outsider knows it again.

    `passphrase` is told once and kept nowhere; `empty_because` is there when nothing may go along.
    """

    number: int
    scope: str
    path: str
    ends: str
    language: str
    data: int
    excluded: int
    redactions: int
    files: int
    empty_because: str | None
    manifest_sha256: str
    root_sha256: str
    passphrase: str | None


@dataclass(frozen=True, slots=True)
class ReviewWritten:
    """A review file that was written: how many texts, and places that rules suggest."""

    number: int
    path: str
    ends: str
    texts: int
    suggested: int
