"""Rows become candidates or rejections, by what the chosen purposes cover and nothing else."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.files.candidate import Candidate, PartyPart, Rejection
from crm.files.headings import FIELDS, read_headings
from crm.files.judge import Judge
from crm.files.parsing import _CLEAN_ALREADY
from crm.files.reading import FileTable
from gdpr.text import clean

EVERYTHING = frozenset(
    item for field in FIELDS.values() for item in (field.legal, field.natural) if item
) | {"position"}
TODAY = date(2026, 11, 22)
LATVIAN = (
    "Nr.;Klienta veids;Nosaukums;Reģ. Nr.;PVN Nr.;Vārds;Uzvārds;Personas kods;Juridiskā adrese;"
    "E-pasts;Tālrunis;Kontaktpersonas vārds;Kontaktpersonas uzvārds;Amats;Konts (IBAN);Piezīmes"
)


def held(part: PartyPart, field: str) -> Any:
    """Return what a row holds of a field, checked; None where it says nothing."""
    return part.values.get(field)


def judged(
    text: str,
    encoding: str = "utf-8",
    *,
    party: frozenset[str] = EVERYTHING,
    contact: frozenset[str] = EVERYTHING,
    keep_defective: bool = False,
) -> list[Candidate | Rejection]:
    table = FileTable(io.BytesIO(text.encode(encoding)))
    judge = Judge(
        read_headings(table.headings, country="LV"),
        party=party,
        contact=contact,
        today=TODAY,
        keep_defective=keep_defective,
    )
    return [judge.judge(row) for row in table]


def one(text: str, *, party: frozenset[str] = EVERYTHING) -> Candidate:
    (found,) = judged(text, party=party)
    assert isinstance(found, Candidate), found
    return found


OFFICE = (
    LATVIAN
    + """
1;juridiska;"SIA ""Zaļā Ķirsis""\";40003521600;LV40003521600;;;;Ielā 1, Rīga;\
birojs@example.com;(+371) 67793292;Māra;Šļūka;grāmatvede;LV80BANK0000435195001;zvanīt
2;fiziska;;;;Žanete;Ģērmane;161175-19997;Ielā 2, Rīga;zg@example.com;21234567;;;;;
3;fiziska;;;;Ēriks;Ņemiro;328673-00677;Ielā 3;;vakarā;;;;;"rinda 1
rinda 2"
4;juridiska;SIA Otrā;40003521601;;;;;;;;;;;;
5;juridiska;;41503001047;;;;;;;;Jānis;Ķēniņš;;;
6;fiziska;;;;;;;Ielā 6;;;;;;;
7;fiziska;;;;Anna;Liepa;;;nav@;;;;;;
8;juridiska;SIA Trešā;41503001047;LV41503001048;;;;;;;;;;LV00HABA0000000000000;
9;fiziska;;;;Ivars;Kļava;010180-90003;;;;;;;;
10;juridiska;SIA Ceturtā;161175-19997;;;;;;;;;;;;
11;fiziska;;;;Uldis;Bērzs;;;;;;;;;;;x
""".replace("\n", "\r\n")
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1257", "utf-16"])
def test_an_office_file_is_judged_row_by_row(encoding: str) -> None:
    """Each bad row has its line, its own number, the column as the file calls it, and a code."""
    found = judged(OFFICE, encoding)
    assert [row.nr for row in found if isinstance(row, Candidate)] == [1, 2, 3]
    assert [
        (row.line, row.nr, row.column, row.reason) for row in found if isinstance(row, Rejection)
    ] == [
        (6, 4, "Reģ. Nr.", "reg_no checksum"),
        (7, 5, "Nosaukums", "no name"),
        (8, 6, "Uzvārds", "no name"),
        (9, 7, "E-pasts", "email"),
        (10, 8, "PVN Nr.", "vat checksum"),
        (11, 9, "Personas kods", "personal_code component"),
        (12, 10, "Reģ. Nr.", "reg_no component"),
        (13, 11, None, "columns"),
    ]
    eighth = next(row for row in found if row.nr == 8)
    assert isinstance(eighth, Rejection)
    assert eighth.others == (("Konts (IBAN)", "iban"),)


def test_a_company_row_holds_the_company_and_its_contact() -> None:
    """Numbers come checked and texts clean, and the person behind is a party of their own."""
    company = judged(OFFICE)[0]
    assert isinstance(company, Candidate)
    party, contact = company.party, company.contact
    assert party.kind == "legal"
    assert party.country == "LV"
    assert held(party, "name") == 'SIA "Zaļā Ķirsis"'
    assert held(party, "reg_no")
    assert held(party, "reg_no").stored == "40003521600"
    assert held(party, "vat_no")
    assert held(party, "vat_no").stored == "LV40003521600"
    assert held(party, "personal_code") is None
    assert held(party, "phone")
    assert held(party, "phone").normalised == "+37167793292"
    assert contact
    assert (held(contact, "given_name"), held(contact, "family_name"), contact.position) == (
        "Māra",
        "Šļūka",
        "grāmatvede",
    )


def test_human_rows_hold_personal_numbers_apart() -> None:
    """New codes are taken uncheckable, bad phones stay as typed, and line breaks in notes stay."""
    second, third = judged(OFFICE)[1:3]
    assert isinstance(second, Candidate)
    assert isinstance(third, Candidate)
    assert held(second.party, "personal_code")
    assert held(second.party, "personal_code").checkable
    assert second.contact is None
    assert held(third.party, "personal_code")
    assert not held(third.party, "personal_code").checkable
    assert held(third.party, "phone")
    assert held(third.party, "phone").stored == "vakarā"
    assert third.to_check == ("phone",)
    assert third.party.notes == "rinda 1\nrinda 2"


ITALIAN = """\
N.;Tipo;Denominazione;Partita IVA;Codice fiscale;Nome;Cognome;E-mail;Telefono;Note
1;società;Alfa S.r.l.;01085650446;01085650446;;;a@example.org;+39 0736 799327;è così
2;privato;;;RCCMNL83S18D969H;Nicolò;Papà;n@example.org;3357128523;
3;società;Beta S.r.l.;01085650447;;;;;;
4;società;Gamma S.r.l.;;RCCMNL83S18D969H;;;;;
5;privato;;;RCCMNL83S18D969X;Anna;Però;;;
6;società;Delta S.r.l.;01085650446;00743110157;;;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_italian_rows_follow_italian_rules(encoding: str) -> None:
    """A company's tax code is its registration number, a human's is personal."""
    found = judged(ITALIAN, encoding)
    first, second = found[:2]
    assert isinstance(first, Candidate)
    assert isinstance(second, Candidate)
    assert held(first.party, "vat_no")
    assert held(first.party, "vat_no").stored == "IT01085650446"
    assert held(first.party, "reg_no")
    assert held(first.party, "reg_no").stored == "01085650446"
    assert held(first.party, "phone")
    assert held(first.party, "phone").stored == "+390736799327"
    assert held(first.party, "personal_code") is None
    assert held(second.party, "personal_code")
    assert held(second.party, "personal_code").stored == "RCCMNL83S18D969H"
    assert held(second.party, "family_name") == "Papà"
    assert [(row.nr, row.reason) for row in found[2:] if isinstance(row, Rejection)] == [
        (3, "vat checksum"),
        (4, "reg_no component"),
        (5, "personal_code checksum"),
    ]
    assert isinstance(found[5], Candidate)  # the two numbers of a company may differ


def test_a_left_out_column_is_neither_checked_nor_used() -> None:
    """A value nobody may keep cannot cost its row, nor make two rows differ."""
    items = frozenset({"name", "email"})
    text = f"""{LATVIAN}
4;juridiska;SIA A;1;2;;;;;a@example.com;;;;;XX;x
5;juridiska;SIA A;;;;;;;a@example.com;;;;;;"""
    first, second = judged(text, party=items, contact=frozenset())
    assert isinstance(first, Candidate)
    assert isinstance(second, Candidate)
    assert held(first.party, "reg_no") is None
    assert held(first.party, "iban") is None
    assert first.party.notes is None
    assert first.canonical == second.canonical


def test_a_human_vat_number_needs_the_item_of_personal_numbers() -> None:
    """Under a purpose for companies' VAT numbers alone a sole trader's is left out."""
    items = frozenset({"name", "vat_no", "reg_no"})
    text = "Veids;Vārds;Uzvārds;PVN Nr.\nfiziska;Anna;Liepa;LV161175-19997"
    assert held(one(text, party=items).party, "vat_no") is None
    stored = held(one(text, party=items | {"official_number"}).party, "vat_no")
    assert stored
    assert stored.personal


def test_a_personal_code_in_the_column_of_companies_is_read_as_what_it_is() -> None:
    """Many files have one column for both numbers."""
    text = "Veids;Nosaukums;Reģistrācijas nr\nfiziska;Anna Liepa;161175-19997"
    found = one(text)
    assert held(found.party, "reg_no") is None
    assert held(found.party, "personal_code")
    assert held(one(text, party=frozenset({"name", "reg_no"})).party, "personal_code") is None
    (bad,) = judged(text.replace("19997", "19998"))
    assert isinstance(bad, Rejection)
    assert (bad.column, bad.reason) == ("Reģistrācijas nr", "personal_code checksum")


def test_a_company_with_the_vat_number_of_a_human_is_refused() -> None:
    """Else a human's code would be read by everyone who may read companies' numbers."""
    (found,) = judged("Veids;Nosaukums;PVN Nr.\njuridiska;SIA A;LV161175-19997")
    assert isinstance(found, Rejection)
    assert found.reason == "vat component"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("SIA Paraugs;;;", "legal"),
        ("Paraugs;40003521600;;", "legal"),
        ("Anna Liepa;;;", "natural"),
        ("Anna Liepa;161175-19997;;", "natural"),
        (";;Anna;Liepa", "natural"),
    ],
)
def test_without_a_kind_a_doubtful_row_is_a_human(row: str, kind: str) -> None:
    """A human taken for a company would lose rights; the other way round nobody does."""
    assert one(f"Nosaukums;Reģ. nr;Vārds;Uzvārds\n{row}").party.kind == kind
    found = one(f"Veids;Nosaukums;Reģ. nr;Vārds;Uzvārds\nzils;{row}")
    assert found.party.kind == kind
    assert "kind" in found.to_check


def test_the_country_of_a_row_decides_its_rules() -> None:
    """The row's own word comes first, then its VAT number, then the language of the headings."""
    text = "Nosaukums;Reģ. Nr.;PVN Nr.;Valsts;Tālrunis\n"
    foreign = one(text + "OÜ Näide;10137025;;Igaunija;5123456")
    assert foreign.party.country == "EE"
    assert held(foreign.party, "reg_no")
    assert not held(foreign.party, "reg_no").checkable
    assert one(text + "GmbH Muster;HRB 1;DE136695976;;").party.country == "DE"
    assert one(text + "SIA A;;;;").party.country == "LV"
    odd = one(text + "SIA A;;;Narnija;")
    assert odd.party.country == "LV"
    assert odd.to_check == ("country",)


def test_bad_values_can_be_set_aside_to_mend() -> None:
    """On request the row is kept without its bad value, which waits with its reason."""
    text = f"{LATVIAN}\n1;juridiska;;40003521601;;;;;Ielā 1;nav@;;;;;;\n2{';x' * 16}"
    kept, broken = judged(text, keep_defective=True)
    assert isinstance(kept, Candidate)
    assert held(kept.party, "email") is None
    assert held(kept.party, "reg_no") is None
    assert held(kept.party, "legal_address") == "Ielā 1"
    assert [(defect.field, defect.reason, defect.value) for defect in kept.to_mend] == [
        ("name", "no name", ""),
        ("reg_no", "reg_no checksum", "40003521601"),
        ("email", "email", "nav@"),
    ]
    assert isinstance(broken, Rejection)


def test_a_contact_without_a_name_is_not_lost_in_silence() -> None:
    """A phone of nobody belongs to nobody; the row waits until someone says whose it is."""
    text = (
        "Nosaukums;Kontaktpersona;Kontaktpersonas tālrunis\nSIA A;;67793292\nSIA B;Jānis;67793292"
    )
    nameless, named = judged(text)
    assert isinstance(nameless, Rejection)
    assert (nameless.column, nameless.reason) == ("Kontaktpersona", "no name")
    assert isinstance(named, Candidate)
    assert named.contact
    assert held(named.contact, "phone")


def test_names_beside_a_company_are_its_contact() -> None:
    """A file without contact columns puts the person next to the firm."""
    found = one("Veids;Nosaukums;Vārds;Uzvārds;Amats\njuridiska;SIA A;Anna;Liepa;vadītāja")
    assert held(found.party, "given_name") is None
    assert found.contact
    assert (held(found.contact, "family_name"), found.contact.position) == ("Liepa", "vadītāja")
    own = one("Veids;Vārds;Uzvārds;Amats\nfiziska;Anna;Liepa;ārste")
    assert own.contact is None
    assert own.party.position == "ārste"


def test_equal_rows_are_equal_whatever_the_order_of_columns_and_their_number() -> None:
    """The running number and the order of columns tell nothing about a client."""
    first = one("Nr;Nosaukums;E-pasts\n1;SIA A;a@example.com")
    second = one("E-pasts;Nr;Nosaukums\n a@example.com ;77;SIA A")
    other = one("Nr;Nosaukums;E-pasts\n1;SIA A;b@example.com")
    assert first.canonical == second.canonical != other.canonical
    assert (
        one("Nosaukums;E-pasts\nSIA A;").canonical
        != one("Nosaukums;Piezīmes\nSIA A;").canonical[:1]
    )


def test_words_that_are_no_codes_are_marked_and_not_stored() -> None:
    """An unknown language or channel is nothing a program could act on."""
    found = one("Nosaukums;Valoda;Saziņas veids\nSIA A;latviešu;dūmi")
    assert held(found.party, "language") == "lv"
    assert held(found.party, "channel") is None
    assert found.to_check == ("channel",)


def test_the_running_number_is_never_a_name() -> None:
    """A file that begins with names gives no number, since numbers are shown and logged."""
    (found,) = judged("Nosaukums;E-pasts\nAnna Liepa;nav@")
    assert found.nr is None
    (lettered,) = judged("Nr.;Nosaukums\nA-7;SIA A")
    assert lettered.nr == "A-7"
    torn = judged('Nr.;Nosaukums\nAnna "x";y;z')[0]
    assert torn.nr is None


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x17F), max_size=20))
def test_the_short_way_of_cleaning_agrees_with_the_long_one(text: str) -> None:
    """Text that is passed over by the cleaning is text that it would not have changed."""
    if _CLEAN_ALREADY.fullmatch(text):
        assert text.strip() == clean(text) == clean(text, lines=True)


CELLS = st.lists(
    st.sampled_from(["", "x", "1", "LV", "40003521600", "a@example.com", "+371", "É\0", "'=1"])
)


@given(st.lists(CELLS, max_size=8), st.booleans())
def test_no_row_breaks_the_judging(rows: list[list[str]], keep: bool) -> None:
    """Every row is judged, and every rejection can be told as JSON."""
    text = "\n".join([LATVIAN, *(";".join(cells) for cells in rows)])
    for found in judged(text, keep_defective=keep):
        assert found.line > 1
        if isinstance(found, Rejection):
            json.dumps([found.line, found.nr, found.column, found.reason])


def test_two_different_numbers_of_one_company_are_refused() -> None:
    """Which of them is right only a person can tell."""
    text = "Nosaukums;Reģ. Nr.;Personas kods\nSIA A;40003521600;41503001047"
    (found,) = judged(text)
    assert isinstance(found, Rejection)
    assert (found.column, found.reason) == ("Personas kods", "reg_no component")
