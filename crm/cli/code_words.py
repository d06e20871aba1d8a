"""What the codes of the register are called in a table; the machine forms keep the codes.

A code stays where it is listed to be taken back: the purposes, relationships and texts themselves.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import click

from crm.i18n import LANGUAGES, _, current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crm.cli.table import Row

# Under which a run keeps the register that it holds open, for the names of purposes.
REGISTER: Final = "crm.cli.register"
_TOLD: Final = "told"
# By what a record is named in words, where a line is about one.
_NUMBERED: Final = frozenset({"number", "fields"})
_NAMED_BY: Final = frozenset({"table", "field", "record"})
# How many of each item were destroyed, in a receipt.
_COUNTED: Final = "destroyed"
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")


def worded(row: Row) -> Row:
    """Say every code of a row, and of the rows within it, in the language in use."""
    said = {field: _worded(field, value) for field, value in row.items()}
    if _COUNTED in row and "state" in row:
        from crm.grounds.words import erased_words

        said["state"] = erased_words(row)
    # A column that has no label of its own is called by what it holds.
    if "table" in row and (own := _of_place(row)):
        hidden = _NAMED_BY if "record" in row else _NUMBERED
        return {name: own.get(name, one) for name, one in said.items() if name not in hidden}
    if row.get("item") and row.get("field") and row["field"] == said["field"]:
        said["field"] = said["item"]
    return said


def _of_place(row: Row) -> Row:
    """Name a numbered record and its fields, or a column that is called like another field."""
    from crm.grounds.words import FIELDS, record_words

    if "record" in row and (words := record_words({**row, "number": row["record"]})):
        return {"note": "{} ({})".format(*words)}
    if (words := record_words(row)) is not None:
        fields, record = words
        whole = {"field": f"{fields} ({record})"}
        return whole if "field" in row else {"item": fields, "table": record}
    column = f"{row['table']}.{row.get('field')}"
    return {"field": _(FIELDS[column])} if column in FIELDS else {}


def _worded(field: str, value: Any) -> Any:
    if isinstance(value, dict):
        return _worded_parts(field, value)
    if isinstance(value, list):
        return [worded(one) if isinstance(one, dict) else _worded(field, one) for one in value]
    if not isinstance(value, str):
        return value
    if _INSTANT.fullmatch(value):
        from crm.dates import minute_text

        return minute_text(value)
    say = _vocabularies().get(field)
    return value if say is None else say(value)


def _worded_parts(field: str, parts: dict[str, Any]) -> Any:
    if field == _TOLD:
        from crm.oversight.audit_details import told_words

        return told_words(parts, _names("purposes"))
    if field == _COUNTED:
        return {_vocabularies()["item"](code): count for code, count in parts.items()}
    return parts.get(current(), "") if set(parts) <= set(LANGUAGES) else worded(parts)


def _names(of: str) -> Mapping[str, str]:
    """Return what the open register calls its `purposes` or `relations`, by their codes."""
    from crm.grounds.words import purpose_names

    run = _run()
    if REGISTER not in run:
        return {}
    known = f"{REGISTER}.{of}"
    if known not in run:
        purposes = run[REGISTER].purposes
        run[known] = purpose_names(purposes.listing() if of == "purposes" else purposes.relations())
    names: Mapping[str, str] = run[known]
    return names


def purpose_words(codes: Iterable[str]) -> list[str]:
    """Name purposes as the open register does."""
    return [_names("purposes").get(code, code) for code in codes]


def _run() -> dict[str, Any]:
    """Return what this run of a command keeps, such as the register that it holds open."""
    context = click.get_current_context(silent=True)
    return {} if context is None else context.meta


def _rule(code: str) -> str:
    register = _run().get(REGISTER)
    return code if register is None else str(register.purposes.say_rule(code, current()))


def _named(of: str) -> Callable[[str], str]:
    return lambda code: _names(of).get(code, code)


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


def _rights(code: str) -> str:
    """Cite the article that a package rests on."""
    from crm.session.words import article_words

    return article_words(code.removeprefix("Art.")) if code.startswith("Art.") else ""


def _declared(text: str) -> str:
    """Say what a firm declared: the codes of sources, a sentence of its own, or none."""
    from crm.parties.words import code_words

    return _("none") if text == "none" else ", ".join(map(code_words, text.split(", ")))


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
        "automated": _declared,
        "basis": _said(grounds.BASES),
        "because": _said(grounds.CAUSES, grounds.ENDINGS, *signed),
        "channels": _said(grounds.WAYS),
        "ended_why": _said(grounds.ENDINGS),
        "evidence": _said(GROUND_EVIDENCE, grounds.BACKED),
        "item": _said(grounds.ITEMS),
        "items": _said(grounds.ITEMS),
        "marketing_channels": _said(grounds.WAYS),
        "marketing_status": _said(grounds.MARKETING),
        "proofs": _named("purposes"),
        "purpose": _named("purposes"),
        "purposes": _named("purposes"),
        "reach": _said(grounds.WAYS),
        "reaches": _said(grounds.WAYS),
        "relation": _named("relations"),
        "relations": _named("relations"),
        "rule": _rule,
        "scope": lambda code: _rights(code) or _said(SCOPES)(code),
        "sources": _declared,
        "state": _said(grounds.SHREDS, NOTICE_STATES, KEY_STATES, *signed),
        "table": _said(grounds.TABLES),
        "transfers": _declared,
        "what": _said(*signed),
    }


def _of_the_register() -> Mapping[str, Callable[[str], str]]:
    from crm.grounds.words import channel
    from crm.keys.words import COPY_KINDS, KEYS, ROLES, USER_STATES
    from crm.oversight.words import EVENTS
    from crm.parties.words import (
        card_labels,
        code_words,
        country_words,
        kind_words,
        language_words,
        source_words,
    )
    from crm.transparency.words import SUBJECT_KINDS, WORDING_KINDS, wording_name

    kinds = _said(COPY_KINDS, WORDING_KINDS, SUBJECT_KINDS)

    def spoken_channel(code: str) -> str:
        said = channel(code)
        return said if said != code else code_words(code)

    return {
        "category": _said(KEYS),
        "channel": spoken_channel,
        "country": country_words,
        "event": _said(EVENTS),
        "field": lambda code: card_labels().get(code, code),
        "key": _addressed(KEYS),
        "language": language_words,
        "languages": language_words,
        "provenance": source_words,
        "kind": lambda code: kind_words(code) if code in {"natural", "legal"} else kinds(code),
        "roles": lambda code: _(ROLES[code][0]) if code in ROLES else code,
        "status": _said(USER_STATES),
        "wording": wording_name,
    }
