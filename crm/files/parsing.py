"""One reading of what is said of a party: typed into a form, given to a command, or in a file.

Text is cleaned, numbers are checked and put where they belong, and what several values in one
field are is told apart. Whoever asks decides what a fault means: a command refuses, a file sets
its row aside. So the same words give the same party, whichever way they came.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from crm import numbers
from crm.errors import InvalidNumber, RegNoComponent, VatComponent
from crm.files.errors import NameOfPerson, Shortened, WordUnknown
from crm.files.spellings import code_of, fold
from crm.kinds.party import CHANNELS, FIELDS, LOOKED_AT, NAMES, NATURAL, NUMBERS, TRADES_AS
from crm.shape.description import LINES
from crm.shape.normal_forms import digits, lowercase
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from crm.numbers import CheckedNumber

PartyKindCode = Literal["natural", "legal"]
Values = dict[str, "CheckedNumber | str | None"]
# Text that keeps its line breaks.
OF_LINES: Final = frozenset({"notes", "address", *(f.name for f in FIELDS if f.type is LINES)})
_WORDS: Final = ("language", "channel")
# How people are reached and paid: several may stand in one field.
_REACHED: Final = tuple(sorted(LOOKED_AT))
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)

# Text of these letters is already as `clean` would leave it, but for blanks around it.
_CLEAN_ALREADY: Final = re.compile(r"[ -%'-~À-ſ]{0,1000}")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# How people fill a cell that has no value; a lone word is none only where no name stands.
_DASHES: Final = re.compile(r"[-–—_/\\.?*]+")
_NOTHING: Final = frozenset(
    {"n/a", "n.a.", "na", "nav", "nav zināms", "nezināms", "nezinu", "none", "null", "nil", "nan"}
    | {"n.d.", "nd", "n/d", "nessuno", "non disponibile", "unknown", "#n/a", "not available"}
)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WORD: Final = re.compile(r"\w+")
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
_BETWEEN_VALUES: Final = re.compile(r"\s*(?:[;,/|\n]|:::|\bun\b|\bvai\b|\bor\b|\be\b|\bo\b)+\s*")
_IN_BRACKETS: Final = re.compile(r"[^<>@]*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_IBAN_LIKE: Final = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z ]{10,}", re.IGNORECASE)
_SHORTEST_PHONE: Final = 7


class Who(NamedTuple):
    """Whose fields are read: a human being or a company, where, and on which day."""

    kind: PartyKindCode
    country: str | None
    today: date


class Fault(NamedTuple):
    """A value that cannot be taken, and why."""

    field: str
    error: InvalidNumber


class Reading(NamedTuple):
    """What the fields come to: a value for each, what else they hold, and what is doubtful.

    A field that was said to be empty is None. `further` are second and more phones, addresses
    and accounts by their kind; `to_check` are fields that were taken as they are, or guessed.
    """

    values: Values
    further: tuple[tuple[str, str], ...]
    to_check: tuple[str, ...]
    faults: tuple[Fault, ...]

    def columns(self, kind: PartyKindCode) -> dict[str, str | None]:
        """Return what is stored, by column; a sole trader's VAT number has one of its own."""
        columns = {field: stored(value) for field, value in self.values.items()}
        if kind == NATURAL:
            return {TRADES_AS.get(field, field): value for field, value in columns.items()}
        return columns


def stored(value: CheckedNumber | str | None) -> str | None:
    """Return a value as it is stored."""
    return value if value is None or isinstance(value, str) else value.stored


def plain(text: str, field: str = "") -> str:
    """Bring a typed or imported text into the form that is stored; what says nothing is empty."""
    if _CLEAN_ALREADY.fullmatch(text):
        text = text.strip()
    else:
        text = clean(_decoded(text), lines=field in OF_LINES)
    if len(text) < len("non disponibile  ") and _says_nothing(text, field):
        return ""
    return text


def was_encoded(text: str) -> bool:
    """Tell whether a text came with entities of web pages in it, which are decoded."""
    return "&" in text and _decoded(text) != text


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: _letter(found[0]), text) if "&" in text else text


def _letter(entity: str) -> str:
    """Return the letter an entity stands for; what would look like markup stays as it came."""
    letter = unescape(entity)
    return entity if letter in {"<", ">"} or _CONTROLS.search(letter) else letter


def _says_nothing(text: str, field: str) -> bool:
    if _DASHES.fullmatch(text):
        return True
    # Na is a name in some countries, and NA the province of Naples.
    named = field.endswith(("name", "country", "region", "company"))
    return not named and text.casefold() in _NOTHING


def several(field: str, text: str) -> list[str]:
    """Tell apart the values that stand together in one field, if they do."""
    if field not in _REACHED:
        return [text]
    if field == "email" and (inside := _IN_BRACKETS.fullmatch(text)):
        return [inside[1]]
    parts = [part for part in _BETWEEN_VALUES.split(text) if part]
    if len(parts) > 1 and all(_is_whole(field, part) for part in parts):
        return [several(field, part)[0] for part in parts]
    return [text]


def _is_whole(field: str, part: str) -> bool:
    if field == "email":
        return part.count("@") == 1
    if field == "iban":
        return _IBAN_LIKE.fullmatch(part) is not None
    return sum(map(str.isdigit, part)) >= _SHORTEST_PHONE


def comparable(kind: str, value: str) -> str:
    """Return what two values of a kind have in common when they are one, whatever their case."""
    return digits(value) if kind == "phone" else lowercase(value)


def read_party(given: Mapping[str, str], who: Who) -> Reading:
    """Check fields that are `plain`; an empty text is a field that is said to be empty."""
    work = _Work(given, who)
    work.names()
    work.official()
    for field in _REACHED:
        if field in given:
            work.reach(field)
    work.words()
    for field in given:
        if field not in work.values and field not in _MOVED:
            work.values[field] = given[field] or None
    return Reading(work.values, tuple(work.further), tuple(work.to_check), tuple(work.faults))


_MOVED: Final = frozenset({*NUMBERS, *LOOKED_AT, *_WORDS, *NAMES, "country"})


def country_in(words: Mapping[str, str], home: str | None) -> tuple[str | None, bool]:
    """Return the country that is said, else that of the VAT number, else `home`.

    The second value is false for a word that is no country.
    """
    known = True
    if word := words.get("country", ""):
        if code := code_of("country", word):
            return code, True
        known = False
    prefix = words.get("vat_no", "")[:2].upper()
    if prefix in numbers.EU_PREFIXES:
        return numbers.COUNTRY_OF_PREFIX.get(prefix, prefix), known
    return home, known


def made_of(name: str, parts: Iterable[str | None]) -> bool:
    """Tell whether a name holds nothing but words of these parts and initials."""
    words = {fold(word) for part in parts if part for word in _WORD.findall(part)}
    return all(word in words or len(word) == 1 for word in map(fold, _WORD.findall(name)))


class _Work:
    """The fields in hand; faults gather so that all can be mended at once."""

    def __init__(self, given: Mapping[str, str], who: Who) -> None:
        self.given = given
        self.who = who
        self.natural = who.kind == "natural"
        self.values: dict[str, CheckedNumber | str | None] = {}
        self.further: list[tuple[str, str]] = []
        self.to_check: list[str] = []
        self.faults: list[Fault] = []

    def names(self) -> None:
        """Call a person by given and family name; a name beside them is that of a trade."""
        given = self.given
        for field in NAMES:
            if field in given:
                self.values[field] = given[field] or None
        halves = [given.get(half) for half in NAMES[1:]]
        if not any(halves):
            return
        if not self.natural:
            field = next(half for half in NAMES[1:] if given.get(half))
            self.faults.append(Fault(field, NameOfPerson()))
        elif (name := given.get("name")) and made_of(name, halves):
            self.values["name"] = None

    def official(self) -> None:
        """Check the official numbers by the rules of the party's kind."""
        if self.natural:
            self._of_person()
        else:
            self._of_company()

    def _of_company(self) -> None:
        given, country = self.given, self.who.country
        if "reg_no" in given:
            self.check("reg_no", lambda text: numbers.reg_no(text, country))
        if given.get("personal_code"):
            # The codice fiscale of a company is its number in the register.
            code = self._checked("personal_code", lambda text: numbers.reg_no(text, country))
            number = self.values.get("reg_no")
            if code and number and code != number:
                self.faults.append(Fault("personal_code", RegNoComponent()))
            elif code:
                self.values["reg_no"] = code
        if "vat_no" in given:
            self.check("vat_no", self._vat_of_company)

    def _vat_of_company(self, text: str) -> CheckedNumber:
        checked = numbers.vat_no(text, self.who.country, self.who.today)
        if checked.personal:
            raise VatComponent
        return checked

    def _of_person(self) -> None:
        given, country, today = self.given, self.who.country, self.who.today
        if "personal_code" in given:
            self.check("personal_code", lambda text: numbers.personal_code(text, country, today))
        if number := given.get("reg_no"):
            # A heading or field may promise either number: a human's own is read as what it is.
            if numbers.names_a_person(number, country):
                code = self._checked(
                    "reg_no", lambda text: numbers.personal_code(text, country, today)
                )
                held = self.values.get("personal_code")
                if code and held and code != held:
                    self.faults.append(Fault("reg_no", RegNoComponent()))
                elif code:
                    self.values["personal_code"] = code
            else:
                self.check("reg_no", lambda text: numbers.reg_no(text, country))
        elif "reg_no" in given:
            self.values["reg_no"] = None
        if "vat_no" in given:
            self.check("vat_no", lambda text: numbers.vat_no(text, country, today))

    def reach(self, field: str) -> None:
        """Check an address, account or phone; where several stand there, the others are further."""
        first, *others = several(field, self.given[field])
        self.values[field] = None
        if first and (checked := self._one(field, first)) is not None:
            self.values[field] = checked
        for text in others:
            if (checked := self._one(field, text)) is not None:
                self.further.append((field, checked.stored))

    def _one(self, field: str, text: str) -> CheckedNumber | None:
        if field == "phone":
            checked = self._checked(field, lambda text: numbers.phone(text, self.who.country), text)
            if checked is not None and checked.to_check and field not in self.to_check:
                self.to_check.append(field)
            return checked
        return self._checked(field, numbers.email if field == "email" else numbers.iban, text)

    def words(self) -> None:
        """Turn words into codes."""
        for field in _WORDS:
            if field not in self.given:
                continue
            word = self.given[field]
            self.values[field] = None
            if word and (code := _code(field, word)) is None:
                self.faults.append(Fault(field, WordUnknown()))
            elif word:
                self.values[field] = code
        if country := self.given.get("country"):
            code = code_of("country", country)
            self.values["country"] = code
            if code is None:
                self.faults.append(Fault("country", WordUnknown()))

    def check(self, field: str, rule: Callable[[str], CheckedNumber]) -> None:
        """Store what a rule makes of a field."""
        self.values[field] = self._checked(field, rule)

    def _checked(
        self, field: str, rule: Callable[[str], CheckedNumber], text: str | None = None
    ) -> CheckedNumber | None:
        text = self.given[field] if text is None else text
        if not text:
            return None
        try:
            if field != "email" and _SHORTENED.fullmatch(text):
                raise Shortened
            return rule(text)
        except InvalidNumber as fault:
            self.faults.append(Fault(field, fault))
            return None


def _code(field: str, word: str) -> str | None:
    if field == "channel":
        return word if word in CHANNELS else code_of("channel", word)
    low = word.lower()
    return code_of("language", word) or (low if _LANGUAGE.fullmatch(low) else None)
