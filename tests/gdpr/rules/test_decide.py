"""The one function: what is kept, by which ground, until when, and what goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gdpr.rules.because import Code
from gdpr.rules.decide import decide, without_clock
from gdpr.rules.errors import ConsentNeeded, NoBasisForKind
from gdpr.rules.facts import Ending, lawful_basis
from gdpr.rules.period_ends import RuleSettings
from gdpr.rules.purposes import Action, Basis, Evidence
from gdpr.rules.reasons import State
from tests.gdpr.rules.worlds import SINCE

TODAY = date(2025, 6, 1)
REVIEW = date(2026, 1, 10)


def only(decision):
    (verdict,) = decision.verdicts
    return verdict


def test_a_live_ground_keeps_what_its_purpose_names(world):
    """Named items stay until the review, and the trace says by which article."""
    facts = world.facts(world.contract("service"), data=[world.datum("phone")])

    verdict = only(decide(facts, TODAY, world.settings))

    assert (verdict.state, verdict.until) == (State.KEPT, REVIEW)
    assert (verdict.lead.basis, verdict.lead.article) == (Basis.CONTRACT, "6(1)(b)")
    assert verdict.lead.since == SINCE
    assert verdict.lead.rule_code == "last_activity+24m:review"
    assert str(verdict.because) == (
        "In use; whether it is still needed will be reviewed on 2026-01-10."
    )


def test_what_no_ground_names_goes(world):
    """An item outside every purpose is not kept for a day, but still answers with a date."""
    verdict = only(
        decide(
            world.facts(world.ground("upkeep"), data=[world.datum("phone")]), TODAY, world.settings
        )
    )

    assert (verdict.state, verdict.until, verdict.lead) == (State.GOES, TODAY, None)
    assert str(verdict.because) == "No lawful basis covers it."


def test_the_ground_that_lasts_longest_leads(world):
    """The longest reason answers, the others stand behind it in their order."""
    facts = world.facts(
        world.ground("offer"),
        world.ground("news", evidence=Evidence.CONSENT, review_on=date(2030, 1, 1)),
        world.contract("service"),
        data=[world.datum("mail")],
    )

    verdict = only(decide(facts, TODAY, world.settings))

    assert verdict.lead.purpose.code == "news"
    assert verdict.lead.rule_code == "set:review"
    assert [reason.purpose.code for reason in verdict.also] == ["service", "offer"]
    assert [reason.until for reason in verdict.also] == [REVIEW, date(2025, 1, 10)]


def test_activity_moves_the_review(world):
    """The review counts from the last activity, never from before the ground began."""
    facts = world.facts(world.contract("service"), data=[world.datum("phone")])

    def until(last_activity):
        return only(
            decide(replace(facts, last_activity=last_activity), TODAY, world.settings)
        ).until

    assert until(date(2025, 5, 5)) == date(2027, 5, 5)
    assert until(date(2020, 5, 5)) == REVIEW


def test_a_review_that_is_overdue_is_said_and_nothing_goes(world):
    """A review is a person's work: the data stays in use and the ground is listed."""
    ground = world.contract("service")
    decision = decide(
        world.facts(ground, data=[world.datum("phone")]), date(2026, 1, 11), world.settings
    )

    assert only(decision).state is State.KEPT
    assert only(decision).because.code is Code.REVIEW_DUE
    assert decision.to_review == (ground,)
    assert decide(world.facts(ground), REVIEW, world.settings).to_review == ()


def test_a_clock_on_the_ground_runs_from_the_last_activity(world):
    """Where the purpose has a clock, it answers in place of the review."""
    verdict = only(
        decide(
            world.facts(world.ground("survey"), data=[world.datum("answer")]),
            date(2025, 1, 10),
            world.settings,
        )
    )

    assert (verdict.state, verdict.until) == (State.KEPT, date(2025, 1, 10))
    assert verdict.lead.rule_code == "last_activity+12m:erase"
    assert "12 months from the last contact on 2024-01-10" in str(verdict.because)


def test_a_clock_that_ran_out_waits_until_it_was_recorded(world):
    """What ran out is going from the day the program saw it, however long it stood switched off."""
    ground = world.ground("survey")
    facts = world.facts(ground, data=[world.datum("answer")])
    decision = decide(facts, TODAY, world.settings)

    assert only(decision).state is State.GOING
    assert only(decision).until == TODAY + timedelta(14)
    assert only(decision).lead.then is Action.ERASE
    assert decision.ran_out == (ground,)
    assert decision.named_items == frozenset()

    recorded = replace(
        ground, ended_on=TODAY, ended_why=Ending.CLOCK, going_until=TODAY + timedelta(14)
    )
    facts = replace(facts, grounds=(recorded,))
    last, after = (decide(facts, TODAY + timedelta(days), world.settings) for days in (14, 15))

    assert (only(last).state, only(last).because.code) == (State.GOING, Code.CLOCK_RAN_OUT_GOING)
    assert (only(after).state, only(after).because.code) == (State.GOES, Code.CLOCK_RAN_OUT)
    assert after.ran_out == ()


def test_without_days_of_grace_a_clock_lets_go_at_once(world):
    """A firm that set no days of grace sees its data go the day after the clock."""
    facts = world.facts(world.ground("survey"), data=[world.datum("answer")])
    decision = decide(facts, date(2025, 1, 11), RuleSettings(grace_days=0))

    assert only(decision).state is State.GOES
    assert decision.ran_out == facts.grounds


def test_a_person_may_keep_longer_than_the_clock(world):
    """A review set by a person outlasts the clock, and an earlier one does not shorten it."""
    later, sooner = (
        only(
            decide(
                world.facts(world.ground("survey", review_on=day), data=[world.datum("answer")]),
                date(2025, 1, 9),
                world.settings,
            )
        )
        for day in (date(2026, 1, 1), date(2024, 3, 1))
    )

    assert (later.until, later.because.code) == (date(2026, 1, 1), Code.REVIEW)
    assert (sooner.until, sooner.because.code) == (date(2025, 1, 10), Code.CLOCK)


def test_an_ended_ground_is_going_for_its_days_and_names_nothing_to_write(world):
    """Going data is shown with its date and used for nothing."""
    ended = world.contract(
        "service", ended_on=TODAY, ended_why=Ending.ENDED, going_until=TODAY + timedelta(14)
    )
    facts = world.facts(ended, data=[world.datum("phone")])

    for days, state in ((0, State.GOING), (14, State.GOING), (15, State.GOES)):
        decision = decide(facts, TODAY + timedelta(days), world.settings)
        assert only(decision).state is state
        assert decision.named_items == frozenset()
        assert len(decision.going) + len(decision.ended) == 1


def test_a_planned_end_is_still_a_live_ground(world):
    """A ground that ends next month works until then and says so."""
    ends = TODAY + timedelta(30)
    facts = world.facts(
        world.contract("service", ended_on=ends, ended_why=Ending.ENDED, going_until=ends),
        data=[world.datum("phone")],
    )

    verdict = only(decide(facts, TODAY, world.settings))

    assert (verdict.state, verdict.until) == (State.KEPT, ends)
    assert verdict.lead.rule_code == "ground_end:erase"
    assert verdict.because.code is Code.ENDS_ON


def test_an_ended_ground_stands_behind_no_living_one(world):
    """What another ground still names stays; the ended one is not even mentioned."""
    facts = world.facts(
        world.contract("service", ended_on=TODAY, ended_why=Ending.ENDED),
        world.ground("news", evidence=Evidence.CONSENT),
        data=[world.datum("mail"), world.datum("phone")],
    )

    mail, phone = decide(facts, TODAY, world.settings).verdicts

    assert (mail.state, mail.lead.purpose.code, mail.also) == (State.KEPT, "news", ())
    assert (phone.state, phone.because.code) == (State.GOES, Code.GROUND_ENDED)


def test_a_legal_person_has_clocks_but_no_basis(world):
    """Grounds and dates are the same, the basis is n/a and there is no article."""
    facts = world.facts(world.contract("service"), data=[world.datum("phone")], is_legal=True)

    verdict = only(decide(facts, TODAY, world.settings))

    assert verdict.until == REVIEW
    assert (str(verdict.lead.basis), verdict.lead.article) == ("n/a", None)


def test_an_invoice_of_march_2026_is_kept_to_the_end_of_2031(world):
    """The books outlast the party: five years to the end of the financial year, then going."""
    record = world.record("paper", ("books", "document_date", date(2026, 3, 15)))
    facts = world.facts(data=[world.datum("paper", record), world.datum("phone", record)])

    for verdict in decide(facts, date(2031, 12, 31), world.settings).verdicts:
        assert (verdict.state, verdict.until) == (State.KEPT, date(2031, 12, 31))
        assert verdict.lead.article == "6(1)(c)"
        assert verdict.lead.rule_code == "document_date+60m>financial_year_end:erase"
        assert "to the end of the financial year" in str(verdict.because)
    after = decide(facts, date(2032, 1, 1), world.settings)
    assert {verdict.state for verdict in after.verdicts} == {State.GOING}
    assert after.spent == (record,)


def test_a_record_goes_after_its_days_of_going_were_recorded(world):
    """A record whose end was recorded goes when its days are over, and is not reported again."""
    record = world.record(
        "paper",
        ("books", "document_date", date(2026, 3, 15)),
        going_until=date(2032, 1, 15),
    )
    facts = world.facts(data=[world.datum("paper", record)])

    assert only(decide(facts, date(2032, 1, 15), world.settings)).state is State.GOING
    decision = decide(facts, date(2032, 1, 16), world.settings)
    assert (only(decision).state, decision.spent) == (State.GOES, ())


def test_a_live_ground_does_not_stretch_a_clock_that_has_started(world):
    """An old invoice goes on time although the client is still a client."""
    record = world.record("paper", ("books", "document_date", date(2010, 3, 15)))
    facts = world.facts(
        world.contract("books"), world.contract("service"), data=[world.datum("paper", record)]
    )

    assert only(decide(facts, TODAY, world.settings)).state is State.GOING


def test_another_purpose_may_need_the_record_longer(world):
    """A dispute keeps the invoice beyond the books, with or without a clock of its own."""
    record = world.record("paper", ("books", "document_date", date(2010, 3, 15)))
    disputed = world.record(
        "paper",
        ("books", "document_date", date(2010, 3, 15)),
        ("defence", "case_closed", date(2020, 1, 1)),
        id=b"other",
    )
    facts = world.facts(
        world.ground("defence"), data=[world.datum("paper", record), world.datum("paper", disputed)]
    )

    by_ground, by_clock = decide(facts, TODAY, world.settings).verdicts

    assert (by_ground.state, by_ground.until) == (State.KEPT, REVIEW)
    assert (by_clock.state, by_clock.until) == (State.KEPT, date(2030, 1, 1))
    assert [reason.state for reason in by_clock.also] == [State.GOING]


def test_a_clock_that_waits_for_its_event_follows_the_ground(world):
    """While a case is open its ground keeps the record; the end of the ground starts the clock."""
    record = world.record("paper", ("defence", "case_closed", None))
    ground = world.ground("defence")
    datum = world.datum("paper", record)
    ended = replace(
        ground, ended_on=TODAY, ended_why=Ending.ENDED, going_until=TODAY + timedelta(14)
    )

    states = [
        only(decide(world.facts(*grounds, data=[datum]), day, world.settings))
        for grounds, day in (
            ((ground,), TODAY),
            ((ended,), TODAY),
            ((ended,), TODAY + timedelta(15)),
            ((), date(2027, 1, 1)),
        )
    ]

    assert [verdict.state for verdict in states] == [State.KEPT] * 4
    assert [verdict.until for verdict in states] == [
        REVIEW,
        date(2035, 6, 1),
        date(2035, 6, 1),
        date(2036, 3, 15),
    ]


def test_a_record_with_no_period_goes_with_its_ground(world):
    """A ticket is pseudonymised when the contract's days of grace are over, not 14 days later."""
    record = world.record("call", ("help", "contract_end", None))
    ended = world.contract(
        "help", ended_on=TODAY, ended_why=Ending.ENDED, going_until=TODAY + timedelta(14)
    )
    facts = world.facts(ended, data=[world.datum("call", record)])

    during = only(decide(facts, TODAY + timedelta(14), world.settings))
    after = decide(facts, TODAY + timedelta(15), world.settings)

    assert during.state is State.GOING
    assert (only(after).state, only(after).lead.then) == (State.GOES, Action.PSEUDONYMISE)
    assert after.spent == ()


def test_seventy_two_months_after_the_pseudonym_it_is_anonymised(world):
    """The second step of a ticket has its own clock and its own action."""
    record = world.record("call", ("help", "pseudonymised", date(2020, 2, 29)))
    facts = world.facts(data=[world.datum("call", record)])

    kept = only(decide(facts, date(2026, 2, 28), world.settings))
    gone = only(decide(facts, date(2026, 3, 1), RuleSettings(grace_days=0)))

    assert (kept.state, kept.until) == (State.KEPT, date(2026, 2, 28))
    assert (gone.state, gone.lead.then) == (State.GOES, Action.ANONYMISE)


def test_a_record_under_review_stays(world):
    """Where the rule says review, the end of the period asks a person and destroys nothing."""
    record = world.record("file", ("files", "recorded", date(2020, 1, 1)))

    verdict = only(decide(world.facts(data=[world.datum("file", record)]), TODAY, world.settings))

    assert (verdict.state, verdict.because.code) == (State.KEPT, Code.REVIEW_DUE)


def test_every_ground_has_a_clock_or_a_review(world):
    """The count of grounds without either is nought, ended ones aside."""
    assert without_clock(world.ground(code) for code in world.purposes) == ()

    unread = replace(world.purposes["upkeep"], review_months={})
    broken = replace(world.ground("upkeep"), purpose=unread)
    assert without_clock([broken, replace(broken, ended_on=TODAY)]) == (broken,)


def test_a_ground_without_a_basis_cannot_be_made(world):
    """A purpose that does not concern this kind of person opens no ground and winds no clock."""
    with pytest.raises(NoBasisForKind):
        world.ground("service", kind="omega")
    with pytest.raises(NoBasisForKind):
        world.record("paper", ("books", "recorded", SINCE))
    with pytest.raises(NoBasisForKind):
        lawful_basis(world.purposes["news"], "omega", Evidence.CONSENT, is_legal=False)


def test_consent_is_never_assumed(world):
    """A consent purpose needs a consent; a company needs no basis for the same mail."""
    news = world.purposes["news"]

    with pytest.raises(ConsentNeeded):
        lawful_basis(news, "alpha", Evidence.NOTICE, is_legal=False)
    assert lawful_basis(news, "alpha", Evidence.CONSENT, is_legal=False) is Basis.CONSENT
    assert lawful_basis(news, "alpha", Evidence.NOTICE, is_legal=True) is Basis.NOT_APPLICABLE
