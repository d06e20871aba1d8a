"""Address cards that other programs write, read as tables: vCard 2.1 to 4.0 and JSContact.

A card becomes a row under our own field codes, so that whatever holds for lists holds for cards:
what no purpose names is left out, a person with a company is its contact, a guess is marked.
"""

from __future__ import annotations

import io
import json
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from crm.files.encodings import Encoding, find_encoding, named_encoding
from crm.files.errors import CardsTooMany, EmptyTable
from crm.files.headings import PARTS
from crm.files.reading import BadRow, FileRow, FileTable
from crm.files.spellings import written
from crm.kinds.party import ADDRESSES, FIELDS, OWN_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Card = dict[str, list[str]]
Json = dict[str, Any]

_MOST_BYTES: Final = 64 << 20
_BETWEEN: Final = " ::: "
# Our own fields in the cards that packages hold.
_OWN: Final = {one.name: one.own for one in FIELDS if one.own and one.asked}
HEADINGS: Final = (
    *("kind", "given_name", "middle_name", "family_name", "suffix", "full_name", "company"),
    *("contact_position", "email", "phone", "language", "notes"),
    *(*_OWN, ADDRESSES[0]),
    *(f"{place}{part}" for place in ("", "home_", "other_") for part in PARTS),
)
_OWN_OF_VCARD: Final = {own[1]: name for name, own in _OWN.items()}
_OWN_OF_JSCONTACT: Final = {f"{OWN_PREFIX}{own[0]}": name for name, own in _OWN.items()}
_NO_PHONE: Final = frozenset({"FAX", "PAGER", "MODEM", "BBS", "TEXTPHONE"})
_UNESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def _places() -> Mapping[str, Mapping[str, Any]]:
    return written("cards.toml")


def is_vcard(start: bytes) -> bool:
    """Tell by its first bytes whether a file holds vCards."""
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return plain[:11].upper() == b"BEGIN:VCARD"


def is_jscontact(start: bytes) -> bool:
    """Tell by its first bytes whether a file may hold JSContact cards."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


class CardTable(FileTable):
    """The cards of a file, one row each; the row is counted like a line."""

    def __init__(self, stream: BinaryIO, *, encoding: str | None, json_cards: bool) -> None:
        """Read all cards; there are never so many that this would matter."""
        stream.seek(0)
        if len(stream.read(_MOST_BYTES + 1)) > _MOST_BYTES:
            raise CardsTooMany
        self._stream = stream
        self.found = Encoding(named_encoding(encoding)) if encoding else find_encoding(stream)
        stream.seek(0)
        text = stream.read().decode(self.encoding, "replace").lstrip("\ufeff")
        cards = _jscontacts(text) if json_cards else _vcards(text)
        self._rows = [tuple(_cell(card, code) for code in HEADINGS) for card in cards]
        if not self._rows:
            raise EmptyTable
        self._settle_headings()

    def _records(self, skipped: int) -> Iterator[FileRow | BadRow]:
        del skipped
        yield FileRow(1, HEADINGS)
        for line, cells in enumerate(self._rows, 2):
            if any("\ufffd" in cell for cell in cells):
                yield BadRow(line, cells, "encoding")
            elif any(cells):
                yield FileRow(line, cells)


def _cell(card: Mapping[str, list[str]], code: str) -> str:
    values = list(dict.fromkeys(text.strip() for text in card.get(code, ()) if text.strip()))
    between = {"email": _BETWEEN, "phone": _BETWEEN, "iban": _BETWEEN, "notes": "\n"}.get(code, " ")
    return between.join(values).replace("\0", "")


def _vcards(text: str) -> Iterator[Card]:
    library: Any = import_module("vobject.base")
    reading = library.readComponents(
        io.StringIO(text), validate=False, transform=False, ignoreUnreadable=True, allowQP=True
    )
    try:
        for component in reading:
            if str(component.name).upper() == "VCARD":
                yield _card_of(component)
    except (library.ParseError, ValueError, LookupError):
        return  # what came before the broken line was read; the rest is no card


def _card_of(component: Any) -> Card:
    card: Card = {}
    for line in component.lines():
        name, value = str(line.name).upper(), str(line.value)
        if name == "ADR":
            _add_address(card, value, _kinds(line))
        elif name in _TAKEN:
            for code, text in _TAKEN[name](value):
                _add(card, code, text)
        elif name != "TEL" or not _kinds(line) & _NO_PHONE:
            code = {**_places()["vcard"], **_OWN_OF_VCARD}.get(name, "")
            _add(card, code, _phone(_plain(value)) if name == "TEL" else _plain(value))
    card.pop("", None)
    return card


def _add_address(card: Card, value: str, kinds: set[str]) -> None:
    """Add an address; a card has at most three of them here."""
    place = "home_" if "HOME" in kinds else ""
    if card.get(f"{place}street") or card.get(f"{place}city"):
        place = "other_"
    if not card.get("other_street"):
        parts = [_plain(part) for part in _split(value)] + [""] * 7
        for code, part in zip(PARTS, parts[2:7], strict=True):
            _add(card, f"{place}{code}", part)


def _name(value: str) -> Iterator[tuple[str, str]]:
    codes = ("family_name", "given_name", "middle_name", "", "suffix")
    return zip(codes, map(_plain, _split(value)), strict=False)


def _company(value: str) -> Iterator[tuple[str, str]]:
    yield "company", _plain(_split(value)[0])


def _is_company(value: str) -> Iterator[tuple[str, str]]:
    yield "kind", "legal" if value.casefold() in {"org", "organization", "company"} else ""


_TAKEN: Final[Mapping[str, Callable[[str], Iterator[tuple[str, str]]]]] = {
    "N": _name,
    "ORG": _company,
    "KIND": _is_company,
    "X-ADDRESSBOOKSERVER-KIND": _is_company,
    "X-ABSHOWAS": _is_company,
}


def _add(card: Card, code: str, value: str) -> None:
    if value:
        card.setdefault(code, []).append(value)


def _kinds(line: Any) -> set[str]:
    """Return what a number or address is for: in 2.1 the bare words, later the types."""
    words = [str(one) for values in line.params.values() for one in values]
    words += [str(one) for one in getattr(line, "singletonparams", ())]
    return {part.upper() for word in words for part in word.strip('"').split(",")}


def _split(value: str) -> list[str]:
    return re.split(r"(?<!\\);", value)


def _plain(value: str) -> str:
    return _UNESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _phone(value: str) -> str:
    """Take the number out of a link (RFC 3966), with its extension."""
    if not value.lower().startswith("tel:"):
        return value
    number, *parameters = value[4:].split(";")
    extension = next((one[4:] for one in parameters if one.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number


def _jscontacts(text: str) -> Iterator[Card]:
    for document in _documents(text):
        for card in document if isinstance(document, list) else [document]:
            if isinstance(card, dict) and card.get("@type", "Card") == "Card":
                found = _card_of_json(card)
                if found:
                    yield found


def _documents(text: str) -> Iterator[Any]:
    """Yield the document, or one for each line."""
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                continue


def _card_of_json(json_card: Json) -> Card:
    card: Card = {}
    _add_name(card, json_card.get("name"))
    if json_card.get("kind") == "org":
        _add(card, "kind", "legal")
    for key, held in _places()["jscontact"].items():
        for one in _dicts(json_card.get(key)):
            _add(card, held["field"], _text(one, held["value"]))
    for one in _dicts(json_card.get("phones")):
        if not _features(one) & _NO_PHONE:
            _add(card, "phone", _phone(_text(one, "number")))
    for place, one in zip(
        ("", "home_", "other_"), _dicts(json_card.get("addresses")), strict=False
    ):
        _address(card, place, one)
    for key, code in _OWN_OF_JSCONTACT.items():
        own = json_card.get(key)
        for value in own if isinstance(own, list) else [own]:
            _add(card, code, value if isinstance(value, str) else "")
    return card


def _add_name(card: Card, name: object) -> None:
    if isinstance(name, dict):
        for part in _dicts(name.get("components")):
            if code := _places()["name"].get(_text(part, "kind")):
                _add(card, code, _text(part, "value"))
        _add(card, "full_name", _text(name, "full"))


def _features(phone: Json) -> set[str]:
    features = phone.get("features")
    return {str(word).upper() for word in features} if isinstance(features, dict) else set()


def _address(card: Card, place: str, one: Json) -> None:
    parts = list(_dicts(one.get("components")))
    for part in parts:
        if code := _places()["address"].get(_text(part, "kind")):
            _add(card, f"{place}{code}", _text(part, "value"))
    if not parts:
        _add(card, ADDRESSES[0] if not place else f"{place}street", _text(one, "full"))


def _dicts(value: object) -> Iterable[Json]:
    """Return the objects of a map or list, whatever else stands there."""
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in held if isinstance(one, dict)]


def _text(one: Json, field: str) -> str:
    value = one.get(field)
    return value if isinstance(value, str) else ""
