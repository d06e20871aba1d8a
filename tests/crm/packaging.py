"""What tests of packages share: people with a canary in every field, and how a package is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema

from crm.models.attached import Note
from crm.models.party import Party
from gdpr.audit.events import Event
from gdpr.store.ids import new_id
from tests.crm.planting import FIELDS, employ, plant

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka

TRADER = {
    "given_name": "Tirgonis",
    "family_name": "Vientuļnieks",
    "email": "tirgonis@example.org",
    "phone": "+37120001122",
    "legal_address": "Tirgus iela 5, Liepāja",
    "trader_vat_no": "LV29020420002",
    "iban": "LV02UNLA0000000000001",
    "language": "en",
}
STRANGER = {
    "given_name": "Svešinieks",
    "family_name": "Pilnīgs",
    "email": "svesinieks@example.net",
    "phone": "+37125550001",
    "legal_address": "Svešā iela 99, Ventspils",
    "personal_code": "010180-10000",
    "iban": "LV97HABA0012345678910",
    "language": "it",
}
COMPANY = {"name": "SIA Lielais darba devējs", "reg_no": "40003521600", "vat_no": "LV40003521600",
           "email": "birojs@lielais.example", "phone": "+37167001122",
           "legal_address": "Uzņēmuma prospekts 1, Rīga"}  # fmt: skip
NOBODY_ELSE = tuple(value for field, value in STRANGER.items() if field != "language")


def neighbours(register: Kartoteka) -> None:
    """Put a stranger with a full entry and a note into the register."""
    stranger = plant(register, "client", fields=STRANGER)
    note(register, stranger, "Svešais noslēpums par Svešinieku")


def client(register: Kartoteka) -> Party:
    """Plant a client with every field, a note and a second phone."""
    return plant(register, "client")


def trader(register: Kartoteka) -> Party:
    """Plant a sole trader, whose VAT number holds a personal code, with a note."""
    party = plant(register, "client", fields=TRADER)
    note(register, party, "Prefers invoices on paper")
    return party


def contact(register: Kartoteka) -> Party:
    """Plant the contact person of a company, with a note."""
    company = plant(register, "client", legal=True, fields=COMPANY)
    person = employ(register, company, "galvenā grāmatvede")
    note(register, person, "Zvanīt tikai no rītiem")
    return register.context.session.get(Party, bytes(person.id))


def note(register: Kartoteka, party: Party, text: str) -> None:
    """Write a note about a party."""
    office = register.context
    with office.journal.audited_change(Event.NOTE_ADDED, bytes(party.id)) as deed:
        row = Note(id=new_id(), party=bytes(party.id), written=0, author=office.user, text=text)
        deed.insert(row, office.grounds.warrant(bytes(party.id), office.day))


def read(place: Path, name: str) -> Any:
    """Read a JSON file of a package."""
    return json.loads((place / name).read_text("utf-8"))


def everything(place: Path) -> bytes:
    """Return all bytes of a package, for searches that must find nothing."""
    return b"\n".join(path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file())


def check_schemas(place: Path) -> None:
    """Check every JSON file of a package against the schema it names, which lies beside it."""
    manifest = read(place, "machine/manifest.json")
    named = {entry["path"]: entry["schema"] for entry in manifest["files"]}
    named["machine/manifest.json"] = "machine/schema/manifest.schema.json"
    for path, schema in named.items():
        if path.endswith((".json", ".jsonld")) and "/schema/" not in path:
            assert schema is not None, path
            validator = jsonschema.Draft202012Validator(read(place, schema))
            assert [error.message for error in validator.iter_errors(read(place, path))] == []


__all__ = ["FIELDS", "check_schemas", "client", "contact", "everything", "neighbours", "read"]
