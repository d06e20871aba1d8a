"""Who was told of what: the notices people were given, and the purposes these spoke of.

A notice covers the purpose versions that were in force when it was published. A purpose somebody
was told of in a later version is covered too; one that changed afterwards is not. People are given
the notice one by one or many at once, and those whom nobody has told are named.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.errors import DayAhead, NotAmong, NothingChosen
from crm.models.attached import NoticeGiven
from crm.models.party import Party
from crm.parties.errors import NobodyThere
from crm.parties.find_party import find_party
from crm.parties.grounds_of_all import grounds_of_all
from crm.privacy import EVIDENCE, IDENTITY, NOTICE_PROOF, PROVENANCE
from crm.session.context import RegisterService
from crm.session.progress import counted
from crm.shape.normal_forms import whole_text
from crm.transparency.cards import UNKNOWN, Proven, UninformedLine
from crm.transparency.errors import NoticeNeeded, NotYetPublished, UnknownChannel
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.errors import NoLawfulBasis
from gdpr.papers.notices import notice
from gdpr.papers.stored import NoticeRow
from gdpr.rules.consent_states import Channel
from gdpr.rules.purposes import Evidence
from gdpr.rules.stored import GroundRow
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from crm.session.context import RegisterContext
    from crm.session.progress import Progress
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.consents import Said
    from gdpr.rules.grounds import Opening
    from gdpr.rules.purposes import Purpose
    from gdpr.store.warrant import Warrant

Covered = dict[str, int]


class InformedStatus(NamedTuple):
    """The purposes somebody was told of, and the material change nobody told them of, or None."""

    covered: Covered
    change: int | None


NOTHING_TOLD: Final = InformedStatus({}, None)

EMAIL: Final = "email"
STATED: Final = "stated"
"""Somebody said at entry that the person had been told; how is not known."""
CHANNELS: Final = (EMAIL, "letter", "in-person", "phone", "web", "form", "other", STATED)


def covers_of(purposes: Iterable[Purpose]) -> str:
    """Write which purpose versions a notice speaks of, as the one text it has."""
    covered = {purpose.code: purpose.version for purpose in purposes}
    return json.dumps(covered, sort_keys=True, separators=(",", ":"))


def told_row(  # noqa: PLR0913 - what a proof consists of, each by its name
    context: RegisterContext,
    party: bytes,
    *,
    on: date,
    channel: str,
    version: int | None = None,
    covers: str | None = None,
    evidence: str | None = None,
) -> NoticeGiven:
    """Make the proof that a person was told on a day; whoever stores it signs it in the log."""
    return NoticeGiven(
        id=new_id(),
        party=party,
        version=version,
        covers=covers,
        given=on.isoformat(),
        entered=microseconds(context.clock.now()),
        author=context.user,
        channel=channel,
        evidence=evidence,
    )


def informed_statement(informed: date | str | None) -> str | None:
    """Write how a person knows that we keep their data, as it stands with its source."""
    if isinstance(informed, str) and informed != UNKNOWN:
        raise NotAmong(field="informed", known=UNKNOWN)
    if informed is None or isinstance(informed, str):
        return None if informed is None else f"informed {informed}"
    return f"informed {informed.isoformat()}"


def source_of(opening: Opening, *told: str | None) -> str | None:
    """Write where data come from and whether the person knows; None where no purpose asks."""
    if PROVENANCE.code not in opening.items:
        return None
    return "; ".join(part for part in told if part) or None


def stated_row(
    context: RegisterContext, party: bytes, opening: Opening, informed: date | str | None
) -> NoticeGiven | None:
    """Make the proof that a person was told of the grounds being opened; None without a day."""
    if informed is None or isinstance(informed, str):
        return None
    context.access.need_write(EVIDENCE)
    if informed > context.day:
        raise DayAhead
    return told_row(context, party, on=informed, channel=STATED, covers=covers_of(opening.purposes))


def further_proof(
    context: RegisterContext, party: Party, opening: Opening, informed: date | str | None
) -> NoticeGiven | None:
    """Make the proof that a person in the register was told of what is being opened, or refuse.

    Every way to a further purpose passes here (Art. 13(3)): by a notice on record, on the day that
    `informed` puts on record, or by a consent, which is none unless the person was informed.
    """
    if party.is_legal_person():
        return None
    this = bytes(party.id)
    if informed is not None and not isinstance(informed, str):
        return stated_row(context, this, opening, informed)
    if opening.evidence is not Evidence.CONSENT:
        held = {g.purpose.code for g in context.grounds.of(this) if not g.has_ended(context.day)}
        fresh = [purpose for purpose in opening.purposes if purpose.code not in held]
        for purpose in untold(fresh, NoticeProofs(context).of(this)):
            code, version = purpose.code, purpose.version
            raise NoticeNeeded(number=party.number, purpose=code, version=version)
    return None


class NoticeProofs:
    """What people were told, read once for as many of them as a list has."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        notices = context.session.rows(NoticeRow)
        self._notices: dict[int, Covered] = {row.version: json.loads(row.covers) for row in notices}
        material = [row for row in notices if row.material]
        self._change = max(material, key=lambda row: row.version, default=None)

    def of(self, party: bytes) -> Covered:
        """Give the purposes one party was told of, each in the newest version."""
        return self._sum(self._context.session.rows(NoticeGiven, party=party))

    def among(self, parties: tuple[bytes, ...]) -> Mapping[bytes, InformedStatus]:
        """Give the same for a few parties at once."""
        return self._told(self._context.session.among(NoticeGiven, "party", parties))

    def everybody(self) -> Mapping[bytes, InformedStatus]:
        """Give the same for everybody who was told anything."""
        return self._told(self._context.session.each(NoticeGiven))

    def _told(self, given: Iterable[NoticeGiven]) -> Mapping[bytes, InformedStatus]:
        rows: dict[bytes, list[NoticeGiven]] = defaultdict(list)
        for row in given:
            rows[bytes(row.party)].append(row)
        return {
            party: InformedStatus(self._sum(held), self._owed(held)) for party, held in rows.items()
        }

    def _owed(self, rows: Iterable[NoticeGiven]) -> int | None:
        """Name the material version that somebody who was told before it has not been given.

        Whoever was told in another way after it was published was told of what it says.
        """
        change = self._change
        if change is None or any(
            row.given >= change.published if row.version is None else row.version >= change.version
            for row in rows
        ):
            return None
        return change.version

    def _sum(self, rows: Iterable[NoticeGiven]) -> Covered:
        told: Covered = {}
        for row in rows:
            covered = dict(self._notices.get(row.version or 0, {}))
            covered |= json.loads(row.covers) if row.covers else {}
            for code, version in covered.items():
                told[code] = max(version, told.get(code, 0))
        return told


def notice_in_force(context: RegisterContext) -> NoticeRow | None:
    """Give the version of the notice that holds today."""
    today = context.day.isoformat()
    rows = [row for row in context.session.rows(NoticeRow) if row.effective <= today]
    return max(rows, key=lambda row: row.version, default=None)


def untold(purposes: Iterable[Purpose], told: Covered) -> list[Purpose]:
    """Give the purposes somebody was not told of in this version."""
    return [purpose for purpose in purposes if told.get(purpose.code, 0) < purpose.version]


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
        found = {}
        for party, rows in grounds_of_all(self._context.session):
            held = [row for row in rows if self._lives(row)]
            if party.is_legal_person() or not held:
                continue
            purposes = [book.version(row.purpose, row.version) for row in held]
            covered, change = told.get(bytes(party.id), NOTHING_TOLD)
            missing = untold(purposes, covered)
            if missing or change is not None:
                found[bytes(party.id)] = (min(row.since for row in held), missing, change)
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
        on=said.day,
        channel=_TOLD_BY.get(said.channel, STATED),
        covers=covers_of(fresh),
        evidence=None if said.wording is None else f"{said.wording.code}@{said.wording.version}",
    )
    change.insert(row, context.grounds.warrant(subject, context.day))
