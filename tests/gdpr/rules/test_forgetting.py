"""Any history of grounds, clocks and time: nothing is kept or destroyed but by the one rule.

The machine lives through what a register lives through and judges each day anew with a second,
naive reading of the rule that shares no code with the first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gdpr.rules.because import Code
from gdpr.rules.decide import decide, without_clock
from gdpr.rules.endings import Cause, end, erasure, reopen
from gdpr.rules.errors import GroundGone
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import accept_day
from gdpr.rules.purposes import Evidence
from gdpr.rules.reasons import State
from tests.gdpr.rules.worlds import World

ORDER = [State.KEPT, State.GOING, State.GOES]
CODES = sorted(World().purposes)
CLOCKS = [
    ("paper", "books", "document_date"),
    ("paper", "defence", "case_closed"),
    ("call", "help", "contract_end"),
    ("call", "help", "pseudonymised"),
]
MONTHS = {("books", "document_date"): 60, ("defence", "case_closed"): 120}
MONTHS |= {("help", "contract_end"): 0, ("help", "pseudonymised"): 72}


def later(day, months):
    """Move a day by months the slow way: month by month, then to the last date there is."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError


class Register(RuleBasedStateMachine):
    """One party through the years."""

    def __init__(self):
        super().__init__()
        self.world = World()
        self.settings = self.world.settings
        self.today = date(2024, 2, 29)
        self.grounds = []
        self.data = []
        self.active = None
        self.made = 0

    # --- what happens in an office ---------------------------------------------------------------

    @rule(
        code=st.sampled_from([*CODES, "survey", "survey", "help"]),
        evidence=st.sampled_from(Evidence),
        back=st.integers(0, 400),
    )
    def record_a_ground(self, code, evidence, back):
        since = self.today - timedelta(back)
        ground = self.world.ground(code, evidence=evidence, since=since)
        self.grounds.append(replace(ground, id=self.new_id()))

    @rule(index=st.integers(0))
    @precondition(lambda self: self.decision().named_items)
    def write_a_datum(self, index):
        """Write what a live ground names; the rest never gets its warrant."""
        items = sorted(self.decision().named_items)
        self.data.append(self.world.datum(items[index % len(items)], row=self.new_id()))

    @rule(which=st.sampled_from(CLOCKS), back=st.integers(0, 3000), started=st.booleans())
    def keep_a_record(self, which, back, started):
        item, code, trigger = which
        day = self.today - timedelta(back)
        record = self.world.record(
            item,
            (code, trigger, day if started else None),
            id=self.new_id(),
            since=day,
        )
        self.data.append(self.world.datum(item, record))
        self.data.append(self.world.datum("name", record))

    @rule(
        index=st.integers(0),
        why=st.sampled_from([Ending.ENDED, Ending.LEFT, Ending.OBJECTION]),
        shift=st.integers(-40, 40),
        now=st.booleans(),
    )
    @precondition(lambda self: self.standing())
    def end_a_ground(self, index, why, shift, now):
        place = self.standing()[index % len(self.standing())]
        on = self.today + timedelta(shift)
        self.grounds[place] = end(self.grounds[place], why, on, self.today, self.settings, now=now)

    @rule(index=st.integers(0))
    @precondition(lambda self: self.standing())
    def end_and_reopen_a_ground(self, index):
        """Check that a slip of the clerk's hand leaves no trace in what is kept."""
        place = self.standing()[index % len(self.standing())]
        before, was = self.states(), self.grounds[place]
        if was.ended_on is not None or self.decision().ran_out:
            return
        self.grounds[place] = end(was, Ending.ENDED, self.today, self.today, self.settings)
        self.grounds[place] = reopen(self.grounds[place], self.today)
        assert self.grounds[place] == was
        assert self.states() == before

    @rule(index=st.integers(0))
    @precondition(lambda self: any(ground.ended_on for ground in self.grounds))
    def reopen_a_ground(self, index):
        ended = [place for place, ground in enumerate(self.grounds) if ground.ended_on]
        place = ended[index % len(ended)]
        ground = self.grounds[place]
        try:
            self.grounds[place] = reopen(ground, self.today)
        except GroundGone:
            assert not self.waits(ground)
        else:
            assert ground.ended_on > self.today or self.waits(ground)
            items = ground.purpose.items
            assert all(
                verdict.state is State.KEPT
                for verdict in self.decision().verdicts
                if verdict.datum.record is None and verdict.datum.item in items
            )

    @rule()
    def hear_from_the_party(self):
        self.active = self.today

    @rule(days=st.integers(-500, 900), confirm=st.booleans())
    def pass_time(self, days, confirm):
        """Let the machine's clock say anything: the register's own day never goes back."""
        says = self.today + timedelta(days)
        seen = accept_day(self.today, says, self.settings, confirmed=says if confirm else None)
        assert seen.day >= self.today
        assert confirm or (seen.day - self.today).days <= self.settings.leap_days
        self.today = seen.day

    @rule(index=st.integers(0), after=st.booleans())
    @precondition(lambda self: self.grounds or self.data)
    def wait_for_a_date(self, index, after):
        """Go to the very day an answer named, or to the day after."""
        decision = self.decision()
        days = [verdict.until for verdict in decision.verdicts]
        days += [reason.until for reason in (*decision.live, *decision.going)]
        if days:
            self.today = max(self.today, days[index % len(days)] + timedelta(after))

    @rule()
    def run_retention(self):
        """First record what ran out, then destroy what goes; never both for one datum."""
        decision = self.decision()
        waiting = [v.datum for v in decision.verdicts if v.state is State.GOING]
        for ground in decision.ran_out:
            self.grounds[self.grounds.index(ground)] = end(
                ground, Ending.CLOCK, self.today, self.today, self.settings
            )
        until = self.today + timedelta(self.settings.grace_days)
        for record in decision.spent:
            self.data = [
                datum._replace(record=replace(record, going_until=until))
                if datum.record == record
                else datum
                for datum in self.data
            ]
        goes = [v.datum for v in decision.verdicts if v.state is State.GOES]
        self.destroy(goes)
        left = {(datum.row, datum.field, datum.owner) for datum in self.data}
        assert all((datum.row, datum.field, datum.owner) in left for datum in waiting)

    @rule(
        why=st.sampled_from(
            [Ending.CONSENT_WITHDRAWN, Ending.OBJECTION, Ending.NO_LONGER_NEEDED, Ending.UNLAWFUL]
        )
    )
    def erase(self, why):
        """Destroy at a person's word what nothing names, and leave nothing waiting."""
        done = erasure(self.facts(), Cause(why), self.today, self.settings)
        states = {verdict.state for verdict in done.decision.verdicts}
        assert State.GOING not in states
        assert all(ended.going_until is None for ended in done.ending)
        ending = {ended.id: ended for ended in done.ending}
        self.grounds = [ending.get(ground.id, ground) for ground in self.grounds]
        assert not any(
            ground.has_ended(self.today) and ground.going_until for ground in self.grounds
        )
        self.data = [v.datum for v in done.decision.verdicts if v.state is not State.GOES]

    # --- what must hold every day ----------------------------------------------------------------

    @invariant()
    def the_party_s_own_data_follow_the_one_rule(self):
        for verdict in self.decision().verdicts:
            datum = verdict.datum
            if datum.record is None:
                named = [g for g in self.grounds if datum.item in g.purpose.items]
                live = any(self.lives(ground) for ground in named)
                waits = any(self.waits(ground) for ground in named)
                expected = State.KEPT if live else State.GOING if waits else State.GOES
                assert verdict.state is expected

    @invariant()
    def kept_records_follow_their_clocks(self):
        for verdict in self.decision().verdicts:
            if verdict.datum.record is not None:
                keeps = self.clock_runs(verdict.datum.record) or self.served(verdict.datum.record)
                assert (verdict.state is State.KEPT) is keeps

    @invariant()
    def every_answer_has_a_date_and_a_sentence(self):
        for verdict in self.decision().verdicts:
            assert type(verdict.until) is date
            assert str(verdict.because)
            overdue = verdict.because.code is Code.REVIEW_DUE
            if verdict.state is not State.GOES:
                assert verdict.lead is not None
                assert overdue or verdict.until >= self.today
            for reason in verdict.also:
                assert reason.state is not State.GOES
                assert ORDER.index(reason.state) >= ORDER.index(verdict.state)

    @invariant()
    def time_alone_only_takes_away(self):
        now = self.decision(0)
        for days in (1, 15, 800, 6000):
            then = self.decision(days)
            for before, after in zip(now.verdicts, then.verdicts, strict=True):
                assert ORDER.index(before.state) <= ORDER.index(after.state)

    @invariant()
    def no_ground_is_without_a_date(self):
        assert without_clock(self.grounds) == ()

    # --- the second reading of the rule ----------------------------------------------------------

    def lives(self, ground):
        if ground.ended_on is not None and ground.ended_on <= self.today:
            return False
        if ground.purpose.code != "survey":
            return True
        until = later(max(ground.since, self.active or ground.since), 12)
        if ground.review_on is not None and ground.review_on > until:
            return True
        return self.today <= until

    def waits(self, ground):
        if ground.ended_on is not None and ground.ended_on <= self.today:
            return ground.going_until is not None and self.today <= ground.going_until
        return not self.lives(ground)

    def served(self, record):
        """Tell whether a live ground keeps a record on which it has no clock of its own."""
        own = {clock.purpose.code for clock in record.clocks}
        kinds = {"paper": {"books", "defence"}, "call": {"help"}}[record.item]
        return any(
            self.lives(ground) for ground in self.grounds if ground.purpose.code in kinds - own
        )

    def clock_runs(self, record):
        (clock,) = record.clocks
        code, months = clock.purpose.code, MONTHS[clock.purpose.code, clock.trigger]
        started = clock.started
        if started is None:
            mine = [ground for ground in self.grounds if ground.purpose.code == code]
            if any(self.lives(ground) for ground in mine):
                return True
            # Those that still wait come first, the longest before the rest.
            waiting = [ground for ground in mine if self.waits(ground)]
            if waiting:
                started = max(waiting, key=lambda ground: ground.going_until).ended_on
            else:
                started = max((ground.ended_on for ground in mine), default=record.since)
        until = later(started, months)
        if code == "books":
            until = date(until.year, 12, 31)
        return self.today <= until if months else self.today < until

    # --- the desk --------------------------------------------------------------------------------

    def new_id(self):
        self.made += 1
        return str(self.made).encode()

    def standing(self):
        return [i for i, ground in enumerate(self.grounds) if not ground.has_ended(self.today)]

    def facts(self):
        return self.world.facts(*self.grounds, data=self.data, last_activity=self.active)

    def decision(self, days=0):
        return decide(self.facts(), self.today + timedelta(days), self.settings)

    def states(self):
        return [(verdict.datum, verdict.state) for verdict in self.decision().verdicts]

    def destroy(self, goes):
        """Destroy, and hold against it everything a ground that lives or waits names."""
        for datum in goes:
            if datum.record is None:
                assert not any(
                    datum.item in ground.purpose.items
                    and (self.lives(ground) or self.waits(ground))
                    for ground in self.grounds
                )
            else:
                assert not self.clock_runs(datum.record)
        gone = {(datum.row, datum.field, datum.owner) for datum in goes}
        self.data = [
            datum for datum in self.data if (datum.row, datum.field, datum.owner) not in gone
        ]


TestRegister = Register.TestCase
TestRegister.settings = hypothesis_settings(max_examples=150, stateful_step_count=30, deadline=None)
