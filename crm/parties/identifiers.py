"""What identifies a person: their addresses and numbers, each in one form, however they were typed.

A phone that fits no form is kept as it was typed, and a bad value of a list is set aside to be
mended. Both may hold an address or number of somebody who said no, among other words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.numbers import HOME_CODES, national_numbers
from crm.parties.existing_parties import VAT_PREFIX
from crm.shape.normal_forms import SHORTEST_PHONE, digits, lowercase
from gdpr.rules.suppression import Identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

EMAIL, PHONE, NUMBER = "email", "phone", "number"
_LONGEST_PHONE: Final = 15
# Of a longer text only so many groups of digits are put together.
_MOST_GROUPS: Final = 32
_NUMBER_INSIDE: Final = 11
_WHOLE_PHONE: Final = re.compile(r"\+\d{7,15}", re.ASCII)
_ADDRESS: Final = re.compile(r"[^\s,;:<>()\[\]\"'|/]+@[^\s,;:<>()\[\]\"'|/]+")
_BETWEEN: Final = re.compile(r"[\s,;:|/]+")
_KINDS: Final[Mapping[str, str]] = {
    "email": EMAIL,
    "phone": PHONE,
    "personal_code": NUMBER,
    "trader_vat_no": NUMBER,
    "reg_no": NUMBER,
    "vat_no": NUMBER,
}
# The columns of a party in which something identifies it.
IDENTIFYING: Final = frozenset(_KINDS)


def identifiers_in(columns: Mapping[str, object]) -> list[Identifier]:
    """Return what identifies the party that these columns describe."""
    return [
        one
        for column, value in columns.items()
        if column in _KINDS and isinstance(value, str)
        for one in identifier(_KINDS[column], value)
    ]


def identifier(kind: str, value: str) -> list[Identifier]:
    """Return an address or number of a party as what identifies it, if it does."""
    if kind == PHONE:
        return [Identifier(PHONE, form) for form in _phones(value)]
    plain = {EMAIL: lowercase, NUMBER: _number}[kind](value) if kind in {EMAIL, NUMBER} else ""
    return [Identifier(kind, plain)] if plain else []


def identifiers_in_text(text: str) -> list[Identifier]:
    """Return whatever in a text may identify somebody: every address, phone and number in it."""
    found = [Identifier(EMAIL, lowercase(one.strip("."))) for one in _ADDRESS.findall(text)]
    found += [Identifier(PHONE, form) for form in _phones(text)]
    parts = (text, *_BETWEEN.split(text))
    found += [one for part in parts if "@" not in part for one in identifier(NUMBER, part)]
    return list(dict.fromkeys(found))


def _phones(text: str) -> list[str]:
    """List every number that may be dialled from a text: its groups of digits, put together."""
    if _WHOLE_PHONE.fullmatch(text):
        return [text[1:]]
    groups = [digits(group) for group in re.findall(r"\d+", text)[:_MOST_GROUPS]]
    joined = (
        "".join(groups[first:last])
        for first in range(len(groups))
        for last in range(first + 1, len(groups) + 1)
    )
    forms = (form for run in joined if len(run) <= _LONGEST_PHONE + 2 for form in _dialled(run))
    return [form for form in dict.fromkeys(forms) if len(form) >= SHORTEST_PHONE]


def _dialled(run: str) -> tuple[str, ...]:
    """List what dialled digits may reach: as they stand, and as a number of either home country."""
    bare = run.removeprefix("00")
    homes = (code for code, at in HOME_CODES.items() if national_numbers(at).fullmatch(bare))
    return (bare, *(code + bare for code in homes))


def _number(value: str) -> str:
    """Give an official number without what is only its writing: dashes, and a VAT prefix."""
    plain = "".join(value.split()).replace("-", "").upper()
    inside = plain.removeprefix(VAT_PREFIX)
    return inside if len(inside) == _NUMBER_INSIDE and inside.isdigit() else plain
