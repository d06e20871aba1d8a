"""Nobody is written to for marketing upon a mere notice: the law of two countries, each way."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crm.parties.cards import NewClient
from crm.parties.errors import MailingByNotice, NeverBought
from crm.parties.mailing_law import is_mailing
from crm.starter import starter
from crm.transfer.cards import ImportOrder
from gdpr.errors import InvalidRegister
from gdpr.rules.purposes import Basis, Evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.kartoteka import Kartoteka

LAW = {
    "LV": "Informācijas sabiedrības pakalpojumu likuma 9. pants",
    "IT": "art. 130 Codice privacy",
}
MAILINGS = ("direct_marketing", "market_research", "events")


PERSON = NewClient(kind="natural", given_name="Anna", family_name="Lapa", email="anna@example.com")
COMPANY = NewClient(kind="legal", name="Alfa", email="info@example.com")


def _add(firm: Kartoteka, new: NewClient, purpose: str, evidence: str) -> object:
    return firm.clients.add(replace(new, purposes=(purpose,), evidence=evidence))


def _ground(firm: Kartoteka, new: NewClient, purpose: str, evidence: str) -> object:
    number = firm.clients.add(replace(new, relation="client")).number
    return firm.grounds.add(str(number), purposes=(purpose,), evidence=evidence)


WAYS = [_add, _ground]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("purpose", MAILINGS)
@pytest.mark.parametrize("evidence", ["notice", "contract"])
def test_a_person_is_not_written_to_upon_a_notice(
    firm: Kartoteka, way: Callable[..., object], purpose: str, evidence: str
) -> None:
    """For e-mail no interest is weighed: the refusal names the country's law and the way on."""
    with pytest.raises(MailingByNotice) as refused:
        way(firm, PERSON, purpose, evidence)

    assert refused.value.arguments["law"] == LAW[firm.context.country]
    assert refused.value.article == "6(1)(a)"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("purpose", MAILINGS)
def test_a_company_is_asked_in_italy_and_told_in_latvia(
    firm: Kartoteka, way: Callable[..., object], purpose: str
) -> None:
    """Art. 130 protects every subscriber; the Latvian Art. 9 wants consent of human beings only."""
    if firm.context.country == "LV":
        way(firm, COMPANY, purpose, "notice")
        return
    with pytest.raises(MailingByNotice):
        way(firm, COMPANY, purpose, "notice")


@pytest.mark.parametrize("purpose", MAILINGS)
def test_an_import_opens_no_mailing_upon_a_notice(firm: Kartoteka, purpose: str) -> None:
    """A file of addresses is refused as one address is."""
    order = ImportOrder(purposes=(purpose,), evidence="notice")

    with pytest.raises(MailingByNotice):
        firm.imports.take(io.BytesIO(b"name,email\nAnna Lapa,a@example.com\n"), order)


def test_only_who_bought_is_written_to_without_a_yes(firm: Kartoteka) -> None:
    """The soft opt-in covers customers and own similar offers: no prospects, surveys, events."""
    grounds = firm.context.grounds
    soft = {"is_legal": False, "evidence": Evidence.SOFT_OPT_IN}

    assert grounds.by_purposes(["direct_marketing"], kind="client", **soft)
    for kind in ("prospect", "contact", "supplier", "partner"):
        with pytest.raises(NeverBought):
            grounds.by_purposes(["direct_marketing"], kind=kind, **soft)
    for purpose in ("events", "market_research"):
        with pytest.raises(MailingByNotice):
            grounds.by_purposes([purpose], kind="client", **soft)


def test_the_soft_opt_in_is_shown_as_what_it_is(firm: Kartoteka) -> None:
    """It rests on the Directive alone (C-654/23): neither (f) nor any other letter of Art. 6(1)."""
    number = str(
        firm.clients.add(replace(PERSON, relation="newsletter", evidence="soft-opt-in")).number
    )

    (line,) = firm.grounds.listing(number)
    assert (line.basis, line.article) == ("soft_opt_in", None)
    document = firm.context.grounds.rulebook.purpose("direct_marketing")
    assert not document.weighs_interests
    words = {
        tongue: firm.purposes.say("direct_marketing", tongue).bases for tongue in ("en", "lv", "it")
    }
    assert any("13(2)" in line for line in words["en"])
    assert any("13. panta 2. punkts" in line for line in words["lv"])
    assert any("art. 13, par. 2" in line for line in words["it"])
    assert not any("6(1)(f)" in line or "legitimate" in line for line in words["en"])


def test_the_register_cannot_be_edited_past_the_law(firm: Kartoteka) -> None:
    """A mailing that would rest on a weighed interest is refused, whatever the firm calls it."""
    held = firm.purposes.show("events").document
    for changes in (
        {"basis_by_evidence": {"notice": "legitimate_interests"}},
        {"bases": {"client": "legitimate_interests"}},
        {"bases": {"client": "soft_opt_in"}},
    ):
        with pytest.raises(InvalidRegister):
            firm.purposes.edit("events", changes)
    own = {**held, "code": "tips", "number": "P90", "bases": {"client": "legitimate_interests"}}
    with pytest.raises(InvalidRegister):
        firm.purposes.add({**own, "direct_marketing": False})
    by_phone = {**own, "code": "calls", "items": ["name", "phone", "notice_proof"]}
    by_phone["retention"] = [
        {"scope": "ground", "trigger": "ground_end", "months": 0, "round": "none", "then": "erase"}
    ]
    firm.purposes.add(by_phone)


def test_every_mailing_of_the_starter_register_is_known_and_ends_with_an_objection() -> None:
    """Surveys and invitations are marketing too: an objection to them is never weighed."""
    for country in ("LV", "IT", "EE"):
        for purpose in starter(country).purposes:
            assert is_mailing(purpose) is (purpose.code in MAILINGS)
            if is_mailing(purpose):
                assert purpose.direct_marketing
                assert Basis.LEGITIMATE_INTERESTS not in purpose.bases.values()
                assert not purpose.balancing
