"""The privacy notice: rendered from the register, published in versions, compared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from crm.errors import FolderUnusable, NotAmong, TargetExists
from crm.i18n import LANGUAGES
from crm.privacy import Duty
from crm.session.context import RegisterService
from crm.transparency.cards import NoticeLine
from crm.transparency.errors import NoticeUnchanged, NoticeUnconfirmed
from crm.transparency.firm_details import Controller
from crm.transparency.notice_text import ARTICLES, NoticeFacts, compose
from crm.transparency.purposes import Purposes
from gdpr.audit.events import Event
from gdpr.papers.notices import (
    Publication,
    TextKey,
    publish,
    published,
    published_text,
    refuse_too_soon,
)
from gdpr.papers.rendering import FORMS, MARKDOWN, render
from gdpr.papers.stored import NoticeTextRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gdpr.papers.stored import NoticeRow
    from gdpr.rules.purposes import Purpose


class Notices(RegisterService):
    """What the firm tells people about their data, and the versions of it."""

    @property
    def today(self) -> date:
        """The day by which this register lives."""
        return self._context.day

    def render(
        self, kind: int, language: str, form: str = MARKDOWN, *, version: int | None = None
    ) -> str:
        """Render a draft from the register as it stands, or give a version as it was published."""
        key = _checked(TextKey(kind, language, form))
        if version is not None:
            return published_text(self._context.session, version, key)
        return render(compose(self._facts(key.kind), key.language), key.form)

    @staticmethod
    def save(text: str, path: str) -> str:
        """Write a text that concerns nobody in particular to a new file, and say where it is."""
        target = Path(path).expanduser().absolute()
        try:
            with target.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except FileExistsError:
            raise TargetExists from None
        except (OSError, ValueError):
            raise FolderUnusable from None
        return str(target)

    def publish(
        self, effective: date, *, material: bool = False, languages: Iterable[str] = ()
    ) -> NoticeLine:
        """Store the notice as a new version, in force from a day at least a month away.

        A change of why, on what basis, which data, how long or to whom is material whether
        somebody said so or not: people have to be told of it.
        """
        context = self._context
        context.access.need(Duty.PURPOSES)
        chosen = tuple(dict.fromkeys(languages)) or LANGUAGES
        refuse_too_soon(context.session, context.day, effective)
        before = published(context.session)
        version = before[-1].version + 1 if before else 1
        self._refuse_unconfirmed()
        texts = self._texts(chosen, version, effective)
        if before:
            self._refuse_unchanged(before[-1], chosen)
        covers = {purpose.code: purpose.version for purpose in self._facts(ARTICLES[0]).purposes}
        material = material or bool(before and self._differs(before[-1], covers))
        made = Publication(
            version=version,
            published=context.day,
            effective=effective,
            material=material,
            covers=covers,
            texts=texts,
        )
        with context.journal.audited_change(
            Event.NOTICE_PUBLISHED, None, version=version, texts=len(texts), material=int(material)
        ) as change:
            row = publish(change, made)
        return self._line(row)

    def diff(self, kind: int, language: str, old: int | None = None, new: int | None = None) -> str:
        """Compare two versions, or the last one with the register as it stands."""
        key = _checked(TextKey(kind, language, MARKDOWN))
        before = published(self._context.session)
        first = old if old is not None else (before[-1].version if before else None)
        left = "" if first is None else published_text(self._context.session, first, key)
        right = (
            self._beside(key, before[-1] if before else None)
            if new is None
            else (published_text(self._context.session, new, key))
        )
        names = (f"version {first}" if first else "nothing", f"version {new}" if new else "draft")
        lines = unified_diff(left.splitlines(), right.splitlines(), *names, lineterm="")
        return "".join(f"{line}\n" for line in lines)

    def _beside(self, key: TextKey, last: NoticeRow | None) -> str:
        """Render the register as it stands, with the foot of the last version beside it."""
        facts = self._facts(key.kind)
        if last is not None:
            effective = date.fromisoformat(last.effective)
            facts = replace(facts, version=last.version, effective=effective)
        return render(compose(facts, key.language), key.form)

    def listing(self) -> list[NoticeLine]:
        """List the published versions."""
        return [self._line(row) for row in published(self._context.session)]

    def unconfirmed(self) -> int:
        """Count the purposes in use that nobody has made the firm's own."""
        return len(Purposes(self._context).unconfirmed())

    def _facts(self, article: int) -> NoticeFacts:
        context = self._context
        return NoticeFacts(
            article=article,
            firm=Controller(context).show(),
            purposes=tuple(Purposes(context).confirmed()),
            day=context.day,
        )

    def _differs(self, last: NoticeRow, covers: Mapping[str, int]) -> bool:
        """Tell whether somebody would be surprised: a purpose is new, or means something else."""
        book, before = self._context.grounds.rulebook, json.loads(last.covers)
        return any(
            code not in before
            or _substance(book.version(code, version))
            != _substance(book.version(code, before[code]))
            for code, version in covers.items()
        )

    def _refuse_unconfirmed(self) -> None:
        """Refuse a notice that would be silent about why people are kept."""
        waiting = Purposes(self._context).unconfirmed()
        if waiting:
            raise NoticeUnconfirmed(purposes=", ".join(waiting))

    def _texts(self, languages: Iterable[str], version: int, effective: date) -> dict[TextKey, str]:
        texts = {}
        for article in ARTICLES:
            facts = replace(self._facts(article), version=version, effective=effective)
            for language in languages:
                document = compose(facts, language)
                for form in FORMS:
                    texts[TextKey(article, language, form)] = render(document, form)
        return texts

    def _refuse_unchanged(self, last: NoticeRow, languages: Iterable[str]) -> None:
        """Compare with the last version under its own number and day, which always change."""
        same = self._texts(languages, last.version, date.fromisoformat(last.effective))
        rows = self._context.session.rows(NoticeTextRow, version=last.version)
        if {TextKey(row.kind, row.language, row.form): row.body for row in rows} == same:
            raise NoticeUnchanged(version=last.version)

    def _line(self, row: NoticeRow) -> NoticeLine:
        session, today = self._context.session, self._context.day.isoformat()
        rows = published(session)
        in_force = [one.version for one in rows if one.effective <= today]
        state = "past" if row.effective <= today else "coming"
        if in_force and row.version == in_force[-1]:
            state = "current"
        texts = session.rows(NoticeTextRow, version=row.version)
        return NoticeLine(
            version=row.version,
            published=row.published,
            effective=row.effective,
            material=bool(row.material),
            state=state,
            languages=tuple(sorted({text.language for text in texts})),
            hash=row.text_hash,
        )


def _substance(purpose: Purpose) -> tuple[object, ...]:
    """Give what of a purpose people have to be told of when it changes (Art. 13(3))."""
    bases = (dict(purpose.bases), dict(purpose.basis_by_evidence))
    periods = [(r.scope, r.trigger, r.months, r.days, r.round, r.then) for r in purpose.retention]
    return (*bases, set(purpose.items), set(purpose.recipients), periods)


def _checked(key: TextKey) -> TextKey:
    for field, value, known in (
        ("kind", key.kind, ARTICLES),
        ("language", key.language, LANGUAGES),
        ("format", key.form, FORMS),
    ):
        if value not in known:
            raise NotAmong(field=field, known=", ".join(map(str, known)))
    return key
