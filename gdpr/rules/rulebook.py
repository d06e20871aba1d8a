"""The registers as they stand in one vault: every purpose version, and what is current.

A new version of a purpose or a relation leaves what was in force readable as it was.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from gdpr.errors import NothingNew, Unreadable
from gdpr.rules.errors import UnknownPurpose, UnknownRelation, UnknownVersion
from gdpr.rules.facts import Ending, Ground
from gdpr.rules.period_ends import RuleSettings
from gdpr.rules.purposes import Evidence
from gdpr.rules.register import canonical, content_hash, parse_purpose, parse_relation
from gdpr.rules.stored import PurposeRow, RelationRow
from gdpr.store.ids import new_id
from gdpr.store.settings import sound_setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gdpr.rules.purposes import Purpose, Relation
    from gdpr.rules.stored import GroundRow
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


# What identifies a purpose is no part of what may change.
_FIXED = ("code", "number", "version")


def next_purpose(current: Purpose, changes: Mapping[str, object]) -> Purpose:
    """Give the version after `current`, changed as a JSON merge patch (RFC 7396) says."""
    made = parse_purpose(_changed(canonical(current), changes))
    if replace(made, version=current.version) == current:
        raise NothingNew
    return made


def next_relation(current: Relation, changes: Mapping[str, object]) -> Relation:
    """Give the version of a relation after `current`, changed in the same way."""
    made = parse_relation(_changed(canonical(current), changes))
    if replace(made, version=current.version) == current:
        raise NothingNew
    return made


def _changed(text: str, changes: Mapping[str, object]) -> dict[str, object]:
    document = json.loads(text)
    fixed = {name: document[name] for name in _FIXED if name in document}
    return {**_merged(document, changes), **fixed, "version": document["version"] + 1}


def _merged(document: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Let mappings grow into each other and null take a key away; lists are replaced whole."""
    merged = dict(document)
    for name, value in changes.items():
        held = merged.get(name)
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            merged[name] = _merged(held if isinstance(held, dict) else {}, value)
        else:
            merged[name] = value
    return merged


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Purposes by code and version, relations by code, and the settings of the clocks."""

    versions: dict[tuple[str, int], Purpose]
    purposes: dict[str, Purpose]
    relations: dict[str, Relation]
    settings: RuleSettings

    def purpose(self, code: str) -> Purpose:
        """Return the current version of a purpose."""
        try:
            return self.purposes[code]
        except KeyError:
            raise UnknownPurpose(known=", ".join(sorted(self.purposes))) from None

    def version(self, code: str, version: int) -> Purpose:
        """Return one version of a purpose, which is there for good once it was entered."""
        try:
            return self.versions[code, version]
        except KeyError:
            raise UnknownVersion(purpose=code) from None

    def relation(self, code: str) -> Relation:
        """Return the current version of a relation."""
        try:
            return self.relations[code]
        except KeyError:
            raise UnknownRelation(known=", ".join(sorted(self.relations))) from None

    def ground(self, row: GroundRow) -> Ground:
        """Read a stored ground with the purpose version it was given."""
        try:
            purpose = self.versions[row.purpose, row.version]
        except KeyError:
            raise Unreadable(table="purpose", row=row.purpose) from None
        return Ground(
            id=bytes(row.id),
            purpose=purpose,
            kind=row.kind,
            since=date.fromisoformat(row.since),
            evidence=Evidence(row.evidence),
            relation=row.relation,
            review_on=_day(row.review_on),
            ended_on=_day(row.ended_on),
            ended_why=Ending(row.ended_why) if row.ended_why else None,
            going_until=_day(row.going_until),
        )


def load_rulebook(session: Session) -> Rulebook:
    """Read the registers of a vault, verified row by row and against their content hash."""
    versions: dict[tuple[str, int], Purpose] = {}
    for row in session.rows(PurposeRow):
        purpose, told = _read_purpose(row.body)
        if told != row.content_hash:
            raise Unreadable(table="purpose", row=row.code)
        versions[row.code, row.version] = purpose
    relations: dict[str, Relation] = {}
    for held in sorted(session.rows(RelationRow), key=lambda relation: relation.version):
        relations[held.code] = _read_relation(held.body)
    current = {code: versions[code, version] for code, version in sorted(versions)}
    return Rulebook(versions, current, relations, _settings(session))


@lru_cache(maxsize=512)
def _read_purpose(body: str) -> tuple[Purpose, str]:
    # Registers are read at every opening, after each lock as well, and hardly ever change.
    purpose = parse_purpose(json.loads(body))
    return purpose, content_hash(purpose)


@lru_cache(maxsize=512)
def _read_relation(body: str) -> Relation:
    return parse_relation(json.loads(body))


def store_registers(
    work: Transaction, purposes: Iterable[Purpose], relations: Iterable[Relation]
) -> None:
    """Enter purpose and relation versions; none that exists is touched."""
    for purpose in purposes:
        work.insert(
            PurposeRow(
                id=new_id(),
                code=purpose.code,
                version=purpose.version,
                body=canonical(purpose),
                content_hash=content_hash(purpose),
            )
        )
    for relation in relations:
        body = canonical(relation)
        work.insert(
            RelationRow(id=new_id(), code=relation.code, version=relation.version, body=body)
        )


def _settings(session: Session) -> RuleSettings:
    """Read the settings of the clocks; `Grounds` changes nothing under one that is damaged."""
    defaults = RuleSettings()
    return RuleSettings(
        **{
            name: int(sound_setting(session, name, str(getattr(defaults, name))))
            for name in ("grace_days", "leap_days", "year_end_month", "year_end_day")
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
