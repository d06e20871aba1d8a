"""Whether everything is in order: looks at files, rows, grounds and keys, and repairs little.

It tries the shreds that waited once more; everything else is only named, with what to do.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crm.backup.backups import DRILL_DUE, ONE_PLACE, Backups
from crm.copies.copies import past_their_end
from crm.grounds.consent_rules import consents_of
from crm.grounds.ground_endings import facts_about, is_active
from crm.models.files import KnownCopy
from crm.models.party import Status
from crm.opening.preflight import risk_of_place
from crm.oversight.cards import Check, Health
from crm.oversight.field_integrity import Examination
from crm.oversight.reminders import Reminders
from crm.parties.grounds_of_all import grounds_of_all
from crm.privacy import Duty
from crm.session.alarms import not_acknowledged
from crm.session.calendar import checked_day
from crm.session.card_signers import CardSigners
from crm.session.cards import DamageLine
from crm.session.shred_file_place import shred_place
from crm.transparency.notice_proofs import NoticeDelivery
from gdpr.audit.events import Event
from gdpr.audit.pin import pinned
from gdpr.audit.state_folders import StateFolders
from gdpr.errors import Damaged
from gdpr.papers.stored import NoticeRow
from gdpr.rules.decide import decide, without_clock
from gdpr.rules.facts import as_of
from gdpr.rules.purposes import Basis
from gdpr.store.database import cut_log, file_of, sqlite_version, wal_is_safe, why_shut
from gdpr.store.errors import SchemaDamaged, UnsafePlace
from gdpr.store.places import check_private
from gdpr.store.schema_check import mend_schema, schema_damage
from gdpr.store.shred_file import belongs_to, default_place
from gdpr.store.upgrade import failed_copies
from gdpr.vault.root import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from gdpr.audit.acknowledging import Acknowledged
    from gdpr.rules.facts import Ground

OK: Final = "ok"
WARNING: Final = "warning"
DAMAGE: Final = "damage"
_SHARED_WRITE: Final = 0o022


class Doctor:
    """Looks at everything once."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        self._damages: list[DamageLine] = []

    def examine(self, progress: Callable[[int], None] | None = None) -> Health:
        """Look at everything; whatever is damaged is named and stops nothing.

        `progress` is told of entries and rows as they are checked and opened. One state is held
        meanwhile, so it must not ask anything on this thread.
        """
        context = self._context
        self._damages = []
        found = context.journal.verify(CardSigners(context.session), progress=progress)
        self._damages += Examination(context.session, progress).run(found)
        unreadable = len(self._damages)
        tables = sorted({damage.table for damage in self._damages})
        clocks = self._clocks()
        checks = (
            _warn("modes", self._open_to_others()),
            _warn("place", self._risks()),
            _warn("sqlite", () if wal_is_safe(sqlite_version()) else (_version(),)),
            _damage("pin", () if self._is_pinned() else ("root.pin",)),
            _damage("anchor", self._anchor()),
            *self._ledger(),
            _damage("schema", self._strange()),
            _counted("unreadable", DAMAGE, unreadable, tables),
            _warn("acknowledged", [name for one in found.acknowledged for name in _places(one)]),
            *clocks.checks(),
            _warn("unproven", clocks.unproven),
            *self._informing(),
            *(_warn(code, wrong) for code, wrong in Reminders(context).all()),
            _warn("copies", self._overdue_copies()),
            *self._backups(),
            _warn("elsewhere", self._elsewhere()),
            _warn("left-behind", self._left_behind()),
            _warn("upgrades", [path.name for path in failed_copies(context.session.database)]),
            _warn("clock", () if context.asked is None else (context.asked.isoformat(),)),
        )
        return Health(
            sqlite=_version(),
            rows=found.rows,
            grounds=clocks.grounds,
            checks=checks,
            damages=tuple(self._damages),
        )

    def look_ahead(self, on: date) -> Health:
        """Say what the clocks would ask for on another day; nothing is verified or repaired."""
        day = checked_day(self._context, on) or self._context.day
        there = Doctor(replace(self._context, day=day, asked=None))
        clocks = there._clocks()
        checks = (*clocks.checks(), *there._informing())
        return Health(
            sqlite=_version(),
            rows=0,
            grounds=clocks.grounds,
            checks=(*checks, _warn("copies", there._overdue_copies())),
            damages=(),
        )

    def _clocks(self) -> _Clocks:
        """Look once at what the clocks of everybody say; damage was named before."""
        session = self._context.session
        before = len(session.damage)
        clocks = _Clocks(self._context)
        for party, rows in grounds_of_all(session):
            clocks.look_at(party, tuple(map(self._context.grounds.rulebook.ground, rows)))
        del session.damage[before:]
        return clocks

    def _files(self) -> Iterator[Path]:
        vault = file_of(self._context.session.database)
        if vault is not None:
            yield vault.absolute().parent
            for ending in ("", "-wal", "-shm", "-journal"):
                path = vault.with_name(vault.name + ending)
                if path.exists():
                    yield path
            yield shred_place(str(vault))
        yield self._context.state
        yield from sorted(self._context.state.iterdir())

    def _open_to_others(self) -> list[str]:
        if not hasattr(os, "getuid"):
            return []
        return [path.name for path in self._files() if _shared(path)]

    def _risks(self) -> list[str]:
        path = file_of(self._context.session.database)
        risk = None if path is None else risk_of_place(str(path))
        return [] if risk is None else [risk]

    def _is_pinned(self) -> bool:
        try:
            pin = pinned(self._context.state)
        except (Damaged, UnsafePlace):
            return False
        return pin == fingerprint(self._context.session.ring.root_public)

    def mend(self) -> int:
        """Take out of the file what the register did not make, and make lost indexes anew.

        Returns how many things were mended; raises, and changes nothing, where only a backup helps.
        """
        context = self._context
        context.access.need(Duty.KEYS)
        session = context.session
        if not schema_damage(session.database, session.schema.declared):
            return 0
        with context.journal.audited_change(Event.SCHEMA_MENDED) as change:
            count = mend_schema(change)
            change.note(count=count)
        # Whatever a planted table held lies in the log until that is cut.
        cut_log(session.database)
        session.damage = [one for one in session.damage if not isinstance(one, SchemaDamaged)]
        return count

    def _strange(self) -> list[str]:
        session = self._context.session
        found = schema_damage(session.database, session.schema.declared)
        return [str(damage.arguments["name"]) for damage in found]

    def _anchor(self) -> list[str]:
        try:
            self._context.journal.check_anchor()
        except Damaged as damage:
            return [self._note(damage, "anchor")]
        return []

    def _ledger(self) -> tuple[Check, Check]:
        """Bring ledger and log together, and try once more what waits to be shredded."""
        journal = self._context.journal
        try:
            found = journal.reconcile(CardSigners(self._context.session))
            waiting = journal.shred()
        except Damaged as damage:
            return _damage("ledger", [self._note(damage, "ledger")]), _warn("shreds", ())
        new = not_acknowledged(self._context, found.damages, {}) if found.damages else []
        self._damages += [DamageLine(*line) for line in new]
        wrong = [line.table for line in new] + [event.kind for event in found.missing]
        return _damage("ledger", wrong), _warn("shreds", [event.kind for event in waiting])

    def _informing(self) -> tuple[Check, Check]:
        """Count whom nobody is known to have told, and say when there is no notice to give them."""
        count = NoticeDelivery(self._context).count()
        today = self._context.day.isoformat()
        notices = list(Examination.sound(self._context.session, NoticeRow))
        in_force = any(row.effective <= today for row in notices)
        missing = [] if in_force or not count else [today]
        return (
            _counted("uninformed", WARNING if notices else OK, count, ()),
            _warn("unpublished", missing),
        )

    def _elsewhere(self) -> list[str]:
        """Name other places where this desk keeps a register of the same people."""
        context = self._context
        path = file_of(context.session.database)
        if path is None or why_shut(context.session.database) is not None:
            return []
        folders = StateFolders(context.state.parent)
        return list(folders.elsewhere(str(path), context.session.ring.vault_id))

    def _left_behind(self) -> list[str]:
        """Name a shred file that was copied to another folder where it ought to have been moved.

        No erasure reaches it: who was erased since opens with it in an old copy of the register.
        """
        path = file_of(self._context.session.database)
        if path is None or shred_place(str(path)) == (beside := default_place(str(path))):
            return []
        return [str(beside)] if belongs_to(beside, self._context.session.ring.vault_id) else []

    def _overdue_copies(self) -> list[str]:
        known = list(Examination.sound(self._context.session, KnownCopy))
        return [str(copy.place) for copy in past_their_end(self._context, known)]

    def _backups(self) -> tuple[Check, ...]:
        told = Backups(self._context).reminders()
        others = {ONE_PLACE: "places", DRILL_DUE: "drill"}
        return (
            _warn("backup", [code for code in told if code not in others]),
            *(_warn(check, [one for one in told if one == code]) for code, check in others.items()),
        )

    def _note(self, damage: Damaged, why: str) -> str:
        table = str(damage.arguments.get("table") or damage.arguments.get("name") or why)
        row = damage.arguments.get("row")
        self._damages.append(DamageLine(table, None if row is None else str(row), why))
        return table


class _Clocks:
    """What the lawful bases of everybody ask for, counted party by party."""

    def __init__(self, context: RegisterContext) -> None:
        self._context = context
        self._consents = consents_of(context)
        self.grounds = 0
        self.unproven: list[str] = []
        self._clockless: list[str] = []
        self._going: list[str] = []
        self._due: list[str] = []
        self._reviews: list[str] = []
        self._former: list[str] = []

    def look_at(self, party: Party, held: tuple[Ground, ...]) -> None:
        """Count what is going, which is as it should be, what should be gone, and what to review.

        Also whoever is called a client and whom no relation keeps any more.
        """
        context, number = self._context, str(party.number)
        self.grounds += len(held)
        self._clockless += [ground.purpose.code for ground in without_clock(held)]
        facts = as_of(facts_about(party, held), context.day)
        decision = decide(facts, context.day, context.grounds.rulebook.settings)
        if decision.to_review:
            self._reviews.append(number)
        if party.status == Status.ACTIVE and not is_active(decision):
            self._former.append(number)
        if decision.going:
            self._going.append(number)
        if any(r.ground is not None and r.ground.going_until for r in decision.ended):
            self._due.append(number)
        if not party.is_legal_person():
            self.unproven += [number for ground in held if self._is_unproven(party, ground)]

    def _is_unproven(self, party: Party, ground: Ground) -> bool:
        """Tell whether somebody is kept on a consent that nobody could show (Art. 7(1))."""
        if ground.basis is not Basis.CONSENT or ground.has_ended(self._context.day):
            return False
        try:
            state = self._consents.state(bytes(party.id), ground.purpose.code)
        except Damaged:
            return False
        return state is None or not state.permits

    def checks(self) -> tuple[Check, ...]:
        """Say what was counted."""
        return (
            _warn("clockless", self._clockless),
            _counted("going", OK, len(self._going), self._going),
            _warn("due", self._due),
            _warn("reviews", self._reviews),
            _warn("former", self._former),
        )


def _places(one: Acknowledged) -> list[str]:
    return [damage.row or damage.table for damage, _mark in one.damages]


def _warn(code: str, wrong: list[str] | tuple[str, ...]) -> Check:
    return _counted(code, WARNING if wrong else OK, len(wrong), wrong)


def _damage(code: str, wrong: list[str] | tuple[str, ...]) -> Check:
    return _counted(code, DAMAGE if wrong else OK, len(wrong), wrong)


def _counted(code: str, state: str, count: int, which: list[str] | tuple[str, ...]) -> Check:
    state = OK if not count else state
    return Check(code, state, count, tuple(dict.fromkeys(one for one in which if one))[:10])


def _shared(path: Path) -> bool:
    if path.is_dir():
        return bool(path.stat().st_mode & _SHARED_WRITE)
    try:
        check_private(path)
    except UnsafePlace:
        return True
    return False


def _version() -> str:
    return ".".join(map(str, sqlite_version()))
