"""What may end, what stays with its article, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gdpr.rules.decide import decide
from gdpr.rules.endings import (
    Cause,
    check_end,
    contract_in_force,
    end,
    endable,
    erasure,
    parse_cause,
    reopen,
)
from gdpr.rules.errors import GroundAlreadyEnded, GroundGone, GroundNeeded, UnknownCause
from gdpr.rules.explain import explain, preview
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import RuleSettings
from gdpr.rules.purposes import Evidence
from gdpr.rules.reasons import State

TODAY = date(2025, 6, 1)
CAUSES = [
    Cause(Ending.CONSENT_WITHDRAWN),
    Cause(Ending.OBJECTION),
    Cause(Ending.NO_LONGER_NEEDED),
    Cause(Ending.UNLAWFUL),
    Cause(Ending.REQUEST, 7),
]
STEPS_END = {Ending.NO_LONGER_NEEDED, Ending.UNLAWFUL, Ending.REQUEST}


def test_causes_are_a_closed_list():
    """Four words and a request's number, and each is written as it was read."""
    for text in ("consent-withdrawn", "objection", "no-longer-needed", "unlawful", "request:12"):
        assert str(parse_cause(text)) == text
    for text in ("", "clock", "left", "request", "request:", "request:0", "request:-1", "Unlawful"):
        with pytest.raises(UnknownCause):
            parse_cause(text)


@pytest.mark.parametrize("cause", CAUSES, ids=str)
def test_what_an_erasure_may_end(world, cause):
    """Consent and interests that do not compel end for any cause; the rest has conditions."""
    grounds = {code: world.ground(code) for code in world.purposes}
    facts = world.facts(*grounds.values())

    ends = {code for code, one in grounds.items() if endable(one, cause, facts, TODAY)}

    expected = {"news", "upkeep", "survey", "rescue", "office", "service", "help", "books", "files"}
    assert ends == expected | ({"offer"} if cause.why in STEPS_END else set())


@pytest.mark.parametrize("cause", CAUSES, ids=str)
def test_a_contract_in_force_holds_its_own_and_no_duty_without_records(world, cause):
    """With a live contract, what rests on it stays; the law keeps nothing no record needs."""
    facts = world.facts(
        world.contract("service"), world.contract("books"), world.contract("upkeep")
    )

    ends = [endable(ground, cause, facts, TODAY) for ground in facts.grounds]

    assert contract_in_force(facts, TODAY)
    assert ends == [False, cause.why not in {Ending.OBJECTION, Ending.CONSENT_WITHDRAWN}, True]


def test_a_contract_that_ended_holds_nothing(world):
    """Once the ground of the contract ended, nothing else is bound by it."""
    over = end(world.contract("service"), Ending.ENDED, TODAY, TODAY, world.settings, now=True)
    facts = world.facts(over, world.ground("books"))

    assert not contract_in_force(facts, TODAY)
    assert endable(facts.grounds[1], CAUSES[2], facts, TODAY)
    assert not endable(over, CAUSES[2], facts, TODAY)


def test_direct_marketing_ends_by_objection_whatever_its_basis(world):
    """Art. 21(3) knows no exception, not even a contract."""
    forced = replace(world.purposes["service"], direct_marketing=True)
    ground = replace(world.contract("service"), purpose=forced)
    facts = world.facts(ground)

    assert endable(ground, Cause(Ending.OBJECTION), facts, TODAY)
    assert not endable(ground, Cause(Ending.CONSENT_WITHDRAWN), facts, TODAY)


def test_legal_persons_are_not_erased_on_request(world):
    """They leave by ending grounds; none of theirs ends by a data subject's right."""
    facts = world.facts(world.ground("upkeep"), is_legal=True)

    assert not any(endable(facts.grounds[0], cause, facts, TODAY) for cause in CAUSES)


def test_an_open_case_needs_its_ground(world):
    """A record that waits for its event keeps the legal obligation; a running clock does not."""
    for started, may in ((None, False), (date(2025, 1, 1), True)):
        record = world.record("paper", ("books", "document_date", started))
        facts = world.facts(world.ground("books"), data=[world.datum("paper", record)])
        assert endable(facts.grounds[0], CAUSES[2], facts, TODAY) is may


def test_a_clerk_cannot_end_a_legal_obligation_records_rest_on(world):
    """`ground end` of the books is refused with article, count and date while invoices run."""
    record = world.record("paper", ("books", "document_date", date(2025, 3, 15)))
    facts = world.facts(
        world.ground("books"),
        world.contract("service"),
        data=[world.datum("paper", record), world.datum("number", record)],
    )

    with pytest.raises(GroundNeeded) as refused:
        check_end(facts.grounds[0], facts, TODAY, world.settings)

    assert refused.value.exit_code == 4
    assert refused.value.arguments == {"purpose": "books", "count": 1, "until": "2030-12-31"}
    check_end(facts.grounds[1], facts, TODAY, world.settings)
    check_end(facts.grounds[0], facts, date(2031, 1, 1), world.settings)
    check_end(facts.grounds[0], replace(facts, data=()), TODAY, world.settings)


def test_endings_of_a_clerk_wait_and_those_of_a_person_do_not(world):
    """Fourteen days from today for a clerk's word, none for a person's, none with `now`."""
    ground = world.contract("service")
    yesterday = TODAY - timedelta(90)

    for why in Ending:
        ended = end(ground, why, yesterday, TODAY, world.settings)
        assert (ended.ended_on, ended.ended_why) == (yesterday, why)
        assert ended.going_until == (TODAY + timedelta(14) if why.waits else None)
    assert end(ground, Ending.LEFT, TODAY, TODAY, world.settings, now=True).going_until is None
    assert end(ground, Ending.LEFT, TODAY, TODAY, RuleSettings(grace_days=0)).going_until is None
    planned = TODAY + timedelta(30)
    assert end(ground, Ending.ENDED, planned, TODAY, world.settings).going_until == (
        planned + timedelta(14)
    )
    assert (
        end(ground, Ending.ENDED, planned, TODAY, world.settings, now=True).going_until == planned
    )


def test_a_ground_ends_once(world):
    """The first day and reason stay; only a planned end can be moved."""
    planned = end(world.ground("offer"), Ending.ENDED, TODAY + timedelta(9), TODAY, world.settings)
    moved = end(planned, Ending.ENDED, TODAY, TODAY, world.settings)

    assert moved.ended_on == TODAY
    with pytest.raises(GroundAlreadyEnded):
        end(moved, Ending.LEFT, TODAY, TODAY, world.settings)


def test_reopening_brings_everything_back(world):
    """Within the days of grace a reopened ground is the ground that it was."""
    ground = world.contract("service")
    ended = end(ground, Ending.ENDED, TODAY, TODAY, world.settings)

    assert reopen(ended, TODAY + timedelta(14)) == ground
    with pytest.raises(GroundGone):
        reopen(ended, TODAY + timedelta(15))
    with pytest.raises(GroundGone):
        reopen(end(ground, Ending.OBJECTION, TODAY, TODAY, world.settings), TODAY)
    assert reopen(
        end(ground, Ending.ENDED, TODAY + timedelta(1), TODAY, world.settings), TODAY
    ) == (ground)


def test_a_clock_that_ran_out_is_reopened_with_a_review(world):
    """Without a new date the clock would run out again the same day."""
    ground = world.ground("survey")
    ended = end(ground, Ending.CLOCK, TODAY, TODAY, world.settings)

    back = reopen(ended, TODAY)
    chosen = reopen(ended, TODAY, review_on=date(2025, 12, 1))
    unrecorded = reopen(ground, TODAY)

    assert (back.review_on, chosen.review_on) == (date(2027, 6, 1), date(2025, 12, 1))
    assert unrecorded.review_on == date(2027, 6, 1)
    for one in (back, chosen, unrecorded):
        assert decide(world.facts(one), TODAY, world.settings).live


def test_an_erased_prospect_leaves_nothing(world):
    """Pre-contract steps end when no longer needed, and everything named goes at once."""
    facts = world.facts(
        world.ground("offer"),
        world.ground("upkeep"),
        data=[world.datum("name"), world.datum("mail"), world.datum("origin")],
    )

    done = erasure(facts, parse_cause("no-longer-needed"), TODAY, world.settings)
    read = preview(done.decision.verdicts)

    assert [ground.ended_why for ground in done.ending] == [Ending.NO_LONGER_NEEDED] * 2
    assert all(ground.going_until is None for ground in done.ending)
    assert read["stays"] == []
    assert [(line["item"], line["rows"]) for line in read["goes"]] == [
        *(("name", 1), ("mail", 1), ("origin", 1))
    ]
    assert facts.grounds[0].ended_on is None


def test_the_preview_of_a_client_says_what_stays(world):
    """Item, category, table, rows, purpose, article, rule and until, and the rest goes."""
    paper = world.record("paper", ("books", "document_date", date(2025, 3, 15)))
    facts = world.facts(
        world.contract("service"),
        world.contract("upkeep"),
        data=[
            world.datum("phone", row=b"1"),
            world.datum("phone", row=b"2"),
            world.datum("origin"),
            world.datum("paper", paper),
        ],
    )

    read = preview(erasure(facts, CAUSES[4], TODAY, world.settings).decision.verdicts)

    assert read == {
        "goes": [
            {
                "item": "origin",
                "category": "alpha",
                "table": "party",
                "rows": 1,
                "because": "The last lawful basis that covered it ended on 2025-06-01.",
            }
        ],
        "stays": [
            {
                "item": "phone",
                "category": "alpha",
                "table": "party",
                "rows": 2,
                "purpose": "service",
                "article": "6(1)(b)",
                "refusal": "17(1)(a)",
                "rule": "last_activity+24m:review",
                "until": "2026-01-10",
            },
            {
                "item": "paper",
                "category": "alpha",
                "table": "paper",
                "rows": 1,
                "purpose": "books",
                "article": "6(1)(c)",
                "refusal": "17(3)(b)",
                "rule": "document_date+60m>financial_year_end:erase",
                "until": "2030-12-31",
            },
        ],
    }


def test_a_persons_word_ends_the_days_of_grace(world):
    """What was going for a clerk's sake goes at once when the person speaks, records included."""
    record = world.record(
        "paper",
        ("books", "document_date", date(2015, 1, 1)),
        going_until=TODAY + timedelta(10),
    )
    facts = world.facts(
        end(world.ground("offer"), Ending.ENDED, TODAY, TODAY, world.settings),
        data=[world.datum("mail"), world.datum("paper", record)],
    )

    assert {v.state for v in decide(facts, TODAY, world.settings).verdicts} == {State.GOING}
    done = erasure(facts, CAUSES[4], TODAY, world.settings)
    assert {v.state for v in done.decision.verdicts} == {State.GOES}
    assert [(one.ended_why, one.going_until) for one in done.ending] == [(Ending.ENDED, None)]


def test_the_trace_has_a_fixed_shape(world):
    """Scripts read these keys; a reason of every state fills them."""
    facts = world.facts(
        world.contract("service"),
        world.ground("news", evidence=Evidence.CONSENT),
        end(world.ground("survey"), Ending.ENDED, TODAY, TODAY, world.settings),
        data=[world.datum("mail"), world.datum("answer"), world.datum("file")],
    )

    mail, answer, stray = explain(
        decide(facts, TODAY, world.settings).verdicts, say=lambda because: because.code
    )

    assert mail == {
        "table": "party",
        "field": "mail_field",
        "item": "mail",
        "category": "alpha",
        "purpose": "news",
        "basis": "consent",
        "article": "6(1)(a)",
        "since": "2024-01-10",
        "until": "2026-01-10",
        "because": "review",
        "going": False,
        "also": [
            {
                "purpose": "service",
                "basis": "contract",
                "article": "6(1)(b)",
                "until": "2026-01-10",
            },
            {
                "purpose": "survey",
                "basis": "legitimate_interests",
                "article": "6(1)(f)",
                "until": "2025-06-15",
            },
        ],
    }
    assert (answer["going"], answer["because"]) == (True, "ground-ended-going")
    assert stray["going"]
    assert (stray["purpose"], stray["since"], stray["until"]) == (None, None, "2025-06-01")
