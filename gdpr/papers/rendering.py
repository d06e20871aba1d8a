"""Papers: sections of sentences, lists and tables, and their form as Markdown or one HTML page.

A template stands in a sandbox: it may read what it is given and call nothing. A name that is
missing stops the rendering: a blank in a paper that people rely on is worse than no paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from jinja2 import FunctionLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gdpr.papers.errors import TemplateBroken
from gdpr.program_files import program_text

if TYPE_CHECKING:
    from jinja2 import Template


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


HTML: Final = "html"
MARKDOWN: Final = "md"
FORMS: Final = (MARKDOWN, HTML)
_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


def render(document: Document, form: str) -> str:
    """Write a document as `md` or `html`; every text in it is escaped for that form."""
    return _filled(_environment(form), f"document.{form}", document=document)


def fill(sentence: str, **values: object) -> str:
    """Fill the places of one sentence; the result is plain text, not yet escaped for any form."""
    try:
        return _sentence(sentence).render(**values).strip()
    except TemplateError:
        raise TemplateBroken(template="sentence") from None


def _filled(environment: ImmutableSandboxedEnvironment, name: str, **values: object) -> str:
    try:
        return environment.get_template(name).render(**values)
    except TemplateError:
        raise TemplateBroken(template=name) from None


@cache
def _environment(form: str) -> ImmutableSandboxedEnvironment:
    html = form == HTML
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_template),
        undefined=StrictUndefined,
        autoescape=html,
        finalize=None if html else _marked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _plain() -> ImmutableSandboxedEnvironment:
    # What it makes is plain text, which is escaped when the document is rendered.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


@lru_cache(maxsize=1024)
def _sentence(text: str) -> Template:
    return _plain().from_string(text)


def _template(name: str) -> str:
    return program_text("gdpr.papers", "templates", name)


def _marked(value: object) -> object:
    """Keep letters that Markdown would take for marks, and a text in one line."""
    if not isinstance(value, str):
        return value
    return _MARKS.sub(r"\\\1", " ".join(value.split()))
