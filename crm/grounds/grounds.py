"""Why somebody is kept: adding, ending, reopening and listing grounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import NotHeld, NothingChosen
from crm.grounds.cards import GroundLine
from crm.grounds.consent_rules import refuse_child
from crm.grounds.errors import DayNotAhead, NothingGoing
from crm.grounds.ground_endings import LASTING, end_grounds, erasing, preview_of
from crm.grounds.suppression import (
    identifiers_of,
    nos_against,
    open_to,
    refuse_closed,
    refuse_said_since,
)
from crm.models.party import STATUS_OF, Party, PartyKind, Status
from crm.parties.find_party import find_party
from crm.privacy import IDENTITY, Duty, SubjectKind
from crm.session.context import RegisterService
from crm.transparency.notice_proofs import further_proof
from gdpr.audit.events import Event
from gdpr.rules.decide import decide
from gdpr.rules.endings import reopen
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import add_months
from gdpr.rules.purposes import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from crm.grounds.cards import Preview, Receipt
    from gdpr.rules.because import Because
    from gdpr.rules.facts import Ground
    from gdpr.rules.grounds import Opening
    from gdpr.rules.reasons import Reason


# What a contact person or a stranger was to us; a new relation says more.
_OUTGROWN = frozenset({Status.CONTACT.value, Status.PROSPECT.value, Status.FORMER.value})


class GroundVerbs(RegisterService):
    """The verbs that change on which grounds a party is kept."""

    def add(
        self,
        reference: str,
        *,
        relation: str | None = None,
        purposes: Sequence[str] = (),
        since: date | None = None,
        evidence: str | None = None,
        informed: date | None = None,
    ) -> list[GroundLine]:
        """Open the grounds of a relation or of single purposes; those held already stay.

        A person is kept for a further purpose only when told of it before (Art. 13(3)): by a
        notice on record, or on the day that `informed` puts on record.
        """
        context = self._context
        context.access.need_write(IDENTITY)
        party = find_party(context, reference)
        opening = self._opening(party, relation, purposes, evidence)
        identifiers = identifiers_of(context, party)
        nos = nos_against(context, identifiers, bytes(party.id))
        opening = open_to(opening, nos, named=bool(purposes))
        refuse_child(context, party, opening, since or context.day)
        proof = further_proof(context, party, opening, informed)
        with context.journal.audited_change(Event.GROUND_ADDED, bytes(party.id)) as change:
            refuse_said_since(context, identifiers, opening, bytes(party.id), own_wish=True)
            opened = context.grounds.open(change, bytes(party.id), opening, since or context.day)
            if proof is not None:
                change.insert(proof, context.grounds.warrant(bytes(party.id), context.day))
            change.note(grounds=len(opened), evidence=opening.evidence.value)
            party.last_activity = context.day.isoformat()
            if relation is not None and party.status in _OUTGROWN:
                party.status = STATUS_OF.get(opening.kind, Status.ACTIVE).value
            change.update(party)
        return self._lines(party)

    def end(
        self,
        reference: str,
        *,
        purposes: Sequence[str] = (),
        all_but: Sequence[str] = (),
        on: date | None = None,
        now: bool = False,
    ) -> Receipt:
        """End the named purposes, or all but these; what nothing names then is going, or goes."""
        self._context.access.need_write(IDENTITY)
        if now:
            self._context.access.need(Duty.ERASURE)
        party = find_party(self._context, reference)
        chosen = self._chosen(party, purposes, all_but)
        return end_grounds(self._context, party, chosen, on=on, now=now)

    def preview(
        self,
        reference: str,
        *,
        purposes: Sequence[str] = (),
        all_but: Sequence[str] = (),
        say: Callable[[Because], str] = str,
    ) -> Preview:
        """Say what such an end would destroy after its days of grace; changes nothing."""
        context = self._context
        party = find_party(context, reference)
        chosen = self._chosen(party, purposes, all_but)
        planned = erasing(context).preview_end(bytes(party.id), chosen, context.day)
        return preview_of(context, party, Ending.ENDED.value, planned.decision, say)

    def keep(
        self, reference: str, purpose: str, because: str = "needed", *, until: date | None = None
    ) -> list[GroundLine]:
        """Keep what a clock brought up, and look again on `until`, or after the usual period.

        Somebody has looked and says it is still needed; `because` is a code for the log.
        """
        context = self._context
        context.access.need_write(IDENTITY)
        party = find_party(context, reference)
        if until is not None and until <= context.day:
            raise DayNotAhead
        held = [g for g in context.grounds.of(bytes(party.id)) if g.purpose.code == purpose]
        mine = [g for g in held if not g.has_ended(context.day) or _is_going(g, context.day)]
        if not mine:
            raise NotHeld(purpose=purpose)
        with context.journal.audited_change(
            Event.GROUND_KEPT, bytes(party.id), purpose=purpose
        ) as change:
            for ground in mine:
                review = until or add_months(context.day, ground.purpose.review_after(ground.kind))
                context.grounds.save(change, reopen(ground, context.day, review_on=review))
            change.note(grounds=len(mine), because=because)
        return self._lines(party)

    def reopen(self, reference: str, because: str = "mistake") -> list[GroundLine]:
        """Bring back everything of a party that is going; `because` is a code for the log."""
        context = self._context
        context.access.need_write(IDENTITY)
        party = find_party(context, reference)
        with context.journal.audited_change(Event.GROUND_REOPENED, bytes(party.id)) as change:
            back = [g for g in context.grounds.of(bytes(party.id)) if _is_going(g, context.day)]
            if not back:
                raise NothingGoing
            nos = nos_against(context, identifiers_of(context, party), bytes(party.id))
            refuse_closed([ground.purpose for ground in back], nos)
            for ground in back:
                context.grounds.save(change, reopen(ground, context.day))
            if party.status == Status.FORMER and any(g.kind in LASTING for g in back):
                party.status = Status.ACTIVE.value
                change.update(party)
            change.note(grounds=len(back), because=because)
        return self._lines(party)

    def listing(self, reference: str) -> list[GroundLine]:
        """List the grounds of a party, ended ones included."""
        party = find_party(self._context, reference)
        lines = self._lines(party)
        self._context.journal.log_access(Event.GROUNDS_LISTED, bytes(party.id), grounds=len(lines))
        return lines

    def _chosen(
        self, party: Party, purposes: Sequence[str], all_but: Sequence[str]
    ) -> Callable[[Ground], bool]:
        """Return what tells the grounds that are meant: the named ones, or all but those."""
        if bool(purposes) is bool(all_but):
            raise NothingChosen
        codes = frozenset(purposes or all_but)
        grounds = self._context.grounds
        for code in codes:
            grounds.rulebook.purpose(code)
        held = {g.purpose.code for g in grounds.of(bytes(party.id))}
        for code in sorted(purposes):
            if code not in held:
                raise NotHeld(purpose=code)
        keep = not purposes
        return lambda ground: (ground.purpose.code in codes) is not keep

    def _opening(
        self, party: Party, relation: str | None, purposes: Sequence[str], evidence: str | None
    ) -> Opening:
        given = Evidence(evidence) if evidence else None
        legal = party.kind == PartyKind.LEGAL
        if relation is not None and not purposes:
            return self._context.grounds.by_relation(relation, is_legal=legal, evidence=given)
        if not purposes or relation is not None:
            raise NothingChosen
        return self._context.grounds.by_purposes(
            purposes, kind=self._kind(party), is_legal=legal, evidence=given or Evidence.NOTICE
        )

    def _kind(self, party: Party) -> str:
        """Return what the party already is to us; a stranger with one purpose is a prospect."""
        running = [g for g in self._context.grounds.of(bytes(party.id)) if g.ended_on is None]
        order = [kind.value for kind in SubjectKind]
        kinds = sorted((g.kind for g in running), key=order.index)
        return kinds[0] if kinds else SubjectKind.PROSPECT.value

    def _lines(self, party: Party) -> list[GroundLine]:
        context = self._context
        facts = erasing(context).facts(bytes(party.id))
        decision = decide(facts, context.day, context.grounds.rulebook.settings)
        named = (("live", decision.live), ("going", decision.going), ("ended", decision.ended))
        lines = [
            _line(party.number, reason.ground, reason, state)
            for state, reasons in named
            for reason in reasons
            if reason.ground is not None
        ]
        return sorted(lines, key=lambda line: (line.since, line.purpose))


def _line(number: int, ground: Ground, reason: Reason, state: str) -> GroundLine:
    return GroundLine(
        number=number,
        purpose=ground.purpose.code,
        version=ground.purpose.version,
        relation=ground.relation,
        basis=str(reason.basis),
        article=reason.article,
        evidence=ground.evidence.value,
        since=ground.since.isoformat(),
        until=reason.until.isoformat(),
        state=state,
        ended_on=ground.ended_on.isoformat() if ground.ended_on else None,
        ended_why=ground.ended_why.value if ground.ended_why else None,
        going_until=ground.going_until.isoformat() if ground.going_until else None,
    )


def _is_going(ground: Ground, today: date) -> bool:
    return ground.going_until is not None and ground.going_until >= today
