"""What the codes of the register are called in a table; the machine forms keep the codes.

A code stays where a command takes it back: purposes, relations and texts are addressed by theirs.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import LANGUAGES, _, current

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.cli.table import Row

_TOLD: Final = "told"


def worded(row: Row) -> Row:
    """Say every code of a row, and of the rows within it, in the language in use."""
    said = {field: _worded(field, value) for field, value in row.items()}
    # A column that has no label of its own is called by what it holds.
    if row.get("item") and row.get("field") == said.get("field"):
        said["field"] = said["item"]
    return said


def _worded(field: str, value: Any) -> Any:
    if field == _TOLD and isinstance(value, dict):
        from crm.oversight.audit_details import told_words

        return told_words(value, {})
    if isinstance(value, dict):
        texts = set(value) <= set(LANGUAGES)
        return value.get(current(), "") if texts else worded(value)
    if isinstance(value, list):
        return [worded(one) if isinstance(one, dict) else _worded(field, one) for one in value]
    say = _vocabularies().get(field)
    return say(value) if say is not None and isinstance(value, str) else value


def _said(*tables: Mapping[str, str] | Mapping[str, tuple[str, str]]) -> Callable[[str], str]:
    """Say a code in the words of the first table that has it, without the sign beside a word."""

    # A reason ends with the number of the request: request:7.
    def say(code: str) -> str:
        known, colon, rest = code.partition(":")
        for table in tables:
            if word := table.get(code) or (table.get(known) if colon else None):
                said = _(word if isinstance(word, str) else word[1])
                return said if code in table else f"{said} {rest}"
        return code

    return say


def _addressed(words: Mapping[str, str]) -> Callable[[str], str]:
    """Name what a command addresses by its code, and keep the code beside the name."""
    return lambda code: f"{code}: {_(words[code])}" if code in words else code


@cache
def _vocabularies() -> Mapping[str, Callable[[str], str]]:
    """Return, for each field that holds codes, what says them; loaded once a table is drawn."""
    return {**_of_rules(), **_of_the_register()}


def _of_rules() -> Mapping[str, Callable[[str], str]]:
    from crm.consents.words import SCOPES
    from crm.grounds import words as grounds
    from crm.keys.words import KEY_STATES
    from crm.transparency.words import GROUND_EVIDENCE, NOTICE_STATES

    signed = (grounds.GROUND_STATES, grounds.CONSENT_STATES, grounds.DUE)
    return {
        "assumed": _said(GROUND_EVIDENCE),
        "basis": _said(grounds.BASES),
        "because": _said(grounds.CAUSES, grounds.ENDINGS, *signed),
        "channels": _said(grounds.WAYS),
        "ended_why": _said(grounds.ENDINGS),
        "evidence": _said(GROUND_EVIDENCE),
        "item": _said(grounds.ITEMS),
        "items": _said(grounds.ITEMS),
        "marketing_channels": _said(grounds.WAYS),
        "marketing_status": _said(grounds.MARKETING),
        "reach": _said(grounds.WAYS),
        "reaches": _said(grounds.WAYS),
        "scope": _said(SCOPES),
        "state": _said(grounds.SHREDS, NOTICE_STATES, KEY_STATES, *signed),
        "table": _said(grounds.TABLES),
        "what": _said(*signed),
    }


def _of_the_register() -> Mapping[str, Callable[[str], str]]:
    from crm.grounds.words import COPIES, channel
    from crm.keys.words import COPY_KINDS, KEYS, ROLES, USER_STATES
    from crm.oversight.words import EVENTS
    from crm.parties.words import card_labels, code_words, kind_words
    from crm.transparency.words import SUBJECT_KINDS, WORDING_KINDS

    kinds = _said(COPIES, COPY_KINDS, WORDING_KINDS, SUBJECT_KINDS)

    def spoken_channel(code: str) -> str:
        said = channel(code)
        return said if said != code else code_words(code)

    return {
        "category": _said(KEYS),
        "channel": spoken_channel,
        "event": _said(EVENTS),
        "field": lambda code: card_labels().get(code, code),
        "key": _addressed(KEYS),
        "kind": lambda code: kind_words(code) if code in {"natural", "legal"} else kinds(code),
        "roles": lambda code: _(ROLES[code][0]) if code in ROLES else code,
        "status": _said(USER_STATES),
    }
