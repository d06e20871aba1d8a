"""The receipt of a consent: valid against its schema, and what it says in the terms of DPV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from crm.consents.errors import NoConsent
from crm.kartoteka import Firm, Kartoteka, receipt_schema
from gdpr.clock import FixedClock
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import NOON, PASSWORD
from tests.crm.consenting import TEXT, add_wording, agree
from tests.crm.planting import FIELDS, plant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Place

# The library's own reader still uses a class that the library calls old.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")

NEWS = "direct_marketing"
DPV = Namespace("https://w3id.org/dpv#")
GDPR = Namespace("https://w3id.org/dpv/legal/eu/gdpr#")
PD = Namespace("https://w3id.org/dpv/pd#")
DCT = Namespace("http://purl.org/dc/terms/")
SCHEMAS = Namespace("https://w3id.org/dpv/schema/dpv-27560#")


@pytest.fixture
def firm(register: Kartoteka) -> Kartoteka:
    """Open a register with a text to consent to."""
    add_wording(register)
    return register


def faults(document: object) -> list[str]:
    """Hold a receipt against the published schema."""
    schema = json.loads(receipt_schema())
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def test_a_receipt_is_valid_and_says_the_terms_of_the_vocabulary(firm: Kartoteka) -> None:
    """An RDF library reads from it whose consent, to what, with whom, since when."""
    party = plant(firm, "client")
    agree(firm, party.number)
    firm.consents.withdraw(str(party.number), channel="email")

    document = firm.consent_receipts.receipt(str(party.number), NEWS)

    assert faults(document) == []
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    (receipt,) = graph.subjects(RDF.type, DPV.ConsentReceipt)
    (record,) = graph.objects(receipt, DPV.hasRecordOfActivity)
    person = URIRef(f"urn:uuid:{UUID(bytes=bytes(party.id))}")
    assert (receipt, DCT.conformsTo, SCHEMAS["receipt-eu-gdpr"]) in graph
    assert (record, DCT.conformsTo, SCHEMAS["record-eu-gdpr"]) in graph
    assert (record, RDF.type, DPV.ConsentRecord) in graph
    assert (record, DPV.hasDataSubject, person) in graph
    (process,) = graph.objects(record, DPV.hasProcess)
    assert (process, DPV.hasPurpose, DPV.DirectMarketing) in graph
    assert (process, DPV.hasLegalBasis, GDPR["A6-1-a"]) in graph
    data = set(graph.objects(process, DPV.hasPersonalData))
    assert {PD.Name, PD.EmailAddress} <= data
    assert all(str(term).startswith(str(PD)) for term in data)
    (controller,) = graph.objects(process, DPV.hasDataController)
    assert (controller, DPV.hasName, Literal("SIA Testa birojs")) in graph
    (notice,) = graph.objects(record, DPV.hasNotice)
    assert (notice, DCT.description, Literal(TEXT)) in graph
    statuses = {
        (kind, str(graph.value(status, DPV.hasIndicationMethod)))
        for status in graph.objects(record, DPV.hasConsentStatus)
        for kind in graph.objects(status, RDF.type)
    }
    assert statuses == {(DPV.ConsentGiven, "paper"), (DPV.ConsentWithdrawn, "email")}
    for status in graph.objects(record, DPV.hasConsentStatus):
        assert graph.value(status, DPV.isIndicatedBy) == person
        assert str(graph.value(status, DPV.isIndicatedAtTime)).endswith("Z")
    assert set(graph.objects(record, DPV.hasRight)) >= {GDPR["A7-3"], GDPR.A77}
    assert (record, DPV.hasAuthority, URIRef("https://w3id.org/dpv/legal/lv#DPA-LV")) in graph
    (control,) = graph.objects(record, DPV.hasConsentControl)
    assert (control, RDF.type, DPV.WithdrawConsent) in graph
    assert "b@example.com" in str(graph.value(control, DCT.description))


def test_every_predicate_is_one_of_the_vocabularies(firm: Kartoteka) -> None:
    """No key falls out when the file is read as linked data, so nothing is said to nobody."""
    number = plant(firm, "client").number
    agree(firm, number)
    document = firm.consent_receipts.receipt(str(number), NEWS)

    graph = Graph().parse(data=json.dumps(document), format="json-ld")

    known = (str(DPV), str(DCT), str(RDF))
    assert all(str(predicate).startswith(known) for predicate in graph.predicates())
    assert len(list(graph)) > 40


def test_a_receipt_names_nobody_else_and_no_field(firm: Kartoteka) -> None:
    """It carries an id for the person and the firm's own details, and no stored value."""
    number = plant(firm, "client").number
    plant(firm, "client", fields={"given_name": "Cits", "email": "cits@example.com"})
    agree(firm, number, note="uz lapas")

    text = json.dumps(firm.consent_receipts.receipt(str(number), NEWS), ensure_ascii=False)

    values = [value for value in (*FIELDS.values(), "Cits", "cits@") if len(value) > 3]
    assert [value for value in values if value in text] == []
    assert "uz lapas" not in text


@pytest.mark.parametrize("spoil", ["@context", "dct:identifier", "dpv:hasRecordOfActivity"])
def test_the_schema_refuses_a_receipt_that_lacks_something(firm: Kartoteka, spoil: str) -> None:
    """The schema is no formality: what is missing or odd is found."""
    number = plant(firm, "client").number
    agree(firm, number)
    document = firm.consent_receipts.receipt(str(number), NEWS)

    without = {key: value for key, value in document.items() if key != spoil}

    assert faults(without)
    assert faults({**document, "comment": "x"})


def test_a_written_receipt_is_a_known_copy_with_its_schema_beside_it(
    firm: Kartoteka, tmp_path: Path
) -> None:
    """The file is private, listed among the copies, and its schema lies beside it."""
    number = plant(firm, "client").number
    agree(firm, number)
    target = tmp_path / "receipt.json"

    written = firm.consent_receipts.write(str(number), NEWS, target)

    assert target.stat().st_mode & 0o077 == 0
    assert faults(json.loads(target.read_text("utf-8"))) == []
    beside = (tmp_path / "consent-receipt.schema.json").read_text("utf-8")
    assert beside == receipt_schema()
    assert [(c.kind, c.path) for c in firm.copies.list()] == [("receipt", written.path)]


def test_without_a_consent_there_is_no_receipt(firm: Kartoteka) -> None:
    """Nothing is certified that never happened."""
    number = plant(firm, "client").number

    with pytest.raises(NoConsent):
        firm.consent_receipts.receipt(str(number), NEWS)


def test_an_italian_firm_names_its_own_authority(place: Place) -> None:
    """The receipt speaks the language of the text and names the Garante."""
    target = place.folder / "register" / "italia.kartoteka"
    made, _recovery = Kartoteka.create(
        str(target),
        Firm("Prova S.r.l.", "IT", "01085650446", "Via Roma 1, Ascoli", "p@example.com", "it"),
        ("anna", PASSWORD),
        clock=FixedClock(NOON),
        cost=FLOOR,
    )
    with made:
        add_wording(made, language="it", text="Acconsento a ricevere novità.")
        number = plant(
            made, "client", fields={"given_name": "Lia", "email": "l@example.com"}
        ).number
        agree(made, number)

        document = made.consent_receipts.receipt(str(number), NEWS)

    text = json.dumps(document, ensure_ascii=False)
    assert faults(document) == []
    assert "https://w3id.org/dpv/legal/it#DPA-IT" in text
    assert "Può revocare in ogni momento" in text
    assert "P60M" in text
