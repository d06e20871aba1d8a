"""What somebody should do today: counted a few milliseconds at a time, beside other work.

Files, keys and reminders are looked at at once; people are gone through piece by piece, because
every ground of everybody has its clock.
"""

from __future__ import annotations

from collections import defaultdict
from time import perf_counter
from typing import TYPE_CHECKING, Final

from crm.backup.backups import Backups
from crm.copies.copies import past_their_end
from crm.grounds.ground_endings import facts_about
from crm.lists.cards import Agenda, DueItem
from crm.models.consents import Consent
from crm.models.files import KnownCopy
from crm.models.party import Party
from crm.oversight.reminders import Reminders
from crm.retention.retention_run import due_lines
from crm.retention.spent_records import kept_models, spent_proofs, spent_records
from crm.transparency.notice_proofs import NOTHING_TOLD, NoticeProofs, untold
from gdpr.errors import Damaged
from gdpr.papers.stored import NoticeRow
from gdpr.rules.decide import decide
from gdpr.rules.stored import GroundRow
from gdpr.store.overview import pieces

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from datetime import date

    from crm.session.context import RegisterContext
    from crm.transparency.notice_proofs import InformedStatus
    from gdpr.rules.facts import Ground

DAMAGE, CLOCK, SHREDS, COPIES = "damage", "clock", "shreds", "copies"
DUE, REVIEW, UNINFORMED, UNPUBLISHED = "due", "review", "uninformed", "unpublished"
_REVIEW: Final = "review"
_STEP: Final = 0.008
# So many people are read together; a piece must not keep the next key waiting.
_PIECE: Final = 25
_MOST_NAMED: Final = 10


class Today:
    """Everything that is due; people are gone through once a day and again after a change."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        self._at_once: list[DueItem] | None = None
        self._begin()

    def look(self, *, again: bool = False, fresh: bool = False) -> Agenda:
        """Look on for a moment and tell what is due as far as is known.

        `again` looks anew at all but people, which is quick; `fresh` at people as well.
        """
        if again or fresh:
            self._at_once = None
        if fresh or self._seen != self._state():
            self._begin()
        if self._at_once is None:
            self._at_once = list(self._things())
        end = perf_counter() + _STEP
        while not self._done and perf_counter() < end:
            self._go_on()
        return Agenda(tuple(self._items()), self._done)

    def overdue(self) -> Generator[None, None, frozenset[bytes]]:
        """Find whom a clock has brought up, pausing between the pieces."""
        if self._seen != self._state():
            self._begin()
        while not self._done:
            self._go_on()
            yield
        return frozenset(self._due | self._reviews)

    def _begin(self) -> None:
        self._seen = self._state()
        self._done = False
        self._due: set[bytes] = set()
        self._reviews: set[bytes] = set()
        self._proofs = 0
        self._uninformed = 0
        self._walk = self._people()

    def _state(self) -> tuple[date, Mapping[str, int]]:
        """Return the day, and the digests of all tables, which change with any row of this desk."""
        try:
            anchor = self._context.journal.anchors.read()
        except Damaged:
            anchor = None
        return self._context.day, {} if anchor is None else anchor.digests

    def _go_on(self) -> None:
        try:
            next(self._walk)
        except StopIteration:
            self._done = True

    def _items(self) -> Iterator[DueItem]:
        first = self._at_once or []
        yield from (item for item in first if item.code in {DAMAGE, CLOCK, SHREDS})
        if self._due or self._proofs:
            yield DueItem(DUE, len(self._due) + self._proofs)
        if self._reviews:
            yield DueItem(REVIEW, len(self._reviews))
        if self._uninformed:
            published = any(self._context.session.each(NoticeRow))
            yield DueItem(UNINFORMED if published else UNPUBLISHED, self._uninformed)
        yield from (item for item in first if item.code not in {DAMAGE, CLOCK, SHREDS})

    def _things(self) -> Iterator[DueItem]:
        """Look at what is not people: damage met, the day, shreds, copies, backups, keys, users."""
        context = self._context
        copies = list(context.session.each(KnownCopy))
        found: list[tuple[str, list[str]]] = [
            (DAMAGE, [str(one.arguments.get("table", "")) for one in context.session.damage]),
            (CLOCK, [] if context.asked is None else [context.asked.isoformat()]),
            (SHREDS, self._shreds()),
            (COPIES, [str(row.place) for row in past_their_end(context, copies)]),
            *((code, [code]) for code in Backups(context).reminders()),
            *Reminders(context).all(),
        ]
        for code, which in found:
            if which:
                told = tuple(dict.fromkeys(one for one in which if one))[:_MOST_NAMED]
                yield DueItem(code, len(which), told)

    def _shreds(self) -> list[str]:
        try:
            return [event.kind for event in self._context.journal.ledger.pending()]
        except Damaged as damage:
            self._context.session.damage.append(damage)
            return []

    def _people(self) -> Iterator[None]:
        context = self._context
        informed = NoticeProofs(context)
        for rows in pieces(context.session, Party, (), _PIECE):
            parties = {
                bytes(party.id): party
                for party in context.session.among(Party, "id", [row[0] for row in rows])
            }
            told = informed.among(tuple(parties))
            for subject, held in self._grounds(tuple(parties)).items():
                self._judge(parties[subject], held, told.get(subject, NOTHING_TOLD))
            yield
        for rows in pieces(context.session, Consent, (), _PIECE):
            files = context.session.among(Consent, "id", [row[0] for row in rows])
            self._proofs += sum(1 for _spent in spent_proofs(context, context.day, files))
            yield
        for model in kept_models():
            for rows in pieces(context.session, model, (), _PIECE):
                kept = context.session.among(model, "id", [row[0] for row in rows])
                self._proofs += sum(1 for _spent in spent_records(context, context.day, kept))
                yield

    def _grounds(self, parties: tuple[bytes, ...]) -> dict[bytes, list[Ground]]:
        found: dict[bytes, list[Ground]] = defaultdict(list)
        for row in self._context.session.among(GroundRow, "party", parties):
            try:
                found[bytes(row.party)].append(self._context.grounds.rulebook.ground(row))
            except Damaged as damage:
                self._context.session.damage.append(damage)
        return found

    def _judge(self, party: Party, held: list[Ground], told: InformedStatus) -> None:
        context = self._context
        subject = bytes(party.id)
        facts = facts_about(party, held)
        decision = decide(facts, context.day, context.grounds.rulebook.settings)
        for line in due_lines(party.number, decision, context.day):
            (self._reviews if line.what == _REVIEW else self._due).add(subject)
        if not facts.is_legal:
            purposes = [g.purpose for g in held if not g.has_ended(context.day)]
            missing = untold(purposes, told.covered) or told.change is not None
            self._uninformed += bool(purposes and missing)
