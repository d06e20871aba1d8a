"""A person's contact data as other address books read them: JSContact (RFC 9553), vCard 4.0.

Written from the data of a package and from nothing else, so that what a package leaves out cannot
come in by another file.
"""

from __future__ import annotations

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
        "phones": [{"number": f"tel:{value}"} for value in one.all("phone")],
        "addresses": list(_addresses(one)),
        "preferredLanguages": [{"language": value} for value in one.all("language")],
        "titles": [{"name": value, "kind": "title"} for value in one.all("position")],
    }
    for key, values in lists.items():
        if values:
            card[key] = {str(place + 1): value for place, value in enumerate(values)}
    for field, (own, _x) in _VENDOR.items():
        if value := one.first(field):
            card[_OWN + own] = value
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
        lines.append(f"TEL;VALUE=uri;PREF={place + 1}:tel:{value}")
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
        return self.first("name") or " ".join(part for part in parts if part) or None


def _addresses(one: _Fields) -> Iterator[Json]:
    for field in ("legal_address", "delivery_address", "address"):
        for value in one.all(field):
            context = _CONTEXTS.get(field)
            yield {"full": value, **({"contexts": {context: True}} if context else {})}


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
