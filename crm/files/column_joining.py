"""What several columns of a row say together: an address in parts, a person and their company.

Address books describe a person and name the company beside; lists of clients describe a company
and name the person beside. What is a person's own goes to the person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.files.candidate import OF_CONTACT
from crm.files.headings import ADDRESS_LABEL, ANOTHER, HOME, PARTS, PLACED, PLACES
from crm.files.parsing import made_of
from crm.files.spellings import code_of, fold
from crm.kinds.party import ADDRESSES, FIELDS, NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.files.headings import NumberedAddress

Values = dict[str, str]
HOME_ADDRESS: Final = "home_address"
Extras = dict[str, list[str]]

_REACHED: Final = ("email", "phone")
# The fields of which a row may hold more than one value, and where those beyond the first go.
MANY: Final[Mapping[str, str]] = {
    **{one.name: one.further for one in FIELDS if one.further},
    **{f"{OF_CONTACT}{name}": name for name in _REACHED},
    **{f"company_{name}": name for name in _REACHED},
    HOME_ADDRESS: "address",
}
# Fields that go on in the next column.
JOINED: Final[Mapping[str, str]] = {
    "notes": "\n",
    "middle_name": " ",
    "suffix": " ",
    **{f"{place}street": ", " for place in PLACES},
}
# Whose mailboxes these are is nobody's: the firm's.
_OF_A_FIRM: Final = re.compile(
    r"(?:info|office|birojs|ofiss|kontakt[is]?|contact|mail|pasts|sales|vendite|ordini|orders|admin"
    r"|administrator|gramatvediba|rekini|invoices?|fatture|amministrazione|segreteria|support|help"
    r"|klienti|service|serviss|hello|post|hr|jobs|noreply|no-reply)\d*[._+-]?[^@]*@",
    re.IGNORECASE,
)
_TITLES: Final = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "prof", "kungs", "kundze", "k", "kdze", "sig", "sigra"}
    | {"signor", "signora", "dott", "dottssa", "ing", "avv", "rag", "geom", "arch", "herr", "frau"}
)


def compose(values: Values, extras: Extras, home: str | None) -> None:
    """Join what stands in parts: names, and the addresses of each place."""
    _join_names(values)
    for place in PLACES:
        parts = {part: values.pop(f"{place}{part}", "") for part in PARTS}
        text = _address(parts, home)
        if parts["address_country"] and not values.get("country"):
            values["country"] = parts["address_country"]
        if not text or (place == "" and values.get(ADDRESSES[0])):
            continue  # the same address stands there in one piece
        code = HOME_ADDRESS if place == HOME else PLACED.get(place, ADDRESSES[0])
        if values.get(code):
            extras.setdefault(code, []).append(text)
        else:
            values[code] = text


def placed_addresses(
    addresses: Sequence[NumberedAddress], cells: Sequence[str]
) -> dict[int, str | None]:
    """Say, by column, which field the cells of numbered addresses are in this row, if any.

    A home is called so in a column of its own; parts say nothing beside the whole address.
    """
    placed: dict[int, str | None] = {}
    for turn, address in enumerate(addresses):
        columns = address.columns
        label, whole = columns.get(ADDRESS_LABEL), columns.get(ADDRESSES[0])
        home = label is not None and code_of("address_label", cells[label]) is not None
        said_whole = whole is not None and bool(cells[whole])
        for code, index in columns.items():
            if home:
                placed[index] = HOME_ADDRESS if code == ADDRESSES[0] else f"{HOME}{code}"
            elif turn and code in PARTS:
                placed[index] = f"{ANOTHER}{code}"
            if said_whole and code in PARTS and (turn or code != "address_country"):
                placed[index] = None
    return placed


def _join_names(values: Values) -> None:
    if middle := values.pop("middle_name", ""):
        values["given_name"] = f"{values.get('given_name', '')} {middle}".strip()
    if (suffix := values.pop("suffix", "")) and values.get("family_name"):
        values["family_name"] += f" {suffix}"
    if fold(values.get("contact_position", "")) in _TITLES:
        del values["contact_position"]


def _address(parts: Mapping[str, str], home: str | None) -> str:
    country = code_of("country", parts["address_country"]) if parts["address_country"] else None
    town = [parts["city"], parts["region"], parts["postcode"]]
    if (country or home) not in {"LV", None}:
        town = [f"{parts['postcode']} {parts['city']} {parts['region']}".strip()]
    abroad = parts["address_country"] if country != home else ""
    shown = [parts["street"], *town]
    return ", ".join(part for part in (*shown, abroad) if part) if any(shown) else ""


def settle_names(values: Values) -> None:
    """Read a whole name and an employer beside it: one of them is the client, one the person."""
    whole, company = values.pop("full_name", ""), values.pop("company", "")
    halves = [values.get(half) for half in NAMES[1:]]
    if any(halves):
        if not values.get("name"):
            other = whole if whole and not made_of(whole, halves) else ""
            name = company or other
            if name:
                values["name"] = name
        return
    if company and whole and fold(company) != fold(whole) and not values.get("name"):
        values["name"] = company
        given, _, family = whole.rpartition(" ")
        values["given_name"], values["family_name"] = given, family
        return
    name = whole or company
    if name and not values.get("name"):
        values["name"] = name


def give_to_person(values: Values, extras: Extras, *, stated: bool) -> None:
    """Move what is the person's own from the company of a row to the person beside it.

    Where the file itself says that its row is a company, only an address with the person's name in
    it is theirs.
    """
    names = [fold(values.get(code, "")) for code in NAMES[1:]]
    for code in _REACHED:
        told = [values.pop(code), *extras.pop(code, ())] if values.get(code) else []
        own: list[str] = []
        firm: list[str] = []
        for text in told:
            theirs = not stated or (code == "email" and _names(text, names))
            if code == "email" and _OF_A_FIRM.match(text):
                theirs = False
            (own if theirs else firm).append(text)
        _put(values, extras, f"contact_{code}", own)
        _put(values, extras, code, firm)


def give_to_company(values: Values, extras: Extras) -> None:
    """Read what the headings say is the company's as that of the client."""
    for code in _REACHED:
        told = [values.pop(f"company_{code}", ""), *extras.pop(f"company_{code}", ())]
        held = [values.pop(code, ""), *extras.pop(code, ())]
        _put(values, extras, code, [text for text in (*held, *told) if text])


def _names(address: str, names: list[str]) -> bool:
    box = fold(address.partition("@")[0])
    return any(len(name) > 1 and name in box for name in names)


def _put(values: Values, extras: Extras, code: str, texts: list[str]) -> None:
    if texts:
        first, *others = texts
        values[code] = first
        if others:
            extras.setdefault(code, []).extend(others)
