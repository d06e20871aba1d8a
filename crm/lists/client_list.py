"""The list on the screen: what is typed, chosen and sorted becomes an order of parties.

Names and numbers come from the directory in memory; rows are opened only for the lines that are
seen. Whatever would take long is done a few milliseconds at a time, so that the next key is never
kept waiting: the screen asks for `more` until it is done, or drops it. Each thing that narrows
the list becomes a test of one line of the directory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeAlias

from crm.lists.cards import SORTS, Choices, HeldLine, Listing, ListQuery, ListRow
from crm.models.consents import Consent
from crm.models.party import Party, PartyKind, Status
from crm.parties.cards import ClientLine
from crm.parties.grace_period import going_parties
from crm.parties.masking import GOING, Masking
from crm.parties.search import LONGEST_TEXT, exactly
from crm.privacy import EVIDENCE
from crm.retention.retention_run import due_lines
from gdpr.audit.events import Event
from gdpr.rules.consent_rows import ConsentEvent
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.decide import decide
from gdpr.rules.facts import SubjectFacts
from gdpr.rules.stored import GroundRow
from gdpr.store.overview import pieces
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator, Sequence

    from crm.lists.agenda import Today
    from crm.lists.cards import ListQuery
    from crm.names.name_index import Listed
    from crm.session.context import RegisterContext
    from gdpr.rules.reasons import Decision


DAMAGED: Final = "damaged"


def list_rows(context: RegisterContext, parties: Sequence[bytes]) -> tuple[ListRow, ...]:
    """Open the lines of some parties, in their order.

    A row that is gone or does not verify keeps its place, so that the list stays in step.
    """
    wanted = tuple(parties)
    if not wanted:
        return ()
    lines = {
        bytes.fromhex(line.id): (line, more[0])
        for line, more in Masking(context).lines_with(("last_activity",), ids=wanted)
    }
    decisions = _decisions(context, lines)
    consents = _consents(context, wanted) if EVIDENCE.code in context.access.reads else {}
    shown = []
    for party in wanted:
        if party not in lines:
            shown.append(_unreadable(party))
            continue
        line, last = lines[party]
        decision = decisions.get(party)
        going = decision is not None and not decision.live
        due = None if decision is None else _next(line.number, decision, context.day)
        shown.append(
            ListRow(
                line=_going(line) if going else line,
                last_activity=last,
                consent=consents.get(party),
                due=due,
                late=due is not None and due[1] <= context.day.isoformat(),
                held=() if decision is None else _held(decision),
            )
        )
    return tuple(shown)


def _decisions(
    context: RegisterContext, lines: dict[bytes, tuple[ClientLine, str]]
) -> dict[bytes, Decision]:
    book = context.grounds.rulebook
    rows: dict[bytes, list[GroundRow]] = defaultdict(list)
    for row in context.session.among(GroundRow, "party", tuple(lines)):
        rows[bytes(row.party)].append(row)
    decided = {}
    for party, held in rows.items():
        line, last = lines[party]
        facts = SubjectFacts(
            id=party,
            is_legal=line.kind == PartyKind.LEGAL,
            grounds=tuple(book.ground(row) for row in held),
            last_activity=date.fromisoformat(last),
        )
        decided[party] = decide(facts, context.day, book.settings)
    return decided


def _consents(context: RegisterContext, parties: tuple[bytes, ...]) -> dict[bytes, tuple[int, int]]:
    """Count for each party the consents that permit, and all; the last event of each decides."""
    files = {bytes(file.id): file for file in context.session.among(Consent, "party", parties)}
    counts: dict[bytes, tuple[int, int]] = {}
    for event in context.session.among(ConsentEvent, "consent", tuple(files)):
        file = files[bytes(event.consent)]
        if event.seq == file.events:
            yes, every = counts.get(bytes(file.party), (0, 0))
            permits = ConsentState(event.state).permits
            counts[bytes(file.party)] = (yes + permits, every + 1)
    return counts


def _next(number: int, decision: Decision, day: date) -> tuple[str, str] | None:
    """Say what comes first: what is due by now, else the nearest end or review."""
    due = min(due_lines(number, decision, day), key=lambda line: line.day, default=None)
    if due is not None:
        return due.what, due.day
    if not decision.live:
        last = max(decision.going, key=lambda reason: reason.until, default=None)
        return None if last is None else ("goes", last.until.isoformat())
    first = min(decision.live, key=lambda reason: reason.until)
    return ("ends" if first.rule is not None else "review"), first.until.isoformat()


def _held(decision: Decision) -> tuple[HeldLine, ...]:
    return tuple(
        HeldLine(
            purpose=reason.purpose.code,
            names={language: texts.name for language, texts in reason.purpose.texts.items()},
            basis=reason.basis.value,
            article=reason.article,
            until=reason.until.isoformat(),
        )
        for reason in decision.live
    )


def _going(line: ClientLine) -> ClientLine:
    return replace(line, status=GOING)


def _unreadable(party: bytes) -> ListRow:
    line = ClientLine(party.hex(), 0, "", None, None, None, None, None, DAMAGED)
    return ListRow(line, "", None, None, late=False, held=())


_KEY: Final = 16
_FIRST: Final = 64
# How long one step may keep the desk, and how many lines are looked at between two glances at it.
_STEP: Final = 0.008
_STRIDE: Final = 256


class ClientList:
    """One list, answered a page at a time; it belongs to the thread that owns the desk."""

    def __init__(self, context: RegisterContext, today: Today) -> None:
        """Work in `context`; `today` knows whom a clock has brought up."""
        self._context = context
        self._today = today
        self._turn = 0
        self._view: _View | None = None
        self._ranks: dict[bytes, str] | None = None
        self._noted: tuple[str, int] | None = None

    def load(self) -> int:
        """Open the names, which takes a while the first time; return how many parties there are."""
        return len(self._context.names.of(self._context))

    def open(self, query: ListQuery, *, fresh: bool = False) -> Listing:
        """Begin to answer a query; `fresh` forgets what was read for earlier ones."""
        if fresh:
            self._ranks = None
        self._turn += 1
        self._context.names.follow(self._context)
        self._view = _View(self._turn, query, self._steps_of, self._context.names.changes)
        return self._view.run(_FIRST)

    def more(self, turn: int) -> Listing | None:
        """Go on for a moment; None when another query has come in between."""
        view = self._current(turn)
        return None if view is None else view.run()

    def page(self, turn: int, start: int, count: int) -> tuple[ListRow, ...]:
        """Open the lines from `start` on; none when another query has come in between."""
        view = self._current(turn)
        if view is None:
            return ()
        while not view.done and len(view) < start + count:
            view.run()
        return list_rows(self._context, view.parties(start, count))

    def ids(self, turn: int) -> tuple[str, ...]:
        """Name every party of the answer, for marking them all."""
        view = self._current(turn)
        if view is None:
            return ()
        while not view.done:
            view.run()
        return tuple(party.hex() for party in view.parties(0, len(view)))

    def numbers(self, ids: Collection[str]) -> dict[str, int]:
        """Return the numbers of marked parties by id; those who are gone by now are missing."""
        wanted = {bytes.fromhex(one) for one in ids}
        walked = self._context.names.of(self._context).walk() if wanted else ()
        return {one.key.hex(): one.number for one in walked if one and one.key in wanted}

    def choices(self) -> Choices:
        """Name the relations and purposes by which the list can be narrowed."""
        book = self._context.grounds.rulebook
        return Choices(
            relations={code: dict(one.names) for code, one in book.relations.items()},
            purposes={
                code: {language: texts.name for language, texts in one.texts.items()}
                for code, one in book.purposes.items()
            },
        )

    def note(self, query: ListQuery, count: int) -> None:
        """Put on record that somebody looked: how many and by what, never the words.

        Typing is one search, however many letters it has; so the screen says when it is over.
        """
        text = clean(query.text)
        if (text, count) == self._noted:
            return
        self._noted = (text, count)
        if not text:
            self._context.journal.log_access(Event.PARTIES_LISTED, None, count=count)
            return
        by = "number" if any(letter.isdigit() for letter in text) else "name"
        by = "email" if "@" in text else by
        self._context.journal.log_access(Event.PARTIES_FOUND, None, count=count, by=by)

    def _current(self, turn: int) -> _View | None:
        view = self._view
        if view is None or view.turn != turn:
            return None
        if not view.done and view.changes != self._context.names.changes:
            # What is being walked has changed underneath: begin anew.
            view = _View(turn, view.query, self._steps_of, self._context.names.changes)
            self._view = view
        return view

    def _steps_of(self, view: _View) -> Iterator[None]:
        query = view.query
        text = clean(query.text).strip()[:LONGEST_TEXT]
        tests = yield from filters_of(self._context, self._today, query)
        if query.sort == SORTS[0] and not tests:
            yield from self._plainly(view, text)
            return
        # Who is only a contact person of a company is found, but not listed.
        listed_only = not text and query.status is None
        found: list[Listed] = []
        for number, listed in enumerate(self._found(text)):
            if listed is None or not number % _STRIDE:
                yield
            if listed is None:
                continue
            if listed_only and listed.state == Status.CONTACT:
                continue
            if all(test(listed) for test in tests):
                if query.sort == SORTS[0]:
                    view.add(listed.key)
                else:
                    found.append(listed)
        if text and not (found or len(view)) and not query.filtered:
            hits = self._context.names.of(self._context).search(text, _FIRST)
            view.alike = hits.fuzzy
            view.add(*(entry.key for entry in hits.entries))
        if found:
            yield from self._sorted(view, found)

    def _plainly(self, view: _View, text: str) -> Iterator[None]:
        """Answer in the order of the names, the first lines by the quick way."""
        context = self._context
        directory = context.names.of(context)
        if not text:
            view.expected = len(directory) - directory.count_of(Status.CONTACT)
            for number, listed in enumerate(directory.walk()):
                if not number % _STRIDE:
                    yield
                if listed is not None and listed.state != Status.CONTACT:
                    view.add(listed.key)
            return
        known = dict.fromkeys(exactly(context, text))
        hits = directory.search(text, _FIRST)
        if not (hits.fuzzy and known):
            view.alike = hits.fuzzy
            known |= dict.fromkeys(entry.key for entry in hits.entries)
        view.add(*known)
        if not hits.more or hits.fuzzy:
            return
        yield
        for number, listed in enumerate(directory.walk(text)):
            if listed is None or not number % _STRIDE:
                yield
            if listed is not None and listed.key not in known:
                view.add(listed.key)

    def _found(self, text: str) -> Iterator[Listed | None]:
        """Yield all that a text finds, or all who are listed without one."""
        directory = self._context.names.of(self._context)
        if not text:
            yield from directory.walk()
            return
        known = dict.fromkeys(exactly(self._context, text))
        for key in known:
            if (entry := directory.get(key)) is not None:
                yield entry.listed
        for listed in directory.walk(text):
            if listed is None or listed.key not in known:
                yield listed

    def _sorted(self, view: _View, found: list[Listed]) -> Generator[None, None, None]:
        sort = view.query.sort
        if sort == "number":
            found.sort(key=lambda listed: listed.number)
        elif sort == "status":
            found.sort(key=lambda listed: listed.state)
        else:
            ranks = yield from self._last_activities()
            found.sort(key=lambda listed: ranks.get(listed.key, ""), reverse=True)
        for start in range(0, len(found), _STRIDE):
            yield
            view.add(*(listed.key for listed in found[start : start + _STRIDE]))

    def _last_activities(self) -> Generator[None, None, dict[bytes, str]]:
        if self._ranks is None:
            ranks: dict[bytes, str] = {}
            for rows in pieces(self._context.session, Party, ("last_activity",)):
                ranks.update((bytes(party), day) for party, day in rows)
                yield
            self._ranks = ranks
        return self._ranks


class _View:
    """One query and the keys found for it so far, packed, because there may be a million."""

    def __init__(
        self, turn: int, query: ListQuery, steps: Callable[[_View], Iterator[None]], changes: int
    ) -> None:
        self.turn = turn
        self.query = query
        self.changes = changes
        self.done = False
        self.alike = False
        self.expected: int | None = None
        self._keys = bytearray()
        self._steps = steps(self)

    def __len__(self) -> int:
        return len(self._keys) // _KEY

    def add(self, *keys: bytes) -> None:
        """Put parties at the end of the list."""
        self._keys += b"".join(keys)

    def parties(self, start: int, count: int) -> tuple[bytes, ...]:
        """Return the parties from `start` on, as far as they are known."""
        part = bytes(self._keys[start * _KEY : (start + count) * _KEY])
        return tuple(part[at : at + _KEY] for at in range(0, len(part), _KEY))

    def run(self, enough: int | None = None) -> Listing:
        """Go on until the moment is over, there is `enough`, or all is done."""
        end = perf_counter() + _STEP
        while not self.done and (enough is None or len(self) < enough):
            try:
                next(self._steps)
            except StopIteration:
                self.done = True
            if perf_counter() > end:
                break
        if self.expected is not None:
            return Listing(self.turn, self.expected, done=True)
        return Listing(self.turn, len(self), self.done, self.alike)


GIVEN = "given"

Test: TypeAlias = "Callable[[Listed], bool]"
Steps: TypeAlias = "Generator[None, None, frozenset[bytes]]"


def filters_of(
    context: RegisterContext, today: Today, query: ListQuery
) -> Generator[None, None, list[Test]]:
    """Make the tests of a query, pausing where they have to read a whole table."""
    tests: list[Test] = []
    if query.kind:
        tests.append(_equal_kind(query.kind))
    if query.status == GOING:
        tests.append(_one_of(going_parties(context)))
    elif query.status:
        tests.append(_equal_state(query.status))
    if query.relation or query.purpose:
        tests.append(_one_of((yield from _kept_for(context, query))))
    if query.consent and EVIDENCE.code in context.access.reads:
        tests.append(_one_of((yield from _agreed(context, yes=query.consent == GIVEN))))
    if query.to_check:
        tests.append(_one_of((yield from _marked(context))))
    if query.due:
        tests.append(_one_of((yield from today.overdue())))
    return tests


def _marked(context: RegisterContext) -> Steps:
    """Read of whom something was guessed or could not be checked."""
    found: set[bytes] = set()
    for rows in pieces(context.session, Party, ("to_check", "phone_unchecked")):
        found.update(bytes(party) for party, marks, unchecked in rows if marks or unchecked)
        yield
    return frozenset(found)


def _kept_for(context: RegisterContext, query: ListQuery) -> Steps:
    """Read who is kept today in a relation, or for a purpose."""
    today = context.day.isoformat()
    found: set[bytes] = set()
    columns = ("party", "purpose", "relation", "ended_on")
    for rows in pieces(context.session, GroundRow, columns):
        found.update(
            bytes(party)
            for _id, party, purpose, relation, ended in rows
            if (ended is None or ended > today)
            and query.relation in {None, relation}
            and query.purpose in {None, purpose}
        )
        yield
    return frozenset(found)


def _agreed(context: RegisterContext, *, yes: bool) -> Steps:
    """Read who said yes to something, or no; the last word on each purpose counts."""
    last: dict[bytes, tuple[int, str]] = {}
    for rows in pieces(context.session, ConsentEvent, ("consent", "seq", "state")):
        for _id, consent, seq, state in rows:
            last[bytes(consent)] = max(last.get(bytes(consent), (0, "")), (seq, state))
        yield
    found: set[bytes] = set()
    for rows in pieces(context.session, Consent, ("party",)):
        for consent, party in rows:
            state = last.get(bytes(consent), (0, ""))[1]
            if state and (ConsentState(state).permits if yes else ConsentState(state).forbids):
                found.add(bytes(party))
        yield
    return frozenset(found)


def _equal_kind(kind: str) -> Test:
    return lambda listed: listed.kind == kind


def _equal_state(state: str) -> Test:
    return lambda listed: listed.state == state


def _one_of(parties: Collection[bytes]) -> Test:
    return lambda listed: listed.key in parties
