"""Proofs of consent whose period has run out, of people who are here and of people erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crm.grounds.cards import DueLine
from crm.grounds.consent_rules import consents_of
from crm.models.consents import Consent, EvidenceFile
from crm.models.party import Party
from crm.privacy import EVIDENCE, Duty
from gdpr.audit.events import Event
from gdpr.rights.erasure import PART
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.destroying import destroy_record
from gdpr.rules.facts import Ending
from gdpr.rules.retention import add_days, clock_end
from gdpr.rules.subject import refuse_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.shredding import Lot
    from gdpr.rules.consent_rows import ConsentFile

RAN_OUT = "ran-out"
GOES = "goes"


@dataclass(frozen=True, slots=True)
class SpentProof:
    """A proof whose period is over; it waits its days of grace like everything a clock ends."""

    file: Consent
    ended: date

    @property
    def waits(self) -> date | None:
        """Return the last day of grace, None while nobody has recorded the end."""
        return date.fromisoformat(self.file.going_until) if self.file.going_until else None


def proofs_under(context: RegisterContext, text: str) -> list[Consent]:
    """Find the proofs that name somebody who is no party any more, by address, number or name.

    They are for whoever answers for erasures: who asks what is left of them gets an answer.
    """
    if EVIDENCE.code not in context.access.reads or Duty.ERASURE not in context.access.duties:
        return []
    found = context.session.find(Consent, "identifier", text)
    found = [file for file in found if context.session.first(Party, id=bytes(file.party)) is None]
    return sorted(found, key=lambda file: (file.since, file.purpose))


def kept_until(context: RegisterContext, file: ConsentFile) -> date | None:
    """Return the last day of a proof whose consent has ended, None while its clock stands."""
    rulebook = context.grounds.rulebook
    (clock,) = file.kept_record(rulebook.purpose).clocks
    if clock.started is None:
        return None
    return clock_end(clock.rule, clock.started, rulebook.settings)


def due_proofs(
    context: RegisterContext, day: date, files: Iterable[Consent] | None = None
) -> Iterator[DueLine]:
    """List the proofs (or some) that ran out or go; of an erased person the number is 0."""
    for spent in _spent(context, day, files):
        waits = spent.waits
        party = context.session.first(Party, id=bytes(spent.file.party))
        number = 0 if party is None else party.number
        what, when = (RAN_OUT, day) if waits is None else (GOES, waits)
        yield DueLine(number, what, Consent.proof_purpose, when.isoformat())


def run_proofs(context: RegisterContext, day: date, lot: Lot) -> tuple[int, int]:
    """Record what ran out and destroy what has waited; return how many went and how many wait.

    What follows the destruction is done at the end of the `lot`.
    """
    destroyed = going = 0
    grace = context.grounds.rulebook.settings.grace_days
    for spent in list(_spent(context, day)):
        waits = spent.waits
        whole = context.journal.audited_change(Event.RETENTION_RUN, bytes(spent.file.id))
        lot.take(whole)
        with whole as change:
            refuse_incomplete(change, context.grounds, bytes(spent.file.party))
            if waits is None and grace:
                _let_wait(context, change, spent.file, add_days(day, grace))
                going += 1
            elif waits is None or waits < day:
                _destroy(context, change, spent.file)
                destroyed += 1
    return destroyed, going


def _spent(
    context: RegisterContext, day: date, files: Iterable[Consent] | None = None
) -> Iterator[SpentProof]:
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
            yield SpentProof(file, end)


def _let_wait(context: RegisterContext, change: AuditedChange, file: Consent, until: date) -> None:
    for row in (file, *context.session.rows(EvidenceFile, consent=bytes(file.id))):
        row.going_until = until.isoformat()
        change.update(row)


def _destroy(context: RegisterContext, change: AuditedChange, file: Consent) -> None:
    for row in (*context.session.rows(EvidenceFile, consent=bytes(file.id)), file):
        destroy_record(change, row)
        change.drop_keys(bytes(row.id))
    change.bear(PART, because=Ending.CLOCK.value)
