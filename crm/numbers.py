"""Numbers and addresses by which parties are known: their form is checked, their truth never.

The rules are python-stdnum's, email-validator's and phonenumbers', with their gaps closed:
codes that carry no check digit, birth dates yet to come, national check letters. Nothing here
asks a register or the network, so the strongest thing ever said is "format checked".

The libraries are loaded when first needed, because `--help` needs none of them. A number of the
two home countries takes a short way that only ever accepts; what it does not know goes to the
library, so both ways agree.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib import import_module
from operator import mul
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from crm import errors
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT_CHECKED: Final = N_("format checked")
NOT_CHECKABLE: Final = N_("not checkable")
NOT_CHECKED: Final = N_("not checked")
TO_CHECK: Final = N_("to check")

# Northern Ireland trades goods as a part of the Union; Greece writes EL where others read GR.
EU_PREFIXES: Final = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"),
)
# The prefix of a VAT number is not always the code of its country.
COUNTRY_OF_PREFIX: Final = {"EL": "GR", "XI": "GB"}


class CheckedNumber(NamedTuple):
    """A number whose form was checked, with what to keep and what to search by.

    `normalised` is equal for every spelling of one number and empty when there is nothing to
    search by; `note` says how far the check went; `personal` marks the code of a human.
    """

    stored: str
    normalised: str
    checkable: bool = True
    note: str = FORMAT_CHECKED
    to_check: bool = False
    personal: bool = False


_Faults = dict[str, type[errors.InvalidNumber]]


def _faults(*kinds: type[errors.InvalidNumber]) -> _Faults:
    """Tell by the library's word for what is wrong which of our errors says so."""
    wrong = ("InvalidFormat", "InvalidLength", "InvalidComponent", "InvalidChecksum")
    return dict(zip(wrong, kinds, strict=True))


_REG_NO: Final = _faults(
    errors.RegNoFormat, errors.RegNoLength, errors.RegNoComponent, errors.RegNoChecksum
)
_VAT: Final = _faults(errors.VatFormat, errors.VatLength, errors.VatComponent, errors.VatChecksum)
_PERSONAL: Final = _faults(
    errors.PersonalCodeFormat,
    errors.PersonalCodeLength,
    errors.PersonalCodeComponent,
    errors.PersonalCodeChecksum,
)
_LV_ENTITY = re.compile(r"(LV)?([4-9]\d{10})", re.ASCII)
_LV_WEIGHTS: Final = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)
_LV_REMAINDER: Final = 3
_IT_ENTITY = re.compile(r"(IT)?((?!0{7})\d{7}(?:0(?!00)\d\d|100|12[01]|888|999)\d)", re.ASCII)
_LUHN_DOUBLES: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_LV_NEW_CODE = re.compile(r"3[2-9]\d{9}", re.ASCII)
_LV_CODE_AS_WRITTEN = re.compile(r"\d{6}-\d{5}", re.ASCII)
_IT_TAX_CODE = re.compile(r"(?:IT)?[A-Z]{6}[0-9A-Z]{10}")
_IT_TAX_CODE_LENGTH: Final = 16
_IT_PREFIXED: Final = (13, 18)  # "IT" and an 11- or 16-character code; shorter ones may begin so
_SEPARATORS = re.compile(r"[\s./:-]+")
_DIGITS = re.compile(r"\D+", re.ASCII)


@cache
def _stdnum(name: str) -> Any:
    return import_module(f"stdnum.{name}")


def _ask(module: str, number: str, faults: _Faults) -> str:
    """Let the library judge, and turn its verdict into ours, which carries no value."""
    try:
        return str(_stdnum(module).validate(number))
    except ValueError as fault:
        raise faults.get(type(fault).__name__, faults["InvalidFormat"]) from None


def _latvian_sum_holds(digits: str) -> bool:
    total: int = sum(map(mul, _LV_WEIGHTS, map(int, digits)))
    return total % 11 == _LV_REMAINDER


def _italian_sum_holds(digits: str) -> bool:
    doubled = map(_LUHN_DOUBLES.__getitem__, map(int, digits[1::2]))
    return (sum(map(int, digits[::2])) + sum(doubled)) % 10 == 0


def _entity_at_home(text: str, country: str | None) -> str | None:
    """Return the prefixed number if it is beyond doubt one of a Latvian or Italian entity."""
    found = _LV_ENTITY.fullmatch(text)
    if found and (found[1] or country == "LV"):
        return "LV" + found[2] if _latvian_sum_holds(found[2]) else None
    found = _IT_ENTITY.fullmatch(text)
    if found and (found[1] or country == "IT"):
        return "IT" + found[2] if _italian_sum_holds(found[2]) else None
    return None


def is_code_of_person(digits: str) -> bool:
    """Tell whether 11 Latvian digits stand for a human, because then they are personal data."""
    return digits[:1] <= "3"


def names_a_person(number: str, country: str | None) -> bool:
    """Tell whether a number, whatever its heading promises, names a human: then it is theirs.

    In Italy eleven digits name a firm, elsewhere they may be a Latvian personal code.
    """
    plain = "".join(filter(str.isalnum, number))
    if len(plain) == _IT_TAX_CODE_LENGTH:
        return plain[:6].isalpha()
    if len(plain) != len(_LV_WEIGHTS) or country == "IT":
        return False
    return plain.isdigit() and is_code_of_person(plain)


def kind_by_number(number: str, country: str | None, *, is_vat: bool = False) -> str | None:
    """Tell by an official number whether it is a natural or a legal person's; None if it cannot.

    A VAT number tells it in Latvia only: elsewhere sole traders have one like any firm.
    """
    plain = _folded(number)
    if len(plain.removeprefix("IT")) == _IT_TAX_CODE_LENGTH:
        return "natural" if plain.removeprefix("IT")[:6].isalpha() else None
    home = country if not plain[:2].isalpha() else plain[:2]
    digits = plain.removeprefix("LV").removeprefix("IT")
    if len(digits) != len(_LV_WEIGHTS) or not (digits.isascii() and digits.isdigit()):
        return None
    if home == "IT":
        return "legal" if not is_vat and _italian_sum_holds(digits) else None
    if is_code_of_person(digits):
        return "natural" if home in {"LV", None} else None
    return "legal" if home == "LV" and _latvian_sum_holds(digits) else None


def _folded(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _abroad(text: str, country: str | None) -> CheckedNumber:
    """Keep a number whose rules are unknown here; its country makes it distinct."""
    key = _folded(text)
    if country and not key.startswith(country):
        key = country + key
    return CheckedNumber(text, key, checkable=False, note=NOT_CHECKED)


def reg_no(text: str, country: str | None) -> CheckedNumber:
    """Check the registration number of a legal person (in Italy: its codice fiscale).

    A personal code is refused here, so that it never lands among data every clerk may read.
    """
    at_home = _entity_at_home(text, country)
    if at_home and country in {None, at_home[:2]}:
        return CheckedNumber(at_home[2:], at_home[2:])
    place = country or text[:2].upper()
    if place == "LV":
        digits: str = _stdnum("lv.pvn").compact(text)
        if len(digits) == len(_LV_WEIGHTS) and digits.isdigit() and is_code_of_person(digits):
            raise errors.RegNoComponent
        number = _ask("lv.pvn", digits, _REG_NO)
        return CheckedNumber(number, number)
    if place == "IT":
        if _IT_TAX_CODE.fullmatch(_folded(text)):
            raise errors.RegNoComponent
        number = _ask("it.iva", text, _REG_NO)
        return CheckedNumber(number, number)
    return _abroad(text, country)


def vat_no(text: str, country: str | None, today: date) -> CheckedNumber:
    """Check a VAT number of an EU country; the stored form always begins with the country.

    `country` lends its letters to a number typed without them. A right number proves nothing
    about being registered for VAT.
    """
    if at_home := _entity_at_home(text, country):
        return CheckedNumber(at_home, at_home)
    number: str = _stdnum("util").clean(text, " ").upper()
    if not number[:2].isalpha():
        prefix = "EL" if country == "GR" else country
        if prefix not in EU_PREFIXES:
            raise errors.VatComponent
        number = prefix + number
    if number.startswith("LV"):
        digits: str = _stdnum("lv.pvn").compact(number)
        if is_code_of_person(digits):
            return _latvian_person(digits, today, _VAT, prefix="LV")
    number = _ask("eu.vat", number, _VAT)
    if number.startswith("GR"):
        number = "EL" + number[2:]
    return CheckedNumber(number, number)


def _latvian_person(digits: str, today: date, faults: _Faults, prefix: str = "") -> CheckedNumber:
    """Check a personal code: the old kind wholly, the random new kind by its form alone."""
    if not digits.isascii() or not digits.isdigit():
        raise faults["InvalidFormat"]
    if len(digits) != len(_LV_WEIGHTS):
        raise faults["InvalidLength"]
    if not is_code_of_person(digits):
        raise faults["InvalidComponent"]
    number = prefix + digits
    if _LV_NEW_CODE.fullmatch(digits):
        return CheckedNumber(number, number, checkable=False, note=NOT_CHECKABLE, personal=True)
    _ask("lv.pvn", digits, faults)
    century = 1800 + 100 * int(digits[6])
    if date(century + int(digits[4:6]), int(digits[2:4]), int(digits[:2])) > today:
        raise faults["InvalidComponent"]
    return CheckedNumber(number, number, personal=True)


def personal_code(text: str, country: str | None, today: date) -> CheckedNumber:
    """Check a Latvian personas kods or an Italian codice fiscale; others are kept as typed.

    A code written in the unmistakable form of one country is checked by that country's rules
    wherever the person lives.
    """
    if _LV_CODE_AS_WRITTEN.fullmatch(text):
        return _latvian_person(text.replace("-", ""), today, _PERSONAL)
    code = _folded(text)
    if _IT_TAX_CODE.fullmatch(code):
        country = "IT"
    if country == "LV":
        return _latvian_person(_stdnum("lv.pvn").compact(text), today, _PERSONAL)
    if country == "IT":
        if len(code) in _IT_PREFIXED:
            code = code.removeprefix("IT")
        number = _ask("it.codicefiscale", code, _PERSONAL)
        return CheckedNumber(number, number, personal=True)
    return _abroad(text, country)._replace(personal=True)


# The two home countries' account numbers; every other shape is the library's to judge.
_IBAN_AT_HOME = re.compile(r"LV\d\d[A-Z]{4}[0-9A-Z]{13}|IT\d\d[A-Z]\d{10}[0-9A-Z]{12}", re.ASCII)
_LETTER_VALUES: Final = str.maketrans(
    {chr(letter): str(letter - 55) for letter in range(ord("A"), ord("Z") + 1)}
)
_WITH_CIN: Final = ("IT", "SM")


def _iban_sum_holds(number: str) -> bool:
    return int((number[4:] + number[:4]).translate(_LETTER_VALUES)) % 97 == 1


def iban(text: str) -> CheckedNumber:
    """Check an account number, the Italian national check letter included."""
    number = text.replace(" ", "").upper()
    if not (_IBAN_AT_HOME.fullmatch(number) and _iban_sum_holds(number)):
        number = _ask("iban", text, dict.fromkeys(_REG_NO, errors.InvalidIban))
    if number[:2] in _WITH_CIN:
        letter = _stdnum("it.codicefiscale").calc_check_digit(number[5:])
        if letter != number[4]:
            raise errors.InvalidIban
    return CheckedNumber(number, number)


# Plain lower-case addresses; names that can never be reached and encoded ones go to the library.
_PLAIN_EMAIL = re.compile(
    r"(?=.{6,200}\Z)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[a-z]{2,24}",
    re.ASCII,
)
_LONGEST_LOCAL: Final = 64


def email(text: str) -> CheckedNumber:
    """Check an e-mail address without asking the network.

    `example.com` and its like are taken, because practice data uses them; names under `.test`,
    `.invalid`, `.localhost`, `.local` and `.onion` are refused, because mail never reaches them.
    """
    if _PLAIN_EMAIL.fullmatch(text) and text.index("@") <= _LONGEST_LOCAL:
        return CheckedNumber(text, text)
    library = import_module("email_validator")
    try:
        address: str = library.validate_email(text, check_deliverability=False).normalized
    except ValueError:
        raise errors.InvalidEmail from None
    return CheckedNumber(address, address.casefold())


_PLAIN_PHONE = re.compile(r"[(]?([+]|00)?[\d ()-]+", re.ASCII)
_LONGEST_EXTENSION: Final = len(" ext. 12345")
HOME_CODES: Final = {"371": "LV", "39": "IT"}


@cache
def national_numbers(region: str) -> re.Pattern[str]:
    """Compile what the library itself holds to be a number of `region`, all kinds together."""
    import_module("phonenumbers")
    data: Any = import_module("phonenumbers.phonemetadata").PhoneMetadata
    described = data.metadata_for_region(region)
    kinds = (described.fixed_line, described.mobile, described.toll_free, described.shared_cost)
    shapes = "|".join(kind.national_number_pattern for kind in kinds)
    return re.compile(f"(?={described.general_desc.national_number_pattern}\\Z)(?:{shapes})")


def _phone_at_home(text: str, country: str | None) -> str | None:
    plain = _PLAIN_PHONE.fullmatch(text)
    if not plain:
        return None
    digits = _DIGITS.sub("", text)
    if plain[1]:
        digits = digits.removeprefix("00") if plain[1] == "00" else digits
        code = "371" if digits.startswith("371") else "39"
    else:
        code = next((code for code, region in HOME_CODES.items() if region == country), "")
        digits = code + digits
    if code and digits.startswith(code):
        region = HOME_CODES[code]
        if national_numbers(region).fullmatch(digits, len(code)):
            return "+" + digits
    return None


def phone(text: str, country: str | None) -> CheckedNumber:
    """Bring a phone number into its international form; never refuse one.

    What is no valid number stays as typed, marked to check, and is found by its digits; so is
    a valid number with words around it, because the words may be what the clerk needs.
    """
    if at_home := _phone_at_home(text, country):
        return CheckedNumber(at_home, at_home)
    library: Any = import_module("phonenumbers")
    number: str | None = None
    rest = ""
    try:
        dialled = "+" + text[2:] if text.startswith("00") and not country else text
        parsed = library.parse(dialled, country)
    except library.NumberParseException:
        pass
    else:
        if library.is_valid_number(parsed):
            number = library.format_number(parsed, library.PhoneNumberFormat.E164)
            rest = f" ext. {parsed.extension}" if parsed.extension else ""
    two_numbers = len(rest) > _LONGEST_EXTENSION  # what follows a comma may be a second number
    if number and not two_numbers and (rest or not any(map(str.isalpha, text))):
        return CheckedNumber(number + rest, number)
    key = number or _bare_digits(text)
    return CheckedNumber(text, key, checkable=False, note=TO_CHECK, to_check=True)


def _bare_digits(text: str) -> str:
    digits = "".join(str(int(letter)) for letter in text if letter.isdecimal())
    return digits.removeprefix("00") if digits.startswith("00") else digits


def grouped_iban(number: str) -> str:
    """Show an account number in groups of four, as banks print it."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def hyphened_code(number: str) -> str:
    """Show a Latvian personal code as `dddddd-ddddd`; other codes stay as they are."""
    if len(number) == len(_LV_WEIGHTS) and number.isdigit() and is_code_of_person(number):
        return f"{number[:6]}-{number[6:]}"
    return number


def _as_stored(code: str) -> tuple[str, ...]:
    """Give a VAT number as it is stored beside how it was typed: some have an old short form."""
    try:
        return tuple(dict.fromkeys((code, str(_stdnum("eu.vat").validate(code)))))
    except ValueError:
        return (code,)


def search_keys(text: str, country: str | None) -> Mapping[str, tuple[str, ...]]:
    """List, for each kind of number, the normalised forms that `text` may stand for.

    Nothing is refused: a search for a wrong number is an answer, not a mistake.
    """
    code = _folded(text).translate({ord("–"): None, ord("—"): None})
    if not code:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    if "@" in text:
        try:
            found["email"] = (email(text).normalised,)
        except errors.InvalidEmail:
            found["email"] = (text.casefold(),)
    regions = dict.fromkeys((country, "LV", "IT"))
    phones = dict.fromkeys(phone(text, region).normalised for region in regions)
    found["phone"] = tuple(key for key in phones if key)
    if code.isascii() and code.isalnum():
        code = "EL" + code[2:] if code.startswith("GR") else code
        prefixed = tuple(prefix + code for prefix in EU_PREFIXES)
        bare = code[2:] if code.startswith(("LV", "IT")) else code
        found["reg_no"] = tuple(dict.fromkeys((code, bare, *prefixed)))
        found["personal_code"] = found["reg_no"]
        found["vat_no"] = _as_stored(code) if code[:2].isalpha() else prefixed
        found["iban"] = (code,)
    return {kind: keys for kind, keys in found.items() if keys}
