"""The lines of a list that are on the screen: opened, verified, with what comes next for each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from crm.lists.cards import HeldLine, ListRow
from crm.models.consents import Consent
from crm.models.party import Kind
from crm.parties.cards import ClientLine
from crm.parties.masking import GOING, Masking
from crm.privacy import EVIDENCE
from crm.retention.retention import due_lines
from gdpr.rules.consent_rows import ConsentEvent
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.decide import decide
from gdpr.rules.facts import SubjectFacts
from gdpr.rules.stored import GroundRow

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            is_legal=line.kind == Kind.LEGAL,
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
