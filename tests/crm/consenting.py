"""Texts people consent to, and consents, for tests."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from crm.transfer.cards import ConsentOrder
from gdpr.audit.events import Event
from gdpr.papers.stored import WordingRow
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from crm.consents.cards import ConsentLine
    from crm.kartoteka import Kartoteka

TEXT = "Piekrītu saņemt jaunumus pa e-pastu."


def add_wording(
    opened: Kartoteka,
    code: str = "spring-news",
    *,
    version: int = 1,
    language: str = "lv",
    purposes: str = '["direct_marketing"]',
    text: str = TEXT,
) -> str:
    """Store a text and return its hash."""
    digest = sha256(text.encode()).hexdigest()
    row = WordingRow(
        id=new_id(),
        code=code,
        kind="consent",
        language=language,
        version=version,
        purposes=purposes,
        body=text,
        text_hash=digest,
        added=0,
    )
    with opened.context.journal.audited_change(Event.WORDING_ADDED, version=version) as deed:
        deed.insert(row)
    return digest


def agree(opened: Kartoteka, number: int, **told: object) -> ConsentLine:
    """Let somebody agree to the news, on paper and today unless told otherwise."""
    order = {
        "purpose": "direct_marketing",
        "wording": "spring-news",
        "channel": "paper",
        **told,
    }
    return opened.consents.give(str(number), ConsentOrder(**order))  # type: ignore[arg-type]
