"""Days inside sentences, written and inflected as each language does; tables keep ISO 8601.

A translation asks for the form it needs: `{day}` names a day, `{day:dat}` is the Latvian dative
and `{day:al}` the Italian *al 30* or *all'8*, so that no sentence has to avoid a date. `{day!s}`
is the ISO form, for a command that somebody is to type.

An instant is shown as a clock on the wall of the firm shows it, wherever a face shows one; the
machine forms keep it in UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from gdpr.clock import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENGLISH: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_ITALIAN: Final = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"),
    *("settembre", "ottobre", "novembre", "dicembre"),
)
# Nominative, genitive, dative, accusative, locative. Months end in -is or in -s, and a few
# consonants soften in the genitive.
_IS: Final = ("is", "a", "im", "i", "ī")
_S: Final = ("s", "a", "am", "u", "ā")
_LATVIAN: Final = (
    ("janvār", _IS), ("februār", _IS), ("mart", _S), ("aprīl", _IS), ("maij", _S), ("jūnij", _S),
    ("jūlij", _S), ("august", _S), ("septembr", _IS), ("oktobr", _IS), ("novembr", _IS),
    ("decembr", _IS),
)  # fmt: skip
_SOFTENED: Final = {"aprīla": "aprīļa"}
_CASES: Final = ("nom", "gen", "dat", "acc", "loc")
# A number that begins with a vowel elides the article: l'8, all'11, dell'1.
_ELIDED: Final = {8, 11}
_ARTICLES: Final = {"il": "l'", "al": "all'", "dal": "dall'", "del": "dell'", "nel": "nell'"}
_ISO_DAY: Final = len("2026-03-31")
_WAYS: Final = frozenset({"", *_CASES, *_ARTICLES})


class Day(str):
    """A day in ISO form that a sentence writes out; a word in its place stays as it is."""

    __slots__ = ("language",)
    language: str

    def __format__(self, way: str) -> str:
        """Write the day in the form that a placeholder asks for."""
        if way not in _WAYS:
            raise ValueError(way)
        try:
            day = date.fromisoformat(self)
        except ValueError:
            return str(self)
        return write(day, self.language, way)


class _Place:
    """Whose wall the clock hangs on: one process, one register."""

    clock: Clock = SystemClock()


def use_place(clock: Clock) -> None:
    """Show instants by this clock from now on, that of the register somebody opened."""
    _Place.clock = clock


def local(at: datetime | str) -> datetime:
    """Return an instant with the day and the hour it has in the firm's place."""
    return _Place.clock.local(datetime.fromisoformat(at) if isinstance(at, str) else at)


def day_text(at: datetime | str) -> str:
    """Write the day of an instant in ISO form; a mere day stays as it is."""
    return at if isinstance(at, str) and len(at) == _ISO_DAY else f"{local(at):%Y-%m-%d}"


def minute_text(at: datetime | str) -> str:
    """Write the day and the minute of an instant, as a table shows them."""
    return f"{local(at):%Y-%m-%d %H:%M}"


def day_in(language: str, day: date | str) -> Day:
    """Make a day ready to be put into a sentence of `language`."""
    said = Day(day if isinstance(day, str) else day.isoformat())
    said.language = language
    return said


def days_in(language: str, arguments: Mapping[str, date | int | str]) -> dict[str, int | str]:
    """Make every day among `arguments` ready to be put into a sentence of `language`."""
    return {
        name: value if isinstance(value, int) else day_in(language, value)
        for name, value in arguments.items()
    }


def write(day: date, language: str, way: str = "") -> str:
    """Write a day as running text of `language` does."""
    if language == "lv":
        stem, endings = _LATVIAN[day.month - 1]
        month = stem + endings[_CASES.index(way) if way in _CASES else 0]
        return f"{day.year}. gada {day.day}. {_SOFTENED.get(month, month)}"
    if language == "it":
        number = "1º" if day.day == 1 else str(day.day)
        before = _ARTICLES.get(way, "")
        if before and day.day not in _ELIDED:
            before = f"{way} "
        return f"{before}{number} {_ITALIAN[day.month - 1]} {day.year}"
    return f"{day.day} {_ENGLISH[day.month - 1]} {day.year}"
