"""Published versions of the privacy notice: stored whole, numbered, and never in force too soon."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gdpr.errors import Unreadable
from gdpr.papers.errors import NoticeNotInThisForm, NoticeTooSoon, UnknownNotice
from gdpr.papers.stored import NoticeRow, NoticeTextRow, text_hash
from gdpr.rules.period_ends import add_months
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction

_MONTHS_BEFORE = 1


class TextKey(NamedTuple):
    """Which text of a notice: the article it fulfils, its language and its form."""

    kind: int
    language: str
    form: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A version about to be stored: its days, the purpose versions in it, and its texts."""

    version: int
    published: date
    effective: date
    material: bool
    covers: Mapping[str, int]
    texts: Mapping[TextKey, str]


def published(session: Session) -> list[NoticeRow]:
    """Return every published version, the oldest first."""
    return sorted(session.rows(NoticeRow), key=lambda row: row.version)


def notice(session: Session, version: int) -> NoticeRow:
    """Return one published version."""
    row = session.first(NoticeRow, version=version)
    if row is None:
        raise UnknownNotice
    return row


def published_text(session: Session, version: int, key: TextKey) -> str:
    """Return a text exactly as it was published."""
    notice(session, version)
    row = session.first(NoticeTextRow, version=version, **key._asdict())
    if row is None:
        raise NoticeNotInThisForm(version=version)
    if text_hash(row.body) != row.text_hash:
        raise Unreadable(table="notice_text", row=bytes(row.id).hex())
    return row.body


def refuse_too_soon(session: Session, today: date, effective: date) -> None:
    """Refuse a change that takes effect before people had a month to read it.

    The first notice changes nothing, so may be in force from the day it is published.
    """
    earliest = add_months(today, _MONTHS_BEFORE) if published(session) else today
    if effective < earliest:
        raise NoticeTooSoon(earliest=earliest.isoformat())


def publish(work: Transaction, made: Publication) -> NoticeRow:
    """Store a version with all its texts; its hash is over theirs."""
    refuse_too_soon(work.session, made.published, made.effective)
    hashes = []
    for key, body in sorted(made.texts.items()):
        hashes.append(text_hash(body))
        work.insert(
            NoticeTextRow(
                id=new_id(),
                version=made.version,
                kind=key.kind,
                language=key.language,
                form=key.form,
                body=body,
                text_hash=hashes[-1],
            )
        )
    row = NoticeRow(
        id=new_id(),
        version=made.version,
        published=made.published.isoformat(),
        effective=made.effective.isoformat(),
        material=int(made.material),
        covers=json.dumps(dict(made.covers), sort_keys=True, separators=(",", ":")),
        text_hash=text_hash("".join(hashes)),
    )
    work.insert(row)
    return row
