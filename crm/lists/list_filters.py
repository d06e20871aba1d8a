"""What narrows the list on the screen: each filter becomes a test of one line of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from crm.models.consents import Consent
from crm.models.party import Party
from crm.parties.grace_period import going_parties
from crm.parties.masking import GOING
from crm.privacy import EVIDENCE
from gdpr.rules.consent_rows import ConsentEvent
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.stored import GroundRow
from gdpr.store.overview import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator

    from crm.lists.agenda import Today
    from crm.lists.cards import ListQuery
    from crm.names.name_index import Listed
    from crm.session.context import RegisterContext

    Test: TypeAlias = Callable[[Listed], bool]
    Steps: TypeAlias = Generator[None, None, frozenset[bytes]]

GIVEN = "given"


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
        tests.append(_one_of((yield from _held(context, query))))
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


def _held(context: RegisterContext, query: ListQuery) -> Steps:
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
