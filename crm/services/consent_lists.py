"""Lists of consents: an unsubscribe list that stops people, and historic consents that come in.

An old list is weaker than a person: it never turns a no into a yes, and a yes to a text that
nobody can show is not one (Art. 7(1)).
"""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from crm.consent_cards import ConsentImport, Stopped
from crm.files.candidate import Rejection
from crm.files.encodings import find_encoding
from crm.files.reading import BadRow, Table
from crm.files.spellings import fold
from crm.models.party import Party
from crm.privacy import EVIDENCE
from crm.services.addressing import party_at
from crm.services.consenting import consents_of, opening_for, wording_named
from crm.services.consents import ConsentDesk, enter_no, enter_yes
from crm.services.errors import (
    ColumnsMissing,
    DemoTakesNoFiles,
    NobodyThere,
    NoSuchWording,
    NotAmong,
    NotByConsent,
    WordingElsewhere,
)
from crm.services.imported_lines import ImportedLines, content_hash
from crm.services.imports import opened
from crm.services.marketing import MARKETING
from crm.services.rejected_rows import RejectedRows, refuse_unusable
from crm.services.settling import erasing
from crm.services.standing import is_going
from gdpr.audit.events import Event
from gdpr.clock import instant_of
from gdpr.rules.consent_states import SPOKEN, Channel, ConsentState, import_may_follow
from gdpr.rules.consents import Said, Wording, at_noon, last_no
from gdpr.rules.errors import NotHeld, UnknownPurpose
from gdpr.rules.facts import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.files.reading import Row
    from crm.services.office import Office
    from gdpr.rules.consent_rows import ConsentEvent

# Reason codes of rejected rows; the faces say them in sentences.
NOBODY, SEVERAL, PURPOSE, STATE, DAY, AHEAD = (
    "nobody", "several", "purpose", "state", "date", "date ahead",
)  # fmt: skip
CHANNEL, SAID_NO, OLDER, GOING, STEP = ("channel", "said no", "older", "going", "step")
_HEADINGS: Final = {
    "number": "number|nr|no|numurs|klienta nr|numero|client number",
    "email": "email|e-mail|e-pasts|epasts|posta elettronica|mail",
    "reg_no": "reg no|reg_no|registration number|reģ. nr|reģistrācijas numurs|partita iva"
    "|numero di registrazione",
    "purpose": "purpose|nolūks|mērķis|finalità",
    "state": "state|status|stāvoklis|statuss|stato",
    "date": "date|day|datums|data",
    "channel": "channel|kanāls|veids|canale",
    "wording": "wording|wording hash|text|teksts|testo|hash",
}
_WHO: Final = ("number", "email", "reg_no")
_MUST: Final = frozenset({"purpose", "state", "date"})
_LONGEST_LINE: Final = 400
_DAY: Final = re.compile(r"(\d\d?)[./](\d\d?)[./](\d{4})", re.ASCII)
_ENDINGS: Final = {
    ConsentState.EXPIRED: Ending.CLOCK,
    ConsentState.REVOKED: Ending.ENDED,
    ConsentState.INVALIDATED: Ending.UNLAWFUL,
}


class _Entry(NamedTuple):
    """A row that can be taken in, if the consent allows the step."""

    row: Row
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

    def __init__(self, office: Office) -> None:
        """Work in `office`."""
        self._office = office
        self._desk = ConsentDesk(office)

    def stop(self, source: Path | BinaryIO, purpose: str = MARKETING, *, channel: str) -> Stopped:
        """Stop everybody on a list of e-mail addresses and numbers, and nobody else.

        Lines are told by their number only: who is not in the register is none of its business.
        """
        office = self._office
        office.access.need_write(EVIDENCE)
        office.grounds.rulebook.purpose(purpose)
        if channel not in SPOKEN:
            raise NotAmong(field="channel", known=", ".join(SPOKEN))
        stopped: dict[int, None] = {}
        already: dict[int, None] = {}
        unknown: list[int] = []
        with opened(source) as stream:
            words = list(_words(stream))
        for line, word in words:
            parties = named(office, "email" if "@" in word else "number", word)
            if not parties:
                unknown.append(line)
            for party in parties:
                number = party.number
                if number in stopped:
                    continue
                done = self._stop(party, purpose, Channel(channel))
                (stopped if done else already)[number] = None
        return Stopped(purpose, len(words), tuple(stopped), tuple(already), tuple(unknown))

    def take(
        self, source: Path | BinaryIO, *, rejects: Path | None = None, into_demo: bool = False
    ) -> ConsentImport:
        """Take in a list of historic consents; the same rows again change nothing."""
        office = self._office
        office.access.need_write(EVIDENCE)
        if office.demo and not into_demo:
            raise DemoTakesNoFiles
        if rejects is not None:
            refuse_unusable(rejects)
        with opened(source) as stream, ExitStack() as files:
            table = Table(stream)
            places = _places(table.headings)
            lines = ImportedLines(office, content_hash(stream))
            outside = RejectedRows(office, rejects, table.headings, files)
            run = _Run(office, lines, places, outside)
            for row in table:
                run.take(row)
            run.conclude()
        return run.result()

    def _stop(self, party: Party, purpose: str, channel: Channel) -> bool:
        office = self._office
        subject = bytes(party.id)
        state = consents_of(office).state(subject, purpose)
        running = [
            g
            for g in office.grounds.of(subject)
            if g.purpose.code == purpose and not g.has_ended(office.day)
        ]
        if state is not None and state.forbids and not running:
            return False
        try:
            no = self._desk.kind_of_no(party, purpose)
        except NotHeld:
            return False
        enter_no(office, party, purpose, Said(no, office.clock.now(), office.day, channel))
        return True


class _Run:
    """One walk through a list of historic consents."""

    def __init__(
        self,
        office: Office,
        lines: ImportedLines,
        places: dict[str, int],
        outside: RejectedRows,
    ) -> None:
        self._office = office
        self._outside = outside
        self._lines = lines
        self._places = places
        self._book = consents_of(office)
        self._read = self._given = self._ended = self._not_given = self._duplicates = 0
        self._created = 0

    def take(self, row: Row | BadRow) -> None:
        """Enter one row, or note why it stays outside."""
        self._read += 1
        if isinstance(row, BadRow):
            self._outside.add(Rejection(row.line, None, None, row.reason, row.cells))
            return
        if row.line in self._lines:
            self._duplicates += 1
            return
        try:
            entry = self._entry(row)
            if self._is_known(entry):
                self._duplicates += 1
            else:
                self._enter(entry)
        except _Reject as fault:
            self._outside.add(Rejection(row.line, None, fault.column, fault.reason, row.cells))
            return
        self._lines.mark(row.line)

    def conclude(self) -> None:
        """Remember the lines and leave an entry."""
        with self._office.journal.deed(Event.CONSENTS_IMPORTED, self._lines.file) as deed:
            self._lines.save(deed)
            deed.note(created=self._created, rejected=len(self._outside.lines), given=self._given)

    def result(self) -> ConsentImport:
        """Tell what became of the rows."""
        return ConsentImport(
            read=self._read,
            created=self._created,
            given=self._given,
            ended=self._ended,
            not_given=self._not_given,
            duplicates=self._duplicates,
            rejected=len(self._outside.lines),
            rejects=tuple(self._outside.lines),
        )

    def _entry(self, row: Row) -> _Entry:
        cells = {name: row.cells[place].strip() for name, place in self._places.items()}
        party = self._party(cells)
        purpose = cells["purpose"]
        try:
            opening_for(self._office, party, purpose)
        except (UnknownPurpose, NotByConsent):
            raise _Reject("purpose", PURPOSE) from None
        on = _day(cells["date"], self._office.day)
        try:
            state = ConsentState(cells["state"].casefold())
        except ValueError:
            raise _Reject("state", STATE) from None
        try:
            channel = Channel(cells.get("channel") or Channel.UNKNOWN)
        except ValueError:
            raise _Reject("channel", CHANNEL) from None
        wording = self._wording(party, purpose, cells.get("wording", ""))
        yes = state.permits
        if yes:
            state = ConsentState.GIVEN if wording is not None else ConsentState.UNKNOWN
        return _Entry(row, party, purpose, state, yes, on, channel, wording)

    def _party(self, cells: dict[str, str]) -> Party:
        for column in _WHO:
            if word := cells.get(column):
                found = named(self._office, column, word)
                if len(found) == 1:
                    return found[0]
                raise _Reject(column, SEVERAL if found else NOBODY)
        raise _Reject(next(name for name in _WHO if name in self._places), NOBODY)

    def _wording(self, party: Party, purpose: str, name: str) -> Wording | None:
        if not name:
            return None
        try:
            return wording_named(self._office, party, name, purpose, None)
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
            event.state in same and _on(event) == entry.on for event in events
        )

    def _enter(self, entry: _Entry) -> None:
        events = self._events(entry)
        before = ConsentState(events[-1].state) if events else None
        if events and entry.on < _on(events[-1]):
            raise _Reject("date", OLDER)
        if not import_may_follow(before, entry.state):
            raise _Reject("state", SAID_NO if entry.yes else STEP)
        no = last_no(events)
        if entry.yes and no is not None and entry.on < no:
            raise _Reject("state", SAID_NO)
        if entry.yes and is_going(self._office, bytes(entry.party.id)):
            raise _Reject("state", GOING)
        if entry.state in {ConsentState.WITHDRAWN, ConsentState.OBJECTED}:
            enter_no(self._office, entry.party, entry.purpose, self._said(entry))
            self._ended += 1
        elif before is not None and before.permits:
            ending = _ENDINGS[entry.state]
            subject = bytes(entry.party.id)
            erasing(self._office).void(subject, entry.purpose, self._office.day, ending)
            self._ended += 1
        else:
            self._enter_rest(entry, self._said(entry))
        self._created += 1

    def _events(self, entry: _Entry) -> list[ConsentEvent]:
        file = self._book.file(bytes(entry.party.id), entry.purpose)
        return [] if file is None else self._book.events(file)

    def _enter_rest(self, entry: _Entry, said: Said) -> None:
        subject = bytes(entry.party.id)
        event = Event.CONSENT_GIVEN if said.state.permits else Event.CONSENT_RECORDED
        with self._office.journal.deed(event, subject, purpose=entry.purpose) as deed:
            if said.state.permits:
                enter_yes(self._office, deed, entry.party, entry.purpose, said)
                self._given += 1
            else:
                self._book.record(deed, subject, entry.purpose, said)
                self._not_given += said.state is ConsentState.UNKNOWN
            deed.note(channel=said.channel.value)

    def _said(self, entry: _Entry) -> Said:
        at = at_noon(entry.on)
        return Said(entry.state, at, self._office.day, entry.channel, wording=entry.wording)


def named(office: Office, column: str, word: str) -> list[Party]:
    """Find the parties that a number, an e-mail address or an official number names."""
    if column == "email":
        owners = dict.fromkeys(
            record.about for record in office.desk.find_kind("email", word) if record.about
        )
        return [office.desk.get(Party, owner) for owner in owners]
    try:
        return [party_at(office, word)]
    except NobodyThere:
        return []


def _words(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield the first cell of each line that has one and is not a heading, with its line."""
    encoding = find_encoding(stream)
    stream.seek(0)
    text = stream.read().decode(encoding, "replace").lstrip("\ufeff")
    for line, content in enumerate(text.splitlines(), 1):
        cells = next(csv.reader([content[:_LONGEST_LINE].replace(";", ",")]), [])
        word = cells[0].strip().strip("'<>") if cells else ""
        if word and ("@" in word or any(letter.isdigit() for letter in word)):
            yield line, word


def _places(headings: tuple[str, ...]) -> dict[str, int]:
    known = {fold(word): name for name, words in _HEADINGS.items() for word in words.split("|")}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(fold(heading))
        if name is not None:
            places.setdefault(name, place)
    if not set(places) >= _MUST or not set(_WHO) & set(places):
        raise ColumnsMissing
    return places


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


def _on(event: ConsentEvent) -> date:
    return instant_of(event.happened).date()


def _same(state: ConsentState) -> frozenset[str]:
    if state.permits:
        return frozenset({ConsentState.GIVEN, ConsentState.RENEWED})
    return frozenset({state})
