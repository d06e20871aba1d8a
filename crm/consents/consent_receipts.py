"""The receipt of a consent: what was agreed, with whom and how to take it back, for the person.

A record as ISO/IEC TS 27560 lists it, in the words of the Data Privacy Vocabulary. The context
stands in the file, so that nothing is fetched to read it; what may repeat is an array always.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID, uuid4

from crm.consents.consents import ConsentVerbs
from crm.consents.errors import NoConsent
from crm.copies.copies import new_copy
from crm.copies.outgoing import need_folder, outgoing
from crm.files.private import private_file
from crm.grounds.consent_rules import consents_of
from crm.i18n import voice
from crm.models.party import PartyKind
from crm.parties.find_party import find_party
from crm.privacy import EVIDENCE, ITEMS
from crm.session.context import RegisterService
from crm.starter import recipients
from crm.transparency.firm_details import AUTHORITIES
from gdpr.audit.events import Event
from gdpr.dpv import DPV, EU_GDPR, PD
from gdpr.errors import NoKey
from gdpr.papers.stored import WordingRow
from gdpr.program_files import program_text
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.purposes import Scope, Trigger
from gdpr.store.settings import read_setting
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crm.consents.cards import ConsentLine, ConsentStepLine
    from crm.models.party import Party
    from gdpr.rules.purposes import Purpose

RECEIPT: Final = "receipt"
SCHEMA_NAME: Final = "consent-receipt.schema.json"
Json = dict[str, object]

_SCHEMAS: Final = "https://w3id.org/dpv/schema/dpv-27560#"
_CONTEXT: Final = {
    "dpv": DPV,
    "eu-gdpr": EU_GDPR,
    "pd": PD,
    "dct": "http://purl.org/dc/terms/",
}
# Where the vocabulary says more than that a consent is in a state.
_STATES: Final[Mapping[str, str]] = {
    ConsentState.DEFERRED: "ConsentRequestDeferred",
    ConsentState.RENEWED: "RenewedConsentGiven",
    ConsentState.OBJECTED: "LegitimateInterestObjected",
}
# What the firm or an authority says; everything else is the person's own word.
_OURS: Final = frozenset(
    {
        *(ConsentState.UNKNOWN, ConsentState.REQUESTED, ConsentState.EXPIRED),
        *(ConsentState.INVALIDATED, ConsentState.REVOKED),
    }
)
_RIGHTS: Final = ("A7-3", "A15", "A16", "A17", "A18", "A20", "A77")
_WITHDRAW: Final = N_("You may withdraw at any time, as simply as you gave it: write to {contact}.")
_PREFIXES: Final = sorted(_CONTEXT.items(), key=lambda pair: -len(pair[1]))


class Written(NamedTuple):
    """A receipt that was written: where, and by when the copy should be gone."""

    path: str
    ends: str
    state: str


class ConsentReceipts(RegisterService):
    """Hands people the record of their consent."""

    def receipt(self, reference: str, purpose: str) -> Json:
        """Return the receipt of a party's consent to a purpose, ended ones included."""
        context = self._context
        document, party = self._receipt(reference, purpose)
        context.journal.log_access(Event.CONSENT_RECEIPT, bytes(party.id), purpose=purpose)
        return document

    def write(self, reference: str, purpose: str, target: Path) -> Written:
        """Write the receipt to a private file that is a known copy, its schema beside it."""
        context = self._context
        need_folder(target.parent)
        document, party = self._receipt(reference, purpose)
        copy = new_copy(context, RECEIPT, target)
        with outgoing(context, copy) as work, work.file(copy) as stream:
            stream.write((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
            with context.journal.audited_change(Event.CONSENT_RECEIPT, bytes(party.id)) as change:
                work.settle(copy, stream, change)
                change.note(purpose=purpose)
        beside = target.with_name(SCHEMA_NAME)
        if not os.path.lexists(beside):
            with private_file(beside) as stream:
                stream.write(receipt_schema().encode())
        return Written(str(copy.place), copy.ends, "written")

    def _receipt(self, reference: str, purpose: str) -> tuple[Json, Party]:
        context = self._context
        if EVIDENCE.code not in context.access.reads:
            raise NoKey(category=EVIDENCE.code)
        party = find_party(context, reference)
        known = context.grounds.rulebook.purpose(purpose)
        if consents_of(context).file(bytes(party.id), purpose) is None:
            raise NoConsent(number=party.number, purpose=purpose)
        line = ConsentVerbs(context).line(party, purpose)
        number = str(uuid4())
        document: Json = {
            "$schema": SCHEMA_NAME,
            "@context": dict(_CONTEXT),
            "@id": f"urn:uuid:{number}",
            "@type": "dpv:ConsentReceipt",
            "dct:conformsTo": [{"@id": _SCHEMAS + "receipt-eu-gdpr"}],
            "dct:identifier": number,
            "dct:issued": context.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "dpv:hasRecordOfActivity": [self._record(party, known, line)],
        }
        return document, party

    def _record(self, party: Party, purpose: Purpose, line: ConsentLine) -> Json:
        context = self._context
        consent = str(UUID(line.id))
        person = {"@id": f"urn:uuid:{UUID(bytes=bytes(party.id))}"}
        controller = self._controller()
        language = line.language or read_setting(context.session, "firm_language", "en")
        mine = {"@id": controller["@id"]}
        record: Json = {
            "@id": f"urn:uuid:{consent}",
            "@type": "dpv:ConsentRecord",
            "dct:conformsTo": [{"@id": _SCHEMAS + "record-eu-gdpr"}],
            "dct:identifier": consent,
            "dct:language": language,
            "dpv:hasDataSubject": [person],
            "dpv:hasNotice": self._notices(line),
            "dpv:hasProcess": [self._process(party, purpose, language, controller)],
            "dpv:hasJurisdiction": [context.country],
            "dpv:hasConsentControl": [self._control(language)],
            "dpv:hasRight": [{"@id": f"eu-gdpr:{right}"} for right in _RIGHTS],
            "dpv:hasConsentStatus": [
                _status(step, mine if step.state in _OURS else person) for step in line.events
            ],
        }
        if context.country in AUTHORITIES:
            record["dpv:hasAuthority"] = [{"@id": AUTHORITIES[context.country]}]
        return record

    def _controller(self) -> Json:
        session = self._context.session
        told = {
            name: read_setting(session, f"firm_{name}") for name in ("name", "address", "email")
        }
        ours = UUID(bytes=sha256(b"controller" + session.ring.vault_id).digest()[:16], version=4)
        return {
            "@id": f"urn:uuid:{ours}",
            "@type": "dpv:DataController",
            "dpv:hasName": told["name"],
            "dpv:hasAddress": told["address"],
            "dpv:hasContact": told["email"],
        }

    def _process(self, party: Party, purpose: Purpose, language: str, controller: Json) -> Json:
        names = recipients()
        words = purpose.texts.get(language) or purpose.texts["en"]
        natural = party.kind == PartyKind.NATURAL
        return {
            "@type": "dpv:Process",
            "dct:title": words.name,
            "dct:description": words.why,
            "dpv:hasPurpose": [{"@id": _short(purpose.dpv)}],
            "dpv:hasLegalBasis": [{"@id": "eu-gdpr:A6-1-a"}] if natural else [],
            "dpv:hasPersonalData": _data(purpose),
            "dpv:hasNecessity": [{"@id": "dpv:Optional"}],
            "dpv:hasDataController": [controller],
            "dpv:hasRecipient": [
                names[code].names.get(language, code) if code in names else code
                for code in purpose.recipients
            ],
            "dpv:hasStorageCondition": [
                {"@type": "dpv:StorageCondition", "dpv:hasDuration": self._duration()}
            ],
        }

    def _duration(self) -> str:
        """Say how long: as long as the consent stands, and its proof for a period after that."""
        rulebook = self._context.grounds.rulebook
        months = next(
            rule.months
            for purpose in rulebook.purposes.values()
            for rule in purpose.retention
            if rule.scope is Scope.RECORDS and rule.trigger is Trigger.CONSENT_ENDED
        )
        return f"until withdrawn; proof of consent P{months}M after that"

    def _control(self, language: str) -> Json:
        session = self._context.session
        contact = read_setting(session, "firm_email") or read_setting(session, "firm_address")
        # In the language of the text the person saw.
        told = voice(language)(_WITHDRAW).format(contact=contact)
        return {"@type": "dpv:WithdrawConsent", "dct:description": told}

    def _notices(self, line: ConsentLine) -> list[Json]:
        found: dict[str, Json] = {}
        for step in line.events:
            if step.wording_hash and step.wording_hash not in found:
                row = self._context.session.first(WordingRow, text_hash=step.wording_hash)
                found[step.wording_hash] = {
                    "@type": "dpv:ConsentNotice",
                    "dct:identifier": [
                        f"{step.wording}@{step.wording_version}",
                        f"sha256:{step.wording_hash}",
                    ],
                    "dct:language": step.language or "",
                    **({"dct:description": row.body} if row is not None else {}),
                }
        return list(found.values())


def receipt_schema() -> str:
    """Return the JSON Schema that every receipt is valid against."""
    return program_text("crm", "data", SCHEMA_NAME)


def _status(step: ConsentStepLine, by: Mapping[str, object]) -> Json:
    return {
        "@type": f"dpv:{_STATES.get(step.state) or 'Consent' + step.state.title()}",
        "dpv:isIndicatedAtTime": step.at,
        "dpv:isIndicatedBy": [dict(by)],
        "dpv:hasIndicationMethod": step.channel,
    }


def _data(purpose: Purpose) -> list[Json]:
    """List what is processed for a purpose; proofs about the person are our own papers."""
    terms = dict.fromkeys(_short(ITEMS[item].dpv) for item in purpose.items if item in ITEMS)
    return [{"@id": term} for term in terms if term.startswith("pd:")]


def _short(iri: str) -> str:
    for prefix, start in _PREFIXES:
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri
