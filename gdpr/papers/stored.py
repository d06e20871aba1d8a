"""The tables of papers: texts that never change, and the versions of the privacy notice."""

from __future__ import annotations

from hashlib import sha256

from gdpr.store.fields import OptionalText, PlainInteger, PlainText
from gdpr.store.record import Record


class WordingRow(Record):
    """One text in one language as people see it; a changed text is a new version."""

    few = True
    wide = True
    unique_together = ("code", "language", "version")

    code = PlainText("a wording has a code")
    kind = PlainText("consent, or part of a notice")
    language = PlainText("the language it is in")
    version = PlainInteger("texts are never rewritten")
    purposes = PlainText("codes of the purposes it speaks of")
    channels = OptionalText("by what it says people are written to: email, phone, post")
    body = PlainText("the text itself, shown to everybody")
    text_hash = PlainText("SHA-256 of the text")
    added = PlainInteger("when, µs UTC")


class NoticeRow(Record):
    """One published version of the privacy notice; `covers` lists the purpose versions in it."""

    few = True

    version = PlainInteger("versions are counted", unique=True)
    published = PlainText("the day it was published, ISO")
    effective = PlainText("the day it takes effect, ISO")
    material = PlainInteger("1 when people must be told of the change")
    covers = PlainText("purpose versions, canonical JSON")
    text_hash = PlainText("SHA-256 over the hashes of its texts")


class NoticeTextRow(Record):
    """One rendered text of a published notice, exactly as it can be given to a person."""

    few = True
    wide = True
    unique_together = ("version", "kind", "language", "form")

    version = PlainInteger("which version of the notice")
    kind = PlainInteger("13 or 14, the article it fulfils")
    language = PlainText("the language it is in")
    form = PlainText("md or html")
    body = PlainText("the text itself, shown to everybody")
    text_hash = PlainText("SHA-256 of the text")


def text_hash(text: str) -> str:
    """Hash a text as it is given to people, as `sha256sum` would hash the file it came in."""
    return sha256(text.encode()).hexdigest()


TABLES = (WordingRow, NoticeRow, NoticeTextRow)
