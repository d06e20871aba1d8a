"""A kind of record described once: its nouns, fields, states and clocks, as pure data.

Table, commands, screens, files and the words about them are made from it. It loads neither a
database nor a screen, because the help of a command is made from it as well.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from keyword import iskeyword
from typing import TYPE_CHECKING, ClassVar, Final

from crm import privacy
from gdpr.category import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.i18n import Words
    from gdpr.category import Category, Item

    Values = Mapping[str, str | None]


class FieldType(StrEnum):
    """What a field holds; it decides how text is read, stored, shown and written to files."""

    TEXT = "text"
    LINES = "lines"
    DAY = "day"
    MONEY = "money"
    WHOLE = "whole"
    CODE = "code"
    REFERENCE = "reference"
    REFERENCES = "references"
    ROWS = "rows"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    VAT_NO = "vat_no"
    REG_NO = "reg_no"
    OFFICIAL_NUMBER = "official_number"


TEXT, LINES, DAY, MONEY, WHOLE, CODE, REFERENCE, REFERENCES, ROWS = list(FieldType)[:9]
EMAIL, PHONE, IBAN, VAT_NO, REG_NO, OFFICIAL = list(FieldType)[9:]
NUMERIC: Final = frozenset({MONEY, WHOLE, REFERENCE})
# What is no free text, and so may stand unsealed where it says nothing about a human being.
_LEADS: Final = frozenset({REFERENCE, REFERENCES})
_MAY_BE_PLAIN: Final = frozenset({DAY, MONEY, WHOLE, CODE}) | _LEADS
_IN_ROWS: Final = frozenset({TEXT, DAY, MONEY, WHOLE, CODE})
# The item whose category wraps the key under which a number of this type is found again.
_FOUND_BY_TOKEN: Final[Mapping[FieldType, Item]] = {
    EMAIL: privacy.EMAIL,
    PHONE: privacy.PHONE,
    IBAN: privacy.BANK,
    VAT_NO: privacy.VAT_NO,
    REG_NO: privacy.REG_NO,
    OFFICIAL: privacy.OFFICIAL_NUMBER,
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
# Columns and words of every kind of record, what commands call their own options, and what a row
# of the database does under a name of its own.
_TAKEN: Final = """
    id rev mac party number entered state state_since kind going_until import_token relation_kind
    client form name masked going source who changes seen where sort session shape subject owner
    about noun save delete create update select pending stored holds layout
    add_index alias bind bind_ctx bulk_create bulk_update clone coerce copy create_table
    delete_by_id delete_instance dependencies dirty_field_names dirty_fields drop_table few filter
    from_row get get_by_id get_id get_or_create get_or_none index insert insert_from insert_many
    is_alias is_dirty keeps kept kept_record needs noop open_sealed parts raw replace replace_many
    set_by_id table_exists truncate_table unique_together unwrap validate_model value wide
"""
RESERVED: Final = frozenset(_TAKEN.split())


class Misdescribed(Exception):
    """A description contradicts itself: a fault of whoever wrote it, found when it is loaded."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What has a name and holds a value: a column of rows below a record, or a field of its own.

    It has no item, because rows are sealed together under that of their field.
    """

    name: str
    label: Words
    type: FieldType = TEXT
    _: KW_ONLY
    required: bool = False
    codes: Mapping[str, Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what has no name for commands and files, or codes that nobody could type."""
        _need(_NAME.fullmatch(self.name) is not None, self.name)
        _need(bool(self.codes) == (self.type is CODE), f"{self.name}: codes are for a CODE")
        _need(all(_CODE.fullmatch(code) for code in self.codes), f"{self.name}: odd codes")

    def word(self, stored: str | None) -> str:
        """Return what is said for a stored value: the words of a code, else the value."""
        if stored is None:
            return ""
        return self.codes.get(stored, stored)


@dataclass(frozen=True, slots=True, eq=False)
class Field(Cell):
    """One field: what it is called, what it holds, and where it is seen; the rest follows.

    `item` seals it under that item's category; only what is no free text may do without. `column`
    is its width in lists, 0 for what is left, None for no place there. `headings` are further words
    by which files name it, `heading` the one that files of ours have if it is not the label. `help`
    is the line of its option. `to` is the kind of record that references lead to. `rows` are the
    columns of ROWS, which are kept as one value of the record.
    """

    reserved: ClassVar[frozenset[str]] = RESERVED

    _: KW_ONLY
    item: Item | None = None
    origin: Origin = Origin.PROVIDED
    findable: bool = False
    column: int | None = None
    headings: tuple[str, ...] = ()
    heading: Words | None = None
    help: str = ""
    to: str = ""
    rows: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a field that could not be stored, read or found as it is described."""
        Cell.__post_init__(self)
        _need(self.name not in self.reserved and not iskeyword(self.name), self.name)
        plain = self.item is None
        _need(not plain or self.type in _MAY_BE_PLAIN, f"{self.name}: free text needs an item")
        _need(bool(self.to) == (self.type in _LEADS), f"{self.name}: where to")
        _need(self.type not in _LEADS or plain, f"{self.name}: a number of ours, unsealed")
        hidden = self.item in privacy.MASKED and self.type in NUMERIC | {DAY, ROWS}
        _need(not hidden, f"{self.name}: dots are no number, no day and no rows")
        found = self.item is not None and _FOUND_BY_TOKEN.get(self.type) is self.item
        _need(found or not self.findable, f"{self.name}: found by its token as what it is only")
        names = {one.name for one in self.rows}
        _need(bool(names) == (self.type is ROWS), f"{self.name}: columns are for ROWS")
        _need(len(names) == len(self.rows), f"{self.name}: a column is there twice")
        simple = all(type(one) is Cell and one.type in _IN_ROWS for one in self.rows)
        _need(simple, f"{self.name}: a cell is a text, a day, an amount, a number or a code")

    @property
    def right(self) -> bool:
        """Tell whether its cells stand to the right; of rows a list shows how many there are."""
        return self.type in NUMERIC or self.type is ROWS

    @property
    def several(self) -> bool:
        """Tell whether programs read and give it as a list."""
        return self.type in {ROWS, REFERENCES}

    @property
    def switch(self) -> str:
        """Return the option of a command line that fills it."""
        return f"--{self.name.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Move:
    """A verb that takes a record from one state to another; it may stamp today on a day field."""

    verb: str
    words: Words
    before: tuple[str, ...]
    after: str
    stamps: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """The states a record goes through: their words, the first one first, and the verbs between."""

    words: Mapping[str, Words]
    moves: tuple[Move, ...]

    @property
    def first(self) -> str:
        """Return the state in which a record is entered."""
        return next(iter(self.words))

    def move(self, verb: str) -> Move:
        """Return the move of a verb; KeyError when there is none."""
        return {move.verb: move for move in self.moves}[verb]

    def undone_by(self, move: Move, state: str) -> frozenset[str]:
        """Return the days that no longer hold: of what led to a state and may happen again."""
        came = (one for one in self.moves if one.after == state and move.after in one.before)
        return frozenset(one.stamps for one in came) - {"", move.stamps}


@dataclass(frozen=True, slots=True)
class RetentionClock:
    """When the period of a purpose begins to run on a record: on a day field, or with a state.

    `trigger` is one of the kernel's events, such as contract_end; `purpose` has the rule for it.
    """

    purpose: str
    trigger: str
    field: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Shape:
    """A kind of record about a party.

    `item` is what a purpose has to name for it; its category decides who may write it at all. A
    kind with `clocks` is kept by them, under keys of its own, and may outlive its party. `plain`
    says why its fields without an item may stand unsealed. `check` gets the values of a record and
    names the field that does not fit the others, or None.
    """

    noun: str
    many: Words
    one: Words
    new: Words
    none: Words
    about: Words
    item: Item
    plain: str
    fields: tuple[Field, ...]
    states: States | None = None
    clocks: tuple[RetentionClock, ...] = ()
    check: Callable[[Values], str | None] | None = None

    def __post_init__(self) -> None:
        """Refuse a description in which a part names another that is not there."""
        names = [one.name for one in self.fields]
        _need(_NAME.fullmatch(self.noun) is not None, f"{self.noun}: a word of small letters")
        _need(bool(self.plain), f"{self.noun}: why plain fields may be plain")
        _need(len(set(names)) == len(names), f"{self.noun}: a field is there twice")
        _need(any(f.required and f.item for f in self.fields), f"{self.noun}: all may be empty")
        _need(any(f.column == 0 for f in self.fields), f"{self.noun}: no column takes what is left")
        days = {f.name for f in self.fields if f.type is DAY and f.item is None}
        states = self.states
        known = set(states.words) if states else set()
        for move in states.moves if states else ():
            _need({*move.before, move.after} <= known, f"{move.verb}: an unknown state")
            _need(not move.stamps or move.stamps in days, f"{move.verb}: stamps no plain day")
            _need(_NAME.fullmatch(move.verb) is not None, f"{move.verb}: odd verb")
            _need(move.verb not in VERBS, f"{move.verb}: a verb of every kind")
        for clock in self.clocks:
            _need(bool(clock.field) != bool(clock.state), f"{clock.purpose}: a day or a state")
            _need(not clock.field or clock.field in days, f"{clock.field}: no plain day")
            _need(not clock.state or clock.state in known, f"{clock.state}: no state")

    @property
    def category(self) -> Category:
        """Return the category whoever works with such records must read or write."""
        return self.item.category

    @property
    def kept(self) -> bool:
        """Tell whether such records have clocks of their own."""
        return bool(self.clocks)

    @property
    def columns(self) -> tuple[Field, ...]:
        """Return the fields that stand in lists."""
        return tuple(one for one in self.fields if one.column is not None)

    def field(self, name: str) -> Field:
        """Return a field by its name; KeyError when there is none."""
        return {one.name: one for one in self.fields}[name]

    def state_word(self, code: str | None) -> str:
        """Return the words of a state."""
        return "" if code is None or self.states is None else self.states.words.get(code, code)


# What every kind of record can do; the verbs of its states stand beside these.
VERBS: Final = frozenset({"add", "edit", "show", "list", "find", "export", "import"})


def _need(holds: bool, fault: str) -> None:  # noqa: FBT001 - what must hold, and what is said else
    if not holds:
        raise Misdescribed(fault)
