"""The words for codes that stand on a card and in its forms: kinds, sources, countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import SOURCE, _, current
from crm.numbers import grouped_iban, hyphened_code
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

# What somebody is to us, as its signs say it too: never by colour alone.
_STATUS: Final = {
    "active": N_("active"),
    "former": N_("former"),
    "prospect": N_("prospect"),
    "contact": N_("contact person"),
    "going": N_("going: used for nothing any more"),
    "restricted": N_("restricted: kept, but not used"),
}
_KINDS: Final = {"natural": N_("natural person"), "legal": N_("legal person")}
_EVIDENCE: Final = {
    "consent": N_("they agreed: there is a consent"),
    "contract": N_("there is a contract"),
    "notice": N_("they were told"),
    "soft-opt-in": N_("they bought something like it and did not object"),
}
_CODES: Final = {
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "post": N_("post"),
    "person": N_("in person"),
    "subject": N_("the person"),
    "client": N_("a client of ours"),
    "public": N_("a public source"),
    "third-party": N_("somebody else"),
}
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


def value_words(field: str, value: str) -> str:
    """Write the value of a field as people read it."""
    if field in {"iban", "ibans"}:
        return grouped_iban(value)
    if field == "personal_code":
        return hyphened_code(value)
    if field == "provenance":
        return source_words(value)
    if field == "language":
        return language_words(value)
    return code_words(value) if field == "channel" else value


def source_words(text: str) -> str:
    """Say who told us, and on which day the person was told of it."""
    said = []
    for part in text.split("; "):
        word, _space, day = part.partition(" ")
        if word != "informed":
            said.append(code_words(part))
        elif day == "unknown":
            said.append(_("whether they were told is not known"))
        else:
            said.append(_("told on {day}").format(day=day))
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
