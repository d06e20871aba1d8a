"""Purposes and relations as plain documents: strict reading, canonical text, content hash."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn, TypeVar

from gdpr.errors import InvalidRegister
from gdpr.rules.purposes import (
    DEFAULT,
    GROUND_TRIGGERS,
    Action,
    Balancing,
    Basis,
    Evidence,
    Law,
    Purpose,
    PurposeText,
    Relation,
    RetentionRule,
    Rounding,
    Scope,
    Trigger,
)

_Choice = TypeVar("_Choice", bound=StrEnum)


class Fields:
    """Hands out the keys of one mapping, because a misspelt key must not be lost in silence."""

    def __init__(self, place: str, document: object) -> None:
        self.place = place
        if not isinstance(document, Mapping) or not all(isinstance(key, str) for key in document):
            self.refuse("not-a-mapping")
        self._rest = dict(document)

    def refuse(self, fault: str, key: str = "") -> NoReturn:
        """Raise with the place in the document and a fault code, never with a value."""
        raise InvalidRegister(place=f"{self.place}.{key}" if key else self.place, fault=fault)

    def take(self, key: str) -> object:
        """Hand out a key that may be missing."""
        return self._rest.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        """Hand out a text that must say something, and be there unless there is a default."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.refuse("text-expected", key)
        return value

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Hand out a whole number between two bounds."""
        value = self.take(key)
        if value is None:
            value = default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(f"number-{least}-to-{most}-expected", key)
        return value

    def flag(self, key: str) -> bool:
        """Hand out a yes or no; what is not said is no."""
        value = self.take(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.refuse("true-or-false-expected", key)
        return value

    def day(self, key: str) -> date | None:
        """Hand out a calendar day, written or already read, or nothing."""
        value = self.take(key)
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.refuse("date-expected", key)

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """Hand out one word of a closed vocabulary."""
        return self.one_of(key, kind, self.take(key))

    def one_of(self, key: str, kind: type[_Choice], value: object) -> _Choice:
        """Read a value as one word of a closed vocabulary."""
        try:
            return kind(str(value))
        except ValueError:
            self.refuse("unknown-word", key)

    def words(self, key: str) -> tuple[str, ...]:
        """Hand out a list of different words, which may be empty."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)) or not all(
            isinstance(word, str) and word for word in value
        ):
            self.refuse("words-expected", key)
        if len(set(value)) != len(value):
            self.refuse("said-twice", key)
        return tuple(value)

    def rows(self, key: str) -> tuple[object, ...]:
        """Hand out a list of mappings that are read one by one."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)):
            self.refuse("list-expected", key)
        return tuple(value)

    def mapping(self, key: str) -> dict[str, object]:
        """Hand out an inner mapping with text keys, which may be empty."""
        value = self.take(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            self.refuse("not-a-mapping", key)
        return dict(value)

    def left(self) -> tuple[str, ...]:
        """Name the keys that nobody has taken yet."""
        return tuple(self._rest)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        for key in self._rest:
            self.refuse("unknown-key", key)


_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_LONGEST_MONTHS = 1200
_LONGEST_DAYS = 366
_LONGEST_REVIEW = 120
_NEVER_BY_KIND = frozenset({Basis.NOT_APPLICABLE, Basis.SOFT_OPT_IN})
_LATER = frozenset({"balancing", "retired", "source"})


def parse_purpose(document: object) -> Purpose:
    """Read one purpose strictly, because a register that guesses would keep or destroy wrongly."""
    place = _place("purpose", document)
    given = Fields(place, document)
    purpose = Purpose(
        code=_code(given, "code"),
        number=given.text("number"),
        version=given.whole("version", 1, 1_000_000),
        dpv=given.text("dpv"),
        bases=_bases(given),
        basis_by_evidence=_bases_by_evidence(given),
        items=given.words("items"),
        retention=tuple(
            _rule(f"{place}.retention[{index}]", row)
            for index, row in enumerate(given.rows("retention"))
        ),
        review_months=_review(given),
        texts=_texts(given, place),
        laws=tuple(
            _law(f"{place}.laws[{index}]", row) for index, row in enumerate(given.rows("laws"))
        ),
        recipients=given.words("recipients"),
        direct_marketing=given.flag("direct_marketing"),
        compelling=given.flag("compelling"),
        source=given.text("source", ""),
        balancing=_balancing(given, place),
        retired=given.flag("retired"),
    )
    given.done()
    _check_purpose(given, purpose)
    return purpose


def parse_relation(document: object) -> Relation:
    """Read one relation strictly."""
    given = Fields(_place("relation", document), document)
    assumed = given.take("assumed")
    relation = Relation(
        code=_code(given, "code"),
        version=given.whole("version", 1, 1_000_000),
        kind=_code(given, "kind"),
        purposes=given.words("purposes"),
        evidence=tuple(
            given.one_of("evidence", Evidence, word) for word in given.words("evidence")
        ),
        names=_named(given),
        assumed=None if assumed is None else given.one_of("assumed", Evidence, assumed),
    )
    given.done()
    if not relation.purposes:
        given.refuse("missing", "purposes")
    if not relation.evidence:
        given.refuse("missing", "evidence")
    if relation.assumed is not None and relation.assumed not in relation.evidence:
        given.refuse("not-accepted-evidence", "assumed")
    return relation


def as_document(record: Purpose | Relation) -> dict[str, object]:
    """Give the fields of a purpose or relation as a mapping, the way `parse_…` reads them.

    What came into the form later is left out while it says nothing, so that old hashes hold.
    """
    document = {one.name: getattr(record, one.name) for one in fields(record)}
    return {name: value for name, value in document.items() if value or name not in _LATER}


def canonical(record: Purpose | Relation) -> str:
    """Write a purpose or relation as the one JSON text it has, for storage and hashing.

    It is the text of RFC 8785 (JSON Canonicalization Scheme), so that others can hash it alike;
    a record holds text, whole numbers and words of ASCII as names, where both are the same.
    """
    return json.dumps(
        as_document(record),
        default=_plain,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def content_hash(record: Purpose | Relation) -> str:
    """Hash the canonical text, so that a rewritten version shows."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Balancing, Law, RetentionRule, PurposeText)):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    raise TypeError(type(value).__name__)


def _place(kind: str, document: object) -> str:
    code = document.get("code") if isinstance(document, Mapping) else None
    return f"{kind}.{code}" if isinstance(code, str) and _CODE.fullmatch(code) else kind


def _code(given: Fields, key: str) -> str:
    value = given.text(key)
    if not _CODE.fullmatch(value):
        given.refuse("code-expected", key)
    return value


def _bases(given: Fields) -> Mapping[str, Basis]:
    found = {}
    for kind, word in given.mapping("bases").items():
        basis = given.one_of("bases", Basis, word)
        # Whether someone is a data subject at all is decided by the party, and whether they bought
        # and did not refuse by the evidence; neither is by a purpose.
        if basis in _NEVER_BY_KIND or not _CODE.fullmatch(kind):
            given.refuse("unknown-word", "bases")
        found[kind] = basis
    if not found:
        given.refuse("missing", "bases")
    return MappingProxyType(found)


def _bases_by_evidence(given: Fields) -> Mapping[Evidence, Basis]:
    key = "basis_by_evidence"
    found = {
        given.one_of(key, Evidence, evidence): given.one_of(key, Basis, basis)
        for evidence, basis in given.mapping(key).items()
    }
    if Basis.NOT_APPLICABLE in found.values():
        given.refuse("unknown-word", key)
    return MappingProxyType(found)


def _review(given: Fields) -> Mapping[str, int]:
    periods = Fields(f"{given.place}.review_months", given.mapping("review_months"))
    found = {DEFAULT: periods.whole(DEFAULT, 1, _LONGEST_REVIEW)}
    for kind in periods.left():
        found[kind] = periods.whole(kind, 1, _LONGEST_REVIEW)
    return MappingProxyType(found)


def _texts(given: Fields, place: str) -> Mapping[str, PurposeText]:
    found = {}
    for language, document in given.mapping("texts").items():
        words = Fields(f"{place}.texts.{language}", document)
        if not _LANGUAGE.fullmatch(language):
            words.refuse("language-expected")
        found[language] = PurposeText(name=words.text("name"), why=words.text("why"))
        words.done()
    if not found:
        given.refuse("missing", "texts")
    return MappingProxyType(found)


def _balancing(given: Fields, place: str) -> Mapping[str, Balancing]:
    found = {}
    for language, document in given.mapping("balancing").items():
        note = Fields(f"{place}.balancing.{language}", document)
        if not _LANGUAGE.fullmatch(language):
            note.refuse("language-expected")
        found[language] = Balancing(
            interest=note.text("interest"), need=note.text("need"), balance=note.text("balance")
        )
        note.done()
    return MappingProxyType(found)


def _named(given: Fields) -> Mapping[str, str]:
    names = Fields(f"{given.place}.names", given.mapping("names"))
    found = {language: names.text(language) for language in names.left()}
    if not found:
        given.refuse("missing", "names")
    return MappingProxyType(found)


def _law(place: str, document: object) -> Law:
    given = Fields(place, document)
    law = Law(
        country=given.text("country"),
        title=given.text("title"),
        article=given.text("article"),
        valid_from=given.day("valid_from"),
        valid_to=given.day("valid_to"),
        verified=given.flag("verified"),
    )
    given.done()
    if law.valid_from and law.valid_to and law.valid_to < law.valid_from:
        given.refuse("ends-before-it-begins")
    return law


def _rule(place: str, document: object) -> RetentionRule:
    given = Fields(place, document)
    rule = RetentionRule(
        scope=given.choice("scope", Scope),
        trigger=given.choice("trigger", Trigger),
        months=given.whole("months", 0, _LONGEST_MONTHS),
        days=given.whole("days", 0, _LONGEST_DAYS, default=0),
        round=given.choice("round", Rounding),
        then=given.choice("then", Action),
        items=given.words("items"),
        verified=given.flag("verified"),
    )
    given.done()
    fault = _rule_fault(rule)
    if fault:
        given.refuse(fault)
    return rule


def _rule_fault(rule: RetentionRule) -> str:
    """Name what the one deciding function could not obey, because such a rule would be a lie."""
    if rule.days and rule.scope is not Scope.OUTSIDE:
        return "days-only-for-data-outside"
    if rule.round is not Rounding.NONE and rule.trigger is not Trigger.DOCUMENT_DATE:
        return "rounding-only-for-documents"
    if (rule.scope is Scope.RECORDS) is not bool(rule.items):
        return "items-exactly-for-records"
    if rule.scope is Scope.GROUND:
        return _ground_rule_fault(rule)
    return "trigger-of-a-ground" if rule.trigger in GROUND_TRIGGERS else ""


def _ground_rule_fault(rule: RetentionRule) -> str:
    if rule.trigger not in GROUND_TRIGGERS:
        return "trigger-of-a-record"
    # A party's own columns go when their last ground ends; only kept records outlast it.
    if (rule.trigger is Trigger.GROUND_END) is not (rule.months == 0):
        return "no-period-after-the-ground"
    return "" if rule.then is Action.ERASE else "a-ground-only-erases"


def _check_purpose(given: Fields, purpose: Purpose) -> None:
    def refuse(fault: str) -> NoReturn:
        raise InvalidRegister(place=f"{given.place}.retention", fault=fault)

    if not purpose.retention:
        refuse("missing")
    records = [rule for rule in purpose.retention if rule.scope is Scope.RECORDS]
    if len({rule.trigger for rule in records}) != len(records):
        refuse("said-twice")
    if sum(rule.scope is Scope.GROUND for rule in purpose.retention) > 1:
        refuse("two-clocks-for-the-ground")
    if not {item for rule in records for item in rule.items} <= set(purpose.items):
        refuse("items-the-purpose-does-not-name")
    if bool(purpose.items) is any(rule.scope is Scope.OUTSIDE for rule in purpose.retention):
        refuse("outside-exactly-without-items")
