"""Judging rows: what a purpose covers is cleaned and checked, and nothing else is looked at.

A value that nobody may keep can therefore not cost its row, nor tell two rows apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from crm import numbers
from crm.errors import NoName
from crm.files.candidate import OF_CONTACT, Candidate, Defect, PartyPart, Rejection
from crm.files.column_joining import (
    HOME_ADDRESS,
    JOINED,
    MANY,
    compose,
    give_to_company,
    give_to_person,
    placed_addresses,
    settle_names,
)
from crm.files.errors import SaidTwice
from crm.files.headings import ADDRESS_LABEL, PARTS
from crm.files.parsing import (
    Who,
    comparable,
    country_in,
    made_of,
    plain,
    read_party,
    stored,
    was_encoded,
)
from crm.files.reading import BadRow, FileRow
from crm.files.spellings import code_of, has_legal_form, sounds_like_a_body
from crm.kinds.party import ADDRESSES, CONTACTS_IN_FILES, IN_FILES, NAMES, NUMBERS
from crm.shape.errors import TextTooLong
from crm.shape.normal_forms import too_long
from gdpr.text import clean

if TYPE_CHECKING:
    from datetime import date

    from crm.files.column_joining import Extras
    from crm.files.headings import FileLayout
    from crm.files.parsing import PartyKindCode, Reading

    Plan = tuple[tuple[int, str], ...]

_PLAIN_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
# A word that is not known here costs no row; it is left out and the row is marked.
_ONLY_MARKED: Final = frozenset({"language", "channel", "country"})
_OF_PARTY: Final = (*IN_FILES, "notes")
_SIGNS: Final = frozenset({*NAMES, "full_name", "company", *NUMBERS})
# What takes more than one column to be understood.
_COMPOSED: Final = frozenset(
    {"full_name", "company", "middle_name", "suffix", "company_email", "company_phone"}
)


def canonical_row(kind: PartyKindCode, values: dict[str, str], extras: Extras) -> bytes:
    """Return bytes equal for rows with equal cells, whatever the order of their columns.

    `values` come in the order of their codes. The file's running number is left out: it tells
    nothing about the client and changes with every export. Clean text holds no separators, so
    no two rows run into one.
    """
    cells = [f"{code}\x1e{text}" for code, text in values.items()]
    cells += [f"{code}\x1e{text}" for code, texts in extras.items() for text in texts]
    return "\x1f".join((kind, *cells)).encode()


class Judge:
    """Turns the rows of one file into candidates and rejections.

    `party` and `contact` are the items that the chosen purposes name for the client and for its
    contact person; `country` stands in where neither row nor headings tell one.
    """

    def __init__(
        self,
        layout: FileLayout,
        *,
        party: frozenset[str],
        contact: frozenset[str],
        today: date,
        country: str | None = None,
        keep_defective: bool = False,
    ) -> None:
        self._layout = layout
        self.fields_before: frozenset[str] | None = None
        """Which fields an earlier run of the same file has read, if there was one."""
        self._today = today
        self._country = layout.country or country
        self._keep = keep_defective
        self._needs_name = "name" in party
        self._plans: dict[PartyKindCode, Plan] = {
            "legal": _plan(layout, party, contact, natural=False),
            "natural": _plan(layout, party, contact, natural=True),
        }
        self._official = "official_number" in party
        self._own_position = "position" in party
        self._names_contacts = "name" in contact
        codes = {column.field.code for column in layout.columns if column.field}
        self._composed = not codes.isdisjoint(_COMPOSED) or any(
            code.endswith(PARTS) for code in codes
        )
        self._own_contacts = any(code.startswith(OF_CONTACT) for code in codes - {_POSITION})
        self._addresses = layout.numbered_addresses()
        self._nr, self._kind = layout.place_of("nr"), layout.place_of("kind")
        both = {*self._plans["legal"], *self._plans["natural"]}
        self._signs = tuple((code, index) for index, code in sorted(both) if code in _SIGNS)
        self._kinds: dict[str, PartyKindCode | None] = {}

    def judge(self, row: FileRow | BadRow) -> Candidate | Rejection:
        """Return what the row comes to; no row raises."""
        nr = self._number_of(row.cells)
        if isinstance(row, BadRow):
            sure = nr if isinstance(nr, int) else None  # a shifted cell may be anything
            cells = row.cells if row.whole is None else (row.whole,)
            return Rejection(row.line, sure, None, row.reason, cells)
        work = _RowWork(self._layout)
        kind, stated = self._kind_of(row.cells, work)
        placed = placed_addresses(self._addresses, row.cells)
        for index, code in self._plans[kind]:
            if (cell := row.cells[index]) and (field := placed.get(index, code)):
                work.take(field, cell)
        canonical = canonical_row(kind, work.values, work.extras)
        before = self._as_before(kind, work)
        self._bring_together(work, kind, stated=stated)
        country, known = country_in(work.values, self._country)
        if not known:
            work.mark("country")
        party = self._party_of(work, kind, country)
        contact = self._contact_of(work, kind, country)
        if work.defects and not self._keep:
            first, *others = work.defects
            more = tuple((defect.column, defect.reason) for defect in others)
            return Rejection(row.line, nr, first.column, first.reason, row.cells, more)
        to_check, to_mend = tuple(work.to_check), tuple(work.defects)
        whole = (row.line, nr, party, contact, to_check, to_mend, canonical)
        return Candidate(*whole, before=before)

    def _as_before(self, kind: PartyKindCode, work: _RowWork) -> bytes | None:
        """Return what the row was canonically when fewer of its columns were read."""
        if self.fields_before is None:
            return None
        values = {code: text for code, text in work.values.items() if code in self.fields_before}
        extras = {code: texts for code, texts in work.extras.items() if code in self.fields_before}
        return canonical_row(kind, values, extras)

    def _number_of(self, cells: tuple[str, ...]) -> int | str | None:
        if self._nr is None or self._nr >= len(cells):
            return None
        text = cells[self._nr]
        return int(text) if _PLAIN_NUMBER.fullmatch(text) else clean(text) or None

    def _kind_of(self, cells: tuple[str, ...], work: _RowWork) -> tuple[PartyKindCode, bool]:
        """Read the kind, or infer it, which is marked; tell also whether the file says it."""
        word = cells[self._kind] if self._kind is not None else ""
        if word in self._kinds:
            kind = self._kinds[word]
        else:
            kind = cast("PartyKindCode | None", code_of("kind", word))
            if len(self._kinds) < 100:  # noqa: PLR2004 - a column of other things must not pile up
                self._kinds[word] = kind
        if kind:
            return kind, True
        signs: dict[str, str] = {}
        for code, index in self._signs:
            if not signs.get(code):
                signs[code] = plain(cells[index], code)
        kind, sure = _kind_by(signs, self._country)
        if word.strip() or not sure:
            work.mark("kind")
        return kind, False

    def _bring_together(self, work: _RowWork, kind: PartyKindCode, *, stated: bool) -> None:
        """Settle what stands in several columns, and what is the person's and what the firm's."""
        values, extras = work.values, work.extras
        if self._composed:
            compose(values, extras, self._country)
            settle_names(values)
        person = values.get("given_name") or values.get("family_name")
        if kind == "legal" and person and not self._own_contacts:
            give_to_person(values, extras, stated=stated)
        if self._composed:
            give_to_company(values, extras)
        homes = [values.pop(HOME_ADDRESS, ""), *extras.pop(HOME_ADDRESS, ())]
        for home in filter(None, homes):
            if kind == "legal":
                work.mark(ADDRESSES[0])  # a person's home is not the company's address
            elif values.get(ADDRESSES[0]):
                extras.setdefault(ADDRESSES[0], []).append(home)
            else:
                values[ADDRESSES[0]] = home

    def _party_of(self, work: _RowWork, kind: PartyKindCode, country: str | None) -> PartyPart:
        values = work.values
        natural = kind == "natural"
        given: dict[str, str] = {code: values[code] for code in _OF_PARTY if code in values}
        if not natural:
            for half in NAMES[1:]:
                given.pop(half, None)
        elif not self._official and numbers.names_a_person(values.get("reg_no", ""), country):
            del given["reg_no"]  # a human's own code, which no purpose names
        if self._needs_name and not any(given.get(name) for name in NAMES):
            work.miss_name("family_name" if natural else "name", "name")
        read = read_party(given, Who(kind, country, self._today))
        work.note(read)
        position = values.get("contact_position") if self._own_position and natural else None
        further = work.further(read, kind, country, self._today, contact=False)
        notes = stored(read.values.pop("notes", None))
        return PartyPart(kind, country, read.values, notes, position, further)

    def _contact_of(
        self, work: _RowWork, kind: PartyKindCode, country: str | None
    ) -> PartyPart | None:
        values = work.values
        told = {code: values.get(f"{OF_CONTACT}{code}") for code in CONTACTS_IN_FILES}
        halves = NAMES[1:]
        if kind == "legal" and self._names_contacts and not any(told[half] for half in halves):
            told |= {half: values.get(half) for half in halves}
        if any(told[half] for half in halves):
            texts = {code: text for code, text in told.items() if text}
            read = read_party(texts, Who("natural", country, self._today))
            work.note(read, OF_CONTACT)
            position = values.get(_POSITION)
            further = work.further(read, "natural", country, self._today, contact=True)
            return PartyPart("natural", country, read.values, None, position, further)
        if kind == "natural":
            values.pop("contact_position", None)  # it is the client's own, and read as such
        if self._names_contacts and any(code.startswith(OF_CONTACT) for code in values):
            work.miss_name("contact_family_name", "contact_given_name")
        return None


_POSITION: Final = "contact_position"


def _kind_by(signs: dict[str, str], country: str | None) -> tuple[PartyKindCode, bool]:
    """Infer a kind: an official number decides where it can; a doubtful one is a human being.

    The second value is false for a guess. Who is taken for a human has more rights.
    """
    votes = [
        numbers.kind_by_number(signs[code], country, is_vat=code == "vat_no")
        for code in ("personal_code", "reg_no", "vat_no")
        if signs.get(code)
    ]
    if "natural" in votes:
        return "natural", "legal" not in votes
    if "legal" in votes:
        return "legal", True
    if signs.get("reg_no") and not numbers.names_a_person(signs["reg_no"], country):
        return "legal", True
    return _kind_by_name(signs)


def _kind_by_name(signs: dict[str, str]) -> tuple[PartyKindCode, bool]:
    name = signs.get("name") or signs.get("company") or signs.get("full_name") or ""
    halves = [signs.get(half) for half in NAMES[1:]]
    employer_alone = bool(signs.get("company")) and not any(
        signs.get(code) for code in (*NAMES, "full_name")
    )
    if has_legal_form(name) or employer_alone:
        return "legal", True
    if any(halves) and (not name or made_of(name, halves)):
        return "natural", True
    trades = bool(signs.get("vat_no")) or signs.get("company") == name
    likely = bool(name) and (any(halves) or trades or sounds_like_a_body(name))
    return ("legal" if likely else "natural"), False


class _RowWork:
    """What is known of the row in hand; defects gather so that all can be mended at once."""

    def __init__(self, layout: FileLayout) -> None:
        self._layout = layout
        self.values: dict[str, str] = {}
        self.extras: Extras = {}
        self.defects: list[Defect] = []
        self.to_check: list[str] = []

    def take(self, code: str, cell: str) -> None:
        """Take a cell of a field; another column may have brought one before."""
        text = plain(cell, code)
        if not text:
            return
        if "&" in cell and was_encoded(cell):
            self.mark(code)
        if len(text) > _LONG and too_long(cell):
            self.defects.append(self._defect(code, TextTooLong.reason, text))
        held = self.values.get(code)
        if held is None:
            self.values[code] = text
        elif held == text:
            return
        elif code in JOINED:
            self.values[code] = held + JOINED[code] + text
        elif code in MANY:
            self.extras.setdefault(code, []).append(text)
        else:
            self.defects.append(self._defect(code, SaidTwice.reason, text))

    def mark(self, code: str) -> None:
        """Note that a field was guessed or taken as it is."""
        if code not in self.to_check:
            self.to_check.append(code)

    def note(self, read: Reading, prefix: str = "") -> None:
        """Keep what is doubtful and wrong in fields that were read."""
        for field in read.to_check:
            self.mark(prefix + field)
        for field, error in read.faults:
            if field in _ONLY_MARKED:
                self.mark(field)
            else:
                code = prefix + field
                self.defects.append(self._defect(code, error.reason, self.values.get(code, "")))

    def further(
        self, read: Reading, kind: PartyKindCode, country: str | None, today: date, *, contact: bool
    ) -> tuple[tuple[str, str], ...]:
        """Check the second and further values of the row as the first ones were."""
        found = list(read.further)
        for code, texts in self.extras.items():
            if code.startswith(OF_CONTACT) is not contact or code not in MANY:
                continue
            field = MANY[code]
            for text in texts:
                if field == "address":
                    found.append((field, text))
                    continue
                more = read_party({field: text}, Who(kind, country, today))
                self.note(more, OF_CONTACT if contact else "")
                first = more.values[field]
                if first is not None and not isinstance(first, str):
                    found.append((field, first.stored))
                found += more.further
        told = [(MANY.get(field, field), stored(one)) for field, one in read.values.items()]
        seen = {(kind, comparable(kind, text)) for kind, text in told if text and kind in _FURTHER}
        kept = []
        for one, text in found:
            if (one, comparable(one, text)) not in seen:
                seen.add((one, comparable(one, text)))
                kept.append((one, text))
        return tuple(kept)

    def miss_name(self, *codes: str) -> None:
        column = self._layout.heading_of(*codes)
        self.defects.insert(0, Defect(codes[0], column, NoName.reason, ""))

    def _defect(self, code: str, reason: str, value: str) -> Defect:
        own = code.removeprefix(OF_CONTACT)
        return Defect(code, self._layout.heading_of(code, own), reason, value)


_LONG: Final = 1_000
_FURTHER: Final = frozenset(MANY.values())


def _plan(
    layout: FileLayout, party: frozenset[str], contact: frozenset[str], *, natural: bool
) -> Plan:
    """List the columns to be read for a human or a company: those whose item is covered.

    They are sorted by field, so that the values of a row need no sorting.
    """
    chosen = []
    for column in layout.columns:
        field = column.field
        if field is None or field.code in {"nr", "kind", ADDRESS_LABEL}:
            continue
        item = field.item(natural=natural)
        if item is None or item in (contact if field.contact else party):
            chosen.append((field.code, column.index))
    return tuple((index, code) for code, index in sorted(chosen))
