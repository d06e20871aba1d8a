"""Whom the lines of a list name: by address first, by number only where that says the same.

Lists come from mail services and spreadsheets. Their first column is often a number of their own,
which may be that of somebody else here; so an address decides, and a number that contradicts it
stops nobody. A list in which nobody can be found by anything is refused, not passed over.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from crm.files.encodings import find_encoding
from crm.files.spellings import code_of
from crm.models.party import Party
from crm.parties.errors import NobodyThere
from crm.parties.find_party import find_party
from crm.shape.normal_forms import SHORTEST_PHONE
from crm.transfer.errors import ListNamesNobody

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from crm.session.context import RegisterContext

# The columns that say who somebody is; `crm/data/headings.toml` has the headings of lists.
WHO: Final = ("number", "email", "reg_no")
_ADDRESS: Final = re.compile(r"[^\s,;<>\"'|\t]+@[^\s,;<>\"'|\t]+")
_DELIMITERS: Final = ";,\t|"
_LONGEST_LINE: Final = 4_000
_EDGES: Final = " \t'\"<>"


class ListedPerson(NamedTuple):
    """One line of a list: its number, the addresses and numbers in it that say who is meant."""

    line: int
    emails: tuple[str, ...]
    numbers: tuple[str, ...]


def read_list(stream: BinaryIO) -> list[ListedPerson]:
    """Return the lines that hold something; `ListNamesNobody` when none says who is meant."""
    stream.seek(0)
    encoding = find_encoding(stream).codec
    stream.seek(0)
    text = stream.read().decode(encoding, "replace").lstrip("\ufeff")
    rows = [(line, cells) for line, cells in _rows(text) if any(cells)]
    first = rows[0][1] if rows else []
    places = {} if any("@" in heading for heading in first) else places_of(first, WHO)
    found = [_named(line, cells, places) for line, cells in (rows[1:] if places else rows)]
    if not places and found and not (found[0].emails or found[0].numbers):
        found = found[1:]  # a heading in words of its own
    if not any(one.emails or one.numbers for one in found):
        raise ListNamesNobody
    return found


def who_is_named(context: RegisterContext, named: ListedPerson) -> tuple[list[Party], bool, bool]:
    """Return whom a line names, whether something in it is nobody's, and whether it contradicts.

    Where addresses and a number name different people, nobody is meant for sure.
    """
    by_email = [party_by(context, "email", email) for email in named.emails]
    by_number = [party_by(context, "number", number) for number in named.numbers]
    people = _distinct(by_email or by_number)
    unknown = not people or any(not found for found in by_email or by_number)
    if by_email and any(by_number):
        ours, theirs = ({bytes(party.id) for party in _distinct(x)} for x in (by_email, by_number))
        if ours and not ours & theirs:
            return [], False, True
    return people, unknown, False


def party_by(context: RegisterContext, column: str, word: str) -> list[Party]:
    """Find the parties that a number, a phone, an e-mail address or an official number names."""
    if column == "email":
        return _holding(context, "email", word)
    try:
        return [find_party(context, word)]
    except NobodyThere:
        long_enough = sum(letter.isdigit() for letter in word) >= SHORTEST_PHONE
        return _holding(context, "phone", word) if long_enough else []


def _holding(context: RegisterContext, kind: str, word: str) -> list[Party]:
    records = context.session.find_kind(kind, word)
    owners = dict.fromkeys(record.about for record in records if record.about)
    # A kept record outlives its party, whose id then leads nowhere.
    there = [context.session.first(Party, id=owner) for owner in owners]
    return [party for party in there if party is not None]


def _distinct(found: Iterable[list[Party]]) -> list[Party]:
    return list({bytes(party.id): party for parties in found for party in parties}.values())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = max(_DELIMITERS, key=text.count) if text else ";"
    for line, content in enumerate(text.splitlines(), 1):
        cells = next(csv.reader([content[:_LONGEST_LINE]], delimiter=delimiter), [])
        yield line, [cell.strip(_EDGES) for cell in cells]


def places_of(headings: Iterable[str], names: Collection[str]) -> dict[str, int]:
    """Return where a line of headings says that what is wanted stands, the first place of each."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = code_of("lists", heading)
        if name is not None and name in names:
            places.setdefault(name, place)
    return places


def _named(line: int, cells: Sequence[str], places: dict[str, int]) -> ListedPerson:
    emails = tuple(dict.fromkeys(_ADDRESS.findall(" ".join(cells))))
    if places:
        # A list of addresses may hold a number where somebody has none.
        numbered: list[str] = [name for name in ("number", "reg_no") if name in places]
        wanted = [places[name] for name in numbered or ["email"]]
        numbers = [cells[place] for place in wanted if place < len(cells)]
        numbers = [number for number in numbers if "@" not in number]
    else:
        numbers = [cell for cell in cells if "@" not in cell][:1]
    told = (number for number in numbers if any(letter.isdigit() for letter in number))
    return ListedPerson(line, emails, tuple(told))
