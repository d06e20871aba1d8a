"""Values for the fields of whatever kind of record there is, each text a canary of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm.shape import parsing
from crm.shape.description import Field, FieldType
from crm.shape.rows import rows_text

if TYPE_CHECKING:
    from crm.shape.description import Cell, Shape

# Each twice: as somebody types it, and as it is stored; a second one differs in every digit group.
NUMBERS = {
    FieldType.DAY: (("15.01.2026", "2026-01-15"), ("16/01/2026", "2026-01-16")),
    FieldType.MONEY: (("1 250,5", "1250.50"), ("99", "99.00")),
    FieldType.WHOLE: (("12", "12"), ("7", "7")),
    FieldType.EMAIL: (("zila.zile@example.com",) * 2, ("dzelta.zile@example.com",) * 2),
    FieldType.PHONE: (("2945 6781", "+37129456781"), ("+371 26111222", "+37126111222")),
    FieldType.IBAN: (
        ("LV80 BANK 0000 4351 9500 1", "LV80BANK0000435195001"),
        ("LV97HABA0012345678910", "LV97HABA0012345678910"),
    ),
    FieldType.VAT_NO: (("LV40003521600",) * 2, ("LV40003032949",) * 2),
    FieldType.REG_NO: (("40003521600",) * 2, ("40003032949",) * 2),
    FieldType.OFFICIAL_NUMBER: (("161175-19997", "16117519997"), ("321234-56782", "32123456782")),
}


def sample(shape: Shape, which: int = 0) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return a record as it is typed, and as it is stored; references are left empty."""
    pairs = {one.name: _pair(one, which) for one in shape.fields}
    typed = {name: pair[0] for name, pair in pairs.items() if pair[0]}
    return typed, {name: pair[1] for name, pair in pairs.items()}


def as_json(shape: Shape, stored: dict[str, str | None]) -> dict[str, object]:
    """Return a record as scripts read it."""
    return {name: parsing.as_json(shape.field(name), value) for name, value in stored.items()}


def as_text(shape: Shape, stored: dict[str, str | None], language: str = "") -> dict[str, str]:
    """Return a record as people read it: rows with headings, and codes as they are stored."""
    return {
        name: rows_text(shape.field(name), value, language) if shape.field(name).rows else value
        for name, value in stored.items()
    }


def first_text(shape: Shape) -> Field:
    """Return the field that must hold a text."""
    return next(one for one in shape.fields if one.required and one.type is FieldType.TEXT)


def _rows(field: Field, which: int) -> tuple[str, str]:
    """Return two rows, of which the second has only what it must; a cell holds what parts them."""
    pairs = {one.name: _pair(one, which) for one in field.rows}
    full = {name: (f'{t}; "cits"', f'{s}; "cits"') if s == t and " " in t else (t, s)
            for name, (t, s) in pairs.items()}  # fmt: skip
    least = {one.name: full[one.name] for one in field.rows if one.required}
    quoted = ['"' + full[n][0].replace('"', '""') + '"' for n in full]
    lines = "; ".join(quoted), "; ".join(q for q, n in zip(quoted, full, strict=True) if n in least)
    stored = [{name: pair[1] for name, pair in row.items()} for row in (full, least)]
    return "\n".join(lines), json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def _pair(field: Cell, which: int) -> tuple[str, str | None]:
    if field.type in {FieldType.REFERENCE, FieldType.REFERENCES}:
        return "", None
    if isinstance(field, Field) and field.rows:
        return _rows(field, which)
    if field.codes:
        code = list(field.codes)[which % len(field.codes)]
        return code, code
    if field.type in NUMBERS:
        typed, stored = NUMBERS[field.type][which]
        return typed, stored
    text = f"{field.name.title()} Žubīte {'vītero' if which else 'tērgā'}"
    text += "\notrā rindā" if field.type is FieldType.LINES else ""
    return text, text
