"""A person's contact data as other address books read them: JSContact (RFC 9553), vCard 4.0.

Written from the data of a package and from nothing else, so that what a package leaves out cannot
come in by another file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

# Our own names within the card, under a domain that is reserved for examples and nobody's.
_OWN: Final = "kartoteka.example:"
_VENDOR: Final = {
    "personal_code": ("personalCode", "X-KARTOTEKA-PERSONAL-CODE"),
    "trader_vat_no": ("vatId", "X-KARTOTEKA-VATID"),
    "vat_no": ("vatId", "X-KARTOTEKA-VATID"),
    "reg_no": ("registrationId", "X-KARTOTEKA-REGID"),
    "iban": ("iban", "X-KARTOTEKA-IBAN"),
}
_CONTEXTS: Final = {"legal_address": "private", "delivery_address": "delivery"}
_WIDTH: Final = 75
_DIALLED: Final = re.compile(r"(\+\d+)(?: ext\. (\d+))?", re.ASCII)
# What was set aside failed its check; it belongs into no address book.
_TABLES: Final = frozenset(
    {
        *("party", "further_phone", "further_email", "further_address", "further_account"),
        "employment",
    }
)


def jscontact(document: Json) -> Json:
    """Write the card of a package's data; what is not there is left out."""
    one = _Fields(document)
    card: Json = {
        "@type": "Card",
        "version": "1.0",
        "uid": document["subject"]["uid"],
        "kind": "individual",
        "updated": document["generated_at"],
    }
    parts = [("given", one.first("given_name")), ("surname", one.first("family_name"))]
    known = [{"kind": kind, "value": value} for kind, value in parts if value]
    name: Json = {"components": known, "isOrdered": True} if known else {}
    if full := one.full_name():
        card["name"] = {**name, "full": full}
    lists = {
        "emails": [{"address": value} for value in one.all("email")],
        "phones": [{"number": _uri_of(value) or value} for value in one.all("phone")],
        "addresses": list(_addresses(one)),
        "preferredLanguages": [{"language": value} for value in one.all("language")],
        "titles": [{"name": value, "kind": "title"} for value in one.all("position")],
    }
    for key, values in lists.items():
        if values:
            card[key] = {str(place + 1): value for place, value in enumerate(values)}
    for field, (own, _x) in _VENDOR.items():
        if held := one.all(field):
            card[_OWN + own] = held[0] if len(held) == 1 else held
    return card


def vcard(document: Json) -> bytes | None:
    """Write the same as vCard 4.0, which every address book reads; None where no name is in it."""
    one = _Fields(document)
    full = one.full_name()
    if not full:
        return None
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:{document['subject']['uid']}", "KIND:individual"]
    lines.append(f"FN:{_escaped(full)}")
    given, family = one.first("given_name"), one.first("family_name")
    if given or family:
        lines.append(f"N:{_escaped(family or '')};{_escaped(given or '')};;;")
    for place, value in enumerate(one.all("email")):
        lines.append(f"EMAIL;PREF={place + 1}:{_escaped(value)}")
    for place, value in enumerate(one.all("phone")):
        uri = _uri_of(value)
        form, text = ("uri", uri) if uri else ("text", _escaped(value))
        lines.append(f"TEL;VALUE={form};PREF={place + 1}:{text}")
    for field in ("legal_address", "delivery_address", "address"):
        for value in one.all(field):
            kind = ";TYPE=home" if field == "legal_address" else ""
            lines.append(f"ADR{kind}:;;{_escaped(value)};;;;")
    lines += [f"LANG:{_escaped(value)}" for value in one.all("language")]
    lines += [f"TITLE:{_escaped(value)}" for value in one.all("position")]
    for field, (_own, name) in _VENDOR.items():
        lines += [f"{name}:{_escaped(value)}" for value in one.all(field)]
    lines += [f"REV:{_revision(document['generated_at'])}", "END:VCARD"]
    return "".join(_folded(line) for line in lines).encode()


class _Fields:
    """The values of a package by field; the first is the one of the entry itself."""

    def __init__(self, document: Json) -> None:
        self._values: dict[str, list[str]] = {}
        for each in document["data"]:
            if each["table"] in _TABLES:
                self._values.setdefault(each["field"], []).append(each["value"])

    def all(self, field: str) -> list[str]:
        return list(dict.fromkeys(self._values.get(field, ())))

    def first(self, field: str) -> str | None:
        return next(iter(self.all(field)), None)

    def full_name(self) -> str | None:
        parts = (self.first("given_name"), self.first("family_name"))
        return " ".join(part for part in parts if part) or self.first("name")


def _addresses(one: _Fields) -> Iterator[Json]:
    for field in ("legal_address", "delivery_address", "address"):
        for value in one.all(field):
            context = _CONTEXTS.get(field)
            yield {"full": value, **({"contexts": {context: True}} if context else {})}


def _uri_of(phone: str) -> str | None:
    """Write a phone as a link (RFC 3966); None for one that is only words and digits."""
    found = _DIALLED.fullmatch(phone)
    if found is None:
        return None
    return f"tel:{found[1]};ext={found[2]}" if found[2] else f"tel:{found[1]}"


def _escaped(value: str) -> str:
    for letter, written in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        value = value.replace(letter, written)
    return value


def _revision(at: str) -> str:
    return at.replace("-", "").replace(":", "")


def _folded(line: str) -> str:
    """Break a line after at most 75 bytes, never within a letter (RFC 6350, 3.2)."""
    pieces, piece, width = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if width + size > _WIDTH:
            pieces.append(piece)
            piece, width = " ", 1
        piece, width = piece + letter, width + size
    return "\r\n".join([*pieces, piece]) + "\r\n"
