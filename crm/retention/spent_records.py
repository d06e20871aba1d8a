"""Records with clocks of their own whose period has run out: proofs of consent, and other kinds.

They go as well, of people who are here and of people erased.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from crm.grounds.cards import DueLine
from crm.grounds.consent_rules import consents_of
from crm.kinds.listed import SHAPES
from crm.models.consents import Consent, EvidenceFile
from crm.models.party import Party
from crm.shape.tables import KeptKindRow, model_of
from gdpr.audit.events import Event
from gdpr.rights.erasure import PART
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.decide import decide
from gdpr.rules.destroying import destroy_record
from gdpr.rules.facts import Ending, SubjectFacts
from gdpr.rules.period_ends import add_days, clock_end
from gdpr.rules.reasons import State
from gdpr.rules.subject import data_of, refuse_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.shredding import Lot

    _Kept: TypeAlias = Consent | EvidenceFile | KeptKindRow

RAN_OUT = "ran-out"
GOES = "goes"


class SpentRecord(NamedTuple):
    """A record that nothing keeps any more: its clocks ran out, or its end was recorded before.

    `number` is that of its party, 0 where the record outlives it; `over` says that its days of
    grace are.
    """

    row: Consent | KeptKindRow
    number: int
    what: str
    purpose: str
    day: date
    over: bool


def kept_models() -> tuple[type[KeptKindRow], ...]:
    """Return the tables of kinds that have clocks."""
    models = (model_of(shape) for shape in SHAPES)
    return tuple(model for model in models if issubclass(model, KeptKindRow))


def due_records(context: RegisterContext, day: date) -> Iterator[DueLine]:
    """List the records whose clocks ran out or that go, proofs first."""
    for spent in (*spent_proofs(context, day), *spent_records(context, day)):
        yield DueLine(spent.number, spent.what, spent.purpose, spent.day.isoformat())


def run_records(context: RegisterContext, day: date, lot: Lot) -> tuple[int, int]:
    """Record what ran out and destroy what has waited; return how many went and how many wait.

    What follows the destruction is done at the end of the `lot`.
    """
    destroyed = going = 0
    grace = context.grounds.rulebook.settings.grace_days
    for find in (spent_proofs, spent_records):
        for spent in list(find(context, day)):
            whole = context.journal.audited_change(Event.RETENTION_RUN, bytes(spent.row.id))
            lot.take(whole)
            with whole as change:
                refuse_incomplete(change, context.grounds, bytes(spent.row.party))
                if spent.what == RAN_OUT and grace:
                    _let_wait(context, change, spent.row, add_days(day, grace))
                    going += 1
                elif spent.what == RAN_OUT or spent.over:
                    _destroy(context, change, spent.row)
                    destroyed += 1
    return destroyed, going


def spent_proofs(
    context: RegisterContext, day: date, files: Iterable[Consent] | None = None
) -> Iterator[SpentRecord]:
    """Find the proofs (among some) whose period is over."""
    rulebook = context.grounds.rulebook
    book = consents_of(context)
    for file in context.session.each(Consent) if files is None else files:
        (clock,) = file.kept_record(rulebook.purpose).clocks
        started = clock.started
        if started is None:
            if ConsentState(book.events(file)[-1].state).permits:
                continue
            started = date.fromisoformat(file.since)
        end = clock_end(clock.rule, started, rulebook.settings)
        if end < day:
            party = context.session.first(Party, id=bytes(file.party))
            number = 0 if party is None else party.number
            waits = date.fromisoformat(file.going_until) if file.going_until else None
            what, when = (RAN_OUT, day) if waits is None else (GOES, waits)
            yield SpentRecord(file, number, what, Consent.proof_purpose, when, over=when < day)


def spent_records(
    context: RegisterContext, day: date, rows: Iterable[KeptKindRow] | None = None
) -> Iterator[SpentRecord]:
    """Find the records of described kinds (among some) that nothing keeps any more."""
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
                yield SpentRecord(row, number, GOES, purpose, verdict.until, over=True)
            elif decision.spent:
                yield SpentRecord(row, number, RAN_OUT, purpose, day, over=False)


def _all(context: RegisterContext) -> Iterator[KeptKindRow]:
    for model in kept_models():
        yield from context.session.each(model)


def _backing(context: RegisterContext, row: Consent | KeptKindRow) -> list[EvidenceFile]:
    """Return the notes and scans behind a proof, which share its fate."""
    if not isinstance(row, Consent):
        return []
    return context.session.rows(EvidenceFile, consent=bytes(row.id))


def _let_wait(
    context: RegisterContext, change: AuditedChange, row: Consent | KeptKindRow, until: date
) -> None:
    kept: _Kept
    for kept in (row, *_backing(context, row)):
        kept.going_until = until.isoformat()
        change.update(kept)


def _destroy(context: RegisterContext, change: AuditedChange, row: Consent | KeptKindRow) -> None:
    kept: _Kept
    for kept in (*_backing(context, row), row):
        destroy_record(change, kept)
        change.drop_keys(bytes(kept.id))
    change.bear(PART, because=Ending.CLOCK.value)
