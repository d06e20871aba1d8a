"""The firm itself and the names its people log in by, checked before a vault is made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crm import numbers
from crm.errors import NoName, UnknownCountry, UnknownLanguage
from crm.i18n import LANGUAGES
from crm.session.errors import BadUserName
from gdpr.text import clean

LAST_SEEN: Final = "last_seen_day"
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MOST: Final = 40
_LOGIN: Final = re.compile(rf"\w[\w.@-]{{0,{_MOST - 1}}}")


@dataclass(frozen=True, slots=True)
class Firm:
    """The controller's own details, as every notice and letter needs them."""

    name: str
    country: str
    reg_no: str = ""
    address: str = ""
    email: str = ""
    language: str = "en"


def checked_firm(firm: Firm) -> Firm:
    """Return the firm with its details brought into their forms, or raise what is wrong with one.

    They go into every letter the firm sends, so a slip is cheapest to mend before the first.
    """
    name = clean(firm.name)
    if not name:
        raise NoName
    if firm.language not in LANGUAGES:
        raise UnknownLanguage(known=", ".join(LANGUAGES))
    country = checked_country(firm.country)
    return Firm(
        name=name,
        country=country,
        reg_no=checked_reg_no(firm.reg_no, country),
        address=clean(firm.address),
        email=checked_email(firm.email),
        language=firm.language,
    )


def checked_country(text: str) -> str:
    """Return a country as its two capital letters."""
    country = clean(text).upper()
    if not _COUNTRY.fullmatch(country):
        raise UnknownCountry
    return country


def checked_reg_no(text: str, country: str) -> str:
    """Return a registration number in its form; a firm may leave it out."""
    number = clean(text)
    return numbers.reg_no(number, country).stored if number else ""


def checked_email(text: str) -> str:
    """Return an e-mail address in its form; a firm may leave it out."""
    address = clean(text)
    return numbers.email(address).stored if address else ""


def checked_login(text: str) -> str:
    """Return a login name that can be typed on any keyboard of the house."""
    name = clean(text)
    if not _LOGIN.fullmatch(name):
        raise BadUserName(most=_MOST)
    return name


def check_detail(name: str, text: str, country: str = "") -> str:
    """Return one detail in its form, so that a dialogue can ask again for this one alone."""
    if name == "country":
        return checked_country(text)
    if name == "firm" and not clean(text):
        raise NoName
    if name == "reg_no":
        return checked_reg_no(text, country)
    return checked_email(text) if name == "email" else clean(text)
