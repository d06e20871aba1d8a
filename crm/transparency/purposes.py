"""The registers of purposes and relations: read by everybody, changed version by version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm.parties.mailing_law import check_mailing
from crm.privacy import Duty
from crm.session.context import RegisterService
from crm.shape.normal_forms import whole_text
from crm.starter import check_register, recipients
from crm.transparency.cards import PurposeCard, PurposeLine, PurposeWords, RelationLine, Vocabulary
from crm.transparency.errors import NothingWeighed, PurposeInUse, PurposeKnown
from crm.transparency.notice_words import NoticeWords
from gdpr.audit.events import Event
from gdpr.errors import InvalidRegister, NothingNew
from gdpr.rules.register import canonical, content_hash, parse_purpose
from gdpr.rules.rulebook import load_rulebook, next_purpose, next_relation, store_registers
from gdpr.rules.stored import ConfirmationRow
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdpr.rules.purposes import Basis, Purpose, Relation
    from gdpr.rules.rulebook import Rulebook


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


def _bases(purpose: Purpose, words: NoticeWords) -> list[str]:
    said: dict[Basis, list[str]] = {}
    for kind, basis in purpose.bases.items():
        said.setdefault(basis, []).append(kind)
    lines = [f"{words.kinds(kinds)}: {words.basis(basis)}" for basis, kinds in said.items()]
    for evidence, basis in purpose.basis_by_evidence.items():
        lines.append(f"{words.text('evidence', evidence.value)}: {words.basis(basis)}")
    return lines


_FIRST = 1


class Purposes(RegisterService):
    """Why anything may be kept, as the firm has decided it; each verb makes a new version."""

    def listing(self) -> list[PurposeLine]:
        """List the current version of every purpose, retired ones included."""
        current = sorted(self._book.purposes.values(), key=lambda one: one.number)
        return [self._line(purpose) for purpose in current]

    def show(self, code: str, version: int | None = None) -> PurposeCard:
        """Show one version of a purpose, the current one if none is named."""
        return self._card(self._version(code, version))

    def say(self, code: str, language: str, version: int | None = None) -> PurposeWords:
        """Say one version of a purpose in the words of a language."""
        return purpose_words(self._version(code, version), language)

    @staticmethod
    def say_rule(code: str, language: str) -> str:
        """Say the code of a period, as previews carry it, in the words of a language."""
        return NoticeWords(language).rule(code)

    @staticmethod
    def vocabulary(language: str) -> Vocabulary:
        """Give the words a purpose may be made of: data items, recipients, starts of periods."""
        words = NoticeWords(language)
        return Vocabulary(
            items=dict(words.text("items")),
            recipients={code: one.names.get(language, code) for code, one in recipients().items()},
            triggers=dict(words.text("periods", "after")),
        )

    def add(self, document: Mapping[str, object]) -> PurposeCard:
        """Enter a purpose of the firm's own; without a number it takes the next free one."""
        self._context.access.need(Duty.PURPOSES)
        numbered = {"number": self._next_number(), **_cleaned(document), "version": _FIRST}
        purpose = parse_purpose(numbered)
        if purpose.code in self._book.purposes:
            raise PurposeKnown(purpose=purpose.code)
        return self._store(purpose, Event.PURPOSE_ADDED)

    def edit(self, code: str, changes: Mapping[str, object]) -> PurposeCard:
        """Make the next version; grounds that were opened before keep theirs."""
        self._context.access.need(Duty.PURPOSES)
        purpose = next_purpose(self._book.purpose(code), _cleaned(changes))
        if purpose.retired:
            self._refuse_in_use(code)
        return self._store(purpose, Event.PURPOSE_CHANGED)

    def rewrite(self, code: str, text: str) -> PurposeCard:
        """Make the next version from a whole document, as JSON; what is left out is taken away."""
        held = json.loads(canonical(self._book.purpose(code)))
        try:
            told = json.loads(text)
        except ValueError as wrong:
            line = wrong.lineno if isinstance(wrong, json.JSONDecodeError) else 1
            raise InvalidRegister(place=f"{code}:{line}", fault="json-expected") from None
        if not isinstance(told, dict):
            raise InvalidRegister(place=code, fault="not-a-mapping")
        return self.edit(code, _difference(held, told))

    def retire(self, code: str) -> PurposeCard:
        """Let a purpose open no new grounds; those that hold are left to their clocks."""
        self._context.access.need(Duty.PURPOSES)
        purpose = self._book.purpose(code)
        self._refuse_in_use(code)
        return self._store(next_purpose(purpose, {"retired": True}), Event.PURPOSE_RETIRED)

    def confirm(self, codes: Sequence[str] = ()) -> list[PurposeLine]:
        """Make purposes the firm's own; without codes, all that are in use and open.

        What is not in use, such as cameras, is confirmed by its name only: a notice would say it.
        """
        context = self._context
        context.access.need(Duty.PURPOSES)
        chosen = [self._book.purpose(code) for code in dict.fromkeys(codes)]
        chosen = chosen or [self._book.purpose(code) for code in self.unconfirmed()]
        waiting = [one for one in chosen if not one.retired and not self._confirmed(one)]
        for purpose in waiting:
            _refuse_unweighed(purpose)
        if not waiting:
            raise NothingNew
        with context.journal.audited_change(
            Event.PURPOSE_CONFIRMED, None, count=len(waiting)
        ) as change:
            for purpose in waiting:
                row = ConfirmationRow(
                    id=new_id(),
                    purpose=purpose.code,
                    version=purpose.version,
                    confirmed=context.day.isoformat(),
                )
                change.insert(row)
        return [self._line(purpose) for purpose in waiting]

    def unconfirmed(self) -> list[str]:
        """Name the purposes in use that the firm has not made its own."""
        used = self._used()
        return [p.code for p in self._current() if p.code in used and not self._confirmed(p)]

    def waiting(self) -> list[str]:
        """Name those of them that a clerk may choose any day, which is known at once."""
        offered = self._offered()
        return [p.code for p in self._current() if p.code in offered and not self._confirmed(p)]

    def confirmed(self) -> list[Purpose]:
        """Give the purposes that the firm has made its own: what a notice may speak of."""
        return [purpose for purpose in self._current() if self._confirmed(purpose)]

    def _current(self) -> list[Purpose]:
        purposes = self._book.purposes.values()
        return sorted((p for p in purposes if not p.retired), key=lambda one: one.number)

    def _used(self) -> frozenset[str]:
        """Name the purposes for which somebody is kept, or would be by a word of a clerk."""
        return self._offered() | self._context.grounds.purposes_held(self._context.day)

    def _offered(self) -> frozenset[str]:
        bundles = self._book.relations.values()
        return frozenset(code for bundle in bundles for code in bundle.purposes)

    def relations(self) -> list[RelationLine]:
        """List what a clerk may choose."""
        bundles = sorted(self._book.relations.values(), key=lambda one: one.code)
        return [_relation_line(relation) for relation in bundles]

    def relation(self, code: str) -> RelationLine:
        """Show the current version of a relation."""
        return _relation_line(self._book.relation(code))

    def edit_relation(self, code: str, changes: Mapping[str, object]) -> RelationLine:
        """Make the next version of a relation; nobody's grounds change by it."""
        self._context.access.need(Duty.PURPOSES)
        relation = next_relation(self._book.relation(code), _cleaned(changes))
        version = relation.version
        self._enter(
            Event.RELATION_CHANGED, {"relation": code, "version": version}, relations=(relation,)
        )
        return _relation_line(relation)

    @property
    def _book(self) -> Rulebook:
        return self._context.grounds.rulebook

    def _version(self, code: str, version: int | None) -> Purpose:
        current = self._book.purpose(code)
        return current if version is None else self._book.version(code, version)

    def _store(self, purpose: Purpose, event: Event) -> PurposeCard:
        self._enter(event, {"purpose": purpose.code, "version": purpose.version}, (purpose,))
        return self._card(purpose)

    def _enter(
        self,
        event: Event,
        told: Mapping[str, int | str],
        purposes: tuple[Purpose, ...] = (),
        relations: tuple[Relation, ...] = (),
    ) -> None:
        """Store the next versions, and work with the registers as they stand then."""
        self._check(purposes, relations)
        with self._context.journal.audited_change(event, None, **told) as change:
            store_registers(change, purposes, relations)
        self._context.grounds.rulebook = load_rulebook(self._context.session)

    def _check(self, purposes: Sequence[Purpose], relations: Sequence[Relation]) -> None:
        """Check the registers as they would stand, for a relation may need what a purpose loses."""
        book = self._book
        after = {**book.purposes, **{one.code: one for one in purposes}}
        bundles = {**book.relations, **{one.code: one for one in relations}}
        for purpose in purposes:
            check_mailing(purpose)
        check_register(tuple(after.values()), tuple(bundles.values()))
        for bundle in relations:
            for code in bundle.purposes:
                if after[code].retired:
                    raise PurposeInUse(purpose=code, relations=bundle.code)

    def _refuse_in_use(self, code: str) -> None:
        relations = sorted(r.code for r in self._book.relations.values() if code in r.purposes)
        if relations:
            raise PurposeInUse(purpose=code, relations=", ".join(relations))

    def _next_number(self) -> str:
        taken = [one.number.removeprefix("P") for one in self._book.purposes.values()]
        return f"P{max(int(number) for number in taken if number.isdigit()) + 1:02}"

    def _confirmed(self, purpose: Purpose) -> bool:
        """Tell whether somebody has read this note and these periods, in this version or before."""
        for row in self._context.session.rows(ConfirmationRow, purpose=purpose.code):
            read = self._book.version(purpose.code, row.version)
            if (read.balancing, read.retention) == (purpose.balancing, purpose.retention):
                return True
        return False

    def _state(self, purpose: Purpose) -> bool | None:
        """Tell the same, with None for what is neither confirmed nor in use."""
        return True if self._confirmed(purpose) else False if purpose.code in self._used() else None

    def _line(self, purpose: Purpose) -> PurposeLine:
        bases = (*purpose.bases.values(), *purpose.basis_by_evidence.values())
        return PurposeLine(
            code=purpose.code,
            number=purpose.number,
            version=purpose.version,
            names={tongue: words.name for tongue, words in purpose.texts.items()},
            articles=tuple(sorted({basis.article for basis in bases if basis.article})),
            items=purpose.items,
            confirmed=self._state(purpose),
            retired=purpose.retired,
        )

    def _card(self, purpose: Purpose) -> PurposeCard:
        versions = sorted(v for code, v in self._book.versions if code == purpose.code)
        return PurposeCard(
            document=json.loads(canonical(purpose)),
            content_hash=content_hash(purpose),
            versions=tuple(versions),
            confirmed=self._state(purpose),
        )


def _cleaned(document: Mapping[str, object]) -> dict[str, object]:
    """Take from every text what could drive a terminal, for notices and screens quote it."""
    return {name: _fit(value) for name, value in document.items()}


def _fit(value: object) -> object:
    if isinstance(value, str):
        return whole_text(value, lines=True)
    if isinstance(value, dict):
        return _cleaned(value)
    if isinstance(value, list):
        return [_fit(one) for one in value]
    return value


def _difference(held: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    """Give the merge patch that leads from one document to another."""
    changes: dict[str, object] = {name: None for name in held if name not in told}
    for name, value in told.items():
        before = held.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            changes[name] = _difference(before, value)
        else:
            changes[name] = value
    return changes


def _relation_line(relation: Relation) -> RelationLine:
    return RelationLine(
        code=relation.code,
        version=relation.version,
        kind=relation.kind,
        purposes=relation.purposes,
        evidence=tuple(word.value for word in relation.evidence),
        assumed=relation.assumed.value if relation.assumed else None,
        names=dict(relation.names),
    )


def _refuse_unweighed(purpose: Purpose) -> None:
    """Refuse a note that is missing in some language: it cannot be the firm's own."""
    missing = sorted(set(purpose.texts) - set(purpose.balancing))
    if purpose.weighs_interests and missing:
        raise NothingWeighed(purpose=purpose.code, languages=", ".join(missing))
