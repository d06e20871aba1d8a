"""Judging rows: what a purpose covers is cleaned and checked, and nothing else is looked at.

A value that nobody may keep can therefore not cost its row, nor tell two rows apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from crm import numbers
from crm.errors import InvalidNumber, NoName, RegNoComponent, VatComponent
from crm.files.candidate import (
    OF_CONTACT,
    Candidate,
    ContactPart,
    Defect,
    Kind,
    PartyPart,
    Rejection,
)
from crm.files.reading import BadRow, Row
from crm.files.spellings import code_of, has_legal_form
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from crm.files.headings import Layout
    from crm.numbers import Checked

    Plan = tuple[tuple[int, str], ...]

# Text of these letters is already as `clean` would leave it, but for blanks around it.
_CLEAN_ALREADY = re.compile(r"[ -~À-ſ]{0,10000}")
_PLAIN_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_LINES_KEPT: Final = frozenset({"notes"})
_WORDS: Final = ("language", "channel")


def canonical_row(kind: Kind, values: dict[str, str]) -> bytes:
    """Return bytes equal for rows with equal cells, whatever the order of their columns.

    `values` come in the order of their codes. The file's running number is left out: it tells
    nothing about the client and changes with every export. Clean text holds no separators, so
    no two rows run into one.
    """
    cells = [f"{code}\x1e{text}" for code, text in values.items()]
    return "\x1f".join((kind, *cells)).encode()


class Judge:
    """Turns the rows of one file into candidates and rejections.

    `party` and `contact` are the items that the chosen purposes name for the client and for its
    contact person; `country` stands in where neither row nor headings tell one.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        party: frozenset[str],
        contact: frozenset[str],
        today: date,
        country: str | None = None,
        keep_defective: bool = False,
    ) -> None:
        self._layout = layout
        self._today = today
        self._country = layout.country or country
        self._keep = keep_defective
        self._needs_name = "name" in party
        self._plans: dict[Kind, Plan] = {
            "legal": _plan(layout, party, contact, natural=False),
            "natural": _plan(layout, party, contact, natural=True),
        }
        self._official = "official_number" in party
        self._own_position = "position" in party
        self._names_contacts = "name" in contact
        places = {column.field.code: column.index for column in layout.columns if column.field}
        self._nr = places.get("nr")
        self._kind = places.get("kind")
        self._signs = tuple(
            (code, index) for index, code in self._plans["legal"] if code in {"name", "reg_no"}
        )
        self._kinds: dict[str, Kind | None] = {}

    def judge(self, row: Row | BadRow) -> Candidate | Rejection:
        """Return what the row comes to; no row raises."""
        nr = self._number_of(row.cells)
        if isinstance(row, BadRow):
            sure = nr if isinstance(nr, int) else None  # a shifted cell may be anything
            cells = row.cells if row.whole is None else (row.whole,)
            return Rejection(row.line, sure, None, row.reason, cells)
        work = _Work(self._layout, self._today)
        kind = self._kind_of(row.cells, work)
        for index, code in self._plans[kind]:
            if cell := row.cells[index]:
                plain = _CLEAN_ALREADY.fullmatch(cell)
                text = cell.strip() if plain else clean(cell, lines=code in _LINES_KEPT)
                if text:
                    work.values[code] = text
        canonical = canonical_row(kind, work.values)
        country = self._country_of(work)
        party = self._party_of(work, kind, country)
        contact = self._contact_of(work, kind, country)
        if work.defects and not self._keep:
            first, *others = work.defects
            more = tuple((defect.column, defect.reason) for defect in others)
            return Rejection(row.line, nr, first.column, first.reason, row.cells, more)
        to_check, to_mend = tuple(work.to_check), tuple(work.defects)
        return Candidate(row.line, nr, party, contact, to_check, to_mend, canonical)

    def _number_of(self, cells: tuple[str, ...]) -> int | str | None:
        if self._nr is None or self._nr >= len(cells):
            return None
        text = cells[self._nr]
        return int(text) if _PLAIN_NUMBER.fullmatch(text) else clean(text) or None

    def _kind_of(self, cells: tuple[str, ...], work: _Work) -> Kind:
        """Read the kind, or infer it; a doubtful one is a human, who has more rights."""
        word = cells[self._kind] if self._kind is not None else ""
        if word in self._kinds:
            kind = self._kinds[word]
        else:
            kind = cast("Kind | None", code_of("kind", word))
            if len(self._kinds) < 100:  # noqa: PLR2004 - a column of other things must not pile up
                self._kinds[word] = kind
        if kind:
            return kind
        if word.strip():
            work.to_check.append("kind")
        signs = {code: cells[index].strip() for code, index in self._signs}
        name, number = signs.get("name", ""), signs.get("reg_no", "")
        company = has_legal_form(name) or (
            name and number and not numbers.names_a_person(number, self._country)
        )
        return "legal" if company else "natural"

    def _country_of(self, work: _Work) -> str | None:
        if word := work.values.get("country"):
            if code := code_of("country", word):
                return code
            work.to_check.append("country")
        prefix = work.values.get("vat_no", "")[:2].upper()
        if prefix in numbers.EU_PREFIXES:
            return numbers.COUNTRY_OF_PREFIX.get(prefix, prefix)
        return self._country

    def _party_of(self, work: _Work, kind: Kind, country: str | None) -> PartyPart:
        values = work.values
        natural = kind == "natural"
        halves = (values.get("given_name"), values.get("family_name")) if natural else (None, None)
        if self._needs_name and not values.get("name") and not any(halves):
            work.miss_name("family_name" if natural else "name", "name")
        for table in _WORDS:
            if (word := values.get(table)) and (code := code_of(table, word)):
                values[table] = code
            elif word:
                del values[table]
                work.to_check.append(table)
        reg_no, vat_no, personal_code = self._official_numbers(work, kind, country)
        return PartyPart(
            kind,
            country,
            values.get("name"),
            *halves,
            values.get("contact_position") if self._own_position and natural else None,
            reg_no,
            vat_no,
            personal_code,
            work.check("email", numbers.email),
            work.check_phone("phone", country),
            work.check("iban", numbers.iban),
            values.get("legal_address"),
            values.get("delivery_address"),
            values.get("language"),
            values.get("channel"),
            values.get("notes"),
        )

    def _official_numbers(
        self, work: _Work, kind: Kind, country: str | None
    ) -> tuple[Checked | None, Checked | None, Checked | None]:
        """Check the three official numbers by the rules of the party's kind."""
        values = work.values

        def reg_no(text: str) -> Checked:
            return numbers.reg_no(text, country)

        def vat_no(text: str) -> Checked:
            checked = numbers.vat_no(text, country, self._today)
            if checked.personal and kind == "legal":
                raise VatComponent
            return checked

        def personal_code(text: str) -> Checked:
            return numbers.personal_code(text, country, self._today)

        if kind == "legal":
            number = work.check("reg_no", reg_no)
            tax_code = work.check("personal_code", reg_no)
            if number and tax_code and number != tax_code:
                work.refuse("personal_code", RegNoComponent.reason)
            return number or tax_code, work.check("vat_no", vat_no), None
        # A heading may promise either number: a human's own code is read as what it is.
        if numbers.names_a_person(values.get("reg_no", ""), country):
            own = values.pop("reg_no")
            if self._official:
                values.setdefault("personal_code", own)
                work.moved["personal_code"] = "reg_no"
        return (
            work.check("reg_no", reg_no),
            work.check("vat_no", vat_no),
            work.check("personal_code", personal_code),
        )

    def _contact_of(self, work: _Work, kind: Kind, country: str | None) -> ContactPart | None:
        values = work.values
        given = values.get("contact_given_name")
        family = values.get("contact_family_name")
        if kind == "legal" and self._names_contacts and not (given or family):
            given, family = values.get("given_name"), values.get("family_name")
        if given or family:
            return ContactPart(
                given,
                family,
                values.get("contact_position"),
                work.check("contact_email", numbers.email),
                work.check_phone("contact_phone", country),
            )
        if kind == "natural":
            values.pop("contact_position", None)  # it is the client's own, and read as such
        if self._names_contacts and any(code.startswith(OF_CONTACT) for code in values):
            work.miss_name("contact_family_name", "contact_given_name")
        return None


class _Work:
    """What is known of the row in hand; defects gather so that all can be mended at once."""

    def __init__(self, layout: Layout, today: date) -> None:
        self._layout = layout
        self.today = today
        self.values: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.defects: list[Defect] = []
        self.to_check: list[str] = []

    def check(self, code: str, rule: Callable[[str], Checked]) -> Checked | None:
        text = self.values.get(code)
        if not text:
            return None
        try:
            return rule(text)
        except InvalidNumber as fault:
            self.refuse(code, fault.reason)
            return None

    def check_phone(self, code: str, country: str | None) -> Checked | None:
        text = self.values.get(code)
        if not text:
            return None
        checked = numbers.phone(text, country)
        if checked.to_check:
            self.to_check.append(code)
        return checked

    def refuse(self, code: str, reason: str) -> None:
        column = self._layout.heading_of(self.moved.get(code, code))
        self.defects.append(Defect(code, column, reason, self.values.get(code, "")))

    def miss_name(self, *codes: str) -> None:
        column = self._layout.heading_of(*codes)
        self.defects.insert(0, Defect(codes[0], column, NoName.reason, ""))


def _plan(layout: Layout, party: frozenset[str], contact: frozenset[str], *, natural: bool) -> Plan:
    """List the columns to be read for a human or a company: those whose item is covered.

    They are sorted by field, so that the values of a row need no sorting.
    """
    chosen = []
    for column in layout.columns:
        field = column.field
        if field is None or field.code in {"nr", "kind"}:
            continue
        item = field.item(natural=natural)
        if item is None or item in (contact if field.contact else party):
            chosen.append((field.code, column.index))
    return tuple((index, code) for code, index in sorted(chosen))
