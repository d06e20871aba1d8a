"""Forgetting on time: what clocks have brought up, and the run that acts on it.

Records with clocks of their own go as well, of people who are here and of people erased.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from crm.grounds.cards import DueLine
from crm.grounds.consent_proof_retention import due_proofs, run_proofs
from crm.grounds.ground_endings import erasing, receipt_of
from crm.grounds.suppression import suppressions
from crm.kinds.listed import SHAPES
from crm.models.party import Party
from crm.parties.masking import Masking
from crm.privacy import Duty
from crm.retention.cards import RetentionResult
from crm.session.calendar import checked_day
from crm.session.context import RegisterService
from crm.session.errors import DateToConfirm
from crm.session.firm import LAST_SEEN
from crm.shape.tables import KeptKindRow, model_of
from gdpr.audit.events import Event
from gdpr.rights.erasure import PART
from gdpr.rules.decide import decide
from gdpr.rules.destroying import destroy_record
from gdpr.rules.facts import Ending, SubjectFacts, as_of
from gdpr.rules.reasons import State
from gdpr.rules.retention import accept_day, add_days
from gdpr.rules.stored import GroundRow
from gdpr.rules.subject import data_of, refuse_incomplete
from gdpr.store.record import Record
from gdpr.store.settings import Sequence, refuse_damaged_settings, write_setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.shredding import Lot
    from gdpr.rules.reasons import Decision
    from gdpr.store.session import Session


RAN_OUT = "ran-out"
GOES = "goes"


class SpentRecord(NamedTuple):
    """A record that nothing keeps any more: its clocks ran out, or their days of grace are over.

    `number` is that of its party, 0 where the record outlives it.
    """

    row: KeptKindRow
    number: int
    what: str
    purpose: str
    day: date


def kept_models() -> tuple[type[KeptKindRow], ...]:
    """Return the tables of kinds that have clocks."""
    models = (model_of(shape) for shape in SHAPES)
    return tuple(model for model in models if issubclass(model, KeptKindRow))


def due_records(
    context: RegisterContext, day: date, rows: Iterable[KeptKindRow] | None = None
) -> Iterator[DueLine]:
    """List the records (or some) whose clocks ran out or that go."""
    for spent in _spent(context, day, rows):
        yield DueLine(spent.number, spent.what, spent.purpose, spent.day.isoformat())


def run_records(context: RegisterContext, day: date, lot: Lot) -> tuple[int, int]:
    """Record what ran out and destroy what has waited; return how many went and how many wait.

    What follows the destruction is done at the end of the `lot`.
    """
    destroyed = going = 0
    grace = context.grounds.rulebook.settings.grace_days
    for spent in list(_spent(context, day)):
        change = context.journal.audited_change(Event.RETENTION_RUN, bytes(spent.row.id))
        lot.take(change)
        with change:
            refuse_incomplete(change, context.grounds, bytes(spent.row.party))
            if spent.what == RAN_OUT and grace:
                spent.row.going_until = add_days(day, grace).isoformat()
                change.update(spent.row)
                going += 1
            else:
                _destroy(change, spent.row)
                destroyed += 1
    return destroyed, going


def _spent(
    context: RegisterContext, day: date, rows: Iterable[KeptKindRow] | None = None
) -> Iterator[SpentRecord]:
    settings = context.grounds.rulebook.settings
    for row in _all(context) if rows is None else rows:
        party = context.session.first(Party, id=bytes(row.party))
        facts = SubjectFacts(
            id=bytes(row.party),
            is_legal=party is not None and party.is_legal_person(),
            grounds=tuple(context.grounds.of(bytes(row.party))),
            data=tuple(data_of(row, context.grounds)),
            last_activity=None if party is None else party.active_on(),
        )
        decision = decide(facts, day, settings)
        number = 0 if party is None else party.number
        # All data of a record share one fate, so the first says what becomes of it.
        for verdict in decision.verdicts[:1]:
            purpose = verdict.lead.purpose.code if verdict.lead is not None else ""
            if verdict.state is State.GOES:
                yield SpentRecord(row, number, GOES, purpose, verdict.until)
            elif decision.spent:
                yield SpentRecord(row, number, RAN_OUT, purpose, day)


def _all(context: RegisterContext) -> Iterator[KeptKindRow]:
    for model in kept_models():
        yield from context.session.each(model)


def _destroy(change: AuditedChange, row: KeptKindRow) -> None:
    destroy_record(change, row)
    change.drop_keys(bytes(row.id))
    change.bear(PART, because=Ending.CLOCK.value)


_STEP = 256
_Row = TypeVar("_Row", bound=Record)


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
        lines += due_proofs(self._context, today)
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
            for run in (run_proofs, run_records):
                gone, waits = run(context, day, lot)
                destroyed += gone
                going += waits
        listed = suppressions(context)
        if listed.spent(day):
            with context.journal.audited_change(Event.SUPPRESSIONS_EXPIRED) as change:
                change.note(count=listed.expire(change, day))
        after = self._decisions(day, between)
        left = [line for number, decision in after for line in due_lines(number, decision, day)]
        left += due_proofs(context, day)
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
        grounds = _paced(context.session, GroundRow, between)
        rows = sorted(grounds, key=lambda row: bytes(row.party))
        parties = {bytes(party.id): party for party in _paced(context.session, Party, between)}
        for subject, held in groupby(rows, key=lambda row: bytes(row.party)):
            party = parties.get(subject)
            if party is None:
                continue
            facts = SubjectFacts(
                id=subject,
                is_legal=party.is_legal_person(),
                grounds=tuple(context.grounds.rulebook.ground(row) for row in held),
                last_activity=party.active_on(),
            )
            known = facts if day >= context.day else as_of(facts, day)
            yield party.number, decide(known, day, context.grounds.rulebook.settings)


def _paced(session: Session, model: type[_Row], between: Callable[[int], None]) -> Iterator[_Row]:
    """Read all rows of a table with pauses; damage is raised, for a rest would decide wrongly."""
    known = len(session.damage)
    for count, row in enumerate(session.each(model), start=1):
        yield row
        if count % _STEP == 0:
            between(_STEP)
    if len(session.damage) > known:
        raise session.damage.pop()


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
