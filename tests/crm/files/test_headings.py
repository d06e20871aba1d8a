"""Columns are found by their headings, named by hand, or reported; never guessed from cells."""

from __future__ import annotations

import pytest

from crm.errors import NoKnownColumn
from crm.files.errors import MapColumnUnknown, MapFieldUnknown, NoNameColumn
from crm.files.headings import FIELDS, NO_PLACE, FileLayout, read_headings
from crm.files.rejected_columns import REJECT_HEADINGS
from crm.files.spellings import code_of, fold, has_legal_form, spellings
from crm.i18n import LANGUAGES

LATVIAN_ROW = (
    "Nr.;Klienta veids;Nosaukums;Reģ. Nr.;PVN Nr.;Vārds;Uzvārds;Personas kods;Juridiskā adrese;"
    "Piegādes adrese;E-pasts;Tālrunis;Kontaktpersonas vārds;Kontaktpersonas uzvārds;Amats;"
    "Konts (IBAN);Piezīmes"
)
ITALIAN_ROW = (
    "N.;Tipo;Denominazione;Partita IVA;Codice fiscale;Nome;Cognome;Indirizzo;E-mail;Telefono;"
    "Referente nome;Referente cognome;Ruolo;Note"
)
ENGLISH_ROW = "No.;Type;Company name;Reg. No.;VAT number;First name;Surname;E-mail;Phone"
LATVIAN, ITALIAN, ENGLISH = (row.split(";") for row in (LATVIAN_ROW, ITALIAN_ROW, ENGLISH_ROW))


def fields(headings: list[str], *named: tuple[str, str]) -> list[str | None]:
    layout = read_headings(headings, named)
    return [column.field.code if column.field else None for column in layout.columns]


def test_headings_of_the_three_languages_are_known() -> None:
    """An office's own file needs no preparing, and tells the country by its language."""
    assert None not in fields(LATVIAN)
    assert None not in fields(ITALIAN)
    assert None not in fields(ENGLISH)
    assert read_headings(LATVIAN).country == "LV"
    assert read_headings(ITALIAN).country == "IT"
    assert read_headings(ENGLISH).country is None
    assert read_headings(ENGLISH, country="LV").country == "LV"


def test_every_field_is_known_by_its_own_code() -> None:
    """What the program writes it can read, whatever the language."""
    assert fields(list(FIELDS)) == list(FIELDS)


def test_case_accents_and_dots_make_no_difference() -> None:
    """People write headings as they like."""
    assert fields(["REG NR", "nosaukums", "E pasts"]) == ["reg_no", "name", "email"]


def test_no_spelling_stands_for_two_fields() -> None:
    """A heading has one meaning, so that no column is read as something else."""
    meaning: dict[str, str] = {}
    for code, languages in spellings()["headings"].items():
        for language in LANGUAGES:
            for spelling in languages.get(language, ()):
                assert meaning.setdefault(fold(spelling), code) == code, spelling


def test_every_heading_in_the_list_leads_to_a_field() -> None:
    """A field that was renamed would leave its headings behind, and they would be unknown."""
    assert set(spellings()["headings"]) <= {*FIELDS, NO_PLACE, "title"}


def test_name_beside_surname_is_the_given_name() -> None:
    """The same word means a whole name alone and half of one beside the other half."""
    assert fields(["Name", "Surname"]) == ["given_name", "family_name"]
    assert fields(["Company", "Surname"]) == ["company", "family_name"]
    assert fields(["Company", "E-mail"]) == ["name", "email"]
    assert fields(["Nome", "E-mail"]) == ["name", "email"]


def test_columns_can_be_named_by_hand() -> None:
    """A hand's word comes before every guess, and can also silence a column."""
    assert fields(["Kas", "E-pasts", "Nosaukums"], ("Kas", "phone"), ("e-pasts", "-")) == [
        "phone",
        None,
        "name",
    ]
    both = fields(["Pasts", "E-pasts", "Nosaukums"], ("Pasts", "email"))
    assert both == ["email", "email", "name"]


def test_wrong_namings_are_refused() -> None:
    """The message counts the options and quotes nothing from the file."""
    with pytest.raises(MapColumnUnknown) as column:
        read_headings(LATVIAN, [("Nosaukums", "name"), ("Cits", "email")])
    assert column.value.arguments == {"position": 2}
    with pytest.raises(MapFieldUnknown):
        read_headings(LATVIAN, [("Nosaukums", "nick")])


def test_useless_files_are_refused_at_once() -> None:
    """Better one sentence than a thousand rejected rows."""
    with pytest.raises(NoKnownColumn):
        read_headings(["Anna", "Liepa", "anna@example.com"])
    with pytest.raises(NoNameColumn):
        read_headings(["E-pasts", "Tālrunis"])


def left_out(
    layout: FileLayout, party: frozenset[str], contact: frozenset[str] = frozenset()
) -> dict[str, str]:
    reasons = {one.heading: one.left_out(party, contact) for one in layout.columns}
    return {heading: why for heading, why in reasons.items() if why}


def test_left_out_columns_are_reported_with_their_reason() -> None:
    """The preview says which purpose is missing, or that nobody knows the column."""
    layout = read_headings(["Nosaukums", "Konts", "Krāsa", "PVN", "E-pasts", "Birthday"])
    items = frozenset({"name", "email", "vat_no"})
    assert left_out(layout, items) == {
        "Konts": "bank",
        "Krāsa": "unknown",
        "PVN": "official_number",
        "Birthday": "no place",
    }


def test_the_columns_of_a_rejects_file_are_passed_over() -> None:
    """They are ours and say nothing about a client."""
    layout = read_headings([*REJECT_HEADINGS, "Nosaukums"])
    assert left_out(layout, frozenset({"name"})) == dict.fromkeys(REJECT_HEADINGS, "ignored")


def test_contact_columns_need_the_purposes_of_contacts() -> None:
    """The person behind a company has grounds of their own."""
    layout = read_headings(["Nosaukums", "Amats"])
    assert left_out(layout, frozenset({"name", "position"}), frozenset({"name"})) == {
        "Amats": "position"
    }


@pytest.mark.parametrize(
    ("table", "word", "code"),
    [
        ("kind", "Juridiska", "legal"),
        ("kind", "fiziskā persona", "natural"),
        ("kind", "SOCIETÀ", "legal"),
        ("kind", "privato", "natural"),
        ("kind", "legal", "legal"),
        ("kind", "zils", None),
        ("country", "Latvija", "LV"),
        ("country", "it", "IT"),
        ("country", "UK", "GB"),
        ("country", "EL", "GR"),
        ("country", "Narnija", None),
        ("language", "latviešu", "lv"),
        ("channel", "Tālrunis", "phone"),
    ],
)
def test_words_in_cells_become_codes(table: str, word: str, code: str | None) -> None:
    """Kinds, countries, languages and channels are stored as codes, not as words."""
    assert code_of(table, word) == code


def test_legal_forms_tell_companies() -> None:
    """A file without a kind column still separates companies from people."""
    assert has_legal_form('SIA "Paraugs"')
    assert has_legal_form("Picena Software S.r.l.")
    assert has_legal_form("Paraugs, AS")
    assert not has_legal_form("Anna Asare")
    assert not has_legal_form("Assia Siani")
