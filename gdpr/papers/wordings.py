"""Wordings: the texts people were shown when they decided, kept byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.errors import Unreadable
from gdpr.papers.errors import BadWording, UnknownWording, WordingKnown
from gdpr.papers.stored import WordingRow, text_hash
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction

MOST_BYTES: Final = 65_536
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def decoded(raw: bytes) -> str:
    """Read the bytes of a text without changing one, or refuse them."""
    try:
        body = raw.decode("utf-8")
    except ValueError:
        raise BadWording(limit=MOST_BYTES) from None
    if not body.strip() or len(raw) > MOST_BYTES or "\0" in body:
        raise BadWording(limit=MOST_BYTES)
    return body


class NewWording(NamedTuple):
    """A text in one language that is to be stored, and of which purposes it speaks."""

    code: str
    kind: str
    language: str
    purposes: tuple[str, ...]
    body: str


def add_wording(work: Transaction, text: NewWording, channels: str, added: int) -> WordingRow:
    """Store a text as the next version of its code and language; the same text is refused.

    `channels` are the product's codes for how the text says people are reached.
    """
    if not _CODE.fullmatch(text.code):
        raise BadWording(limit=MOST_BYTES)
    before = work.session.rows(WordingRow, code=text.code, language=text.language)
    digest = text_hash(text.body)
    for row in before:
        if row.text_hash == digest:
            raise WordingKnown(wording=text.code, version=row.version)
    made = WordingRow(
        id=new_id(),
        code=text.code,
        kind=text.kind,
        language=text.language,
        version=max((row.version for row in before), default=0) + 1,
        purposes=",".join(text.purposes),
        channels=channels,
        body=text.body,
        text_hash=digest,
        added=added,
    )
    work.insert(made)
    return made


def wordings(session: Session) -> list[WordingRow]:
    """Return every version of every text."""
    rows = session.rows(WordingRow)
    return sorted(rows, key=lambda row: (row.code, row.language, row.version))


def find_wording(
    session: Session, code: str, language: str, version: int | None = None
) -> WordingRow:
    """Return a text by its code, in its newest version if none is named, whole and unchanged."""
    rows = session.rows(WordingRow, code=code, language=language)
    rows = [row for row in rows if version in {None, row.version}]
    return _whole(max(rows, key=lambda row: row.version, default=None))


def _whole(row: WordingRow | None) -> WordingRow:
    if row is None:
        raise UnknownWording
    if text_hash(row.body) != row.text_hash:
        raise Unreadable(table="wording", row=bytes(row.id).hex())
    return row
