"""The same data as statements in the Data Privacy Vocabulary, with the context inside.

Nothing is fetched: whoever reads the file needs no network, and nobody learns that it was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gdpr.category import Origin
from gdpr.dpv import DPV, EU_GDPR, PD
from gdpr.rules.purposes import Basis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, Any]

CONTEXT: Final = {
    "dpv": DPV,
    "eu-gdpr": EU_GDPR,
    "pd": PD,
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_BASES: Final[Mapping[str, str]] = {
    Basis.CONSENT: "A6-1-a",
    Basis.CONTRACT: "A6-1-b-contract-performance",
    Basis.PRE_CONTRACT: "A6-1-b-enter-into-contract",
    Basis.LEGAL_OBLIGATION: "A6-1-c",
    Basis.VITAL: "A6-1-d",
    Basis.PUBLIC_TASK: "A6-1-e",
    Basis.LEGITIMATE_INTERESTS: "A6-1-f",
}
_ORIGINS: Final[Mapping[str, str]] = {
    Origin.PROVIDED: "ProvidedPersonalData",
    Origin.OBSERVED: "ObservedPersonalData",
    Origin.DERIVED: "DerivedPersonalData",
    Origin.PUBLIC: "CollectedPersonalData",
    Origin.THIRD_PARTY: "CollectedPersonalData",
}
_RIGHT: Final = {"Art.15": f"{EU_GDPR}A15", "Art.20": f"{EU_GDPR}A20"}


def linked(document: Json, terms: Mapping[str, str], countries: Mapping[str, str]) -> Json:
    """Write a package's data as linked data; `terms` gives the DPV purpose of each purpose code.

    `countries` gives the authority of the controller's country, where the vocabulary names it.
    """
    subject, controller = document["subject"]["uid"], f"{document['subject']['uid']}#controller"
    firm = document["controller"]
    notice = {
        "@id": f"{subject}#package",
        "@type": "dpv:RightFulfilmentNotice",
        "dct:created": {"@value": document["generated_at"], "@type": "xsd:dateTime"},
        "dpv:hasRight": {"@id": _RIGHT[document["scope"]]},
        "dpv:hasDataSubject": {"@id": subject},
        "dpv:hasDataController": {"@id": controller},
    }
    about: Json = {"@id": controller, "@type": "dpv:DataController", "dpv:hasName": firm["name"]}
    if firm["country"] in countries:
        about["dpv:hasAuthority"] = {"@id": countries[firm["country"]]}
    graph = [notice, about, {"@id": subject, "@type": "dpv:DataSubject"}]
    graph += _processes(document["data"], terms, subject, controller)
    graph += [_datum(each, subject) for each in document["data"]]
    return {"@context": dict(CONTEXT), "@graph": graph}


def _processes(
    data: Iterable[Json], terms: Mapping[str, str], subject: str, controller: str
) -> list[Json]:
    found: dict[tuple[str, str], Json] = {}
    for each in data:
        if each["purpose"] is None:
            continue
        key = (each["purpose"], each["basis"])
        process = found.setdefault(
            key,
            {
                "@id": f"{subject}#process-{each['purpose']}-{each['basis']}",
                "@type": "dpv:Process",
                "dct:identifier": each["purpose"],
                "dpv:hasPurpose": {"@id": terms[each["purpose"]]},
                **_legal_basis(each["basis"]),
                "dpv:hasDataSubject": {"@id": subject},
                "dpv:hasDataController": {"@id": controller},
                "dpv:hasPersonalData": [],
            },
        )
        process["dpv:hasPersonalData"].append({"@id": each["id"]})
    return list(found.values())


def _legal_basis(basis: str) -> Json:
    """Name the basis; the soft opt-in is none of the GDPR's, so has no term there."""
    return {"dpv:hasLegalBasis": {"@id": EU_GDPR + _BASES[basis]}} if basis in _BASES else {}


def _datum(each: Json, subject: str) -> Json:
    return {
        "@id": each["id"],
        "@type": [each["term"], DPV + _ORIGINS[each["origin"]]],
        "dct:identifier": f"{each['table']}.{each['field']}",
        "dpv:hasDataSubject": {"@id": subject},
        "rdf:value": each["value"],
    }
