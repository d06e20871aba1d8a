"""A paper before it has a form: sections of sentences, lists and tables in one language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the caption tells somebody who hears the page what the table holds."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the paper; a `prominent` one is set apart, as Art. 21(4) wants the objection."""

    anchor: str
    title: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    table: Table | None = None
    closing: tuple[str, ...] = ()
    prominent: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole paper; every text is plain, whatever marks it needs are made when it is rendered."""

    language: str
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str = ""
