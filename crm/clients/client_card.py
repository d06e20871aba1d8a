"""The card of one party: every row about it, opened as far as the user may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.grounds.ground_endings import erasing
from crm.kinds.party import FURTHER, ON_CARDS, ON_LINES, SHOWN_AS
from crm.models.attached import FURTHER_MODELS, Employment, Note, ToMend
from crm.models.party import Party
from crm.parties.cards import NAMED, ClientCard, ContactLine, GoingLine, MendLine, Workplace
from crm.parties.masking import GOING, Masking
from crm.privacy import SUPPORT
from gdpr.errors import Damaged
from gdpr.rules.decide import decide
from gdpr.rules.facts import Ending, as_of
from gdpr.rules.reasons import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm.parties.cards import Likeness
    from crm.session.context import RegisterContext
    from gdpr.rules.reasons import Decision, Reason

_ERASING = frozenset({Ending.NO_LONGER_NEEDED, Ending.UNLAWFUL, Ending.REQUEST})


def decision_on(context: RegisterContext, party: Party, day: date | None = None) -> Decision:
    """Decide about every datum of a party on the day of the register, or on another."""
    facts = erasing(context).facts(bytes(party.id))
    if day is not None:
        facts = as_of(facts, day)
    return decide(facts, day or context.day, context.grounds.rulebook.settings)


def client_card(
    context: RegisterContext,
    party: Party,
    *,
    reveal: bool = False,
    warnings: tuple[Likeness, ...] = (),
) -> ClientCard:
    """Draw the card of a party; `warnings` are the likenesses somebody accepted."""
    with context.session.view():
        return _drawn(context, party, Masking(context, reveal=reveal), warnings)


def _drawn(
    context: RegisterContext, party: Party, masking: Masking, warnings: tuple[Likeness, ...]
) -> ClientCard:
    decision = decision_on(context, party)
    natural = not party.is_legal_person()
    line = masking.line(party)
    told = {name: getattr(line, name) for name in ON_LINES}
    beside = (name for name in ON_CARDS if name not in told)
    told |= {name: masking.of(party, name, natural=natural) for name in beside}
    named: dict[str, Any] = {name: value for name, value in told.items() if name in NAMED}

    def further(kind: str) -> Any:
        rows = context.session.rows(FURTHER_MODELS[kind], party=bytes(party.id))
        opened = (masking.of(row, kind, natural=natural) for row in rows)
        return tuple(value for value in opened if value is not None)

    return ClientCard(
        id=line.id,
        number=line.number,
        kind=line.kind,
        status=party.status if decision.live else GOING,
        country=party.country,
        **named,
        more={name: v for name, v in told.items() if name not in NAMED and v is not None},
        relations=_relations(decision),
        created=context.clock.day_of(party.created).isoformat(),
        last_activity=party.last_activity,
        phone_to_check=bool(party.phone_unchecked),
        to_check=party.marks(),
        **{one.several: further(one.kind) for one in FURTHER.values()},
        notes=_notes(context, party, masking),
        contacts=contact_lines(context, party, masking),
        works_at=_workplaces(context, party, masking),
        to_mend=_to_mend(context, party, masking),
        going=going_lines(decision, masking),
        masked=tuple(dict.fromkeys(SHOWN_AS.get(name, name) for name in masking.masked)),
        warnings=warnings,
        partly_erased=any(_was_erased(reason) for reason in decision.ended),
    )


def contact_lines(
    context: RegisterContext, company: Party, masking: Masking
) -> tuple[ContactLine, ...]:
    """Return the contact persons of a company, those who left included."""
    lines = []
    for place, person in _places(context, "person", company=bytes(company.id)):
        shown = masking.line(person)
        lines.append(
            ContactLine(
                number=person.number,
                name=shown.name,
                position=masking.of(place, "position", natural=True),
                email=shown.email,
                phone=shown.phone,
                since=place.since,
                left=place.left,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.left is not None, line.number)))


def _workplaces(context: RegisterContext, person: Party, masking: Masking) -> tuple[Workplace, ...]:
    places = []
    for place, company in _places(context, "company", person=bytes(person.id)):
        name = masking.line(company).name
        position = masking.of(place, "position", natural=True)
        places.append(Workplace(company.number, name, position, place.since, place.left))
    return tuple(places)


def _places(
    context: RegisterContext, other: str, **whose: bytes
) -> Iterator[tuple[Employment, Party]]:
    """Yield places of work with who is at the other end; a damaged row must not hide the card."""
    for place in context.session.each(Employment, **whose):
        try:
            yield place, context.session.get(Party, bytes(getattr(place, other)))
        except Damaged as damage:
            context.session.damage.append(damage)


def _relations(decision: Decision) -> tuple[str, ...]:
    held = (reason.ground.relation for reason in decision.live if reason.ground is not None)
    return tuple(sorted({relation for relation in held if relation}))


def _was_erased(reason: Reason) -> bool:
    return reason.ground is not None and reason.ground.ended_why in _ERASING


def _notes(context: RegisterContext, party: Party, masking: Masking) -> int | None:
    if not masking.may_read(SUPPORT.code):
        return None
    return len(context.session.rows(Note, party=bytes(party.id)))


def _to_mend(context: RegisterContext, party: Party, masking: Masking) -> tuple[MendLine, ...]:
    lines = []
    for row in context.session.rows(ToMend, party=bytes(party.id)):
        for column in type(row).layout().sealed:
            if row.holds(column.name) and masking.may_read(column.category):
                value = masking.of(row, column.name, natural=not party.is_legal_person())
                lines.append(MendLine(column.name, value))
    return tuple(lines)


def going_lines(decision: Decision, masking: Masking) -> tuple[GoingLine, ...]:
    """Return the fields that are used for nothing any more, of the categories a user may read."""
    return tuple(
        GoingLine(verdict.datum.table, verdict.datum.field, verdict.until.isoformat())
        for verdict in decision.verdicts
        if verdict.state is not State.KEPT and masking.may_read(verdict.datum.category)
    )
