"""The words for what stands on a card, in lists and in forms, in the language in use."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import SOURCE, _, current, spoken
from crm.kinds.party import BY_NAME, CHANNELS, FIELDS, FURTHER, ON_CARDS, ON_LINES, SOURCES
from crm.numbers import grouped_iban, hyphened_code
from crm.shape.description import IBAN, OFFICIAL
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.parties.cards import ClientCard, ClientLine

# What somebody is to us, as its signs say it too: never by colour alone.
_STATUS: Final = WordTable("crm.parties", "status")
_KINDS: Final = WordTable("crm.parties", "kinds")
_IN_COLUMNS: Final = WordTable("crm.parties", "in_columns", _KINDS, _STATUS)
_LABELS: Final = WordTable("crm.parties", "labels")
_WHY: Final = WordTable("crm.parties", "why")
_CODED = ("kind", "status")
# Shown on the card only when they say something.
_QUIET = ("phone_to_check", "to_check", "notes", "partly_erased")


def card_labels() -> dict[str, str]:
    """Return the translated names of a card's fields."""
    described = {one.name: one.label for one in FIELDS if one.asked}
    described |= {one.several: one.label for one in FURTHER.values()}
    return {name: _(word) for name, word in (*_LABELS.items(), *described.items())}


def why_labels() -> dict[str, str]:
    """Return the translated names of what is told about a datum."""
    return {name: _(word) for name, word in _WHY.items()}


def list_columns() -> dict[str, str]:
    """Return the columns that a list shows on a terminal, with their headings."""
    labels = card_labels()
    fields = ("number", "name", "kind", *ON_LINES[1:], "status")
    return {field: labels[field] for field in fields}


def line_row(line: ClientLine, form: str) -> dict[str, Any]:
    """Turn a line into a row; a table says its codes in words."""
    row = asdict(line)
    return _worded(row) if form == "table" else row


def card_record(card: ClientCard, form: str) -> dict[str, Any]:
    """Turn a card into an object; a table leaves out what is empty and says codes in words."""
    told = asdict(card)
    shown = {name: told.pop(name) for name in ON_CARDS if name in told}
    record = {name: told.pop(name) for name in ("id", "number", "kind")}
    record |= {name: shown.pop(name) for name in ON_LINES}
    record |= {name: told.pop(name) for name in ("status", "country")}
    record |= {**shown, "more": told.pop("more"), **told}
    if form != "table":
        return record
    del record["id"]
    record |= record.pop("more")
    worded = _worded(record)
    for name, value in worded.items():
        if isinstance(value, str) and name not in card.masked:
            worded[name] = number_words(name, value)
    labels = card_labels()
    worded["masked"] = [labels.get(field, field) for field in card.masked]
    return {
        field: value
        for field, value in worded.items()
        if value not in (None, (), []) and not (field in _QUIET and not value)
    }


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field: _(_IN_COLUMNS[value]) if field in _CODED and value in _IN_COLUMNS else value
        for field, value in row.items()
    }


_EVIDENCE: Final = WordTable("crm.parties", "evidence")
_CODES: Final = {**CHANNELS, **SOURCES}
_GROUPED: Final = {IBAN: grouped_iban, OFFICIAL: hyphened_code}
_LANGUAGES: Final = ("lv", "en", "it", "ru", "lt", "et", "de", "fr", "es", "pl", "uk", "fi", "sv")
# The first that a list of countries offers, because most clients live there.
_NEAR: Final = ("LV", "IT", "EE", "LT", "DE", "FI", "SE", "PL")


def status_words(status: str) -> str:
    """Say what somebody is to us."""
    return _(_STATUS.get(status, status))


def kind_words(kind: str) -> str:
    """Say whether it is a human being or a company."""
    return _(_KINDS.get(kind, kind))


def evidence_words(evidence: str) -> str:
    """Say what shows a ground to be real, as somebody would answer."""
    return _(_EVIDENCE.get(evidence, evidence))


def code_words(code: str) -> str:
    """Say a channel or a source; a code that has no words is said as it is."""
    return _(_CODES.get(code, code))


def number_words(name: str, value: str) -> str:
    """Write an account or a personal code in groups, as people read it; all else as it is."""
    kind = next((one.kind for one in FURTHER.values() if one.several == name), name)
    field = BY_NAME.get(kind)
    return _GROUPED[field.type](value) if field and field.type in _GROUPED else value


def value_words(field: str, value: str) -> str:
    """Write the value of a field as people read it."""
    if field == "language":
        return language_words(value)
    codes = BY_NAME[field].codes if field in BY_NAME else {}
    if codes is SOURCES:
        return source_words(value)
    return number_words(field, _(codes.get(value, value)))


def source_words(text: str) -> str:
    """Say who told us, and on which day the person was told of it."""
    said = []
    for part in text.split("; "):
        word, _space, day = part.partition(" ")
        if word != "informed":
            said.append(code_words(part))
        elif day == "unknown":
            said.append(_("not known whether informed"))
        else:
            said.append(_("informed on {day}").format(day=spoken(day)))
    return "; ".join(said)


def language_words(code: str) -> str:
    """Name a language by its code."""
    from babel import Locale  # noqa: PLC0415 - a card pays for its language

    return str(Locale.parse(current()).languages.get(code, code))


def languages() -> tuple[tuple[str, str], ...]:
    """List the languages that clients here are written to in."""
    return tuple((code, language_words(code)) for code in _LANGUAGES)


def named(names: Mapping[str, str], code: str) -> str:
    """Choose the name in the language in use, else the English one, else the code."""
    return names.get(current()) or names.get(SOURCE) or code


def country_words(code: str) -> str:
    """Name a country by its two letters."""
    return _territories().get(code, code)


def countries() -> tuple[tuple[str, str], ...]:
    """List all countries with their names, the near ones first."""
    known = _territories()
    codes = [code for code in known if len(code) == len(_NEAR[0]) and code.isalpha()]
    far = sorted((code for code in codes if code not in _NEAR), key=lambda code: known[code])
    return tuple((code, known.get(code, code)) for code in (*_NEAR, *far))


def _territories() -> Mapping[str, str]:
    from babel import Locale  # noqa: PLC0415 - a card pays for its country

    names: Mapping[str, str] = Locale.parse(current()).territories
    return names
