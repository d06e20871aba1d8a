"""Forgetting on time: what clocks have brought up, and the run that acts on it.

Records with clocks of their own go as well, of people who are here and of people erased.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import DateToConfirm
from crm.grounds.cards import DueLine, RetentionResult
from crm.grounds.ground_endings import erasing, facts_about, receipt_of
from crm.grounds.suppression import suppressions
from crm.models.party import Party
from crm.parties.grounds_of_all import grounds_of_all
from crm.parties.masking import Masking
from crm.privacy import Duty
from crm.retention.spent_records import due_records, run_records
from crm.session.calendar import checked_day
from crm.session.context import RegisterService
from crm.session.firm import LAST_SEEN
from gdpr.audit.events import Event
from gdpr.rules.decide import decide
from gdpr.rules.facts import as_of
from gdpr.rules.period_ends import accept_day
from gdpr.store.settings import Sequence, refuse_damaged_settings, write_setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from gdpr.rules.reasons import Decision


def _alone(_done: int) -> None:
    """Go on at once: nobody waits for pauses."""


class Retention(RegisterService):
    """The clocks of everybody in the register."""

    def due(
        self,
        between: Callable[[int], None] = _alone,
        *,
        going: bool = False,
        on: date | None = None,
    ) -> tuple[DueLine, ...]:
        """List what goes, what has run out and what a person has to look at, by day.

        With `going` also what still waits its days of grace and can be brought back. `on` another
        day it says what would be due then, if nobody did anything until then. `between` is
        called now and then, with what was read since, so that others may ask.
        """
        today = checked_day(self._context, on) or self._context.day
        lines: list[DueLine] = []
        for number, decision in self._decisions(today, between):
            lines += due_lines(number, decision, today)
            if going:
                lines += going_lines(number, decision)
        lines += due_records(self._context, today)
        return tuple(sorted(lines, key=lambda line: (line.day, line.number, line.purpose)))

    def names(self, numbers: Iterable[int]) -> dict[int, str | None]:
        """Name some of the parties that are due, as far as the user may read names."""
        context, found = self._context, {}
        masking = Masking(context)
        for number in numbers:
            party = context.session.first(Party, number=number)
            if party is not None:
                found[number] = masking.line(party).name
        context.journal.log_access(Event.PARTIES_LISTED, None, count=len(found))
        return found

    def run(
        self, accept: date | None = None, between: Callable[[int], None] = _alone
    ) -> RetentionResult:
        """Destroy what was shown as going until its day, and mark what has run out as going.

        A system clock that leapt destroys nothing before `accept` repeats its date.
        """
        context = self._context
        context.access.need(Duty.ERASURE)
        refuse_damaged_settings(context.session)
        day = self._confirmed_day(accept)
        parties = destroyed = going = 0
        waiting = [
            (number, decision)
            for number, decision in self._decisions(day, between)
            if any(line.what != "review" for line in due_lines(number, decision, day))
        ]
        with context.journal.together() as lot:
            for number, _ in waiting:
                party = context.session.first(Party, number=number)
                if party is None:
                    continue
                between(1)
                outcome = erasing(context, lot).finish(bytes(party.id), day)
                receipt = receipt_of(context, bytes(party.id), number, "clock", outcome)
                parties += 1
                destroyed += sum(receipt.destroyed.values())
                going += receipt.grounds_ended
            gone, waits = run_records(context, day, lot)
            destroyed += gone
            going += waits
        listed = suppressions(context)
        if listed.spent(day):
            with context.journal.audited_change(Event.SUPPRESSIONS_EXPIRED) as change:
                change.note(count=listed.expire(change, day))
        after = self._decisions(day, between)
        left = [line for number, decision in after for line in due_lines(number, decision, day)]
        left += due_records(context, day)
        return RetentionResult(day.isoformat(), parties, destroyed, going, tuple(left))

    def _confirmed_day(self, accept: date | None) -> date:
        context = self._context
        if context.asked is None:
            return context.day
        settings = context.grounds.rulebook.settings
        seen = accept_day(context.day, context.asked, settings, confirmed=accept)
        if seen.asked is not None:
            raise DateToConfirm(day=seen.asked.isoformat())
        with context.journal.audited_change(
            Event.CLOCK_LEAP_ACCEPTED, day=seen.day.isoformat()
        ) as change:
            write_setting(change, LAST_SEEN, seen.day.isoformat(), kept=Sequence)
        return seen.day

    def _decisions(
        self, day: date, between: Callable[[int], None]
    ) -> Iterator[tuple[int, Decision]]:
        """Decide about the grounds of everybody, without opening a single field."""
        context = self._context
        session, rulebook = context.session, context.grounds.rulebook
        known_damage = len(session.damage)

        def refuse_a_rest() -> None:
            if len(session.damage) > known_damage:
                raise session.damage.pop()

        for party, rows in grounds_of_all(session, between):
            refuse_a_rest()
            facts = facts_about(party, map(rulebook.ground, rows))
            known = facts if day >= context.day else as_of(facts, day)
            yield party.number, decide(known, day, rulebook.settings)
        refuse_a_rest()


def going_lines(number: int, decision: Decision) -> Iterator[DueLine]:
    """Say of one party what somebody may still bring back, and until when."""
    for reason in decision.going:
        if reason.ground is not None and reason.ground.ended_on is not None:
            yield DueLine(number, "going", reason.purpose.code, reason.until.isoformat())


def due_lines(number: int, decision: Decision, day: date) -> Iterator[DueLine]:
    """Say of one party what goes, what has run out and what a person has to look at."""
    for reason in decision.ended:
        # A ground whose days of grace were settled keeps its row as history, with no day left.
        if reason.ground is not None and reason.ground.going_until is not None:
            yield DueLine(number, "goes", reason.purpose.code, reason.until.isoformat())
    for ground in decision.ran_out:
        yield DueLine(number, "ran-out", ground.purpose.code, day.isoformat())
    for reason in decision.live:
        if reason.ground in decision.to_review:
            yield DueLine(number, "review", reason.purpose.code, reason.until.isoformat())
