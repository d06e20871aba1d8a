"""The starter registers are complete, lawful in shape and the same in three languages."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
import yaml

from crm.privacy import ITEMS, SubjectKind
from crm.starter import _Strict, check_register, recipients, starter
from gdpr.errors import InvalidRegister
from gdpr.rules.decide import decide, without_clock
from gdpr.rules.facts import (
    Datum,
    Ground,
    KeptRecord,
    RecordClock,
    SubjectFacts,
    lawful_basis,
)
from gdpr.rules.period_ends import RuleSettings, clock_end
from gdpr.rules.purposes import Basis, Evidence, Scope, Trigger
from gdpr.rules.register import canonical, parse_purpose

LANGUAGES = ("en", "lv", "it")
COUNTRIES = ("LV", "IT", "EE")
PURPOSES = {country: {one.code: one for one in starter(country).purposes} for country in COUNTRIES}
RELATIONS = {one.code: one for one in starter("LV").relations}


@pytest.mark.parametrize("country", COUNTRIES)
def test_there_are_26_purposes_in_three_languages(country):
    """Every purpose has a number, a name and one sentence why in en, lv and it."""
    register = PURPOSES[country]

    assert [one.number for one in register.values()] == [f"P{n:02}" for n in range(1, 27)]
    for purpose in register.values():
        assert set(purpose.texts) == set(LANGUAGES)
        for words in purpose.texts.values():
            assert words.name == words.name.strip()
            assert words.why.endswith(".")
            assert words.why[0].isupper()
    for language in LANGUAGES:
        assert len({one.texts[language].name for one in register.values()}) == 26
        assert len({one.texts[language].why for one in register.values()}) == 26


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_rule_can_be_checked_by_machine(country):
    """Each purpose has a rule, names only our items and our people, and survives storage."""
    for purpose in PURPOSES[country].values():
        assert purpose.retention
        assert set(purpose.items) <= set(ITEMS)
        assert set(purpose.bases) <= set(SubjectKind)
        assert not purpose.source, "no paper of anybody else is referred to"
        assert purpose.dpv.startswith("https://w3id.org/dpv#")
        assert parse_purpose(yaml.safe_load(canonical(purpose))) == purpose


def test_every_item_is_named_by_some_purpose():
    """An item that no purpose names could never be stored."""
    assert {item for one in PURPOSES["LV"].values() for item in one.items} == set(ITEMS)


def test_a_contact_person_has_no_contract_with_us():
    """Where a client's basis is the contract, the contact person's is not."""
    for purpose in PURPOSES["LV"].values():
        basis = purpose.bases.get(SubjectKind.CONTACT)
        assert basis not in {Basis.CONTRACT, Basis.PRE_CONTRACT}


def test_a_prospect_has_only_steps_before_a_contract():
    """The letter is the same, but it ends as soon as nobody needs the offer."""
    for purpose in PURPOSES["LV"].values():
        assert purpose.bases.get(SubjectKind.PROSPECT) is not Basis.CONTRACT
    contracts = PURPOSES["LV"]["contracts"]
    assert contracts.basis("prospect", Evidence.NOTICE) is Basis.PRE_CONTRACT
    assert (contracts.review_after("prospect"), contracts.review_after("client")) == (12, 24)


@pytest.mark.parametrize(
    ("code", "kind", "evidence", "article"),
    [
        ("contracts", "client", Evidence.CONTRACT, "6(1)(b)"),
        ("contracts", "supplier", Evidence.CONTRACT, "6(1)(b)"),
        ("communication", "contact", Evidence.NOTICE, "6(1)(f)"),
        ("communication", "partner", Evidence.CONTRACT, "6(1)(b)"),
        ("accounting", "client", Evidence.CONTRACT, "6(1)(c)"),
        ("complaints_claims", "visitor", Evidence.NOTICE, "6(1)(f)"),
        ("crm_data_quality", "client", Evidence.CONTRACT, "6(1)(f)"),
        ("policy_change_notices", "client", Evidence.CONTRACT, "6(1)(f)"),
        ("direct_marketing", "subscriber", Evidence.CONSENT, "6(1)(a)"),
        ("direct_marketing", "subscriber", Evidence.SOFT_OPT_IN, None),
        ("events", "client", Evidence.NOTICE, "6(1)(a)"),
        ("legal_requests", "employee", Evidence.NOTICE, "6(1)(c)"),
        ("accounts", "user", Evidence.CONTRACT, "6(1)(b)"),
    ],
)
def test_bases_are_those_of_the_policies(code, kind, evidence, article):
    """The article that will stand in a refusal letter is the one decided for this person."""
    assert PURPOSES["LV"][code].basis(kind, evidence).article == article


@pytest.mark.parametrize(
    ("country", "code", "trigger", "started", "until"),
    [
        ("LV", "accounting", "document_date", date(2026, 3, 15), date(2031, 12, 31)),
        ("IT", "accounting", "document_date", date(2026, 3, 15), date(2036, 12, 31)),
        ("LV", "contracts", "contract_end", date(2026, 3, 15), date(2029, 3, 15)),
        ("IT", "contracts", "contract_end", date(2026, 3, 15), date(2036, 3, 15)),
        ("LV", "support_tickets", "pseudonymised", date(2020, 2, 29), date(2026, 2, 28)),
        ("LV", "data_subject_requests", "case_closed", date(2026, 8, 31), date(2031, 8, 31)),
        ("IT", "data_subject_requests", "case_closed", date(2026, 8, 31), date(2036, 8, 31)),
        ("LV", "policy_change_notices", "recorded", date(2026, 8, 31), date(2029, 8, 31)),
    ],
)
def test_periods_end_on_the_days_of_the_law(country, code, trigger, started, until):
    """The starter rules, wound on a date, end where Latvian or Italian law ends."""
    rule = PURPOSES[country][code].record_rule(Trigger(trigger))

    assert clock_end(rule, started, RuleSettings()) == until


def test_periods_nobody_checked_say_so():
    """Unverified periods are marked so that set-up asks, and abroad all national ones are."""
    unverified = {
        code
        for code, one in PURPOSES["LV"].items()
        if not all(rule.verified for rule in one.retention)
    }

    assert unverified == {
        *("identification", "payments", "accounting", "quality_development", "market_research"),
        *("events", "legal_requests", "security_fraud", "data_subject_requests"),
        "policy_change_notices",
    }
    assert not PURPOSES["EE"]["contracts"].retention[0].verified


def test_citations_fit_the_country():
    """Each firm is shown the law of its own country and of the Union, with its time."""
    for country in COUNTRIES:
        laws = {law for one in PURPOSES[country].values() for law in one.laws}
        assert {law.country for law in laws} == {country, "EU"} - {"EE"}
    books = {law.title: law for law in PURPOSES["LV"]["accounting"].laws}
    assert not books['Likums "Par grāmatvedību"'].in_force(date(2026, 1, 1))
    assert books["Grāmatvedības likums"].in_force(date(2026, 1, 1))


def test_purposes_without_items_are_entries_of_the_register_only():
    """Video, statistics and the like store nothing here, and their periods bind no clock."""
    empty = {one.number for one in PURPOSES["LV"].values() if not one.items}

    assert empty == {"P13", "P16", "P17", "P19", "P20", "P22"}
    for purpose in PURPOSES["LV"].values():
        outside = {rule.scope is Scope.OUTSIDE for rule in purpose.retention}
        assert outside == {not purpose.items}


# How long claims may be brought, and books are asked for, by the law that says so.
_LIMITATION = {
    ("Komerclikums", "406"): 36,
    ("Civillikums", "1895"): 120,
    ("Codice civile", "2946"): 120,
    ("Codice civile", "2220"): 120,
    ("Grāmatvedības likums", "28"): 60,
    ("Fizisko personu datu apstrādes likums", "34"): 60,
}


@pytest.mark.parametrize("country", ["LV", "IT"])
def test_no_law_stands_beside_another_period_than_its_own(country):
    """Whoever reads ten years in the law that is cited must not find three in the column beside it.

    Correspondence is a business letter as well, which the Latvian claims outlast by nothing.
    """
    for purpose in PURPOSES[country].values():
        cited = {
            _LIMITATION[one]
            for law in purpose.laws
            if (one := (law.title, law.article)) in _LIMITATION
        }
        kept = {
            rule.months for rule in purpose.retention if rule.trigger is not Trigger.PSEUDONYMISED
        }
        assert not cited or cited == kept, purpose.code


def test_what_the_starter_register_asked_too_much_of_whom():
    """No account of a prospect, no mail for the books, no books about who pays nothing."""
    lv = PURPOSES["LV"]

    assert "email" not in lv["accounting"].items
    assert set(lv["accounting"].bases) == {"client", "supplier", "partner"}
    for code in RELATIONS["prospect"].purposes:
        assert "bank" not in lv[code].items
    assert "prospect" not in lv["payments"].bases
    for code, articles in (
        ("direct_marketing", {"13"}),
        ("personalised_offers_profiling", {"5(3)"}),
    ):
        directive = {law.article for law in lv[code].laws if "2002/58" in law.title}
        assert directive == articles
    profiling = PURPOSES["IT"]["personalised_offers_profiling"].laws
    assert "122" in {law.article for law in profiling}
    known = recipients()
    assert {known[code].role for code in ("debt_collector", "payment_processor")} == {"varies"}


def test_recipients_are_known_by_name():
    """Every class of recipients has a role and a name in each language, and each is used."""
    known = recipients()
    used = {code for one in PURPOSES["LV"].values() for code in one.recipients}

    assert used == set(known)
    for one in known.values():
        assert one.role in {"processor", "controller", "authority", "varies"}
        assert set(one.names) == set(LANGUAGES)
        assert all(one.names.values())


def test_the_six_relations_open_lawful_grounds():
    """Each bundle has a basis for its kind of person, whatever accepted evidence proves it."""
    assert list(RELATIONS) == ["client", "prospect", "contact", "newsletter", "supplier", "partner"]
    for relation in RELATIONS.values():
        assert set(relation.names) == set(LANGUAGES)
        for code in relation.purposes:
            for evidence in relation.evidence:
                assert lawful_basis(PURPOSES["LV"][code], relation.kind, evidence, is_legal=False)


def test_nobody_subscribes_by_accident():
    """A newsletter needs its consent or soft opt-in named; a client's contract is in the word."""
    assert RELATIONS["newsletter"].assumed is None
    assert RELATIONS["newsletter"].evidence == (Evidence.CONSENT, Evidence.SOFT_OPT_IN)
    assert RELATIONS["client"].assumed is Evidence.CONTRACT
    assert RELATIONS["prospect"].assumed is Evidence.NOTICE


def test_no_starter_ground_is_without_a_date():
    """Whatever purpose is opened for whomever, a clock or a review is there from the first day."""
    grounds = [
        Ground(b"id", purpose, kind, date(2026, 11, 22), Evidence.CONTRACT)
        for purpose in PURPOSES["LV"].values()
        for kind in purpose.bases
    ]

    assert without_clock(grounds) == ()
    facts = SubjectFacts(b"party", is_legal=False, grounds=tuple(grounds))
    for reason in decide(facts, date(2026, 11, 22), RuleSettings()).live:
        assert reason.until > date(2026, 11, 22)


def test_every_reason_can_be_said():
    """Each clock of the starter register has its sentence, with a day and a number of months."""
    for purpose in PURPOSES["IT"].values():
        for rule in purpose.retention:
            if rule.scope is not Scope.RECORDS or not rule.months:
                continue
            kind = next(iter(purpose.bases))
            clock = RecordClock(purpose, kind, rule.trigger, date(2026, 11, 22))
            record = KeptRecord(b"id", "table", rule.items[0], date(2026, 11, 22), (clock,))
            facts = SubjectFacts(b"party", is_legal=False, grounds=(), data=())
            (verdict,) = decide(_with(facts, record), date(2026, 11, 23), RuleSettings()).verdicts
            assert f"{rule.months} months" in str(verdict.because)
            assert "2026-11-22" in str(verdict.because)


def _with(facts, record):
    return replace(
        facts, data=(Datum(record.table, b"row", "f", record.item, "c", record.id, record),)
    )


def test_a_client_bundle_covers_an_address_book():
    """Everything the policies collect about a client is named by the relation a clerk chooses."""
    items = {item for code in RELATIONS["client"].purposes for item in PURPOSES["LV"][code].items}

    assert items >= {
        *("name", "reg_no", "vat_no", "official_number", "email", "phone", "address", "position"),
        *("bank", "correspondence", "provenance", "language", "channel", "notice_proof"),
    }
    assert not {"bank", "official_number"} & set(PURPOSES["LV"]["service_delivery"].items)
    assert set(PURPOSES["LV"]["direct_marketing"].items) == {
        *("name", "email", "interest"),
        "notice_proof",
    }


def test_an_edited_register_is_checked_against_the_product():
    """An unknown item, person or purpose, or a relation without a basis, is refused."""
    good = starter("LV")
    first, *others = good.purposes
    client = RELATIONS["client"]
    for purposes, relations in (
        ((replace(first, items=("shoe_size",)), *others), ()),
        ((replace(first, bases={"martian": Basis.CONSENT}), *others), ()),
        (good.purposes, (replace(client, purposes=("gossip",)),)),
        (good.purposes, (replace(client, kind="visitor"),)),
    ):
        with pytest.raises(InvalidRegister):
            check_register(purposes, relations)
    check_register(good.purposes, good.relations)


def test_a_key_said_twice_is_refused():
    """The last word of a slip in the file does not win in silence."""
    with pytest.raises(InvalidRegister):
        yaml.load("a: {b: 1, b: 2}", Loader=_Strict)


def test_declarations_need_no_database():
    """The page of declarations imports neither the database nor the reader of the registers."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, crm.privacy; sys.exit(bool({'peewee', 'yaml'} & set(sys.modules)))",
        ],
        check=False,
    )

    assert done.returncode == 0
