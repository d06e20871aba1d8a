"""Typed, commanded and imported: the same words give the same client, whichever way they came."""

from __future__ import annotations

import io
import json
import os
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.errors import InvalidNumber, NotAmong, UnknownCountry
from crm.files.candidate import Candidate
from crm.files.errors import NameOfPerson
from crm.files.formula_guard import guarded
from crm.files.headings import FIELDS, read_headings
from crm.files.judge import Judge
from crm.files.parsing import Who
from crm.files.reading import FileTable
from crm.files.writing import PROFILES
from crm.kinds.party import CHANNELS
from crm.models.attached import FURTHER_MODELS
from crm.models.party import Party, PartyKind
from crm.parties.cards import NewClient
from crm.parties.field_rules import check_name, country_of, read_typed
from crm.shape.errors import TextTooLong
from crm.transfer.cards import ImportOrder
from tests.crm.client_lists import CODE, IBAN, company_number, table

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli

TODAY = date(2026, 11, 22)
ITEMS = frozenset(
    item for field in FIELDS.values() for item in (field.legal, field.natural) if item
)
MANY = 500 if os.environ.get("KARTOTEKA_FAULTS") == "long" else 60
ODD = ("", "-", "n/a", "nav", " ", "x", "=1+1", "'=x", "a\tb", "\u200b", "O&#039;Connor", "3,9E+11")
WORDS = ("Anna", "Ķēniņš", "  Liepa ", "O'Neill", "'t Hart", 'SIA "A"', "D&amp;G", "née\u00ad")
NUMBERS = (
    *(company_number(1), f"LV{company_number(1)}", company_number(2), "40003521601", CODE),
    *("161175-19998", "328673-00677", "IT01085650446", "01085650446", "RCCMNL83S18D969H"),
    *("BE428759497", "DE136695976", "EL094259216", "XX1", "10137025"),
)
PLACES = ("Ielā 1, Rīga", "Ielā 1\nRīga\nLV-1010", "Ielā 1\r\nRīga", " Via Roma 5 ")
CHOICES = {
    "country": (*ODD, "LV", "lv", "Latvija", "Italia", "EE", "Narnija"),
    "name": (*ODD, *WORDS),
    "given_name": (*ODD, *WORDS),
    "family_name": (*ODD, *WORDS),
    "reg_no": (*ODD, *NUMBERS),
    "vat_no": (*ODD, *NUMBERS),
    "personal_code": (*ODD, *NUMBERS),
    "email": (*ODD, "a@example.com", "A@Example.com; b@example.com", "Anna <a@example.com>", "a@"),
    "phone": (*ODD, "29123456", "+371 67000001 ext. 12", "29123456, 67000001", "vakarā", "0039 06"),
    "iban": (*ODD, IBAN, "LV80 BANK 0000 4351 9500 1", "LV81BANK0000435195001"),
    "legal_address": (*ODD, *PLACES),
    "delivery_address": (*ODD, *PLACES),
    "language": (*ODD, "lv", "LV", "latviešu", "Italian", "elvish!"),
    "channel": (*ODD, "email", "E-pasts", "sms", "person", "dūmi"),
}
ROW = st.fixed_dictionaries(
    {},
    optional={field: st.sampled_from(choices) for field, choices in CHOICES.items()},
)


def typed(row: dict[str, str], kind: PartyKind) -> dict[str, Any] | str:
    """Return what a form or command would store, or why not."""
    try:
        country = country_of(row, "LV")
        told = read_typed({**row, "country": country}, Who(kind.value, country, TODAY))
        check_name(told.columns, kind)
    except NameOfPerson:
        raise
    except InvalidNumber as fault:
        return fault.reason
    except (NotAmong, UnknownCountry):
        return "word"
    further = sorted({one for one in told.further if one[1] not in told.columns.values()})
    known = {name: value for name, value in told.columns.items() if value}
    known.pop("phone_unchecked", None)
    return {**known, "further": further}


def imported(row: dict[str, str], kind: PartyKind) -> dict[str, Any] | frozenset[str]:
    """Return what a file with the same cells would bring, or why the row stays outside."""
    names = {"name": "", "given_name": "", "family_name": ""}
    row = {"kind": kind.value, **names, **row, "notes": "here"}
    content = FileTable(io.BytesIO(table([*row], [[guarded(text) for text in row.values()]])))
    judge = Judge(
        read_headings(content.headings),
        party=ITEMS,
        contact=frozenset(),
        today=TODAY,
        country="LV",
    )
    (only,) = content
    verdict = judge.judge(only)
    marked = {"language", "channel", "country"}
    if not isinstance(verdict, Candidate):
        return frozenset({verdict.reason, *(why for _, why in verdict.others), "word"})
    if marked & set(verdict.to_check):
        return frozenset({"word"})
    columns = verdict.party.columns()
    known = {name: value for name, value in columns.items() if value}
    known["country"] = verdict.party.country
    return {**known, "further": sorted(verdict.party.further)}


@settings(max_examples=MANY, deadline=None)
@given(ROW, st.sampled_from(list(PartyKind)))
def test_a_file_gives_what_a_form_gives(row: dict[str, str], kind: PartyKind) -> None:
    """Every field alone and together: the same columns stored, or the same reason given."""
    if kind is PartyKind.LEGAL:
        row.pop("given_name", None)
        row.pop("family_name", None)
    by_form, by_file = typed(row, kind), imported(row, kind)

    if isinstance(by_form, str) and isinstance(by_file, frozenset):
        assert by_form in by_file  # a form says what is wrong first, a file says all
    else:
        assert by_form == by_file


def test_a_legal_person_has_no_given_name(register: Kartoteka) -> None:
    """A human being is never stored as a company, where no right would reach them."""
    fields = {"kind": "legal", "name": "SIA A", "given_name": "Anna", "relation": "client"}
    with pytest.raises(NameOfPerson):
        register.clients.add(NewClient(**fields))
    register.clients.add(NewClient(kind="legal", name="SIA A", relation="client"))
    with pytest.raises(NameOfPerson):
        register.clients.edit("1", {"family_name": "Liepa"})


ROMAN = "+393331234567"
ROWS = (
    {"kind": "natural", "given_name": "Anna", "family_name": "O&#039;Neill", "phone": "29123456"},
    {"kind": "legal", "name": "SIA Ķirsis", "legal_address": "Ielā 1\nRīga", "channel": "E-pasts"},
    {"kind": "natural", "given_name": "Jānis", "phone": "67000001, 29123457", "email": "-"},
    {"kind": "legal", "name": "Muster", "country": "Vācija", "reg_no": "-"},
)


def stored(party: Party) -> dict[str, object]:
    """Return everything that a row holds of a person and that no way in decides."""
    columns = [column.name for column in Party.layout().sealed if column.name != "provenance"]
    return {name: getattr(party, name) for name in (*columns, "country", "kind", "phone_unchecked")}


def test_three_ways_in_store_the_same_rows(cli: Cli, register: Kartoteka) -> None:
    """The whole way: a form's service, the command with JSON, and a file, row by row."""
    rows = []
    for row in ROWS:
        ways = []
        for way in ("typed", "commanded", "imported"):
            if way == "typed":
                register.clients.add(NewClient(**row, relation="client"), anyway=True)
            elif way == "commanded":
                done = cli(
                    "client", "add", "-", "--relation", "client", "--anyway", stdin=json.dumps(row)
                )
                assert done.exit_code == 0, done.stderr
            else:
                order = ImportOrder(relation="client")
                register.imports.take(io.BytesIO(table([*row], [[*row.values()]])), order)
            party = max(register.context.session.rows(Party), key=lambda one: one.number)
            further = register.context.session.rows(FURTHER_MODELS["phone"], party=bytes(party.id))
            ways.append((stored(party), [one.value for one in further]))
        rows.append(ways)

    for ways in rows:
        assert ways[0] == ways[1] == ways[2]


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ("excel-lv", ("Vācija", "somu", "klātienē", "fiziska", "aktīvs")),
        ("excel-it", ("Germania", "finlandese", "di persona", "privato", "attivo")),
    ],
)
def test_a_spreadsheet_holds_words_and_no_codes(
    register: Kartoteka, profile: str, words: tuple[str, ...]
) -> None:
    """Country, language, channel, kind and status are written in the language of the reader."""
    register.clients.add(
        NewClient(
            kind="natural",
            name="Heidi",
            country="DE",
            language="fi",
            channel="person",
            relation="client",
        )
    )
    written = io.BytesIO()

    register.exports.clients(written, profile)

    row = written.getvalue().decode("utf-8-sig").splitlines()[1].split(";")
    assert {f'"{word}"' for word in words} <= set(row)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("again", [b"", b"\r\n"], ids=["as written", "saved once more"])
def test_our_own_export_changes_nothing(register: Kartoteka, profile: str, again: bytes) -> None:
    """What went out and comes back with --update finds nothing to change and nobody new."""
    texts = {"legal_address": "Ielā 1\nRīga, LV-1010", "delivery_address": "=Ielā 2"}
    for number, more in enumerate(
        (
            {"kind": "legal", "name": 'SIA "A"', "reg_no": company_number(1), "phone": "vakarā"},
            {"kind": "legal", "name": "Alfa", "country": "IT", "reg_no": "01085650446"},
            {
                "kind": "natural",
                "given_name": "Anna",
                "personal_code": CODE,
                "phone": "+393331234567",
            },
            {
                "kind": "natural",
                "name": "Via",
                "vat_no": "BE428759497",
                "country": "BE",
                "iban": IBAN,
            },
        )
    ):
        email = f"a{number}@example.com"
        said = {"channel": [*CHANNELS][-number], "language": ("lv", "it", "fi", "uk")[number]}
        new = NewClient(**more, **texts, **said, email=email, relation="client")
        register.clients.add(new, anyway=True)
    before = [stored(party) for party in register.context.session.rows(Party)]
    written = io.BytesIO()
    register.exports.clients(written, profile)

    order = ImportOrder(relation="client", update=True)
    result = register.imports.take(io.BytesIO(written.getvalue() + again), order)

    assert (result.created, result.updated, result.rejected, result.changes) == (0, 0, 0, ())
    assert [stored(party) for party in register.context.session.rows(Party)] == before


def test_a_text_too_long_is_refused_typed_as_well(register: Kartoteka) -> None:
    """Nothing is cut without a word, in no way in."""
    with pytest.raises(TextTooLong):
        register.clients.add(NewClient(kind="legal", name="x" * 10_001, relation="client"))
