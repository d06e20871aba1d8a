"""What happened, for reading; and the proof that nobody changed it since."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crm.errors import UnknownUser
from crm.grounds.consent_rules import consents_of
from crm.models.party import Party
from crm.oversight.cards import AcknowledgedLine, LogHead, LogLine, Verified
from crm.oversight.errors import DamageMiscounted, NothingToAcknowledge
from crm.oversight.field_integrity import Examination
from crm.parties.find_party import find_party
from crm.privacy import Duty
from crm.session.card_signers import CardSigners
from crm.session.cards import DamageLine
from gdpr.audit.acknowledging import acknowledge
from gdpr.audit.chain import parse_body
from gdpr.audit.chain_check import Damage
from gdpr.audit.events import Event
from gdpr.audit.reading import Wanted
from gdpr.audit.signers import Signatures
from gdpr.audit.verify import with_damages
from gdpr.clock import instant_of, microseconds
from gdpr.store.accounts import UserAccount
from gdpr.store.errors import SchemaDamaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from crm.session.context import RegisterContext
    from gdpr.audit.acknowledging import Acknowledged
    from gdpr.audit.entries import Entry
    from gdpr.audit.verify import Verification

_SHORT = 8
_SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries to read; None does not filter."""

    since: date | None = None
    until: date | None = None
    event: str | None = None
    user: str | None = None
    client: str | None = None
    limit: int | None = 100


class AuditVerbs:
    """Reads the log and verifies it."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        self._places: list[tuple[object, object]] = []

    def verify(
        self, *, quick: bool = False, progress: Callable[[int], None] | None = None
    ) -> Verified:
        """Verify chains, signatures, anchor, rows and sums; damage is told and never raised.

        The chains of consents are signed for themselves, so they are followed too. `progress` is
        told of entries and rows as they are checked, and must not ask the register anything.
        """
        found = self._verify(quick=quick, progress=progress)
        damages = tuple(DamageLine(*damage) for damage in found.damages)
        names = self._names() if found.acknowledged else {}
        return Verified(
            entries=found.entries,
            rows=found.rows,
            ok=not damages,
            first_bad=damages[0] if damages else None,
            damages=damages,
            acknowledged=tuple(_acknowledged(one, names) for one in found.acknowledged),
        )

    def acknowledge(
        self, count: int, *, progress: Callable[[int], None] | None = None
    ) -> AcknowledgedLine:
        """Sign for all damage that is new, so that later proofs call only other damage new.

        `count` must be how many places are damaged, as whoever signs has seen. What the schema is
        not, `doctor` mends, and nobody signs for.
        """
        context = self._context
        context.access.need(Duty.KEYS)
        found, damages = self._examined(progress)
        if not damages:
            raise NothingToAcknowledge
        if count != len(damages):
            raise DamageMiscounted(count=len(damages))
        acknowledge(context.journal, {one: found.marks.get(one, "") for one in damages})
        context.session.damage = [
            one for one in context.session.damage if isinstance(one, SchemaDamaged)
        ]
        name = context.session.get(UserAccount, context.user).name
        return AcknowledgedLine(context.clock.now(), name, count)

    def damages(self) -> tuple[DamageLine, ...]:
        """Return all damage that an owner could sign for: what no proof and no field holds."""
        return tuple(DamageLine(*damage) for damage in self._examined(None)[1])

    def _examined(
        self, progress: Callable[[int], None] | None
    ) -> tuple[Verification, list[Damage]]:
        found = self._verify(quick=False, progress=progress)
        lines = Examination(self._context.session, progress).run(found)
        signable = [line for line in lines if not line.why.startswith(_SCHEMA)]
        return found, [Damage(*astuple(line)) for line in signable]

    def _verify(self, *, quick: bool, progress: Callable[[int], None] | None) -> Verification:
        signers = CardSigners(self._context.session)
        found = self._context.journal.verify(signers, quick=quick, progress=progress)
        beyond = [] if quick else consents_of(self._context).check_all(Signatures(signers))
        return with_damages(found, [Damage(*one) for one in beyond])

    def log(self, wanted: LogFilter) -> tuple[LogLine, ...]:
        """Return the newest entries first; that somebody read is an entry as well."""
        names = self._names()
        entries = self._context.journal.entries(self._wanted(wanted, names))
        self._context.journal.log_access(Event.AUDIT_READ, count=len(entries))
        return tuple(self._line(entry, names) for entry in entries)

    def browse(self, wanted: LogFilter) -> int:
        """Find what is wanted, to be read page by page, and count it; this is the one entry of it.

        What is written afterwards moves no page: it is found by browsing anew.
        """
        journal = self._context.journal
        desks: dict[object, object] = {}
        # The same desk stands in every place; kept once, a long log needs half the memory.
        self._places = [
            (desks.setdefault(desk, desk), seq)
            for desk, seq in journal.places(self._wanted(wanted, self._names()))
        ]
        journal.log_access(Event.AUDIT_READ, count=len(self._places))
        return len(self._places)

    def page(self, start: int, count: int) -> tuple[LogLine | None, ...]:
        """Return entries of what was found, newest first; None stands for one that is damaged."""
        names = self._names()
        entries = self._context.journal.entries_at(self._places[start : start + count])
        return tuple(None if entry is None else self._line(entry, names) for entry in entries)

    def head(self) -> LogHead | None:
        """Return this desk's newest entry, for paper."""
        head = self._context.journal.head()
        return None if head is None else LogHead(head.desk.hex(), head.seq, head.hash.hex())

    def _line(self, entry: Entry, names: dict[bytes, str]) -> LogLine:
        number, what = None, None
        if entry.object_id is not None:
            what = names.get(entry.object_id, entry.object_id.hex())
            party = self._context.session.first(Party, id=entry.object_id)
            number = None if party is None else party.number
        return LogLine(
            time=instant_of(entry.time),
            desk=entry.desk.hex()[:_SHORT],
            seq=entry.seq,
            user=names.get(entry.actor, entry.actor.hex()),
            event=entry.event,
            number=number,
            object=what,
            told=parse_body(entry.body),
        )

    def _wanted(self, wanted: LogFilter, names: dict[bytes, str]) -> Wanted:
        clock, since, until = self._context.clock, wanted.since, wanted.until
        return Wanted(
            since=None if since is None else microseconds(clock.start_of(since)),
            until=None if until is None else microseconds(clock.start_of(until + timedelta(1))),
            event=wanted.event,
            actor=None if wanted.user is None else _id_of(wanted.user, names),
            object_id=None if wanted.client is None else self._party(wanted.client),
            limit=wanted.limit,
        )

    def _names(self) -> dict[bytes, str]:
        rows = self._context.session.rows(UserAccount)
        return {bytes(row.id): row.name or "recovery" for row in rows}

    def _party(self, client: str) -> bytes:
        return bytes(find_party(self._context, client).id)


def _acknowledged(one: Acknowledged, names: dict[bytes, str]) -> AcknowledgedLine:
    who = names.get(one.actor, one.actor.hex())
    return AcknowledgedLine(instant_of(one.time), who, len(one.damages))


def _id_of(name: str, names: dict[bytes, str]) -> bytes:
    for user_id, known in names.items():
        if known == name:
            return user_id
    raise UnknownUser
