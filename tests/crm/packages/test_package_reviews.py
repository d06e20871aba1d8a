"""Texts that may speak of others: found by rule, decided by a person, blacked out with a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crm.errors import ReviewNeeded
from crm.models.files import KnownCopy
from crm.packages.cards import Packing
from gdpr.errors import ReviewUnreadable
from gdpr.rights.errors import ReviewOutdated
from gdpr.rights.redaction import Span, blacked_out
from tests.crm.packaging import (
    COMPANY,
    STRANGER,
    client,
    contact,
    everything,
    neighbours,
    note,
    read,
)
from tests.crm.planting import plant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from crm.models.party import Party


def written(register: Kartoteka, party: Party, file: Path) -> dict[str, Any]:
    """Write a review file and read it."""
    register.packages.review(str(party.number), file)
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return document


def suggested(
    register: Kartoteka, party: Party, texts: Iterable[str], folder: Path
) -> dict[str, list[str]]:
    """Return what the rules suggest to black out of notes."""
    for text in texts:
        note(register, party, text)
    document = written(register, party, folder / "review.json")
    return {each["text"]: [span["text"] for span in each["spans"]] for each in document["texts"]}


FOUND = {
    "Zvanīja Svešinieks Pilnīgs par rēķinu": ["Svešinieks Pilnīgs"],
    "Runāja ar Svešinieku Pilnīgu vakar": ["Svešinieku Pilnīgu"],
    "runāja ar svešinieku pilnīgu vakar": ["svešinieku pilnīgu"],
    "Pilnīgam nepatika cena": ["Pilnīgam"],
    "Rakstīt uz svesinieks@example.net!": ["svesinieks@example.net"],
    "Rakstīt uz kads.cits@nekur.example": ["kads.cits@nekur.example"],
    "Jauns: svesinieks.pilnigs7@nekur.example, raksti": ["svesinieks.pilnigs7@nekur.example"],
    "Viņa tālrunis 25550001": ["25550001"],
    "Tālrunis +371 2555 0001, zvanīt": ["+371 2555 0001"],
    "Kods 010180-10000 pases kopijā": ["010180-10000"],
    "Konts LV97 HABA 0012 3456 7891 0": ["LV97 HABA 0012 3456 7891 0"],
}
LEFT_ALONE = (
    "Kanarija Dzeltenspārne lūdza atzvanīt uz 29998877 vai kanarija@example.com",
    "Dzeltenspārnei rēķins 2026-03-02 Nr. 20260302, summa 12 345 678,90",
    "Kods 161175-19997, konts LV80 BANK 0000 4351 9500 1",
    "Strādā uzņēmumā SIA Lielais darba devējs, reģ. 40003521600, birojs@lielais.example",
    "Pilnīgi nekas, ko citi nezinātu",
)


def test_other_people_are_found(register: Kartoteka, tmp_path: Path) -> None:
    """Names in their cases, mails, phones, codes and accounts of somebody else are suggested."""
    neighbours(register)
    party = client(register)

    found = suggested(register, party, FOUND, tmp_path)

    assert {text: found[text] for text in FOUND} == FOUND


def test_the_person_and_companies_are_left_alone(register: Kartoteka, tmp_path: Path) -> None:
    """A person's own data, days, sums and what belongs to companies is not suggested."""
    plant(register, "client", legal=True, fields=COMPANY)
    plant(register, "client", fields={**STRANGER, "family_name": "Cits"})
    party = client(register)

    found = suggested(register, party, LEFT_ALONE, tmp_path)

    assert {text: spans for text, spans in found.items() if spans} == {}


def test_a_report_waits_for_the_review(register: Kartoteka, tmp_path: Path) -> None:
    """While a note may speak of others and nobody has looked, there is no package."""
    neighbours(register)
    party = client(register)
    note(register, party, "Ieteica Svešinieks Pilnīgs, svesinieks@example.net")

    with pytest.raises(ReviewNeeded) as refused:
        register.packages.access(str(party.number), tmp_path / "p")

    assert refused.value.exit_code == 4
    assert refused.value.arguments == {"count": 1, "number": party.number}
    assert not (tmp_path / "p").exists()


def test_what_was_marked_is_blacked_out_with_its_reason(
    register: Kartoteka, tmp_path: Path
) -> None:
    """Marked places are gone from every file, the reason stands there, the rest is as it was."""
    neighbours(register)
    party = client(register)
    note(register, party, "Ieteica Svešinieks Pilnīgs, svesinieks@example.net; zvanīt Ilzei rīt")
    review = tmp_path / "review.json"
    document = written(register, party, review)
    [text] = [each for each in document["texts"] if "Ieteica" in each["text"]]
    at = text["text"].index("Ilzei")
    text["spans"].append({"start": at, "end": at + 5, "redact": True, "reason": "kolēģe"})
    review.write_text(json.dumps(document), "utf-8")

    packing = Packing(reviewed=review, language="en")
    made = register.packages.access(str(party.number), tmp_path / "p", packing)

    assert made.redactions == 3
    content = everything(tmp_path / "p")
    for gone in ("Svešinieks", "svesinieks@example.net", "Ilzei"):
        assert gone.encode() not in content
    [told] = [each for each in read(tmp_path / "p", "my-data.json")["data"] if "redacted" in each]
    assert told["redacted"] == 3
    # The reasons are those of the review, which spoke the person's language.
    assert told["value"].startswith("Ieteica [redacted: ")
    assert told["value"].endswith("; zvanīt [redacted: kolēģe] rīt")
    assert read(tmp_path / "p", "machine/manifest.json")["redactions"] == 3


def test_a_person_may_decide_that_nothing_is_hidden(register: Kartoteka, tmp_path: Path) -> None:
    """What a rule suggests is a suggestion: redact false lets the text stand."""
    neighbours(register)
    party = client(register)
    note(register, party, "Pilnīgs prieks")
    review = tmp_path / "review.json"
    document = written(register, party, review)
    for text in document["texts"]:
        for span in text["spans"]:
            span["redact"] = False
    review.write_text(json.dumps(document), "utf-8")

    packing = Packing(reviewed=review)
    made = register.packages.access(str(party.number), tmp_path / "p", packing)

    assert made.redactions == 0
    assert b"Piln\xc4\xabgs prieks" in everything(tmp_path / "p")


def test_a_review_of_yesterday_does_not_cover_a_note_of_today(
    register: Kartoteka, tmp_path: Path
) -> None:
    """A text that came or changed since, or a review of somebody else, is refused."""
    party, other = client(register), contact(register)
    review = tmp_path / "review.json"
    written(register, party, review)
    note(register, party, "Jauna piezīme")

    for number in (party.number, other.number):
        with pytest.raises(ReviewOutdated):
            register.packages.access(str(number), tmp_path / "p", Packing(reviewed=review))


@pytest.mark.parametrize(
    "broken", [b"", b"[]", b"{}", b"\xff", b'{"format": "kartoteka-review"}', b"[" * 100_000]
)
def test_a_broken_review_is_refused(register: Kartoteka, tmp_path: Path, broken: bytes) -> None:
    """Whatever the file holds, the answer is a refusal and no package."""
    review = tmp_path / "review.json"
    review.write_bytes(broken)

    with pytest.raises(ReviewUnreadable):
        register.packages.access(
            str(client(register).number), tmp_path / "p", Packing(reviewed=review)
        )


def test_a_place_outside_the_text_is_refused(register: Kartoteka, tmp_path: Path) -> None:
    """A span that ends after the text ends is no decision on it."""
    party = client(register)
    review = tmp_path / "review.json"
    document = written(register, party, review)
    document["texts"][0]["spans"] = [{"start": 0, "end": 9_999, "redact": True, "reason": "x"}]
    review.write_text(json.dumps(document), "utf-8")

    with pytest.raises(ReviewUnreadable):
        register.packages.access(str(party.number), tmp_path / "p", Packing(reviewed=review))


def test_a_review_file_is_a_known_copy(register: Kartoteka, tmp_path: Path) -> None:
    """It holds texts in clear, so the register knows of it until it is gone."""
    written(register, client(register), tmp_path / "review.json")

    [copy] = register.context.session.rows(KnownCopy)

    assert (copy.kind, copy.path) == ("review", str(tmp_path / "review.json"))


def test_what_goes_along_needs_no_review_of_notes(register: Kartoteka, tmp_path: Path) -> None:
    """Staff notes are never taken along, so they hold nothing up."""
    neighbours(register)
    party = client(register)
    note(register, party, "Ieteica Svešinieks Pilnīgs")

    made = register.packages.portable(str(party.number), tmp_path / "p")

    assert made.data > 0


def test_overlapping_places_become_one() -> None:
    """Nothing between two marked places that overlap shows through."""
    spans = (Span(2, 6, "a"), Span(4, 9, "b"), Span(9, 10, "c"))

    assert blacked_out("0123456789.", spans, "[{reason}]") == ("01[a][c].", 2)
