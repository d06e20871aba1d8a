"""A person's contact data as other address books read them: JSContact (RFC 9553), vCard 4.0.

Written from the data of a package and from nothing else, so that what a package leaves out cannot
come in by another file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from crm.kinds.party import ADDRESSES, BY_NAME, FIELDS, FURTHER, NAMES, OWN_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

_OWN: Final = {one.name: one.own for one in FIELDS if one.own}
# Addresses of the entry itself, then the further ones.
_ADDRESSES: Final = (*ADDRESSES, "address")
_WIDTH: Final = 75
_DIALLED: Final = re.compile(r"(\+\d+)(?: ext\. (\d+))?", re.ASCII)
# What was set aside failed its check; it belongs into no address book.
_TABLES: Final = frozenset({"party", "employment", *(one.table for one in FURTHER.values())})


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
    parts = zip(("given", "surname"), one.halves(), strict=True)
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
    for field, (own, _x) in _OWN.items():
        if held := one.all(field):
            card[OWN_PREFIX + own] = held[0] if len(held) == 1 else held
    return card


def vcard(document: Json) -> bytes | None:
    """Write the same as vCard 4.0, which every address book reads; None where no name is in it."""
    one = _Fields(document)
    full = one.full_name()
    if not full:
        return None
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:{document['subject']['uid']}", "KIND:individual"]
    lines.append(f"FN:{_escaped(full)}")
    given, family = one.halves()
    if given or family:
        lines.append(f"N:{_escaped(family or '')};{_escaped(given or '')};;;")
    for place, value in enumerate(one.all("email")):
        lines.append(f"EMAIL;PREF={place + 1}:{_escaped(value)}")
    for place, value in enumerate(one.all("phone")):
        uri = _uri_of(value)
        form, text = ("uri", uri) if uri else ("text", _escaped(value))
        lines.append(f"TEL;VALUE={form};PREF={place + 1}:{text}")
    for field in _ADDRESSES:
        for value in one.all(field):
            kind = ";TYPE=home" if _context(field) == "private" else ""
            lines.append(f"ADR{kind}:;;{_escaped(value)};;;;")
    lines += [f"LANG:{_escaped(value)}" for value in one.all("language")]
    lines += [f"TITLE:{_escaped(value)}" for value in one.all("position")]
    for field, (_own, name) in _OWN.items():
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
        return " ".join(part for part in self.halves() if part) or self.first(NAMES[0])

    def halves(self) -> tuple[str | None, str | None]:
        given, family = (self.first(name) for name in NAMES[1:])
        return given, family


def _addresses(one: _Fields) -> Iterator[Json]:
    for field in _ADDRESSES:
        for value in one.all(field):
            context = _context(field)
            yield {"full": value, **({"contexts": {context: True}} if context else {})}


def _context(field: str) -> str:
    return BY_NAME[field].context if field in BY_NAME else ""


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
