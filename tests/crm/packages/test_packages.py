"""Packages: everything for the report, the right part to take along, and nobody else in either."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
import pyzipper
import rdflib
import vobject

from crm.errors import FolderUnusable, NotADataSubject, TargetExists
from crm.models.files import KnownCopy
from crm.models.party import Party
from crm.packages.cards import Packing
from crm.packages.errors import StillHere
from gdpr.audit.reading import Wanted
from gdpr.errors import NoKey
from gdpr.rights.checking import check_package
from gdpr.rights.stored import Disclosure
from tests.crm.packaging import (
    COMPANY,
    NOBODY_ELSE,
    TRADER,
    check_schemas,
    client,
    contact,
    everything,
    neighbours,
    read,
    trader,
)
from tests.crm.planting import FIELDS, FURTHER, NOTE, add_marketing, plant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place

PEOPLE = pytest.mark.parametrize("person", [client, trader, contact])
SCOPES = pytest.mark.parametrize("scope", ["access", "portable"])


def make(register: Kartoteka, scope: str, party: Party, target: Path, **packing: object) -> Path:
    """Make a package and return its place."""
    made = getattr(register.packages, scope)(
        str(party.number),
        target,
        Packing(**packing),  # type: ignore[arg-type]
    )
    assert made.number == party.number
    return target


def no_passphrase() -> str:
    """Nobody is asked for anything."""
    raise AssertionError


@PEOPLE
@SCOPES
def test_a_package_is_whole_valid_and_about_one_person(
    register: Kartoteka, tmp_path: Path, person: Callable[[Kartoteka], Party], scope: str
) -> None:
    """Every document obeys its schema, our check passes, and no other person is in any file."""
    neighbours(register)
    party = person(register)

    place = make(register, scope, party, tmp_path / "package")

    check_schemas(place)
    assert check_package(place, no_passphrase).faults == ()
    assert {path.name for path in place.iterdir()} == {
        "read-me-first.html",
        "my-data.json",
        "machine",
    }
    content = everything(place)
    assert [value for value in NOBODY_ELSE if value.encode() in content] == []
    assert b"noslepum" not in content
    own = {"name"} if person is contact else set()
    assert [v for f, v in COMPANY.items() if f not in own and v.encode() in content] == []


@PEOPLE
def test_the_report_holds_every_value_with_its_reason(
    register: Kartoteka, tmp_path: Path, person: Callable[[Kartoteka], Party]
) -> None:
    """Each filled personal column is in the copy, opened, with origin, purpose, basis and date."""
    party = person(register)
    dossier = {
        (type(row).layout().table, column.name): getattr(row, column.name)
        for row in register.context.session.rows_about(bytes(party.id))
        for column in type(row).layout().sealed
        if row.holds(column.name)
    }

    data = read(make(register, "access", party, tmp_path / "p"), "my-data.json")["data"]

    assert {(each["table"], each["field"]): each["value"] for each in data} == dossier
    assert all(each["purpose"] and each["basis"] and each["article"] for each in data)
    assert all(each["because"] and each["included_because"] for each in data)
    assert any(each["table"] == "note" for each in data)


def test_the_report_answers_all_of_article_15(register: Kartoteka, tmp_path: Path) -> None:
    """Purposes, recipients, periods, source, rights, authority and look-ups are in it."""
    party = client(register)
    add_marketing(register, party)
    register.clients.show(str(party.number), reveal=True)

    report = read(make(register, "access", party, tmp_path / "p"), "my-data.json")["report"]

    purposes = {each["code"]: each for each in report["purposes"]}
    assert {"accounting", "contracts", "direct_marketing"} <= set(purposes)
    assert purposes["accounting"]["laws"][0]["title"] == "Grāmatvedības likums"
    assert purposes["crm_data_quality"]["interest"]
    assert {"accountant", "tax_authority", "mailing_provider"} <= {
        each["code"] for each in report["recipients"]
    }
    assert report["authority"]["term"] == "https://w3id.org/dpv/legal/lv#DPA-LV"
    assert report["automated_decisions"]["exist"] is None
    assert report["transfers"] == {
        "known": [],
        "text": "Tas vēl nav noskaidrots; jautājiet, un mēs atbildēsim.",
    }
    applies = {each["article"]: each["applies"] for each in report["rights"]}
    assert applies == dict.fromkeys(("15", "16", "17", "18", "20", "7(3)", "21"), True)
    assert "register:party:revealed" in {each["event"] for each in report["lookups"]}
    assert report["sources"][0]["name"] == "no kanāriju izstādes"


def test_no_member_of_staff_is_named(register: Kartoteka, tmp_path: Path) -> None:
    """Look-ups come with day and purpose; who it was is not part of a copy."""
    party = client(register)
    register.clients.show(str(party.number))

    place = make(register, "access", party, tmp_path / "p")

    assert b"anna" not in everything(place).lower()


@pytest.mark.parametrize("person", [client, trader])
def test_what_is_taken_along_was_given_on_consent_or_contract(
    register: Kartoteka, tmp_path: Path, person: Callable[[Kartoteka], Party]
) -> None:
    """Staff notes and what rests on (c) or (f) alone stay out, each with its reason."""
    party = person(register)

    place = make(register, "portable", party, tmp_path / "p")
    document = read(place, "my-data.json")

    assert document["data"]
    assert {each["origin"] for each in document["data"]} <= {"provided", "observed"}
    assert {each["article"] for each in document["data"]} <= {"6(1)(a)", "6(1)(b)"}
    assert all("Art. 20" in each["included_because"] or "20. p" in each["included_because"]
               for each in document["data"])  # fmt: skip
    assert "note" not in {each["table"] for each in document["data"]}
    out = {(each["table"], each["field"]): each["code"] for each in document["excluded"]}
    assert out["note", "text"] == "origin-derived"
    number = "personal_code" if person is client else "trader_vat_no"
    assert out["party", number] == "basis-legal_obligation"
    assert read(place, "machine/manifest.json")["excluded"] == document["excluded"]
    secret = (NOTE, FIELDS["personal_code"]) if person is client else (TRADER["trader_vat_no"],)
    content = everything(place)
    assert [value for value in secret if value.encode() in content] == []


def test_every_datum_is_either_taken_along_or_left_out_with_a_reason(
    register: Kartoteka, tmp_path: Path
) -> None:
    """The two lists together are exactly what the report holds."""
    party = client(register)

    report = read(make(register, "access", party, tmp_path / "a"), "my-data.json")
    portable = read(make(register, "portable", party, tmp_path / "b"), "my-data.json")

    counted = len(portable["data"]) + sum(each["count"] for each in portable["excluded"])
    assert len(report["data"]) == counted


def test_a_contact_person_is_told_why_nothing_goes_along(
    register: Kartoteka, tmp_path: Path
) -> None:
    """The package is empty, says why, and offers the copy of the report in the same form."""
    party = contact(register)

    made = register.packages.portable(str(party.number), tmp_path / "p", Packing(language="en"))
    document = read(tmp_path / "p", "my-data.json")

    assert document["data"] == []
    assert "not a party to your" in document["empty_because"]
    assert made.empty_because == document["empty_because"]
    assert "Art. 15" in document["offer"]
    assert {each["basis"] for each in document["excluded"]} == {"legitimate_interests"}
    assert not (tmp_path / "p" / "machine" / "contact.vcf").exists()


def test_of_the_employer_only_the_name_is_told(register: Kartoteka, tmp_path: Path) -> None:
    """A contact person's report names the company and nothing else of it."""
    party = contact(register)

    report = read(make(register, "access", party, tmp_path / "p"), "my-data.json")["report"]

    assert [each["name"] for each in report["employers"]] == [COMPANY["name"]]


@pytest.mark.parametrize("person", [client, trader])
def test_address_books_read_the_card(
    register: Kartoteka, tmp_path: Path, person: Callable[[Kartoteka], Party]
) -> None:
    """The vCard is read by another program, with name, mail, phone and address as they are."""
    party = person(register)
    fields = FIELDS if person is client else TRADER

    place = make(register, "portable", party, tmp_path / "p")
    raw = (place / "machine" / "contact.vcf").read_bytes()
    card = vobject.readOne(raw.decode())

    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert card.version.value == "4.0"
    assert card.fn.value == f"{fields['given_name']} {fields['family_name']}"
    assert card.n.value.given == fields["given_name"]
    assert card.n.value.family == fields["family_name"]
    assert card.email.value == fields["email"]
    assert card.tel.value == f"tel:{fields['phone']}"
    assert card.adr.value.street == fields["legal_address"]
    contact_card = read(place, "machine/contact.jscontact.json")
    assert contact_card["emails"]["1"]["address"] == fields["email"]
    assert contact_card["uid"] == card.uid.value
    if person is client:
        assert [tel.value for tel in card.tel_list][1] == f"tel:{FURTHER}"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")
def test_linked_data_needs_no_network_and_says_purposes_and_bases(
    register: Kartoteka, tmp_path: Path
) -> None:
    """An RDF library reads it to DPV terms without fetching a context."""
    party = client(register)

    place = make(register, "access", party, tmp_path / "p")
    text = (place / "machine" / "data.jsonld").read_text("utf-8")
    graph = rdflib.Graph().parse(data=text, format="json-ld")

    dpv = rdflib.Namespace("https://w3id.org/dpv#")
    bases = {str(each) for each in graph.objects(None, dpv.hasLegalBasis)}
    assert "https://w3id.org/dpv/legal/eu/gdpr#A6-1-c" in bases
    assert "https://w3id.org/dpv/legal/eu/gdpr#A6-1-b-contract-performance" in bases
    assert rdflib.Literal(FIELDS["email"]) in set(graph.objects(None, rdflib.RDF.value))
    held = set(graph.subjects(rdflib.RDF.type, dpv.DerivedPersonalData))
    assert len(held) == 1


@SCOPES
def test_a_package_is_a_disclosure(register: Kartoteka, tmp_path: Path, scope: str) -> None:
    """An entry in the log, a row about the person and a known copy with its end are made."""
    party = client(register)

    place = make(register, scope, party, tmp_path / "p")

    desk = register.context.session
    [row] = desk.rows(Disclosure, party=bytes(party.id))
    [copy] = desk.rows(KnownCopy)
    [entry] = register.context.journal.entries(Wanted(event="right:package"))
    assert (row.kind, row.recipient) == (scope, "subject")
    assert (copy.kind, copy.path, copy.ends) == ("package", str(place), "2026-04-01")
    assert (entry.event, entry.object_id) == (f"right:package:{scope}", bytes(party.id))
    later = read(make(register, "access", party, tmp_path / "q"), "my-data.json")["report"]
    assert [each["sha256"] for each in later["disclosures"]] == [row.file_hash]


def test_a_folder_that_was_handed_out_can_be_shredded(register: Kartoteka, tmp_path: Path) -> None:
    """Destroying the known copy removes the folder with everything in it."""
    place = make(register, "access", client(register), tmp_path / "p")

    [line] = register.copies.shred([str(place)])

    assert line.state == "gone"
    assert not place.exists()


def test_the_rows_about_packages_go_with_the_person(register: Kartoteka, tmp_path: Path) -> None:
    """After a whole erasure no disclosure points at anybody."""
    party = plant(register, "prospect")
    make(register, "access", party, tmp_path / "p")

    register.subjects.erase(str(party.number), "no-longer-needed", party.number)

    assert register.context.session.rows(Disclosure) == []


def test_a_package_is_private_and_never_overwrites(register: Kartoteka, tmp_path: Path) -> None:
    """Files are for their owner only; a place that is taken stays as it is."""
    party = client(register)
    place = make(register, "access", party, tmp_path / "p")

    modes = {path.stat().st_mode & 0o777 for path in place.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert place.stat().st_mode & 0o777 == 0o700
    before = everything(place)
    with pytest.raises(TargetExists):
        register.packages.access(str(party.number), place)
    with pytest.raises(FolderUnusable):
        register.packages.access(str(party.number), tmp_path / "none" / "p")
    assert everything(place) == before
    assert len(register.context.session.rows(Disclosure)) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_an_archive_is_the_same_package(register: Kartoteka, tmp_path: Path) -> None:
    """A ZIP verifies like a folder, and gets its ending."""
    party = client(register)

    made = register.packages.access(str(party.number), tmp_path / "p", Packing(archive=True))

    assert made.path == str(tmp_path / "p.zip")
    assert check_package(tmp_path / "p.zip", no_passphrase).ok
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert "read-me-first.html" in archive.namelist()
        assert len(archive.namelist()) == made.files


def test_a_sealed_archive_opens_with_its_passphrase_only(
    register: Kartoteka, tmp_path: Path
) -> None:
    """AES-256 by a passphrase that was made for it; nothing readable is in the file."""
    party = client(register)

    made = register.packages.access(str(party.number), tmp_path / "p", Packing(encrypt=True))
    place = tmp_path / "p.zip"

    assert made.passphrase is not None
    assert made.passphrase.isascii()
    assert made.passphrase.count("-") >= 4
    assert FIELDS["email"].encode() not in place.read_bytes()
    assert check_package(place, lambda: made.passphrase or "").ok
    with pyzipper.AESZipFile(place) as archive:
        assert {info.wz_aes_strength for info in archive.infolist()} == {3}


def test_whoever_cannot_read_everything_makes_no_package(
    place: Place, hire: Hire, tmp_path: Path
) -> None:
    """A copy that silently lacks a category would be a wrong answer."""
    with place.open() as register:
        number = str(client(register).number)
    for role, allowed in (("office", False), ("technician", False), ("privacy", True)):
        with place.open(hire(role)) as register:
            if allowed:
                register.packages.access(number, tmp_path / role)
                continue
            with pytest.raises(NoKey):
                register.packages.access(number, tmp_path / role)
            assert not (tmp_path / role).exists()


@SCOPES
def test_a_legal_person_is_no_data_subject(register: Kartoteka, tmp_path: Path, scope: str) -> None:
    """The refusal names the contact persons, who have the right."""
    person = contact(register)
    company = next(p for p in register.context.session.rows(Party) if p.is_legal_person())

    with pytest.raises(NotADataSubject) as refused:
        make(register, scope, company, tmp_path / "p")

    assert refused.value.arguments["contacts"] == str(person.number)


def test_nobody_who_is_here_is_answered_as_if_they_were_not(
    register: Kartoteka, tmp_path: Path
) -> None:
    """An answer about an address is for people who are gone; of others the numbers are told."""
    number = plant(register, "client").number

    with pytest.raises(StillHere) as refused:
        register.leftovers.answer(FIELDS["email"], tmp_path / "answer")

    assert refused.value.arguments == {"numbers": str(number)}
    assert not (tmp_path / "answer").exists()
