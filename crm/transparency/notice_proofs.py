"""Who was told of what: the notices people were given, and the purposes these spoke of.

A notice covers the purpose versions that were in force when it was published. A purpose somebody
was told of in a later version is covered too; one that changed afterwards is not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.models.papers import NoticeGiven
from crm.privacy import EVIDENCE, PROVENANCE
from crm.session.errors import DayAhead, NotAmong, NoticeNeeded
from crm.transparency.cards import UNKNOWN
from gdpr.clock import microseconds
from gdpr.papers.stored import NoticeRow
from gdpr.rules.purposes import Evidence
from gdpr.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from gdpr.rules.grounds import Opening
    from gdpr.rules.purposes import Purpose

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
