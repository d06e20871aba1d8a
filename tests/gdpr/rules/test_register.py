"""The register is read strictly and written in one way only."""

from __future__ import annotations

import json
from datetime import date

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gdpr.errors import InvalidRegister
from gdpr.rules.purposes import Basis, Evidence, Law
from gdpr.rules.register import canonical, content_hash, parse_purpose, parse_relation
from tests.gdpr.rules.worlds import document, ground_rule, record_rule

LAW = {"country": "LV", "title": "A law", "article": "1", "valid_from": "2022-01-01"}


def full():
    return document(
        "books",
        "legal_obligation",
        ["name", "paper"],
        record_rule("paper", months=60, round="financial_year_end"),
        ground_rule(trigger="last_activity", months=12),
        bases={"alpha": "legal_obligation", "beta": "consent"},
        basis_by_evidence={"soft-opt-in": "legitimate_interests"},
        laws=[LAW, {**LAW, "valid_to": date(2030, 1, 1), "verified": True}],
        review_months={"default": 24, "beta": 12},
        recipients=["bank"],
        direct_marketing=True,
        compelling=True,
    )


def relation(**given):
    return {
        "code": "gamma",
        "version": 1,
        "kind": "alpha",
        "purposes": ["books"],
        "evidence": ["contract", "notice"],
        "assumed": "contract",
        "names": {"en": "gamma"},
    } | given


def test_a_purpose_survives_storage():
    """What is written and read again is the same purpose with the same text and hash."""
    purpose = parse_purpose(full())
    again = parse_purpose(json.loads(canonical(purpose)))

    assert again == purpose
    assert hash(again) == hash(purpose)
    assert canonical(again) == canonical(purpose)
    assert content_hash(again) == content_hash(purpose)


def test_a_relation_survives_storage():
    """The same holds for a relation, with and without assumed evidence."""
    for one in (relation(), relation(assumed=None)):
        made = parse_relation(one)
        assert parse_relation(json.loads(canonical(made))) == made


def test_any_change_changes_the_hash():
    """A version cannot be rewritten unseen: every key of it enters the hash."""
    original = content_hash(parse_purpose(full()))
    changes = [
        {"version": 2},
        {"items": ["name", "paper", "mail"]},
        {"recipients": []},
        {"compelling": False},
        {"source": "other"},
        {"laws": [LAW]},
        {"review_months": {"default": 36}},
        {"texts": {"en": {"name": "books", "why": "Otherwise."}}},
    ]

    hashes = {content_hash(parse_purpose(full() | change)) for change in changes}

    assert len(hashes | {original}) == len(changes) + 1


def test_the_order_of_keys_is_no_content():
    """Two spellings of one document have one canonical text."""
    turned = dict(reversed(full().items()))

    assert canonical(parse_purpose(turned)) == canonical(parse_purpose(full()))


def rules(*given):
    return {"retention": list(given)}


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"surprise": 1}, "unknown-key"),
        ({"code": "Books"}, "code-expected"),
        ({"code": None}, "text-expected"),
        ({"version": 0}, "number-1-to-1000000-expected"),
        ({"version": True}, "number-1-to-1000000-expected"),
        ({"number": " "}, "text-expected"),
        ({"bases": {}}, "missing"),
        ({"bases": []}, "not-a-mapping"),
        ({"bases": {"alpha": "n/a"}}, "unknown-word"),
        ({"bases": {"alpha": "because"}}, "unknown-word"),
        ({"bases": {"Alpha!": "consent"}}, "unknown-word"),
        ({"basis_by_evidence": {"hearsay": "consent"}}, "unknown-word"),
        ({"basis_by_evidence": {"notice": "n/a"}}, "unknown-word"),
        ({"items": "name"}, "words-expected"),
        ({"items": ["name", "name", "paper"]}, "said-twice"),
        ({"items": ["name"]}, "items-the-purpose-does-not-name"),
        ({"items": []}, "items-the-purpose-does-not-name"),
        ({"retention": []}, "missing"),
        ({"retention": {}}, "list-expected"),
        (rules("forever"), "not-a-mapping"),
        (rules(ground_rule(period=1)), "unknown-key"),
        (rules(ground_rule(trigger="whim")), "unknown-word"),
        (rules(ground_rule(verified="yes")), "true-or-false-expected"),
        (rules(ground_rule(months=12)), "no-period-after-the-ground"),
        (rules(ground_rule(trigger="last_activity")), "no-period-after-the-ground"),
        (rules(ground_rule(then="review")), "a-ground-only-erases"),
        (rules(ground_rule(trigger="contract_end")), "trigger-of-a-record"),
        (rules(ground_rule(items=["name"])), "items-exactly-for-records"),
        (rules(record_rule(months=12)), "items-exactly-for-records"),
        (rules(record_rule("paper", months=12, trigger="ground_start")), "trigger-of-a-ground"),
        (rules(record_rule("paper", months=12, days=3)), "days-only-for-data-outside"),
        (rules(record_rule("paper", months=-1)), "number-0-to-1200-expected"),
        (
            rules(record_rule("paper", months=1, trigger="recorded", round="financial_year_end")),
            "rounding-only-for-documents",
        ),
        (rules(record_rule("paper", months=1), record_rule("paper", months=2)), "said-twice"),
        (rules(ground_rule(), ground_rule()), "two-clocks-for-the-ground"),
        (rules(ground_rule(scope="outside", trigger="recorded")), "outside-exactly-without-items"),
        ({"items": [], "retention": [ground_rule()]}, "outside-exactly-without-items"),
        ({"review_months": {}}, "number-1-to-120-expected"),
        ({"review_months": {"default": 0}}, "number-1-to-120-expected"),
        ({"review_months": {"default": 24, "beta": 999}}, "number-1-to-120-expected"),
        ({"texts": {}}, "missing"),
        ({"texts": {"english": {"name": "a", "why": "b"}}}, "language-expected"),
        ({"texts": {"en": {"name": "a"}}}, "text-expected"),
        ({"laws": [{**LAW, "valid_from": "soon"}]}, "date-expected"),
        ({"laws": [{**LAW, "valid_to": "2021-12-31"}]}, "ends-before-it-begins"),
    ],
)
def test_a_faulty_purpose_is_refused(wrong, fault):
    """What the deciding function could not obey does not get into a register."""
    with pytest.raises(InvalidRegister) as refused:
        parse_purpose(full() | wrong)

    assert refused.value.arguments["fault"] == fault
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("key", ["code", "number", "bases", "retention", "texts"])
def test_a_missing_key_is_refused(key):
    """Nothing that decides is filled in by guessing."""
    given = full()
    del given[key]

    with pytest.raises(InvalidRegister):
        parse_purpose(given)


@pytest.mark.parametrize("wrong", ["books", None, ["books"], {1: 2}])
def test_only_mappings_are_read(wrong):
    """A document of another shape is refused and not repeated in the message."""
    with pytest.raises(InvalidRegister) as refused:
        parse_purpose(wrong)

    assert refused.value.arguments == {"place": "purpose", "fault": "not-a-mapping"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"purposes": []},
        {"evidence": []},
        {"evidence": ["hearsay"]},
        {"assumed": "consent"},
        {"names": {}},
        {"names": {"en": 1}},
        {"surprise": True},
    ],
)
def test_a_faulty_relation_is_refused(wrong):
    """A relation opens grounds, so it is read as strictly as a purpose."""
    with pytest.raises(InvalidRegister):
        parse_relation(relation(**wrong))


def test_every_basis_has_its_paragraph():
    """The article to cite follows from the basis; a legal person and the soft opt-in have none."""
    assert [basis.article for basis in Basis] == [
        *("6(1)(a)", "6(1)(b)", "6(1)(b)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(f)", None, None)
    ]


def test_evidence_may_change_the_basis():
    """The soft opt-in turns a consent purpose into a legitimate interest."""
    purpose = parse_purpose(full())

    assert purpose.basis("beta", Evidence.CONSENT) is Basis.CONSENT
    assert purpose.basis("beta", Evidence.SOFT_OPT_IN) is Basis.LEGITIMATE_INTERESTS
    assert purpose.basis("gamma", Evidence.CONTRACT) is None
    assert purpose.review_after("beta") == 12
    assert purpose.review_after("alpha") == 24


def test_a_replaced_law_applies_only_in_its_time():
    """A citation knows its years."""
    law = Law("LV", "Old", "1", date(1993, 1, 1), date(2021, 12, 31))

    assert [law.in_force(date(year, 12, 31)) for year in (1992, 2021, 2022)] == [False, True, False]
    assert Law("LV", "Open", "1").in_force(date(1900, 1, 1))


@given(name=st.text(min_size=1, max_size=40).filter(str.strip))
def test_the_one_text_is_that_of_the_canonicalization_scheme(name):
    """Another implementation of RFC 8785 writes the same bytes, whatever the words hold."""
    written = full()
    written["texts"]["en"]["name"] = name
    text = canonical(parse_purpose(written))

    assert rfc8785.dumps(json.loads(text)) == text.encode()
