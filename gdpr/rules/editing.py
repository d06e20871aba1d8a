"""New versions of purposes and relations: what was in force stays readable as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from gdpr.rules.errors import NothingNew
from gdpr.rules.register import canonical, parse_purpose, parse_relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.rules.purposes import Purpose, Relation

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
