"""What the columns of a file hold, found by their headings in Latvian, Italian and English.

A heading is compared without case, accents and punctuation. What is not known is reported and
can be named by hand; a guess at the cells would read data that no purpose may cover.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.errors import NoKnownColumn
from crm.files.candidate import OF_CONTACT
from crm.files.errors import MapColumnUnknown, MapFieldUnknown, NoNameColumn
from crm.files.rejected_columns import REJECT_HEADINGS
from crm.files.spellings import fold, spellings
from crm.i18n import LANGUAGES
from crm.kinds.party import (
    ADDRESSES,
    BY_NAME,
    CONTACTS_IN_FILES,
    IN_FILES,
    LEGAL,
    NAMES,
    NATURAL,
    TYPED,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from crm.kinds.party import PartyField
    from gdpr.category import Item


@dataclass(frozen=True, slots=True)
class ColumnField:
    """What a column may hold: the data item it needs for a company and for a human.

    A field without an item (number, kind, country) is no datum that needs a purpose. With
    `contact` the datum is about the contact person, and the contact's purposes must cover it.
    """

    code: str
    legal: str | None = None
    natural: str | None = None
    contact: bool = False

    def item(self, *, natural: bool) -> str | None:
        """Return the item the field needs when the row is about a human, or about a company."""
        return self.natural if natural else self.legal

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items it may need, whoever the row is about."""
        return tuple(dict.fromkeys(item for item in (self.legal, self.natural) if item))


def _same(code: str, item: str, *, contact: bool = False) -> ColumnField:
    return ColumnField(code, item, item, contact)


# Where an address belongs that comes in parts: each part is a field of its own.
PARTS: Final = ("street", "city", "region", "postcode", "address_country")
PLACED: Final = {BY_NAME[name].place or "": name for name in ADDRESSES}
HOME: Final = "home_"
ANOTHER: Final = "other_"
PLACES: Final = (*list(PLACED)[:1], HOME, ANOTHER, *list(PLACED)[1:])
# Some programs number their addresses, and say in a column of its own whether one is a home.
ADDRESS_LABEL: Final = "address_label"


def _of_party(field: PartyField) -> ColumnField:
    legal, natural = (BY_NAME[field.stored_as(kind)].item for kind in (LEGAL, NATURAL))
    return ColumnField(field.name, _code(legal), _code(natural))


def _code(item: Item | None) -> str | None:
    return None if item is None else item.code


def _of_contact(name: str) -> ColumnField:
    return replace(_of_party(BY_NAME[name]), code=f"{OF_CONTACT}{name}", contact=True)


FIELDS: Final[Mapping[str, ColumnField]] = {
    field.code: field
    for field in (
        *map(ColumnField, ("nr", "kind", "country", ADDRESS_LABEL)),
        *(_of_party(BY_NAME[name]) for name in TYPED if name in IN_FILES),
        _same("notes", "correspondence"),
        *map(_of_contact, CONTACTS_IN_FILES),
        _same("contact_position", "position", contact=True),
        # What address books hold: a whole name, an employer, an address in parts.
        *(_same(code, "name") for code in ("full_name", "company", "middle_name", "suffix")),
        _same("company_email", "email"),
        _same("company_phone", "phone"),
        *(_same(f"{place}{part}", "address") for place in PLACES for part in PARTS),
    )
}
# What a column can be named by hand; the parts of further addresses are known by their headings.
NAMEABLE: Final = tuple(
    code for code in FIELDS if not code.startswith((HOME, ANOTHER, ADDRESS_LABEL))
)
NO_PLACE: Final = "-"
_TITLE: Final = "title"
_NAMES: Final = frozenset({*NAMES, "full_name", "company"})
_NUMBERED: Final = re.compile(r".*\d+(?= - )")
_DIGITS: Final = re.compile(r"\d+")


@cache
def _known_headings() -> Mapping[str, tuple[str, str | None]]:
    """List folded headings with field and language; a field's own code has no language."""
    known: dict[str, tuple[str, str | None]] = {fold(code): (code, None) for code in FIELDS}
    told = spellings()["headings"]
    for language in (*LANGUAGES, "programs"):
        tongue = language if language in LANGUAGES else None
        for code, languages in told.items():
            for spelling in languages.get(language, ()):
                known.setdefault(fold(spelling), (code, tongue))
    return known


def _meaning(heading: str) -> tuple[str | None, str | None]:
    """Return field and language of a heading; programs number those that repeat."""
    known, folded = _known_headings(), fold(heading)
    return known.get(folded) or known.get(_DIGITS.sub("", folded)) or (None, None)


def count_known(headings: Sequence[str]) -> int:
    """Return how many of these cells are headings that say something."""
    return sum(bool(heading) and _meaning(heading)[0] is not None for heading in headings)


def is_mail_heading(heading: str) -> bool:
    """Tell whether mail addresses stand below a heading."""
    return (_meaning(heading)[0] or "").endswith("email")


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of the file and the field it holds, if any.

    `unused` says why a column holds none: `unknown`, `no place` in the register, or `ignored`.
    """

    index: int
    heading: str
    field: ColumnField | None
    unused: str | None = None

    def left_out(self, party: frozenset[str], contact: frozenset[str]) -> str | None:
        """Say why the column is left out, wholly or for some: `unused`, or what no purpose names.

        `party` and `contact` are the items that the chosen purposes name for either.
        """
        if self.field is None:
            return self.unused
        allowed = contact if self.field.contact else party
        return ", ".join(item for item in self.field.items if item not in allowed) or None


class NumberedAddress(NamedTuple):
    """The columns of one numbered address, by the field they hold: its label, its whole, parts."""

    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class FileLayout:
    """The columns of a file, in its order, and the country its headings speak of."""

    columns: tuple[FileColumn, ...]
    country: str | None

    def lack(self) -> NoKnownColumn | NoNameColumn | None:
        """Return why a file with these columns would bring nothing, if it would not."""
        fields = {column.field.code for column in self.columns if column.field}
        if not fields - {"nr"}:
            return NoKnownColumn()
        return None if fields & _NAMES else NoNameColumn()

    @property
    def codes(self) -> frozenset[str]:
        """Return the fields that the file has columns for."""
        return frozenset(column.field.code for column in self.columns if column.field)

    def numbered_addresses(self) -> tuple[NumberedAddress, ...]:
        """Return the addresses whose columns carry a number, as some address books have them."""
        found: dict[str, NumberedAddress] = {}
        for column in self.columns:
            number = _NUMBERED.match(column.heading)
            code = column.field.code if column.field else ""
            if number and code in {ADDRESS_LABEL, ADDRESSES[0], *PARTS}:
                address = found.setdefault(number[0].casefold(), NumberedAddress({}))
                address.columns.setdefault(code, column.index)
        return tuple(found.values())

    def place_of(self, code: str) -> int | None:
        """Return the first column that holds a field."""
        found = (one.index for one in self.columns if one.field and one.field.code == code)
        return next(found, None)

    def heading_of(self, *codes: str) -> str:
        """Return the heading of the first of these fields that the file has, else its code."""
        headings = {column.field.code: column.heading for column in self.columns if column.field}
        return next((headings[code] for code in codes if code in headings), codes[0])


_IGNORED: Final = "ignored"
_COUNTRIES: Final = {"lv": "LV", "it": "IT"}


def read_headings(
    headings: Sequence[str], named: Sequence[tuple[str, str]] = (), country: str | None = None
) -> FileLayout:
    """Find the field of each heading; `named` pairs of column and field come before all guesses.

    `country` is taken when the headings are in no language that tells it. A file that would bring
    nothing is refused.
    """
    layout = find_fields(headings, named, country)
    if (lack := layout.lack()) is not None:
        raise lack
    return layout


def find_fields(
    headings: Sequence[str], named: Sequence[tuple[str, str]] = (), country: str | None = None
) -> FileLayout:
    """Do the same for somebody who looks first: what is lacking is theirs to say."""
    by_hand = named_by_hand(headings, named, {*FIELDS, NO_PLACE}, NAMEABLE)
    languages: Counter[str] = Counter()
    columns: list[FileColumn] = []
    for index, heading in enumerate(headings):
        code, language = _meaning(heading)
        unused = {NO_PLACE: "no place", _TITLE: _TITLE, None: "unknown"}.get(code)
        if index in by_hand:
            code = by_hand[index]
            unused = _IGNORED
        elif heading in REJECT_HEADINGS:
            code, unused = NO_PLACE, _IGNORED
        if language:
            languages[language] += 1
        field = FIELDS.get(code) if code else None
        columns.append(FileColumn(index, heading, field, None if field else unused))
    # What somebody named, or a program calls by our own code, means that and nothing else.
    free = [
        column
        for column in columns
        if column.index not in by_hand
        and (column.heading not in FIELDS or column.heading == "name")
    ]
    _settle_names(columns, free)
    _settle_titles(columns)
    spoken = languages.most_common(1)[0][0] if languages else ""
    return FileLayout(tuple(columns), _COUNTRIES.get(spoken, country))


def named_by_hand(
    headings: Sequence[str],
    named: Sequence[tuple[str, str]],
    fields: Collection[str],
    offered: Iterable[str],
) -> dict[int, str]:
    """Return, by its place, what a column holds because somebody said so."""
    places = {fold(heading): index for index, heading in reversed(list(enumerate(headings)))}
    chosen: dict[int, str] = {}
    for position, (heading, code) in enumerate(named, start=1):
        index = places.get(fold(heading))
        if index is None:
            raise MapColumnUnknown(position=position)
        if code not in fields:
            raise MapFieldUnknown(position=position, known=", ".join(offered))
        chosen[index] = code
    return chosen


def _settle_names(columns: list[FileColumn], free: list[FileColumn]) -> None:
    """Read "Name" beside a surname as the given name, and a lone given name as the whole one.

    Beside both halves of a name, or beside an employer, it is the whole name of a person; and an
    employer without any name beside it is the client.
    """
    codes = {column.field.code for column in columns if column.field}
    halved = "family_name" in codes and "given_name" not in codes
    whole = {"given_name", "family_name"} <= codes or "company" in codes
    for column in free:
        place = column.index
        code = column.field.code if column.field else None
        if code == "name" and fold(column.heading) == "name":
            if halved:
                columns[place] = replace(column, field=FIELDS["given_name"])
            elif whole and "full_name" not in codes:
                columns[place] = replace(column, field=FIELDS["full_name"])
        elif _is_the_only_name(code, codes):
            columns[place] = replace(column, field=FIELDS["name"])


def _is_the_only_name(code: str | None, codes: set[str]) -> bool:
    if code == "given_name":
        return not codes & (_NAMES - {"given_name"})
    return code == "company" and codes & _NAMES == {"company"}


def _settle_titles(columns: list[FileColumn]) -> None:
    """Read "Title" as a position only where no other column holds one: else it is Dr. or Mrs."""
    codes = {column.field.code for column in columns if column.field}
    for place, column in enumerate(columns):
        if column.unused == _TITLE:
            positioned = "contact_position" in codes
            field = None if positioned else FIELDS["contact_position"]
            columns[place] = replace(column, field=field, unused="no place" if positioned else None)
