"""The registers a new vault starts with: read from the package's data, settled for one country."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from crm.privacy import ITEMS, SubjectKind
from gdpr.errors import InvalidRegister
from gdpr.papers.wordings import NewWording
from gdpr.program_files import program_text
from gdpr.rules.register import parse_purpose, parse_relation

if TYPE_CHECKING:
    from gdpr.rules.purposes import Purpose, Relation

COUNTRIES = ("LV", "IT")
OTHER = "other"
_EVERYONE = "everyone"
_EVERYWHERE = "EU"

# The reader in C is ten times quicker; where the package was built without it the slow one does.
_Reader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Starter:
    """Purposes and relations of one country, in the order of the register."""

    purposes: tuple[Purpose, ...]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class RecipientClass:
    """A class of recipients, with what it usually is and its name in each language."""

    code: str
    role: str
    names: Mapping[str, str]


def starter(country: str) -> Starter:
    """Read both registers for a firm in `country`; elsewhere than in LV and IT with EU law only."""
    document = _document("purposes.yaml")
    purposes = tuple(
        parse_purpose(_purpose(code, entry, document, country))
        for code, entry in document["purposes"].items()
    )
    bundles = _document("relations.yaml")
    relations = tuple(
        parse_relation({**entry, "code": code, "version": bundles["version"]})
        for code, entry in bundles["relations"].items()
    )
    check_register(purposes, relations)
    return Starter(purposes, relations)


def recipients() -> dict[str, RecipientClass]:
    """Read the classes of recipients that purposes speak of."""
    return {
        code: RecipientClass(code, entry["role"], {k: v for k, v in entry.items() if k != "role"})
        for code, entry in _document("purposes.yaml")["recipients"].items()
    }


def notice_words(language: str) -> dict[str, Any]:
    """Read the words of the privacy notice in one language."""
    return _document(f"notice/{language}.yaml")


def starter_wordings() -> tuple[NewWording, ...]:
    """Read the texts a new register brings, in every language; their bytes are what is hashed."""
    return tuple(
        NewWording(code, entry["kind"], language, tuple(entry["purposes"]), body)
        for code, entry in _document("wordings.yaml").items()
        for language, body in entry.items()
        if language not in {"kind", "purposes"}
    )


def check_register(purposes: tuple[Purpose, ...], relations: tuple[Relation, ...]) -> None:
    """Refuse a register that speaks of things the product does not have.

    An edited register passes through here as well: an unknown item would be named by a purpose
    and stored by nobody, and a relation without a basis would open grounds that are none.
    """
    known = {purpose.code: purpose for purpose in purposes}
    for purpose in purposes:
        _known(purpose.code, "items", purpose.items, ITEMS)
        _known(purpose.code, "bases", purpose.bases, tuple(SubjectKind))
    for relation in relations:
        _known(relation.code, "purposes", relation.purposes, known)
        for code in relation.purposes:
            _known(relation.code, f"purposes.{code}", (relation.kind,), known[code].bases)


def _known(code: str, key: str, said: Iterable[str], known: Iterable[str]) -> None:
    if not set(said) <= set(known):
        raise InvalidRegister(place=f"{code}.{key}", fault="unknown-word")


@cache
def _document(name: str) -> dict[str, Any]:
    text = program_text("crm", "data", name)
    document: dict[str, Any] = yaml.load(text, Loader=_Strict)  # noqa: S506 - a safe reader
    return document


class _Strict(_Reader):  # type: ignore[misc]
    """The safe reader, but a key said twice is an error and not the last word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise InvalidRegister(place=f"line-{node.start_mark.line + 1}", fault="said-twice")
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _purpose(
    code: str, entry: Mapping[str, Any], document: Mapping[str, Any], country: str
) -> dict[str, Any]:
    """Settle one entry for one country: shorthands are written out, other countries dropped."""
    everyone = entry["bases"].get(_EVERYONE)
    bases = dict.fromkeys(SubjectKind, everyone) if everyone else {}
    bases |= {kind: basis for kind, basis in entry["bases"].items() if kind != _EVERYONE}
    return {
        **entry,
        "code": code,
        "version": document["version"],
        "bases": {str(kind): basis for kind, basis in bases.items()},
        "laws": [
            law
            for law in (document["laws"][name] for name in entry["laws"])
            if law["country"] in {country, _EVERYWHERE}
        ],
        "retention": [_rule(rule, country) for rule in entry["retention"]],
        "balancing": _document("balancing.yaml").get(code, {}),
    }


def _rule(rule: Mapping[str, Any], country: str) -> dict[str, Any]:
    place = country if country in COUNTRIES else OTHER
    settled = {
        key: value[place] if isinstance(value, Mapping) else value for key, value in rule.items()
    }
    return {**settled, "verified": place in rule.get("verified", ())}
