"""The sheet a person reads first: one HTML file that needs no network, no script and no program."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from gdpr.program_files import program_text
from gdpr.text import safe
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Template

WORDS: Final = WordTable("gdpr.rights", "words")


def render(
    document: Mapping[str, Any],
    words: Mapping[str, Any],
    prints: tuple[str, str],
    voice: Callable[[str], str],
) -> bytes:
    """Draw the sheet of a package; `words` are the product's own names for codes.

    `prints` are the fingerprints of the register and of the key that signs, in groups.
    """
    own = {code: voice(text) for code, text in WORDS.items()}
    drawn = _page().render(
        d=document, w=own, names=words, root_print=prints[0], key_print=prints[1]
    )
    return drawn.encode()


@cache
def _page() -> Template:
    """Compile the page once, which takes longer than to draw it."""
    text = program_text("gdpr.rights", "sheet.html")
    return _environment().from_string(text)


def _environment() -> SandboxedEnvironment:
    """Escape everything, fail on a word that is missing, and let no value become a program."""
    made = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.finalize = _finished
    return made


def _finished(value: object) -> object:
    return safe(value) if type(value) is str else value
