"""From typed fields to columns: text is cleaned, numbers are checked and put where they belong.

Numbers of a natural person are official numbers and land in their own columns, whatever the field
they were typed into promised; a company's tax code is its registration number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm import numbers
from crm.errors import NoName, RegNoComponent, VatComponent
from crm.models.party import NAMES, Kind, Party
from crm.session.errors import KindNeeded, NotAmong, UnknownCountry
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

CHANNELS = ("email", "phone", "post", "person")
SOURCES = ("subject", "client", "public", "third-party")
# Everything that can be typed about a party, in the order of a form.
FIELDS = (
    *("country", "name", "given_name", "family_name", "reg_no", "vat_no", "personal_code"),
    *("email", "phone", "iban", "legal_address", "delivery_address"),
    *("language", "channel", "provenance"),
)
# A sole trader's VAT number is typed like any other and stands in a column of its own.
_TYPED_ELSEWHERE = frozenset({"trader_vat_no"})
# Personal columns that nothing here knows by name: typed, shown and exported as plain text, so
# that a column added to the party needs no second declaration.
MORE = tuple(
    column.name
    for column in Party.layout().sealed
    if column.name not in {*FIELDS, *_TYPED_ELSEWHERE}
)
_LINES_KEPT = ("legal_address", "delivery_address")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)

Columns = dict[str, str | int | None]


class Setting(NamedTuple):
    """What decides how fields are read: whose they are, where, and on which day."""

    kind: Kind
    country: str
    today: date


def kind_of(kind: str | None, typed: Mapping[str, str | None]) -> Kind:
    """Tell a human being from a company by what was said, or by the fields only one can have."""
    if kind:
        if kind not in set(Kind):
            raise KindNeeded
        return Kind(kind)
    if typed.get("given_name") or typed.get("family_name"):
        return Kind.NATURAL
    raise KindNeeded


def country_of(typed: Mapping[str, str | None], home: str) -> str:
    """Return the country that was said, else that of the VAT number, else the firm's own."""
    told = (typed.get("country") or "").strip().upper()
    if told:
        if not _COUNTRY.fullmatch(told):
            raise UnknownCountry
        return told
    prefix = (typed.get("vat_no") or "").strip()[:2].upper()
    if prefix in numbers.EU_PREFIXES:
        return numbers.COUNTRY_OF_PREFIX.get(prefix, prefix)
    return home


def columns_of(typed: Mapping[str, str | None], setting: Setting) -> Columns:
    """Clean and check every typed field and give the columns to store; empty text clears one."""
    given = {
        field: clean(text, lines=field in _LINES_KEPT) if text is not None else ""
        for field, text in typed.items()
    }
    columns: Columns = {
        field: given[field] or None for field in (*NAMES, *_LINES_KEPT, *MORE) if field in given
    }
    if "country" in given:
        columns["country"] = country_of({"country": given["country"]}, setting.country)
    columns |= _official(given, setting)
    columns |= _reached_by(given, setting)
    columns |= _words(given)
    return columns


def check_name(columns: Columns, kind: Kind) -> None:
    """Refuse a party without a name."""
    halves = columns.get("given_name") or columns.get("family_name")
    if not (columns.get("name") or (halves and kind is Kind.NATURAL)):
        raise NoName


def check_renamed(party: Party, columns: Columns) -> None:
    """Refuse a change that would leave a party without a name."""
    if set(NAMES) & set(columns):
        after = {name: columns.get(name, getattr(party, name)) for name in NAMES}
        check_name(after, Kind(party.kind))


def _official(given: Mapping[str, str], setting: Setting) -> Columns:
    if setting.kind is Kind.LEGAL:
        return _numbers_of_company(given, setting)
    return _numbers_of_person(given, setting)


def _numbers_of_company(given: Mapping[str, str], setting: Setting) -> Columns:
    columns: Columns = {}
    if "reg_no" in given:
        columns["reg_no"] = _checked(given["reg_no"], lambda n: numbers.reg_no(n, setting.country))
    if given.get("personal_code"):
        # The codice fiscale of a company is its number in the register.
        tax_code = numbers.reg_no(given["personal_code"], setting.country).stored
        if columns.setdefault("reg_no", tax_code) != tax_code:
            raise RegNoComponent
    if "vat_no" in given:
        columns["vat_no"] = _checked(given["vat_no"], lambda text: _vat_of_company(text, setting))
    return columns


def _vat_of_company(text: str, setting: Setting) -> numbers.Checked:
    checked = numbers.vat_no(text, setting.country, setting.today)
    if checked.personal:
        raise VatComponent
    return checked


def _numbers_of_person(given: Mapping[str, str], setting: Setting) -> Columns:
    country, today = setting.country, setting.today
    columns: Columns = {}
    codes = [given[field] for field in ("personal_code",) if field in given]
    if "reg_no" in given:
        if numbers.names_a_person(given["reg_no"], country):
            codes.append(given["reg_no"])
        else:
            columns["reg_no"] = _checked(given["reg_no"], lambda n: numbers.reg_no(n, country))
    for code in codes:
        stored = _checked(code, lambda text: numbers.personal_code(text, country, today))
        if columns.setdefault("personal_code", stored) != stored:
            raise RegNoComponent
    if "vat_no" in given:
        columns["trader_vat_no"] = _checked(
            given["vat_no"], lambda text: numbers.vat_no(text, country, today)
        )
    return columns


def _reached_by(given: Mapping[str, str], setting: Setting) -> Columns:
    columns: Columns = {}
    if "email" in given:
        columns["email"] = _checked(given["email"], numbers.email)
    if "iban" in given:
        columns["iban"] = _checked(given["iban"], numbers.iban)
    if "phone" in given:
        phone = numbers.phone(given["phone"], setting.country) if given["phone"] else None
        columns["phone"] = phone.stored if phone else None
        columns["phone_unchecked"] = int(phone is not None and phone.to_check)
    return columns


def _words(given: Mapping[str, str]) -> Columns:
    columns: Columns = {}
    for field, known in (("channel", CHANNELS), ("provenance", SOURCES)):
        if field in given:
            if given[field] and given[field] not in known:
                raise NotAmong(field=field, known=", ".join(known))
            columns[field] = given[field] or None
    if "language" in given:
        code = given["language"].lower()
        if code and not _LANGUAGE.fullmatch(code):
            raise NotAmong(field="language", known="lv, it, en, ru, …")
        columns["language"] = code or None
    return columns


def _checked(text: str, rule: Callable[[str], numbers.Checked]) -> str | None:
    return rule(text).stored if text else None
