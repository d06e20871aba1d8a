"""Records kept by clocks of their own, of people who are here and of people erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.grounds.cards import DueLine
from crm.kinds.listed import SHAPES
from crm.models.party import Party
from crm.shape.tables import KeptKindRow, model_of
from gdpr.audit.events import Event
from gdpr.rights.erasure import PART
from gdpr.rules.decide import decide
from gdpr.rules.destroying import destroy_record
from gdpr.rules.facts import Ending, SubjectFacts
from gdpr.rules.reasons import State
from gdpr.rules.retention import add_days
from gdpr.rules.subject import data_of, refuse_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.shredding import Lot

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
        deed = context.journal.audited_change(Event.RETENTION_RUN, bytes(spent.row.id))
        lot.take(deed)
        with deed:
            refuse_incomplete(deed, context.grounds, bytes(spent.row.party))
            if spent.what == RAN_OUT and grace:
                spent.row.going_until = add_days(day, grace).isoformat()
                deed.update(spent.row)
                going += 1
            else:
                _destroy(deed, spent.row)
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


def _destroy(deed: AuditedChange, row: KeptKindRow) -> None:
    destroy_record(deed, row)
    deed.drop_keys(bytes(row.id))
    deed.bear(PART, because=Ending.CLOCK.value)
