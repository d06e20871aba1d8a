"""Text becomes a stored value and is shown again: one reading for forms, commands and files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from crm import numbers
from crm.errors import FieldInvalid
from crm.i18n import _, current
from crm.shape import errors
from crm.shape.description import Field, FieldType, Shape
from crm.shape.normal_forms import digits, lowercase, whole_text
from crm.shape.rows import read_rows, rows_of, rows_text
from gdpr.store.fields import uppercase_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.shape.description import Cell

Stored = dict[str, str | None]
MOST_REFERENCES: Final = 100

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
# As people write days in Latvia and Italy, the day first.
_LOCAL: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\.?", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_REFERENCE: Final = re.compile(r"\d{1,15}", re.ASCII)
_BETWEEN: Final = re.compile(r"[,;\s]+")
_AMOUNT: Final = re.compile(r"([+-]?\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
# Thousands are set apart by blanks of any kind, by apostrophes, or by whichever of point and comma
# is not the decimal mark.
_APART: Final = re.compile(r"[\s'’\u00a0\u202f]")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", re.ASCII)
_EURO: Final = re.compile(r"^(?:EUR|€)\s*|\s*(?:EUR|€)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads fields of a party's records, whose country and day decide about numbers."""

    country: str
    today: date

    def read(self, shape: Shape, typed: Mapping[str, str | None], *, whole: bool) -> Stored:
        """Read what was typed; `whole` is a new record, of which nothing required may lack."""
        known = {one.name: one for one in shape.fields}
        if not known.keys() >= typed.keys():
            raise errors.FieldOfNone(known=", ".join(known))
        wanted = known if whole else typed
        return {name: self.field(known[name], typed.get(name)) for name in wanted}

    def field(self, field: Cell, typed: str | None) -> str | None:
        """Read one field; empty text is None, and refused where something is required."""
        try:
            if isinstance(field, Field) and field.rows:
                stored = read_rows(field, typed or "", self.field)
            else:
                text = whole_text(typed, lines=field.type is FieldType.LINES)
                stored = (self._reading(field)(text) if text else "") or None
            if stored is None and field.required:
                raise errors.FieldRequired(field=field.name)
        except FieldInvalid as fault:
            _, *within = str(fault.arguments["field"]).split(".")
            inner = fault.called.get("field", ()) if within else ()
            fault.called = {**fault.called, "field": (field.label, *within[:1], *inner)}
            raise
        return stored

    def _reading(self, field: Cell) -> Callable[[str], str]:
        country, today = self.country, self.today
        ways: dict[FieldType, Callable[[str], str]] = {
            FieldType.DAY: lambda text: _day(text, field.name),
            FieldType.MONEY: lambda text: _amount(text, field.name),
            FieldType.WHOLE: lambda text: _whole(text, field.name),
            FieldType.REFERENCE: lambda text: _whole(text, field.name),
            FieldType.REFERENCES: lambda text: _references(text, field.name),
            FieldType.CODE: lambda text: _code(text, field),
            FieldType.EMAIL: lambda text: numbers.email(text).stored,
            FieldType.PHONE: lambda text: numbers.phone(text, country).stored,
            FieldType.IBAN: lambda text: numbers.iban(text).stored,
            FieldType.VAT_NO: lambda text: numbers.vat_no(text, country, today).stored,
            FieldType.REG_NO: lambda text: numbers.reg_no(text, country).stored,
            FieldType.OFFICIAL_NUMBER: lambda t: numbers.personal_code(t, country, today).stored,
        }
        return ways.get(field.type, str)


def missing(name: str, label: str) -> FieldInvalid:
    """Return the fault of a field that must not be empty, beside those of the description."""
    fault = errors.FieldRequired(field=name)
    fault.called = {"field": (label,)}
    return fault


def check_whole(shape: Shape, values: Mapping[str, str | None]) -> None:
    """Refuse a record whose fields do not fit each other."""
    fault = shape.check(values) if shape.check is not None else None
    if fault is not None:
        raise errors.FieldsDisagree(field=fault)


def same_value(type_: FieldType) -> Callable[[str], str]:
    """Return the form in which two values of a findable field are the same value."""
    if type_ is FieldType.EMAIL:
        return lowercase
    return digits if type_ is FieldType.PHONE else uppercase_word


def said(field: Field, stored: str | None) -> str:
    """Say a stored value in the language in use; rows are said as they would be typed."""
    return rows_text(field, stored, current()) if field.rows else _(field.word(stored))


def listed(field: Field, stored: str | None) -> str:
    """Say a stored value where there is one line for it: of rows, how many there are."""
    if field.rows:
        return str(len(rows_of(field, stored)) or "")
    return said(field, stored)


def as_json(field: Field, stored: str | None) -> object:
    """Give a stored value as scripts read it: rows and several references are lists."""
    if stored is None or not field.several:
        return stored
    return rows_of(field, stored) if field.rows else references(stored)


def references(stored: str) -> list[int]:
    """Return the numbers of the records that a stored value leads to, one or several."""
    return [int(number) for number in stored.split(",")]


def cell_of(field: Field, stored: str | None) -> str | Decimal | date | int | None:
    """Give a stored value as a cell of a file, so that amounts and days get its own form."""
    if stored is None:
        return None
    if field.type is FieldType.MONEY:
        return Decimal(stored)
    if field.type in {FieldType.WHOLE, FieldType.REFERENCE}:
        return int(stored)
    return date.fromisoformat(stored) if field.type is FieldType.DAY else stored


def sort_key(field: Field, stored: str | None) -> tuple[bool, Decimal, str]:
    """Give the key by which values of a field are put in order; what is empty comes last."""
    if stored is None:
        return True, Decimal(0), ""
    if field.rows:
        return False, Decimal(len(rows_of(field, stored))), ""
    if field.right:
        return False, Decimal(stored), ""
    if field.several:
        return False, Decimal(references(stored)[0]), ""
    return False, Decimal(0), field.word(stored).casefold()


def _day(text: str, name: str) -> str:
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
    elif local := _LOCAL.fullmatch("".join(text.split())):
        day, month, year = map(int, local.groups())
    else:
        raise errors.DayInvalid(field=name)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise errors.DayInvalid(field=name) from None


def _amount(text: str, name: str) -> str:
    plain = _APART.sub("", _EURO.sub("", text.replace("−", "-")))
    marks = [mark for mark in plain if mark in ".,"]
    if len(set(marks)) > 1:
        # The last mark is the decimal one; groups of three before it, or it is no amount.
        if not _GROUPED.fullmatch(plain) or marks[-1] in marks[:-1]:
            raise errors.MoneyInvalid(field=name)
        plain = plain.replace(marks[0], "")
    read = _AMOUNT.fullmatch(plain.replace(",", "."))
    if read is None:
        raise errors.MoneyInvalid(field=name)
    amount = Decimal(f"{read[1]}.{(read[2] or '0'):0<2}")
    return str(amount or abs(amount))


def _whole(text: str, name: str) -> str:
    plain = _APART.sub("", text.replace("−", "-"))
    if not _WHOLE.fullmatch(plain):
        raise errors.WholeInvalid(field=name)
    return str(int(plain))


def _references(text: str, name: str) -> str:
    """Read numbers as they are typed, or as a JSON list; each counts once."""
    numbers = [part for part in _BETWEEN.split(text.strip("[] ").replace('"', "")) if part]
    if len(numbers) > MOST_REFERENCES or not all(map(_REFERENCE.fullmatch, numbers)):
        raise errors.ReferencesInvalid(field=name, most=MOST_REFERENCES)
    return ", ".join(dict.fromkeys(str(int(number)) for number in numbers))


def _code(text: str, field: Cell) -> str:
    """Read a code, or its words in any of our languages as a form or a file says them."""
    if text in field.codes:
        return text
    wanted = " ".join(text.casefold().split())
    for code, words in field.codes.items():
        if wanted in {code, str(words).casefold(), words.lv.casefold(), words.it.casefold()}:
            return code
    fault = errors.CodeUnknown(field=field.name, known=", ".join(field.codes))
    fault.names = field.codes
    raise fault
