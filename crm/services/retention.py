"""Forgetting on time: what clocks have brought up, and the run that acts on it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.privacy import Duty
from crm.right_cards import DueLine, RetentionResult
from crm.services.errors import DateToConfirm
from crm.services.proofs import due_proofs, run_proofs
from crm.services.settling import erasing, receipt_of
from gdpr.audit.events import Event
from gdpr.rules.decide import decide
from gdpr.rules.facts import SubjectFacts
from gdpr.rules.retention import accept_day
from gdpr.rules.stored import GroundRow
from gdpr.store.settings import refuse_damaged_settings, write_setting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm.services.office import Office
    from gdpr.rules.reasons import Decision

LAST_SEEN = "last_seen_day"


class Retention:
    """The clocks of everybody in the register."""

    def __init__(self, office: Office) -> None:
        """Work in `office`."""
        self._office = office

    def due(self) -> tuple[DueLine, ...]:
        """List what goes, what has run out and what a person has to look at, by day."""
        lines = [
            line
            for number, decision in self._decisions(self._office.day)
            for line in due_lines(number, decision, self._office.day)
        ]
        lines += due_proofs(self._office, self._office.day)
        return tuple(sorted(lines, key=lambda line: (line.day, line.number, line.purpose)))

    def run(self, accept: date | None = None) -> RetentionResult:
        """Destroy what was shown as going until its day, and mark what has run out as going.

        A system clock that leapt destroys nothing before `accept` repeats its date.
        """
        office = self._office
        office.access.need(Duty.ERASURE)
        refuse_damaged_settings(office.desk)
        day = self._confirmed_day(accept)
        parties = destroyed = going = 0
        waiting = [
            (number, decision)
            for number, decision in self._decisions(day)
            if any(line.what != "review" for line in due_lines(number, decision, day))
        ]
        for number, _ in waiting:
            party = office.desk.first(Party, number=number)
            if party is None:
                continue
            outcome = erasing(office).finish(bytes(party.id), day)
            receipt = receipt_of(office, number, "clock", outcome)
            parties += 1
            destroyed += sum(receipt.destroyed.values())
            going += receipt.grounds_ended
        proofs, waiting_proofs = run_proofs(office, day)
        destroyed += proofs
        going += waiting_proofs
        left = [line for number, d in self._decisions(day) for line in due_lines(number, d, day)]
        left += due_proofs(office, day)
        return RetentionResult(day.isoformat(), parties, destroyed, going, tuple(left))

    def _confirmed_day(self, accept: date | None) -> date:
        office = self._office
        if office.asked is None:
            return office.day
        settings = office.grounds.rulebook.settings
        seen = accept_day(office.day, office.asked, settings, confirmed=accept)
        if seen.asked is not None:
            raise DateToConfirm(day=seen.asked.isoformat())
        with office.journal.deed(Event.CLOCK_LEAP_ACCEPTED, day=seen.day.isoformat()) as deed:
            write_setting(deed, LAST_SEEN, seen.day.isoformat())
        return seen.day

    def _decisions(self, day: date) -> Iterator[tuple[int, Decision]]:
        """Decide about the grounds of everybody, without opening a single field."""
        office = self._office
        rows = sorted(office.desk.rows(GroundRow), key=lambda row: bytes(row.party))
        parties = {bytes(party.id): party for party in office.desk.rows(Party)}
        for subject, held in groupby(rows, key=lambda row: bytes(row.party)):
            party = parties.get(subject)
            if party is None:
                continue
            facts = SubjectFacts(
                id=subject,
                is_legal=party.is_legal_person(),
                grounds=tuple(office.grounds.rulebook.ground(row) for row in held),
                last_activity=party.active_on(),
            )
            yield party.number, decide(facts, day, office.grounds.rulebook.settings)


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
