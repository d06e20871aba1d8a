"""What a purpose says, in words: the codes of the register as its readers would put them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.starter import recipients
from crm.transparency.cards import PurposeWords, Vocabulary
from crm.transparency.notice_words import NoticeWords

if TYPE_CHECKING:
    from gdpr.rules.purposes import Basis, Purpose

# Nobody's usual review is this long, so a purpose always says its own.
_NO_USUAL = 0


def purpose_words(purpose: Purpose, language: str) -> PurposeWords:
    """Say one version of a purpose in `language`, as far as it has words in it."""
    words = NoticeWords(language)
    texts = purpose.texts.get(language)
    note = purpose.balancing.get(language)
    classes = [words.recipient(code) or (code, "") for code in purpose.recipients]
    return PurposeWords(
        language=language,
        name=texts.name if texts else "",
        why=texts.why if texts else "",
        bases=tuple(_bases(purpose, words)),
        items=words.items(purpose.items) if purpose.items else "",
        periods=words.periods(purpose, _NO_USUAL),
        recipients=tuple(f"{name} ({role})" if role else name for name, role in classes),
        laws=tuple(words.law(law) for law in purpose.laws),
        balancing=(note.interest, note.need, note.balance) if note else None,
    )


def vocabulary(language: str) -> Vocabulary:
    """Give the words a purpose may be made of: data items, recipients, starts of periods."""
    words = NoticeWords(language)
    return Vocabulary(
        items=dict(words.text("items")),
        recipients={code: one.names.get(language, code) for code, one in recipients().items()},
        triggers=dict(words.text("periods", "after")),
    )


def _bases(purpose: Purpose, words: NoticeWords) -> list[str]:
    said: dict[Basis, list[str]] = {}
    for kind, basis in purpose.bases.items():
        said.setdefault(basis, []).append(kind)
    lines = [f"{words.kinds(kinds)}: {words.basis(basis)}" for basis, kinds in said.items()]
    for evidence, basis in purpose.basis_by_evidence.items():
        lines.append(f"{words.text('evidence', evidence.value)}: {words.basis(basis)}")
    return lines
