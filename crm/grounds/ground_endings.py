"""What follows in the register when grounds end: contacts left behind, receipts, known copies."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crm.grounds.cards import KeptLine, Preview, Receipt
from crm.grounds.consent_rules import consents_of
from crm.grounds.suppression import remembering
from crm.kinds.listed import SHAPES
from crm.models.attached import Employment
from crm.models.files import KnownCopy
from crm.models.party import Party, Status
from crm.privacy import SubjectKind
from crm.shape.tables import model_of
from gdpr.audit.events import Event
from gdpr.rights.erasure import Erasing
from gdpr.rules.endings import end
from gdpr.rules.explain import preview
from gdpr.rules.facts import Ending, SubjectFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.shredding import Lot
    from gdpr.rights.erasure import Outcome
    from gdpr.rules.because import Because
    from gdpr.rules.consents import Said
    from gdpr.rules.facts import Datum, Ground
    from gdpr.rules.reasons import Decision

CONTACT = "contact"
LASTING = frozenset({SubjectKind.CLIENT, SubjectKind.SUPPLIER, SubjectKind.PARTNER})


def erasing(context: RegisterContext, lot: Lot | None = None) -> Erasing:
    """Return the kernel's eraser for this register; with a `lot` many share what follows."""
    release = partial(_release_contacts, context)
    consents, remember = consents_of(context), remembering(context)
    eraser = Erasing(context.journal, context.grounds, release, consents, remember)
    eraser.lot = lot
    return eraser


def end_grounds(
    context: RegisterContext,
    party: Party,
    chosen: Callable[[Ground], bool],
    *,
    why: Ending = Ending.ENDED,
    on: date | None = None,
    now: bool = False,
) -> Receipt:
    """End grounds of a party and settle what follows; with days of grace unless `now`."""
    number, subject = party.number, bytes(party.id)
    outcome = erasing(context).end(subject, chosen, why, on or context.day, context.day, now=now)
    return receipt_of(context, subject, number, why.value, outcome)


def enter_no(
    context: RegisterContext,
    party: Party,
    purpose: str,
    said: Said,
    *,
    waits: bool = False,
    lot: Lot | None = None,
) -> Receipt:
    """Let a no take effect and write its receipt; with `waits` data go after days of grace."""
    number, subject = party.number, bytes(party.id)
    outcome = erasing(context, lot).withdraw(subject, purpose, said, context.day, waits=waits)
    return receipt_of(context, subject, number, said.state.value, outcome)


def receipt_of(
    context: RegisterContext, subject: bytes, number: int, because: str, outcome: Outcome
) -> Receipt:
    """Write the receipt of an outcome, with the contacts that it left behind."""
    if outcome.ended and not outcome.destroyed.whole:
        _note_former(context, number, outcome.decision)
    if outcome.destroyed.items:
        context.names.list_what_is_left(context, subject)
    waiting = [ground.going_until for ground in outcome.ended if ground.going_until]
    return Receipt(
        number=number,
        because=because,
        whole=outcome.destroyed.whole,
        grounds_ended=len(outcome.ended),
        destroyed=outcome.destroyed.items,
        going_until=max(waiting).isoformat() if waiting else None,
        stays=kept_lines(outcome.decision),
        state="shredded" if outcome.shredded else "shred_pending",
        audit_entry=outcome.entry,
        copies=known_copies(context, subject),
        contacts_going=_going_contacts(context, outcome.destroyed.orphaned),
        remembered=outcome.remembered,
    )


def preview_of(
    context: RegisterContext,
    party: Party,
    because: str,
    decision: Decision,
    say: Callable[[Because], str],
    event: Event = Event.ERASURE_PREVIEWED,
) -> Preview:
    """Say what would go and what stays, and note that somebody looked."""
    lines = preview(decision.verdicts, say, record_numbers(context, bytes(party.id)))
    context.journal.log_access(event, bytes(party.id), goes=len(lines["goes"]))
    return Preview(party.number, because, tuple(lines["goes"]), tuple(lines["stays"]))


def record_numbers(context: RegisterContext, owner: bytes) -> Callable[[Datum], int | None]:
    """Tell by which number people know the described record of a party that a datum stands in."""
    models = [model_of(shape) for shape in SHAPES]
    rows = (row for model in models for row in context.session.rows(model, party=owner))
    known = {bytes(row.id): row.number for row in rows}
    return lambda datum: known.get(datum.row)


def facts_about(party: Party, grounds: Iterable[Ground]) -> SubjectFacts:
    """Return what decides about a party by its grounds alone, without opening a field."""
    return SubjectFacts(
        id=bytes(party.id),
        is_legal=party.is_legal_person(),
        grounds=tuple(grounds),
        last_activity=party.active_on(),
    )


def is_active(decision: Decision) -> bool:
    """Tell whether some relation still lasts in which a party is a client, supplier or partner."""
    kinds = {reason.ground.kind for reason in decision.live if reason.ground is not None}
    return not kinds.isdisjoint(LASTING)


def _note_former(context: RegisterContext, number: int, decision: Decision) -> None:
    """Call somebody a former client once the last relation of that kind has ended."""
    party = context.session.first(Party, number=number)
    if party is None or party.status != Status.ACTIVE or is_active(decision):
        return
    with context.journal.audited_change(Event.PARTY_EDITED, bytes(party.id), fields=1) as change:
        party.status = Status.FORMER.value
        change.update(party)


def kept_lines(decision: Decision) -> tuple[KeptLine, ...]:
    """Say which purposes still keep something, which items, and until when."""
    kept: dict[tuple[str, str | None, str, str], set[str]] = {}
    for verdict in decision.verdicts:
        lead = verdict.lead
        if lead is not None and lead.state.value == "kept":
            key = (lead.purpose.code, lead.article, lead.refusal, verdict.until.isoformat())
            kept.setdefault(key, set()).add(verdict.datum.item)
    return tuple(KeptLine(*key, tuple(sorted(items))) for key, items in kept.items())


def known_copies(context: RegisterContext, subject: bytes) -> tuple[dict[str, str], ...]:
    """List the copies outside the vault that may hold somebody's data and may still exist.

    One of which somebody only said that it is gone is among them, with the reason that was given.
    Packages of other people are theirs, and named on nobody else's receipt.
    """
    return tuple(
        {"kind": copy.kind, "path": str(copy.place), "ends": copy.ends}
        | ({} if copy.declared is None else {"declared": copy.declared})
        for copy in context.session.rows(KnownCopy)
        if (copy.gone is None or copy.declared is not None) and copy.about in {None, subject}
    )


def contacts_of(context: RegisterContext, company: bytes) -> list[int]:
    """Return the numbers of the people who are contacts of a company now."""
    return sorted(
        context.session.get(Party, bytes(place.person)).number
        for place in context.session.rows(Employment, company=company)
        if place.left is None
    )


def end_contact(context: RegisterContext, person: Party, *, now: bool = False) -> Receipt | None:
    """End a contact person's grounds once no place of work is left; None while one lasts."""
    if any(
        place.left is None for place in context.session.rows(Employment, person=bytes(person.id))
    ):
        return None
    return end_grounds(context, person, _as_contact, why=Ending.LEFT, now=now)


def _release_contacts(
    context: RegisterContext, change: AuditedChange, people: tuple[bytes, ...]
) -> None:
    """Let the grounds of contacts end whose last place of work went, with a day of grace at least.

    Only one right can take effect in a change, so nothing of theirs is destroyed in this one.
    """
    settings = context.grounds.rulebook.settings
    patient = replace(settings, grace_days=max(1, settings.grace_days))
    released = 0
    for person in people:
        if any(place.left is None for place in context.session.rows(Employment, person=person)):
            continue
        for ground in context.grounds.of(person):
            if _as_contact(ground) and not ground.has_ended(context.day):
                context.grounds.save(
                    change, end(ground, Ending.LEFT, context.day, context.day, patient)
                )
                released += 1
    change.note(contact_grounds=released)


def _going_contacts(context: RegisterContext, people: tuple[bytes, ...]) -> tuple[int, ...]:
    return tuple(
        sorted(
            context.session.get(Party, person).number
            for person in people
            if any(_as_contact(g) and g.going_until for g in context.grounds.of(person))
        )
    )


def _as_contact(ground: Ground) -> bool:
    return ground.kind == CONTACT
