"""What the columns of a file hold, found by their headings in Latvian, Italian and English.

A heading is compared without case, accents and punctuation. What is not known is reported and
can be named by hand; a guess at the cells would read data that no purpose may cover.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from crm.files.errors import MapColumnUnknown, MapFieldUnknown, NoKnownColumn, NoNameColumn
from crm.files.rejected_columns import REJECT_HEADINGS
from crm.files.spellings import SPELLINGS, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Field:
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


def _same(code: str, item: str, *, contact: bool = False) -> Field:
    return Field(code, item, item, contact)


FIELDS: Final[Mapping[str, Field]] = {
    field.code: field
    for field in (
        Field("nr"),
        Field("kind"),
        Field("country"),
        _same("name", "name"),
        _same("given_name", "name"),
        _same("family_name", "name"),
        _same("reg_no", "reg_no"),
        Field("vat_no", "vat_no", "official_number"),
        # A company has no personal code: a column of tax codes holds its registration number.
        Field("personal_code", "reg_no", "official_number"),
        _same("email", "email"),
        _same("phone", "phone"),
        _same("iban", "bank"),
        _same("legal_address", "address"),
        _same("delivery_address", "address"),
        _same("language", "language"),
        _same("channel", "channel"),
        _same("notes", "correspondence"),
        _same("contact_given_name", "name", contact=True),
        _same("contact_family_name", "name", contact=True),
        _same("contact_position", "position", contact=True),
        _same("contact_email", "email", contact=True),
        _same("contact_phone", "phone", contact=True),
    )
}
IGNORED: Final = "-"
_NAMES: Final = frozenset({"name", "given_name", "family_name"})


def _known_headings() -> Mapping[str, tuple[str, str | None]]:
    """List folded headings with field and language; a field's own code has no language."""
    known: dict[str, tuple[str, str | None]] = {fold(code): (code, None) for code in FIELDS}
    for code, languages in SPELLINGS.items():
        for language, spellings in languages.items():
            for spelling in spellings.split("|"):
                known.setdefault(fold(spelling), (code, language))
    return known


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and the field it holds, if any.

    `unused` says why a column holds none: `unknown`, `repeated` or `ignored`.
    """

    index: int
    heading: str
    field: Field | None
    unused: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What a preview says of one column: for whom it is read, and what is missing for the others.

    `missing` are the items that no chosen purpose names; a column may hold another item for
    humans than for companies. `unused` is why a column holds no field at all.
    """

    heading: str
    field: str | None
    legal: bool
    natural: bool
    missing: tuple[str, ...] = ()
    unused: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file, in its order, and the country its headings speak of."""

    columns: tuple[Column, ...]
    country: str | None

    def preview(self, party: frozenset[str], contact: frozenset[str]) -> tuple[Use, ...]:
        """Tell for each column whether the items of the chosen purposes cover it."""
        return tuple(_use(column, party, contact) for column in self.columns)

    def left_out(self, party: frozenset[str], contact: frozenset[str]) -> dict[str, str]:
        """List the headings of columns that are left out, wholly or for some, and why.

        The reason is the items no purpose names, or the code of `Column.unused`.
        """
        uses = self.preview(party, contact)
        reasons = {use.heading: use.unused or ", ".join(use.missing) for use in uses}
        return {heading: why for heading, why in reasons.items() if why and why != _OURS}

    def lack(self) -> NoKnownColumn | NoNameColumn | None:
        """Return why a file with these columns would bring nothing, if it would not."""
        fields = {column.field.code for column in self.columns if column.field}
        if not fields - {"nr"}:
            return NoKnownColumn()
        return None if fields & _NAMES else NoNameColumn()

    def heading_of(self, *codes: str) -> str:
        """Return the heading of the first of these fields that the file has, else its code."""
        headings = {column.field.code: column.heading for column in self.columns if column.field}
        return next((headings[code] for code in codes if code in headings), codes[0])


_OURS: Final = "ignored"
_COUNTRIES: Final = {"lv": "LV", "it": "IT"}


def _use(column: Column, party: frozenset[str], contact: frozenset[str]) -> Use:
    field = column.field
    if field is None:
        return Use(column.heading, None, legal=False, natural=False, unused=column.unused)
    allowed = contact if field.contact else party
    legal = field.legal is None or field.legal in allowed
    natural = field.natural is None or field.natural in allowed
    wanted = dict.fromkeys(item for item in (field.legal, field.natural) if item)
    missing = tuple(item for item in wanted if item not in allowed)
    return Use(column.heading, field.code, legal, natural, missing)


def read_headings(
    headings: Sequence[str], named: Sequence[tuple[str, str]] = (), country: str | None = None
) -> Layout:
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
) -> Layout:
    """Do the same for somebody who looks first: what is lacking is theirs to say."""
    by_hand = _by_hand(headings, named)
    known = _known_headings()
    languages: Counter[str] = Counter()
    taken = set(by_hand.values())
    columns: list[Column] = []
    for index, heading in enumerate(headings):
        code, language = known.get(fold(heading), (None, None))
        if index in by_hand:
            code = by_hand[index]
        elif heading in REJECT_HEADINGS:
            code = IGNORED
        elif code in taken:
            columns.append(Column(index, heading, None, "repeated"))
            continue
        if language:
            languages[language] += 1
        field = FIELDS.get(code) if code else None
        unused = None if field else _OURS if code == IGNORED else "unknown"
        columns.append(Column(index, heading, field, unused))
        taken.add(code or "")
    _settle_names(columns)
    spoken = languages.most_common(1)[0][0] if languages else ""
    return Layout(tuple(columns), _COUNTRIES.get(spoken, country))


def _by_hand(headings: Sequence[str], named: Sequence[tuple[str, str]]) -> dict[int, str]:
    places = {fold(heading): index for index, heading in reversed(list(enumerate(headings)))}
    chosen: dict[int, str] = {}
    for position, (heading, code) in enumerate(named, start=1):
        index = places.get(fold(heading))
        if index is None:
            raise MapColumnUnknown(position=position)
        if code not in FIELDS and code != IGNORED:
            raise MapFieldUnknown(position=position, known=", ".join(FIELDS))
        chosen[index] = code
    return chosen


def _settle_names(columns: list[Column]) -> None:
    """Read "Name" beside a surname as the given name, and a lone given name as the whole one."""
    codes = {column.field.code for column in columns if column.field}
    halved = "family_name" in codes and "given_name" not in codes
    for place, column in enumerate(columns):
        code = column.field.code if column.field else None
        if code == "name" and fold(column.heading) == "name" and halved:
            columns[place] = replace(column, field=FIELDS["given_name"])
        elif code == "given_name" and not codes & {"name", "family_name"}:
            columns[place] = replace(column, field=FIELDS["name"])
