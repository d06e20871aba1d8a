"""Numbers and addresses: what is taken, what is refused and why, and what is only noted."""

from __future__ import annotations

import random
import re
import string
import subprocess
import sys
from datetime import date
from functools import partial

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban as library_iban
from stdnum.eu import vat as library_vat
from stdnum.it import iva as library_iva
from stdnum.lv import pvn as library_pvn

from crm import errors, numbers

TODAY = date(2026, 11, 22)
vat = partial(numbers.vat_no, today=TODAY)
code = partial(numbers.personal_code, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("40003798684", "40003798684"),
        ("LV40003798684", "40003798684"),
        ("lv 4000 3798 684", "40003798684"),
        ("LV-40003798684", "40003798684"),
        ("41503001047", "41503001047"),
        ("LV41503001047", "41503001047"),
        ("40003521600", "40003521600"),
        ("90000068977", "90000068977"),
        ("４０００３７９８６８４", "40003798684"),
    ],
)
def test_latvian_company_numbers_are_kept_without_prefix_and_vat_with_it(
    typed: str, stored: str
) -> None:
    """One company has one number however it is typed, and a VAT number always its country."""
    assert numbers.reg_no(typed, "LV").stored == stored
    assert vat(typed, "LV").stored == "LV" + stored
    assert numbers.reg_no(typed, "LV").note == "format checked"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("40003798685", "checksum"),
        ("41503001048", "checksum"),
        ("4000379868", "length"),
        ("400037986840", "length"),
        ("LV4000379868", "length"),
        ("40.003.798.684", "format"),
        ("4000379868x", "format"),
    ],
)
def test_a_wrong_latvian_number_is_refused_with_its_reason(typed: str, fault: str) -> None:
    """The reason is a stable code, the exit code says invalid, and the value is never quoted."""
    for check, field in ((numbers.reg_no, "reg_no"), (vat, "vat")):
        with pytest.raises(errors.InvalidNumber) as caught:
            check(typed, "LV")
        assert caught.value.reason == f"{field} {fault}"
        assert caught.value.exit_code == 2
        assert typed not in str(caught.value)
        assert not caught.value.arguments


def test_a_personal_code_is_no_registration_number() -> None:
    """A human's code never lands in the open field of a company's number."""
    for typed, country in (
        ("161175-19997", "LV"),
        ("16117519997", "LV"),
        ("RCCMNL83S18D969H", "IT"),
        ("ITRCCMNL83S18D969H", "IT"),
    ):
        with pytest.raises(errors.RegNoComponent):
            numbers.reg_no(typed, country)


@pytest.mark.parametrize(
    "typed", ["161175-19997", "161175–19997", "010180-10000", "290204-20002", "LV161175-19997"]
)
def test_old_personal_codes_are_checked(typed: str) -> None:
    """A code with a birth date in it is checked wholly and marked as personal."""
    checked = code(typed, "LV")
    assert checked.checkable
    assert checked.personal
    assert checked.stored.isdigit()
    assert len(checked.stored) == 11


@pytest.mark.parametrize("typed", ["328673-00679", "328673-00677", "331234-56780", "39000000000"])
def test_new_personal_codes_are_taken_by_their_form(typed: str) -> None:
    """Codes drawn at random carry no check digit, so none is asked of them and the note says so."""
    checked = code(typed, "LV")
    assert not checked.checkable
    assert checked.note == "not checkable"
    assert vat("LV" + typed, None).personal


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("161175-19998", "checksum"),
        ("161375-19997", "component"),
        ("290201-20005", "component"),
        ("010180-90003", "component"),
        ("40003521600", "component"),
        ("161175-1999", "length"),
        ("16117x-19997", "format"),
    ],
)
def test_wrong_personal_codes_are_refused(typed: str, fault: str) -> None:
    """Impossible dates, births yet to come and companies' numbers are no personal codes."""
    with pytest.raises(errors.InvalidNumber) as caught:
        code(typed, "LV")
    assert caught.value.reason == f"personal_code {fault}"


def test_a_birth_date_is_in_the_future_by_the_day_that_is_told() -> None:
    """The same code is refused before its birth date and taken on it."""
    born = "221126-2000"
    digits = next(d for d in "0123456789" if library_pvn.is_valid(born + d))
    assert numbers.personal_code(born + digits, "LV", TODAY).personal
    with pytest.raises(errors.PersonalCodeComponent):
        numbers.personal_code(born + digits, "LV", date(2026, 11, 21))


@pytest.mark.parametrize("typed", ["01085650446", "IT01085650446", "IT 0108565 044 6"])
def test_italian_company_numbers_keep_their_zero(typed: str) -> None:
    """Partita IVA and a company's codice fiscale are one number, with and without country."""
    assert vat(typed, "IT").stored == "IT01085650446"
    assert numbers.reg_no(typed, "IT").stored == "01085650446"
    assert code(typed, "IT").stored == "01085650446"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("IT01085650447", "checksum"),
        ("1085650446", "length"),
        ("12345678903", "component"),
        ("00000000000", "format"),
    ],
)
def test_wrong_italian_numbers_are_refused(typed: str, fault: str) -> None:
    """The three fields share one rule and each tells its own reason."""
    for check, field in ((vat, "vat"), (numbers.reg_no, "reg_no"), (code, "personal_code")):
        with pytest.raises(errors.InvalidNumber) as caught:
            check(typed, "IT")
        assert caught.value.reason == f"{field} {fault}"


@pytest.mark.parametrize(
    "typed",
    ["RCCMNL83S18D969H", "rccmnl83s18d969h", "RSSMRA80A41H501Y", "RCCMNLUPSMUD969Y"],
)
def test_italian_tax_codes_are_taken_wherever_the_person_lives(typed: str) -> None:
    """Women's codes and codes made distinct by letters are as good as any other."""
    for country in ("IT", "LV", None):
        assert code(typed, country) == numbers.CheckedNumber(
            typed.upper(), typed.upper(), personal=True
        )
    assert code("IT" + typed, "IT").stored == typed.upper()


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("RCCMNL83S18D969X", "checksum"),
        ("RCCMNL83S18D969", "length"),
        ("RSSMRA80A32H501C", "component"),
        ("ITCMNL83S18D969H!", "length"),
    ],
)
def test_wrong_tax_codes_are_refused(typed: str, fault: str) -> None:
    """A code that begins with IT by its owner's name is not cut."""
    with pytest.raises(errors.InvalidNumber) as caught:
        code(typed, "IT")
    assert caught.value.reason == f"personal_code {fault}"


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("GR094259216", None, "EL094259216"),
        ("EL094259216", None, "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("XI110305878", None, "XI110305878"),
        ("ATU57194903", "LV", "ATU57194903"),
        ("U57194903", "AT", "ATU57194903"),
        ("DE136695976", None, "DE136695976"),
    ],
)
def test_vat_numbers_of_the_union_carry_their_prefix(
    typed: str, country: str | None, stored: str
) -> None:
    """Greece is EL however it was typed, and Northern Ireland belongs."""
    assert vat(typed, country).stored == stored


@pytest.mark.parametrize(
    ("typed", "country"),
    [("GB980780684", None), ("CHE123456788", None), ("40003521600", None), ("123", "US")],
)
def test_vat_numbers_from_elsewhere_are_refused(typed: str, country: str | None) -> None:
    """What is outside the Union, or says no country, is no VAT number here."""
    with pytest.raises(errors.VatComponent):
        vat(typed, country)


def test_numbers_of_other_countries_are_kept_as_typed() -> None:
    """Where no rule is known nothing is claimed, and countries are kept apart."""
    checked = numbers.reg_no("HRB 12345", "DE")
    assert checked == numbers.CheckedNumber(
        "HRB 12345", "DEHRB12345", checkable=False, note="not checked"
    )
    assert numbers.reg_no("10137025", "EE").normalised == "EE10137025"
    assert numbers.reg_no("EE 10137025", "EE").normalised == "EE10137025"
    assert numbers.reg_no("10137025", None).normalised == "10137025"
    assert code("39001010000", "EE").personal


def test_who_a_latvian_number_belongs_to() -> None:
    """A first digit above three is a company, any other a human."""
    assert numbers.is_code_of_person("16117519997")
    assert numbers.is_code_of_person("32867300679")
    assert not numbers.is_code_of_person("40003521600")
    assert vat("LV161175-19997", None).personal
    assert not vat("LV40003521600", None).personal


@pytest.mark.parametrize(
    "typed",
    [
        "LV80BANK0000435195001",
        "lv80 bank 0000 4351 9500 1",
        "IT60X0542811101000000123456",
        "it60 x054 2811 1010 0000 0123 456",
        "DE89370400440532013000",
    ],
)
def test_account_numbers_are_stored_compact_and_shown_in_fours(typed: str) -> None:
    """However grouped, it is one account."""
    stored = numbers.iban(typed).stored
    assert stored == typed.replace(" ", "").upper()
    assert numbers.grouped_iban(stored).replace(" ", "") == stored
    assert numbers.grouped_iban("LV80BANK0000435195001") == "LV80 BANK 0000 4351 9500 1"


@pytest.mark.parametrize(
    "typed",
    [
        "LV81BANK0000435195001",
        "IT61X0542811101000000123456",
        "IT65A0542811101000000123456",
        "LV00HABA0000000000000",
        "LV80",
        "x",
        "",
    ],
)
def test_wrong_account_numbers_are_refused(typed: str) -> None:
    """A right international sum does not save a wrong Italian national letter."""
    with pytest.raises(errors.InvalidIban):
        numbers.iban(typed)


def test_codes_are_shown_as_their_country_writes_them() -> None:
    """A Latvian code has its hyphen; an Italian one and a company's number have none."""
    assert numbers.hyphened_code("16117519997") == "161175-19997"
    assert numbers.hyphened_code("RCCMNL83S18D969H") == "RCCMNL83S18D969H"
    assert numbers.hyphened_code("40003521600") == "40003521600"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("anna@example.com", "anna@example.com"),
        ("anna@mail.example", "anna@mail.example"),
        ("anna@example.org", "anna@example.org"),
        ("Anna.Liepa@Example.COM", "Anna.Liepa@example.com"),
        ("info@uzņēmums.lv", "info@uzņēmums.lv"),
        (f"info@{'uzņēmums'.encode('idna').decode()}.lv", "info@uzņēmums.lv"),
    ],
)
def test_mail_addresses_are_taken_without_the_network(typed: str, stored: str) -> None:
    """Practice domains pass, spellings of one domain become one."""
    checked = numbers.email(typed)
    assert checked.stored == stored
    assert checked.normalised == stored.casefold()


@pytest.mark.parametrize(
    "typed",
    [
        "nav@",
        "@example.com",
        "anna",
        "a b@example.com",
        "a@b",
        "a@x.test",
        "a@x.invalid",
        "a@a..lv",
    ],
)
def test_addresses_that_mail_cannot_reach_are_refused(typed: str) -> None:
    """Half an address is none, and reserved names can never be reached."""
    with pytest.raises(errors.InvalidEmail):
        numbers.email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "67793292",
        "(+371) 67793292",
        "+371 6779 3292",
        "00371 67793292",
        "371 67793292",
        "6779-3292",
    ],
)
def test_one_phone_has_one_form(typed: str) -> None:
    """Every way of writing a Latvian number finds the same client."""
    assert numbers.phone(typed, "LV") == numbers.CheckedNumber("+37167793292", "+37167793292")


@pytest.mark.parametrize(
    ("typed", "country", "key"),
    [
        ("nav", "LV", ""),
        ("123", "LV", "123"),
        ("67793292", None, "67793292"),
        ("00 12 34", "LV", "1234"),
        ("67793292 vai 29123456 (Anna)", "LV", "6779329229123456"),
        ("tālr. 67793292", "LV", "+37167793292"),
        ("67793292, 29123456", "LV", "+37167793292"),
        ("6779", "XX", "6779"),
    ],
)
def test_a_phone_is_never_refused(typed: str, country: str | None, key: str) -> None:
    """What is no plain number stays as typed, is marked, and is found by what it holds."""
    checked = numbers.phone(typed, country)
    assert checked.to_check
    assert checked.stored == typed
    assert checked.normalised == key


def test_an_extension_is_kept() -> None:
    """The number is searchable and the extension not lost."""
    checked = numbers.phone("67793292 ext. 12", "LV")
    assert checked.stored == "+37167793292 ext. 12"
    assert checked.normalised == "+37167793292"
    assert not checked.to_check


def _digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@given(_digits(10).filter(lambda text: text[0] > "3"))
def test_the_short_way_for_companies_agrees_with_the_library(start: str) -> None:
    """For every last digit the verdict is the library's, so the short way hides no mistake."""
    for last in "0123456789":
        number = start + last
        assert _taken(partial(numbers.reg_no, country="LV"), number) == library_pvn.is_valid(number)
        assert _taken(partial(numbers.reg_no, country="IT"), number) == library_iva.is_valid(number)
        full = "IT" + number
        assert _taken(partial(vat, country=None), full) == library_vat.is_valid(full)


def _taken(check: partial[numbers.CheckedNumber], text: str) -> bool:
    try:
        check(text)
    except errors.InvalidNumber:
        return False
    return True


@given(st.text("ABXYZ0123456789", min_size=17, max_size=17), _digits(2))
@example("BANK0000435195001", "80")
def test_the_short_way_for_accounts_agrees_with_the_library(rest: str, check: str) -> None:
    """A Latvian account is taken exactly when the library takes it."""
    letters = re.sub(r"\d", "A", rest[:4]) + rest[4:]
    for text in (f"LV{check}{letters}", library_iban_with_sum("LV" + letters)):
        assert _taken(partial(numbers.iban), text) == library_iban.is_valid(text)


def library_iban_with_sum(text: str) -> str:
    return text[:2] + str(library_iban.calc_check_digits(text[:2] + "00" + text[2:])) + text[2:]


_MAIL_PART = st.text(string.ascii_lowercase + "0123456789-_+.", min_size=1, max_size=12)


@given(
    _MAIL_PART, _MAIL_PART, st.sampled_from(["com", "lv", "test", "local", "x", "example", "1a"])
)
def test_the_short_way_for_mail_agrees_with_the_library(local: str, host: str, top: str) -> None:
    """A plain address is taken, and kept, exactly as the library would."""
    text = f"{local}@{host}.{top}"
    try:
        expected: str | None = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        expected = None
    try:
        found: str | None = numbers.email(text).stored
    except errors.InvalidEmail:
        found = None
    assert found == expected


@given(
    st.sampled_from(["", "+371", "+39", "00371", "0039", "(+371)", "(+39)", "371", "39"]),
    st.text("0123456789 -()", min_size=5, max_size=14),
    st.sampled_from(["LV", "IT", None]),
)
@example("", "3357128523", "IT")
@example("+39", " 0736 799327", "IT")
@example("+39", " 06 698 12345", "LV")
def test_the_short_way_for_phones_agrees_with_the_library(
    prefix: str, rest: str, country: str | None
) -> None:
    """A number is valid, and gets its international form, exactly as the library has it."""
    text = prefix + rest
    try:
        parsed = phonenumbers.parse(re.sub("^00", "+", text), country)
    except phonenumbers.NumberParseException:
        parsed = None
    checked = numbers.phone(text, country)
    if parsed and phonenumbers.is_valid_number(parsed) and not parsed.extension:
        form = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert checked == numbers.CheckedNumber(form, form)
    else:
        assert checked.to_check or (parsed and parsed.extension)


def test_phones_of_both_countries_take_the_short_way_for_every_leading_pair() -> None:
    """Over all beginnings of a number the two ways say the same, not only over likely ones."""
    chance = random.Random(7)
    for start in range(1000):
        for length, country in ((8, "LV"), (9, "IT"), (10, "IT"), (11, "IT")):
            text = f"{start:03d}" + "".join(chance.choices("0123456789", k=length - 3))
            try:
                valid = phonenumbers.is_valid_number(phonenumbers.parse(text, country))
            except phonenumbers.NumberParseException:
                valid = False
            assert numbers.phone(text, country).to_check is not valid


@given(st.text(max_size=40), st.sampled_from([None, "LV", "IT", "DE", "ES", "XX"]))
def test_no_text_breaks_a_check(text: str, country: str | None) -> None:
    """Whatever is typed is taken or refused; nothing else ever comes out."""
    checks = (
        partial(numbers.reg_no, country=country),
        partial(vat, country=country),
        partial(code, country=country),
        numbers.iban,
        numbers.email,
    )
    for check in checks:
        _taken(partial(check), text)
    numbers.phone(text, country)
    numbers.search_keys(text, country)


@given(st.sampled_from(numbers.EU_PREFIXES), st.text("0123456789ABWX-. é٣", max_size=14))
def test_no_text_after_a_country_breaks_the_vat_check(prefix: str, rest: str) -> None:
    """The rules of all member states stand up to nonsense."""
    _taken(partial(vat, country=None), prefix + rest)


@pytest.mark.parametrize(
    ("typed", "kind", "key"),
    [
        ("4000 3521-600", "reg_no", "40003521600"),
        ("LV40003521600", "reg_no", "40003521600"),
        ("40003521600", "vat_no", "LV40003521600"),
        ("LV40003521600", "vat_no", "LV40003521600"),
        ("GR094259216", "vat_no", "EL094259216"),
        ("161175-19997", "personal_code", "16117519997"),
        ("Anna@Example.com", "email", "anna@example.com"),
        ("nav@", "email", "nav@"),
        ("00371 67793292", "phone", "+37167793292"),
        ("(+371) 6779 3292", "phone", "+37167793292"),
        ("lv80 bank 0000 4351 9500 1", "iban", "LV80BANK0000435195001"),
        ("10137025", "reg_no", "EE10137025"),
    ],
)
def test_a_search_tries_every_form_a_text_may_stand_for(typed: str, kind: str, key: str) -> None:
    """Whoever types a number need not know how it is kept."""
    assert key in numbers.search_keys(typed, "LV")[kind]


def test_every_refusal_has_its_own_code_and_sentence() -> None:
    """Lists of rejected rows are read by programs, so no two reasons are alike."""
    classes = errors.InvalidNumber.__subclasses__()
    assert len({refusal.reason for refusal in classes}) == len(classes)
    assert len({refusal.text for refusal in classes}) == len(classes)
    assert errors.NoName.reason == "no name"


def test_loading_the_module_loads_no_library() -> None:
    """Help must come at once, so the rules of all countries wait until a number comes."""
    probe = (
        "import sys, crm.numbers, crm.files.judge, crm.files.writing;"
        "print(sorted({'stdnum', 'phonenumbers', 'email_validator'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
