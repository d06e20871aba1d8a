"""Who must not come back: keyed marks of those who said no, without a name (Art. 21(3)).

A mark is the token of one address or number under the suppression key, which stands outside
rotation, so that a mark is known again for as long as it is needed. It outlives the party; who
holds the database without that key learns nothing from it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.errors import NoKey
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.facts import Ending
from gdpr.rules.period_ends import add_months
from gdpr.rules.purposes import Evidence
from gdpr.store.fields import OptionalBlob, OptionalText, PlainInteger, PlainText
from gdpr.store.ids import new_id
from gdpr.store.record import Record
from gdpr.vault.keyring import SUPPRESSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gdpr.rules.endings import Cause
    from gdpr.rules.facts import Ground
    from gdpr.rules.grounds import Opening
    from gdpr.rules.purposes import Purpose
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


class SuppressionRow(Record):
    """One address or number of somebody who said no, as a mark that only the key can make.

    It is about nobody in the register any more, so no erasure takes it; its own day may.
    """

    value_token = OptionalBlob("mark of the address or number; empty once it is over", index=True)
    kind = PlainText("email, phone, official_number or company_number")
    why = PlainText("objected, withdrawn or erased-on-request")
    scope = PlainText("a purpose, all direct marketing, or everything")
    day = PlainText("day of the no in the firm's calendar, ISO")
    until = OptionalText("last day on which it is remembered; empty while it is needed")
    at = PlainInteger("when it was entered, µs UTC")
    lifted = OptionalText("day on which it was over: a new yes, a wish, or its period")

    def stands(self, today: date) -> bool:
        """Tell whether the entry holds today."""
        return self.value_token is not None and not self.is_over(today)

    def is_over(self, today: date) -> bool:
        """Tell whether the period of an entry that still has its mark has passed."""
        return (
            self.value_token is not None
            and self.until is not None
            and self.until < today.isoformat()
        )


def copied(row: SuppressionRow) -> SuppressionRow:
    """Return an entry as a new row under its own id, to be stored in another database."""
    columns = ("id", "value_token", "kind", "why", "scope", "day", "until", "at", "lifted")
    return SuppressionRow(**{name: getattr(row, name) for name in columns})


# The scopes that are no purpose: all direct marketing, and everything.
MARKETING: Final = "marketing"
EVERYTHING: Final = "everything"
# How long an erasure on request is remembered at most.
MONTHS_ERASED: Final = 12
_DECLINED: Final = ":declined"
_AT_ONCE: Final = 400


class Why(StrEnum):
    """What somebody's no was: an objection, a consent taken back or refused, or an erasure."""

    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    ERASED = "erased-on-request"


class Identifier(NamedTuple):
    """Something by which one person is known again: its kind, and the value in one form."""

    kind: str
    value: str


class No(NamedTuple):
    """A no that is on record: to what, since which day, and until when it is remembered."""

    why: Why
    scope: str
    day: date
    until: date | None = None

    def closes(self, purpose: Purpose) -> bool:
        """Tell whether a purpose may not begin anew without a new yes of the person."""
        if self.scope == MARKETING:
            return purpose.direct_marketing
        return self.scope in {purpose.code, EVERYTHING}


class Suppressions:
    """The marks of one vault; `noted` is told of the rows that changed once they are committed."""

    def __init__(
        self, session: Session, noted: Callable[[Sequence[SuppressionRow]], None] | None = None
    ) -> None:
        """Work on the rows of `session`."""
        self._session = session
        self._noted = noted

    @property
    def can(self) -> bool:
        """Tell whether this user holds the key by which marks are known."""
        return self._session.ring.token_key(SUPPRESSION) is not None

    def is_empty(self) -> bool:
        """Tell whether nobody is on the list, so that no file need be held against it."""
        query = SuppressionRow.select(SuppressionRow.id).limit(1)
        statement, values = query.bind(self._session.database).sql()
        return self._session.database.execute_sql(statement, tuple(values)).fetchone() is None

    def mark(self, identifier: Identifier) -> bytes:
        """Return the mark of an identifier; `NoKey` for whom the key is not."""
        key = self._session.ring.token_key(SUPPRESSION)
        if key is None:
            raise NoKey(category=SUPPRESSION)
        return key.token("\0".join(identifier))

    def find(
        self, identifiers: Iterable[Identifier], today: date
    ) -> dict[Identifier, list[SuppressionRow]]:
        """Return the entries that stand today against each identifier that has one."""
        by_mark = {self.mark(one): one for one in dict.fromkeys(identifiers)}
        marks = list(by_mark)
        found: dict[Identifier, list[SuppressionRow]] = {}
        for start in range(0, len(marks), _AT_ONCE):
            page = marks[start : start + _AT_ONCE]
            for row in self._session.among(SuppressionRow, "value_token", page):
                if row.stands(today):
                    found.setdefault(by_mark[bytes(row.value_token or b"")], []).append(row)
        return found

    def nos(self, identifiers: Iterable[Identifier], today: date) -> list[No]:
        """Return what was said no to by whoever one of these belongs to, each once."""
        rows = [row for entries in self.find(identifiers, today).values() for row in entries]
        return list(dict.fromkeys(no_of(row) for row in rows))

    def remember(
        self, work: Transaction, identifiers: Iterable[Identifier], nos: Iterable[No], at: int
    ) -> int:
        """Enter a no for each identifier and return how many entries are new.

        The same no again changes nothing, so that what is replayed after a restore counts once.
        """
        known = list(dict.fromkeys(identifiers))
        fresh = []
        for no in nos:
            held = self.find(known, no.day)
            for one in known:
                if any(_says(row, no) for row in held.get(one, ())):
                    continue
                row = SuppressionRow(
                    id=new_id(),
                    value_token=self.mark(one),
                    kind=one.kind,
                    why=no.why.value,
                    scope=no.scope,
                    day=no.day.isoformat(),
                    until=no.until.isoformat() if no.until else None,
                    at=at,
                )
                work.insert(row)
                fresh.append(row)
        self._tell(work, fresh)
        return len(fresh)

    def lift(
        self,
        work: Transaction,
        identifiers: Iterable[Identifier],
        today: date,
        chosen: Callable[[No], bool],
    ) -> int:
        """Let entries go because the person asked for it anew; return how many.

        The mark goes, the row stays: another desk's file must not bring the mark back.
        """
        lifted = [
            row
            for entries in self.find(identifiers, today).values()
            for row in entries
            if chosen(no_of(row))
        ]
        self._close(work, lifted, today)
        return len(lifted)

    def expire(self, work: Transaction, today: date) -> int:
        """Forget the entries whose day has passed, and return how many."""
        spent = self.spent(today)
        self._close(work, spent, today)
        return len(spent)

    def spent(self, today: date) -> list[SuppressionRow]:
        """Return the entries whose day has passed and which still have their mark."""
        return [row for row in self._session.each(SuppressionRow) if row.is_over(today)]

    def listing(self, today: date) -> list[SuppressionRow]:
        """Return the entries that stand today, the oldest first."""
        rows = [row for row in self._session.each(SuppressionRow) if row.stands(today)]
        return sorted(rows, key=lambda row: (row.day, row.at, bytes(row.id)))

    def _close(self, work: Transaction, rows: Sequence[SuppressionRow], today: date) -> None:
        for row in rows:
            row.value_token, row.lifted = None, today.isoformat()
            work.update(row)
        self._tell(work, rows)

    def _tell(self, work: Transaction, rows: Sequence[SuppressionRow]) -> None:
        noted = self._noted
        if rows and noted is not None:
            work.after_commit.append(lambda: noted(rows))


def no_of(row: SuppressionRow) -> No:
    """Return what an entry says."""
    until = date.fromisoformat(row.until) if row.until else None
    return No(Why(row.why), row.scope, date.fromisoformat(row.day), until)


def no_in_state(state: ConsentState) -> Why | None:
    """Say what kind of no a consent's last state is, None when it is none."""
    if not state.forbids:
        return None
    return Why.OBJECTED if state is ConsentState.OBJECTED else Why.WITHDRAWN


def closed(purposes: Iterable[Purpose], nos: Sequence[No]) -> dict[str, No]:
    """Return the purposes that a no keeps from beginning anew, each with the latest such no."""
    found = {}
    for purpose in purposes:
        against = [no for no in nos if no.why is not Why.ERASED and no.closes(purpose)]
        if against:
            found[purpose.code] = max(against, key=lambda no: no.day)
    return found


def without(opening: Opening, codes: Iterable[str]) -> Opening:
    """Return an opening that leaves some purposes out, and what only they name."""
    left_out = frozenset(codes)
    if not left_out:
        return opening
    purposes = tuple(p for p in opening.purposes if p.code not in left_out)
    items = frozenset(item for purpose in purposes for item in purpose.items)
    return replace(opening, purposes=purposes, items=items)


def nos_of_erasure(cause: Cause, ended: Iterable[Ground], today: date) -> list[No]:
    """Return the nos in an erasure: an objection, consents taken back, or a request by the person.

    A request is remembered for a year, so that an old file does not bring the person back, unless
    they do not want even that.
    """
    grounds = list(ended)
    if cause.why is Ending.OBJECTION:
        objected = {
            g.purpose.code for g in grounds if g.purpose.direct_marketing or g.basis.weighed
        }
        return [No(Why.OBJECTED, scope, today) for scope in (MARKETING, *sorted(objected))]
    if cause.why is Ending.CONSENT_WITHDRAWN:
        given = {g.purpose.code for g in grounds if g.evidence is Evidence.CONSENT}
        return [No(Why.WITHDRAWN, code, today) for code in sorted(given)]
    if cause.why is Ending.REQUEST and not cause.declined:
        return [_erased(today)]
    return []


def nos_of_code(because: str, day: date) -> list[No]:
    """Return the nos in the reason that a ledger line carries, for a restore."""
    why, _sign, rest = because.partition(":")
    if why in {Why.OBJECTED.value, Why.WITHDRAWN.value}:
        return [No(Why(why), rest, day)]
    if why == Ending.OBJECTION.value:
        return [No(Why.OBJECTED, MARKETING, day)]
    if why == Ending.REQUEST.value and not rest.endswith(_DECLINED):
        return [_erased(day)]
    return []


def _erased(day: date) -> No:
    return No(Why.ERASED, EVERYTHING, day, add_months(day, MONTHS_ERASED))


def _says(row: SuppressionRow, no: No) -> bool:
    if (row.why, row.scope) != (no.why.value, no.scope) or row.day < no.day.isoformat():
        return False
    return no.until is None or row.until is None or row.until >= no.until.isoformat()
