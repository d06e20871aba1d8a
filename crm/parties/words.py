"""The words for what stands on a card, in lists and in forms, in the language in use."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import SOURCE, _, current, pgettext, spoken
from crm.numbers import grouped_iban, hyphened_code
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.parties.cards import ClientCard, ClientLine

_CODE_COLUMNS = {
    "natural": N_("natural person"),
    "legal": N_("legal person"),
    "active": N_("active"),
    "former": N_("former"),
    "prospect": N_("prospect"),
    "contact": N_("contact person"),
    "going": NP_("client", "to be erased"),
}
_CODED = ("kind", "status")
# Shown on the card only when they say something.
_QUIET = ("phone_to_check", "to_check", "notes", "partly_erased")


def card_labels() -> dict[str, str]:
    """Return the translated names of a card's fields."""
    return {
        "number": _("number"),
        "kind": _("kind"),
        "name": pgettext("client", "name"),
        "given_name": _("given name"),
        "family_name": _("family name"),
        "reg_no": _("registration number"),
        "vat_no": _("VAT number"),
        "personal_code": _("personal code"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "status": _("status"),
        "country": _("country"),
        "legal_address": _("legal address"),
        "delivery_address": _("delivery address"),
        "language": _("language"),
        "channel": _("preferred channel"),
        "iban": _("IBAN"),
        "provenance": _("source"),
        "relations": _("relationships"),
        "created": _("entered on"),
        "last_activity": _("last contact"),
        "phone_to_check": _("phone to be checked"),
        "to_check": _("to be checked"),
        "phones": _("further phones"),
        "emails": _("further e-mails"),
        "addresses": _("further addresses"),
        "ibans": _("further IBANs"),
        "notes": _("notes"),
        "contacts": _("contact persons"),
        "works_at": _("contact person of"),
        "to_mend": _("to correct"),
        "going": pgettext("data", "to be erased"),
        "masked": _("hidden"),
        "warnings": _("possible duplicate of"),
        "partly_erased": _("partly erased"),
        "position": _("position"),
        "since": _("since"),
        "left": pgettext("company", "left the company on"),
        "table": _("table"),
        "field": _("field"),
        "until": _("until"),
        "value": _("value"),
        "numbers": _("numbers"),
    }


def why_labels() -> dict[str, str]:
    """Return the translated names of what is told about a datum."""
    return {
        "data": _("why each datum is kept"),
        "table": _("table"),
        "field": _("field"),
        "item": _("data"),
        "category": _("category"),
        "purpose": _("purpose"),
        "basis": _("lawful basis"),
        "article": _("article"),
        "since": _("since"),
        "until": _("until"),
        "because": _("explanation"),
        "going": pgettext("data", "to be erased"),
        "also": _("also"),
    }


def list_columns() -> dict[str, str]:
    """Return the columns that a list shows on a terminal, with their headings."""
    labels = card_labels()
    fields = ("number", "name", "kind", "reg_no", "vat_no", "email", "phone", "status")
    return {field: labels[field] for field in fields}


def line_row(line: ClientLine, form: str) -> dict[str, Any]:
    """Turn a line into a row; a table says its codes in words."""
    row = asdict(line)
    return _worded(row) if form == "table" else row


def card_record(card: ClientCard, form: str) -> dict[str, Any]:
    """Turn a card into an object; a table leaves out what is empty and says codes in words."""
    record = asdict(card)
    if form != "table":
        return record
    del record["id"]
    record |= record.pop("more")
    worded = _worded(record)
    if worded["personal_code"]:
        worded["personal_code"] = hyphened_code(worded["personal_code"])
    if worded["iban"] and "iban" not in card.masked:
        worded["iban"] = grouped_iban(worded["iban"])
    labels = card_labels()
    worded["masked"] = [labels.get(field, field) for field in card.masked]
    return {
        field: value
        for field, value in worded.items()
        if value not in (None, (), []) and not (field in _QUIET and not value)
    }


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field: _(_CODE_COLUMNS[value]) if field in _CODED and value in _CODE_COLUMNS else value
        for field, value in row.items()
    }


# What somebody is to us, as its signs say it too: never by colour alone.
_STATUS: Final = {
    "active": N_("active"),
    "former": N_("former"),
    "prospect": N_("prospect"),
    "contact": N_("contact person"),
    "going": N_("to be erased: no longer used"),
    "restricted": N_("restricted: kept, but not used"),
}
_KINDS: Final = {"natural": N_("natural person"), "legal": N_("legal person")}
_EVIDENCE: Final = {
    "consent": N_("consent given"),
    "contract": N_("there is a contract"),
    "notice": N_("informed"),
    "soft-opt-in": N_("bought something similar and did not object"),
}
_CODES: Final = {
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "post": N_("post"),
    "sms": N_("SMS"),
    "person": N_("in person"),
    "subject": N_("the person"),
    "client": N_("a client of ours"),
    "public": N_("a public source"),
    "third-party": N_("third party"),
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
