"""Giving people the notice, one by one or many at once, and naming those nobody has told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from crm.models.papers import NoticeGiven
from crm.models.party import Party
from crm.parties.find_party import find_party
from crm.privacy import EVIDENCE, IDENTITY, NOTICE_PROOF
from crm.session.context import RegisterService
from crm.session.errors import (
    DayAhead,
    NobodyThere,
    NothingChosen,
    NotYetPublished,
    UnknownChannel,
)
from crm.session.progress import counted
from crm.shape.normal_forms import whole_text
from crm.transparency.cards import Proven, UninformedLine
from crm.transparency.notice_proofs import (
    CHANNELS,
    EMAIL,
    NOTHING_TOLD,
    STATED,
    NoticeProofs,
    covers_of,
    told_row,
    untold,
)
from gdpr.audit.events import Event
from gdpr.errors import NoLawfulBasis
from gdpr.papers.notices import notice
from gdpr.papers.stored import NoticeRow
from gdpr.rules.consent_states import Channel
from gdpr.rules.stored import GroundRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from crm.session.context import RegisterContext
    from crm.session.progress import Progress
    from crm.transparency.notice_proofs import InformedStatus
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.consents import Said
    from gdpr.rules.grounds import Opening
    from gdpr.rules.purposes import Purpose
    from gdpr.store.warrant import Warrant

# The way a consent was said is the way in which the person was told to what.
_TOLD_BY: Final = {
    Channel.WEB_FORM: "web",
    Channel.PAPER: "form",
    Channel.EMAIL: EMAIL,
    Channel.DOUBLE_OPT_IN: EMAIL,
    Channel.PHONE: "phone",
    Channel.IN_PERSON: "in-person",
}


class NoticeDelivery(RegisterService):
    """Proof that people were told, which the firm owes the authority and itself."""

    def give(  # noqa: PLR0913 - what a proof consists of, each by its name
        self,
        who: Sequence[str],
        version: int,
        channel: str,
        *,
        relation: str | None = None,
        on: date | None = None,
        evidence: str | None = None,
        progress: Progress | None = None,
    ) -> Proven:
        """Record that people were given a version; all of one call stand in one entry.

        Companies are passed over, for only human beings are informed, and so is who is going; who
        was given this version before keeps the older proof. `progress` is told how many more were
        looked at; what is stored after that is stored at once.
        """
        context = self._context
        context.access.need_write(EVIDENCE)
        day = self._checked(version, channel, on)
        if bool(who) is bool(relation):
            raise NothingChosen
        parties = self._known(who) if who else self._related(relation or "")
        told = self._may_be_told(counted(parties, progress))
        if len(who) == 1 and not told:
            raise NoLawfulBasis(item=NOTICE_PROOF.code)
        had = {bytes(row.party) for row in context.session.rows(NoticeGiven, version=version)}
        fresh = [party for party in told if party not in had]
        note = whole_text(evidence) or None
        one = fresh[0] if len(fresh) == 1 else None
        with context.journal.audited_change(
            Event.NOTICE_GIVEN, one, version=version, given=len(fresh)
        ) as change:
            for party in fresh:
                row = told_row(
                    context, party, on=day, channel=channel, version=version, evidence=note
                )
                change.insert(row, told[party])
        already = len(told) - len(fresh)
        unknown = len(dict.fromkeys(who)) - len(parties) if who else 0
        return Proven(version, len(fresh), already, len(parties) - len(told), unknown)

    def uninformed(self) -> list[UninformedLine]:
        """List the people not known to be informed: of purposes, or of a change of the notice."""
        lines = sorted(self._uninformed(), key=lambda line: line.number)
        self._context.journal.log_access(Event.UNINFORMED_LISTED, None, count=len(lines))
        return lines

    def count(self) -> int:
        """Count the people not known to be informed, without looking at a name."""
        return len(self._untold(NoticeProofs(self._context).everybody()))

    def _known(self, who: Sequence[str]) -> list[Party]:
        """Find people by their numbers; on a list, somebody erased meanwhile stops nothing."""
        found: dict[bytes, Party] = {}
        for address in who:
            try:
                party = find_party(self._context, address)
            except NobodyThere:
                if len(who) == 1:
                    raise
            else:
                found[bytes(party.id)] = party
        return list(found.values())

    def _may_be_told(self, parties: Iterable[Party]) -> dict[bytes, Warrant]:
        """Give the permits of human beings whose data are in use; of others nothing is recorded."""
        context = self._context
        permits = {
            bytes(party.id): context.grounds.warrant(bytes(party.id), context.day)
            for party in parties
            if not party.is_legal_person()
        }
        return {party: held for party, held in permits.items() if NOTICE_PROOF.code in held.items}

    def _checked(self, version: int, channel: str, on: date | None) -> date:
        if channel not in CHANNELS:
            raise UnknownChannel(known=", ".join(CHANNELS))
        row = notice(self._context.session, version)
        day = on or self._context.day
        if day > self._context.day:
            raise DayAhead
        if day.isoformat() < row.published:
            raise NotYetPublished(version=version, day=row.published)
        return day

    def _related(self, relation: str) -> list[Party]:
        """Find everybody who is kept in a relation today."""
        context = self._context
        context.grounds.rulebook.relation(relation)
        held = {
            bytes(row.party)
            for row in context.session.rows(GroundRow, relation=relation)
            if self._lives(row)
        }
        return [party for party in context.session.each(Party) if bytes(party.id) in held]

    def _lives(self, row: GroundRow) -> bool:
        return row.ended_on is None or row.ended_on > self._context.day.isoformat()

    def _untold(
        self, told: Mapping[bytes, InformedStatus]
    ) -> dict[bytes, tuple[str, list[Purpose], int | None]]:
        """Give for each party since when it is kept, and of what nobody told it.

        That is purposes, and a material change of the notice that reached everybody else.
        """
        book = self._context.grounds.rulebook
        legal = {bytes(p.id) for p in self._context.session.each(Party) if p.is_legal_person()}
        rows: dict[bytes, list[GroundRow]] = defaultdict(list)
        for row in self._context.session.each(GroundRow):
            if bytes(row.party) not in legal and self._lives(row):
                rows[bytes(row.party)].append(row)
        found = {}
        for party, held in rows.items():
            purposes = [book.version(row.purpose, row.version) for row in held]
            covered, change = told.get(party, NOTHING_TOLD)
            missing = untold(purposes, covered)
            if missing or change is not None:
                found[party] = (min(row.since for row in held), missing, change)
        return found

    def _uninformed(self) -> Iterable[UninformedLine]:
        context = self._context
        untold_of = self._untold(NoticeProofs(context).everybody())
        effective = {row.version: row.effective for row in context.session.rows(NoticeRow)}
        named = IDENTITY.code in context.access.reads
        for party in context.session.each(Party):
            if bytes(party.id) in untold_of:
                since, purposes, change = untold_of[bytes(party.id)]
                yield UninformedLine(
                    number=party.number,
                    name=party.display_name() if named else None,
                    since=since,
                    purposes=tuple(sorted(purpose.code for purpose in purposes)),
                    change=change,
                    by=effective.get(change or 0),
                )


def told_by_consent(
    context: RegisterContext, change: AuditedChange, subject: bytes, opening: Opening, said: Said
) -> None:
    """Put on record that whoever said yes had been told of the purpose, unless it is already.

    A word is a consent only if the person was informed (Art. 4(11)), so the one proves the other.
    """
    fresh = untold(opening.purposes, NoticeProofs(context).of(subject))
    if not fresh:
        return
    row = told_row(
        context,
        subject,
        on=said.at.date(),
        channel=_TOLD_BY.get(said.channel, STATED),
        covers=covers_of(fresh),
        evidence=None if said.wording is None else f"{said.wording.code}@{said.wording.version}",
    )
    change.insert(row, context.grounds.warrant(subject, context.day))
