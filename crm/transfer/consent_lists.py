"""Lists of consents: an unsubscribe list that stops people, and historic consents that come in.

An old list is weaker than a person: it never turns a no into a yes, and a yes to a text that
nobody can show is not one (Art. 7(1)).
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeVar

from crm.consents.consents import ConsentVerbs, enter_yes
from crm.consents.words import say_reason
from crm.errors import NotAmong, NotHeld
from crm.files.candidate import Rejection
from crm.files.reading import BadRow
from crm.grounds.consent_rules import check_age, consents_of, opening_for, wording_named
from crm.grounds.errors import GuardianNeeded, NoSuchWording, NotByConsent, WordingElsewhere
from crm.grounds.ground_endings import enter_no, erasing
from crm.grounds.suppression import identifiers_of, nos_against, running_for
from crm.parties.grace_period import is_going
from crm.parties.mailing_law import DIRECT_MARKETING
from crm.privacy import EVIDENCE
from crm.transfer.cards import ConsentImport, Stopped
from crm.transfer.errors import ColumnsMissing
from crm.transfer.import_run import file_in, may_take, opened
from crm.transfer.listed_people import WHO, party_by, places_of, read_list, who_is_named
from crm.transfer.suppression_check import CHILD
from gdpr.audit.events import Event
from gdpr.errors import Refused
from gdpr.rules.consent_states import NO_SPOKEN, Channel, ConsentState, import_may_follow
from gdpr.rules.consents import Said, Wording, at_noon, last_no
from gdpr.rules.errors import UnknownPurpose
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import add_days
from gdpr.rules.suppression import closed

if TYPE_CHECKING:
    from pathlib import Path

    from crm.files.reading import FileRow
    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from crm.transfer.import_run import FileIn
    from gdpr.audit.shredding import Lot
    from gdpr.rules.consent_rows import ConsentEvent

# Reason codes of rejected rows; the faces say them in sentences.
NOBODY, SEVERAL, PURPOSE, DAY, AHEAD = "nobody", "several", "purpose", "date", "date ahead"
SAID_NO, OLDER, GOING, STEP = "said no", "older", "going", "step"
DIFFER: Final = "differ"
_HEADINGS: Final = (*WHO, "purpose", "state", "date", "channel", "wording")
_WHO: Final = ("email", "number", "reg_no")
_MUST: Final = frozenset({"purpose", "state", "date"})
_COUNTED: Final = ("read", "created", "given", "ended", "not_given", "duplicates")
_DAY: Final = re.compile(r"(\d\d?)[./](\d\d?)[./](\d{4})", re.ASCII)
_Codes = TypeVar("_Codes", bound=StrEnum)
_ENDINGS: Final = {
    ConsentState.EXPIRED: Ending.CLOCK,
    ConsentState.REVOKED: Ending.ENDED,
    ConsentState.INVALIDATED: Ending.UNLAWFUL,
}


class _Entry(NamedTuple):
    """A row that can be taken in, if the consent allows the step."""

    row: FileRow
    party: Party
    purpose: str
    state: ConsentState
    yes: bool
    on: date
    channel: Channel
    wording: Wording | None


class _Reject(Exception):
    """A row stays outside: its column and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class ConsentLists:
    """Files of consents and of those who want no more."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        self._verbs = ConsentVerbs(context)

    def stop(
        self,
        source: Path | BinaryIO,
        purpose: str = DIRECT_MARKETING,
        *,
        channel: str = Channel.UNKNOWN.value,
        preview: bool = False,
    ) -> Stopped:
        """Stop everybody on a list of e-mail addresses and numbers, and nobody else.

        It is in force at once, but a list may be the wrong one: what nothing names any more waits
        its days of grace. With `preview` nothing changes. Lines are told by their number only: who
        is not in the register is none of its business.
        """
        context = self._context
        context.access.need_write(EVIDENCE)
        context.grounds.rulebook.purpose(purpose)
        if channel not in NO_SPOKEN:
            raise NotAmong(field="channel", known=", ".join(NO_SPOKEN))
        stopped: dict[int, None] = {}
        already: dict[int, None] = {}
        unknown: list[int] = []
        differing: list[int] = []
        with opened(source) as stream:
            lines = read_list(stream)
        with context.journal.together() as together:
            lot = None if preview else together
            for named in lines:
                people, lacks, differs = who_is_named(context, named)
                unknown += [named.line] if lacks else []
                differing += [named.line] if differs else []
                for party in people:
                    number = party.number
                    if number not in stopped:
                        done = self._stop(party, purpose, Channel(channel), lot)
                        (stopped if done else already)[number] = None
        grace = context.grounds.rulebook.settings.grace_days
        until = add_days(context.day, grace).isoformat() if stopped and grace else None
        told = (tuple(stopped), tuple(already), tuple(unknown), tuple(differing))
        return Stopped(purpose, len(lines), *told, preview, until)

    def take(
        self, source: Path | BinaryIO, *, rejects: Path | None = None, into_demo: bool = False
    ) -> ConsentImport:
        """Take in a list of historic consents; the same rows again change nothing."""
        context = self._context
        may_take(context, EVIDENCE, rejects, into_demo=into_demo)
        with file_in(context, source, rejects, say=say_reason) as file:
            places = _places(file.table.headings)
            with context.journal.together() as lot:
                run = _ConsentImport(context, file, places, lot)
                for row in file.table:
                    run.take(row)
                run.conclude()
        return run.result()

    def _stop(self, party: Party, purpose: str, channel: Channel, lot: Lot | None) -> bool:
        """Stop one party, with a `lot` to do it in; without one say whether it would be."""
        context = self._context
        state = consents_of(context).state(bytes(party.id), purpose)
        if state is not None and state.forbids and not running_for(context, party, purpose):
            return False
        try:
            no = self._verbs.kind_of_no(party, purpose)
        except (NotHeld, Refused):
            return False
        if lot is not None:
            said = Said(no, context.clock.now(), context.day, channel)
            enter_no(context, party, purpose, said, waits=True, lot=lot)
        return True


class _ConsentImport:
    """One walk through a list of historic consents."""

    def __init__(
        self,
        context: RegisterContext,
        file: FileIn,
        places: dict[str, int],
        lot: Lot,
    ) -> None:
        self._context = context
        self._lot = lot
        self._lines, self._outside = file.lines, file.outside
        self._places, self._headings = places, file.table.headings
        self._book = consents_of(context)
        self._counts: Counter[str] = Counter()

    def take(self, row: FileRow | BadRow) -> None:
        """Enter one row, or note why it stays outside."""
        self._counts["read"] += 1
        if isinstance(row, BadRow):
            self._outside.add(Rejection(row.line, None, None, row.reason, row.cells))
            return
        if row.line in self._lines:
            self._counts["duplicates"] += 1
            return
        try:
            entry = self._entry(row)
            if self._is_known(entry):
                self._counts["duplicates"] += 1
            else:
                self._enter(entry)
        except _Reject as fault:
            column = self._headings[self._places[fault.column]]
            self._outside.add(Rejection(row.line, None, column, fault.reason, row.cells))
            return
        self._lines.mark(row.line)

    def conclude(self) -> None:
        """Remember the lines and leave an entry."""
        with self._context.journal.audited_change(
            Event.CONSENTS_IMPORTED, self._lines.file
        ) as change:
            self._lines.save(change)
            counts = self._counts
            rejected = len(self._outside.lines)
            change.note(created=counts["created"], rejected=rejected, given=counts["given"])

    def result(self) -> ConsentImport:
        """Tell what became of the rows."""
        rejects = tuple(self._outside.lines)
        counts = {name: self._counts[name] for name in _COUNTED}
        return ConsentImport(**counts, rejected=len(rejects), rejects=rejects)

    def _entry(self, row: FileRow) -> _Entry:
        cells = {name: row.cells[place].strip() for name, place in self._places.items()}
        party = self._party(cells)
        purpose = cells["purpose"]
        try:
            opening_for(self._context, party, purpose)
        except (UnknownPurpose, NotByConsent):
            raise _Reject("purpose", PURPOSE) from None
        on = _day(cells["date"], self._context.day)
        state = _code(ConsentState, "state", cells["state"].casefold())
        channel = _code(Channel, "channel", cells.get("channel") or Channel.UNKNOWN)
        wording = self._wording(party, purpose, cells.get("wording", ""))
        yes = state.permits
        if yes:
            self._may_say_yes(party, purpose, on)
            state = ConsentState.GIVEN if wording is not None else ConsentState.UNKNOWN
        return _Entry(row, party, purpose, state, yes, on, channel, wording)

    def _may_say_yes(self, party: Party, purpose: str, on: date) -> None:
        """Hold a yes to what `consent give` holds it to: no child alone, and no one on the list."""
        try:
            check_age(self._context, party, on, guardian=None, minor=False)
        except GuardianNeeded:
            raise _Reject("state", CHILD) from None
        self._refuse_listed(party, purpose)

    def _refuse_listed(self, party: Party, purpose: str) -> None:
        """Keep outside whose no is on the list, also one said at another desk a moment ago."""
        known = self._context.grounds.rulebook.purpose(purpose)
        if closed([known], nos_against(self._context, identifiers_of(self._context, party))):
            raise _Reject("state", SAID_NO)

    def _party(self, cells: dict[str, str]) -> Party:
        """Find the one a row is about; an address decides, and a number must not contradict it."""
        told = [column for column in _WHO if cells.get(column)]
        found = {column: party_by(self._context, column, cells[column]) for column in told}
        for column in told:
            if len(found[column]) != 1:
                raise _Reject(column, SEVERAL if found[column] else NOBODY)
        if not told:
            raise _Reject(next(name for name in WHO if name in self._places), NOBODY)
        people = {bytes(parties[0].id): parties[0] for parties in found.values()}
        if len(people) > 1:
            raise _Reject(told[1], DIFFER)
        return next(iter(people.values()))

    def _wording(self, party: Party, purpose: str, name: str) -> Wording | None:
        if not name:
            return None
        try:
            return wording_named(self._context, party, name, purpose, None)
        except (NoSuchWording, WordingElsewhere):
            return None

    def _is_known(self, entry: _Entry) -> bool:
        """Tell whether it is on record: the state it is in, or the same step on the same day."""
        events = self._events(entry)
        if not events:
            return False
        last = ConsentState(events[-1].state)
        if entry.state is ConsentState.UNKNOWN:
            # A yes that cannot be shown says nothing new, unless it contradicts a no.
            return not last.forbids
        same = _same(entry.state)
        return last in same or any(
            event.state in same and event.day == entry.on for event in events
        )

    def _enter(self, entry: _Entry) -> None:
        events = self._events(entry)
        before = ConsentState(events[-1].state) if events else None
        if events and entry.on < events[-1].day:
            raise _Reject("date", OLDER)
        if not import_may_follow(before, entry.state):
            raise _Reject("state", SAID_NO if entry.yes else STEP)
        no = last_no(events)
        if entry.yes and no is not None and entry.on < no:
            raise _Reject("state", SAID_NO)
        if entry.yes and is_going(self._context, bytes(entry.party.id)):
            raise _Reject("state", GOING)
        if entry.state in {ConsentState.WITHDRAWN, ConsentState.OBJECTED}:
            said = self._said(entry)
            enter_no(self._context, entry.party, entry.purpose, said, lot=self._lot)
            self._counts["ended"] += 1
        elif before is not None and before.permits:
            ending = _ENDINGS[entry.state]
            subject = bytes(entry.party.id)
            erasing(self._context, self._lot).void(
                subject, entry.purpose, self._context.day, ending
            )
            self._counts["ended"] += 1
        else:
            self._enter_rest(entry, self._said(entry))
        self._counts["created"] += 1

    def _events(self, entry: _Entry) -> list[ConsentEvent]:
        file = self._book.file(bytes(entry.party.id), entry.purpose)
        return [] if file is None else self._book.events(file)

    def _enter_rest(self, entry: _Entry, said: Said) -> None:
        subject = bytes(entry.party.id)
        event = Event.CONSENT_GIVEN if said.state.permits else Event.CONSENT_RECORDED
        with self._context.journal.audited_change(event, subject, purpose=entry.purpose) as change:
            if entry.yes:
                self._refuse_listed(entry.party, entry.purpose)
            if said.state.permits:
                enter_yes(self._context, change, entry.party, entry.purpose, said)
                self._counts["given"] += 1
            else:
                self._book.record(change, subject, entry.purpose, said)
                self._counts["not_given"] += said.state is ConsentState.UNKNOWN
            change.note(channel=said.channel.value)

    def _said(self, entry: _Entry) -> Said:
        at = at_noon(entry.on)
        day = self._context.day
        return Said(entry.state, at, day, entry.channel, wording=entry.wording, on=entry.on)


def _places(headings: tuple[str, ...]) -> dict[str, int]:
    places = places_of(headings, _HEADINGS)
    if not set(places) >= _MUST or not set(_WHO) & set(places):
        raise ColumnsMissing
    return places


def _code(kind: type[_Codes], column: str, word: str) -> _Codes:
    try:
        return kind(word)
    except ValueError:
        raise _Reject(column, column) from None  # the reason is called like the column


def _day(text: str, today: date) -> date:
    found = _DAY.match(text)
    try:
        parts = found.groups() if found else ()
        day = date(*map(int, reversed(parts))) if found else date.fromisoformat(text[:10])
    except ValueError:
        raise _Reject("date", DAY) from None
    if day > today:
        raise _Reject("date", AHEAD)
    return day


def _same(state: ConsentState) -> frozenset[str]:
    if state.permits:
        return frozenset({ConsentState.GIVEN, ConsentState.RENEWED})
    return frozenset({state})
