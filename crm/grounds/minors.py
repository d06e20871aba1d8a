"""Who is a child for a consent: the personal code tells it, or whoever enters it (Art. 8)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Below this age a parent consents: Latvia, Italy (Codice privacy art. 2-quinquies), else Art. 8(1).
AGES: Final[Mapping[str, int]] = {"LV": 13, "IT": 14}
ELSEWHERE: Final = 16

_LATVIAN: Final = re.compile(r"(\d\d)(\d\d)(\d\d)([012])\d{4}", re.ASCII)
_ITALIAN: Final = re.compile(r"[A-Z]{6}([0-9L-V]{2})([A-EHLMPR-T])([0-9L-V]{2})[0-9A-Z]{5}")
_MONTHS: Final = "ABCDEHLMPRST"
# Where two people would share a code, digits of one are replaced by these letters.
_DIGIT_LETTERS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
_WOMEN: Final = 40
_CENTURY: Final = 100


def age_of_consent(country: str) -> int:
    """Return the age from which somebody consents alone, by the law of the firm's country."""
    return AGES.get(country, ELSEWHERE)


def born_on(code: str, today: date) -> date | None:
    """Read the day of birth out of a personal code; None where the code does not tell it."""
    plain = "".join(code.split()).replace("-", "").upper()
    try:
        if found := _LATVIAN.fullmatch(plain):
            day, month, year, century = map(int, found.groups())
            return date(1800 + _CENTURY * century + year, month, day)
        if found := _ITALIAN.fullmatch(plain):
            year, day = (int(found[place].translate(_DIGIT_LETTERS)) for place in (1, 3))
            year += today.year // _CENTURY * _CENTURY
            year -= _CENTURY if year > today.year else 0
            return date(year, _MONTHS.index(found[2]) + 1, day % _WOMEN)
    except ValueError:
        pass
    return None


def is_child(born: date, on: date, country: str) -> bool:
    """Tell whether somebody was too young on a day to consent alone."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years < age_of_consent(country)
