"""A no stays a no: who said it is known again at every door, by address or number and no name.

An objection to marketing and a consent taken back close those purposes until the person says yes
anew; somebody erased on request comes back by their own wish only. A contract, an offer or a
question stays possible for everybody. Marketing can be objected to always, a weighed
interest unless it is compelling.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from crm.errors import ErasedOnRequest, NotHeld
from crm.grounds.consent_rules import consents_of
from crm.grounds.errors import Compelling, HasObjected, HasWithdrawn, NotToBeObjectedTo
from crm.models.attached import FURTHER_MODELS, ToMend
from crm.models.party import Party
from crm.parties.identifiers import (
    EMAIL,
    IDENTIFYING,
    PHONE,
    identifier,
    identifiers_in,
    identifiers_in_text,
)
from crm.parties.mailing_law import DIRECT_MARKETING
from crm.privacy import EVIDENCE, IDENTITY
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.errors import Damaged, StateFileDamaged, YesBeforeNo
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.consents import is_after, last_no
from gdpr.rules.suppression import (
    MARKETING,
    Identifier,
    No,
    SuppressionRow,
    Suppressions,
    Why,
    closed,
    copied,
    no_in_state,
    without,
)
from gdpr.rules.suppression_file import NAME, SuppressionFile, stored_revisions
from gdpr.store.database import STORAGE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.consents import Said
    from gdpr.rules.facts import Ground
    from gdpr.rules.grounds import Opening
    from gdpr.rules.purposes import Purpose
    from gdpr.rules.suppression import Identifier
    from gdpr.store.session import Session


def suppressions(context: RegisterContext) -> Suppressions:
    """Return the suppression list of a register, which its file outside the database follows."""
    file = SuppressionFile(context.state, context.session, context.journal.lock)
    return Suppressions(context.session, file.note)


def identifiers_of(context: RegisterContext, party: Party) -> list[Identifier]:
    """Return what identifies a party in the register, as far as the user may read it."""
    reads = context.access.reads
    held = {
        column.name: getattr(party, column.name)
        for column in Party.layout().sealed
        if column.name in IDENTIFYING and column.category in reads and party.holds(column.name)
    }
    found = identifiers_in(held)
    for kind in (EMAIL, PHONE):
        model = FURTHER_MODELS[kind]
        if model.layout().column(kind).category in reads:
            for row in context.session.rows(model, party=bytes(party.id)):
                found += identifier(kind, row.value or "")
    for aside in context.session.rows(ToMend, party=bytes(party.id)):
        for item in ToMend.layout().sealed:
            if item.category in reads and aside.holds(item.name):
                found += identifiers_in_text(getattr(aside, item.name))
    return list(dict.fromkeys(found))


def nos_against(
    context: RegisterContext, identifiers: Iterable[Identifier], subject: bytes | None = None
) -> list[No]:
    """Return every no that stands: on the list for one of these, or in the party's own consents.

    Who neither enters nor corrects people has no key to the list and is not asked for it.
    """
    listed = suppressions(context)
    known = list(identifiers)
    found: list[No] = []
    if known and (listed.can or IDENTITY.code in context.access.writes):
        found += listed.nos(known, context.day)
    if subject is not None:
        book = consents_of(context)
        for file in book.files(subject):
            events = book.events(file)
            why = no_in_state(ConsentState(events[-1].state)) if events else None
            day = last_no(events)
            if why is not None and day is not None:
                found.append(No(why, scope_of(file.purpose), day))
    return found


def scope_of(purpose: str) -> str:
    """Return what a no to a purpose is a no to: news stand for all direct marketing."""
    return MARKETING if purpose == DIRECT_MARKETING else purpose


def refuse_erased(nos: Iterable[No], *, own_wish: bool) -> None:
    """Refuse to bring back who was erased on request, unless they wish it themselves."""
    against = [no for no in nos if no.why is Why.ERASED]
    if against and not own_wish:
        last = max(against, key=lambda no: no.day)
        raise ErasedOnRequest(day=last.day.isoformat(), until=(last.until or last.day).isoformat())


def refuse_closed(purposes: Iterable[Purpose], nos: Sequence[No]) -> None:
    """Refuse purposes that the person said no to; whatever else they are kept for is untouched."""
    refused = closed(purposes, nos)
    if refused:
        purpose, no = next(iter(refused.items()))
        fault = HasObjected if no.why is Why.OBJECTED else HasWithdrawn
        raise fault(purpose=purpose, day=no.day.isoformat())


def refuse_said_since(
    context: RegisterContext,
    identifiers: Iterable[Identifier],
    opening: Opening,
    subject: bytes | None = None,
    *,
    own_wish: bool = False,
) -> None:
    """Ask once more under the write lock: at another desk somebody may have said no since."""
    nos = nos_against(context, identifiers, subject)
    refuse_erased(nos, own_wish=own_wish)
    refuse_closed(opening.purposes, nos)


def open_to(opening: Opening, nos: Sequence[No], *, named: bool) -> Opening:
    """Return the opening without what the person said no to, or refuse it.

    A relation stands for several purposes, and the others go on without the refused ones; what
    was `named` one by one is refused, and so is a relation of which nothing would be left.
    """
    refused = closed(opening.purposes, nos)
    if refused and (named or len(refused) == len(opening.purposes)):
        refuse_closed(opening.purposes, nos)
    return without(opening, refused) if refused else opening


def lift_erased(
    context: RegisterContext, change: AuditedChange, identifiers: Iterable[Identifier]
) -> int:
    """Let the marks of an erasure go, because the person has come back of their own accord."""
    return suppressions(context).lift(
        change, identifiers, context.day, lambda no: no.why is Why.ERASED
    )


def lift_purpose(
    context: RegisterContext, change: AuditedChange, identifiers: Iterable[Identifier], purpose: str
) -> int:
    """Let the marks of a no to a purpose go, because the person has said yes to it anew."""
    scope = scope_of(purpose)
    return suppressions(context).lift(
        change, identifiers, context.day, lambda no: no.why is not Why.ERASED and no.scope == scope
    )


def remembering(context: RegisterContext) -> Callable[[AuditedChange, bytes, Sequence[No]], int]:
    """Return what enters the nos of a person while they can still be told apart from others."""

    def remember(change: AuditedChange, subject: bytes, nos: Sequence[No]) -> int:
        listed = suppressions(context)
        party = context.session.first(Party, id=subject)
        if party is None or not listed.can:
            return 0
        told = [no._replace(scope=scope_of(no.scope)) for no in nos]
        at = microseconds(context.clock.now())
        return listed.remember(change, identifiers_of(context, party), told, at)

    return remember


def refuse_to_follow(
    context: RegisterContext, party: Party, fresh: Sequence[Identifier], *, own_wish: bool = False
) -> None:
    """Refuse a party the address or number of somebody whose no its grounds would pass over."""
    against = nos_against(context, fresh)
    # Who asked to be erased and is still kept, say for a contract, may have their data put right.
    asked = Why.ERASED in {no.why for no in nos_against(context, identifiers_of(context, party))}
    refuse_erased(against, own_wish=own_wish or asked)
    running = [g for g in context.grounds.of(bytes(party.id)) if not g.has_ended(context.day)]
    refuse_closed([ground.purpose for ground in running], against)


def follow_no(
    context: RegisterContext,
    change: AuditedChange,
    party: Party,
    fresh: Iterable[Identifier],
    *,
    own_wish: bool = False,
) -> None:
    """Let a no follow the person to an address or number that a party has from now on.

    What the owner of a fresh one said no to must not be pursued with this party, and what this
    party said no to is remembered for the fresh one as well.
    """
    added = list(fresh)
    if not added:
        return
    refuse_to_follow(context, party, added, own_wish=own_wish)
    listed = suppressions(context)
    if not listed.can:
        return
    mine = nos_against(context, identifiers_of(context, party), bytes(party.id))
    nos = [no for no in mine if no.why is not Why.ERASED]
    count = listed.remember(change, added, nos, microseconds(context.clock.now())) if nos else 0
    if count:
        change.note(remembered=count)
    if own_wish:
        change.note(lifted=lift_erased(context, change, added))


def follow_list(context: RegisterContext) -> None:
    """Bring the list and its file outside the database together, at every opening.

    What the database has lost comes back from the file: a restore of an old backup, or an old
    copy of the database, must not make a no forgotten. Whoever records no consents leaves it to
    those who do.
    """
    if EVIDENCE.code not in context.access.writes:
        return
    file = SuppressionFile(context.state, context.session, context.journal.lock)
    complete_list(context, file)
    file.follow(stored_revisions(context.session))


def complete_from(context: RegisterContext, state: Path, live: Session | None) -> None:
    """Complete the list of a restored vault from the state folder and the vault it replaces."""
    complete_list(context, SuppressionFile(state, context.session, context.journal.lock), live)


def complete_list(
    context: RegisterContext, file: SuppressionFile, live: Session | None = None
) -> None:
    """Enter what the copy beside the database, or another database, knows and this one does not."""
    held = stored_revisions(context.session)
    rows = {
        bytes(row.id): row for row in _lost_rows(live, context.day) if bytes(row.id) not in held
    }
    rows |= {bytes(row.id): row for row in file.missing(held, context.day)}
    if file.damaged:
        context.session.damage.append(StateFileDamaged(name=NAME))
    if rows:
        with context.journal.audited_change(Event.SUPPRESSIONS_RESTORED) as change:
            for row in rows.values():
                change.insert(row)
            change.note(count=len(rows))


def _lost_rows(live: Session | None, today: date) -> list[SuppressionRow]:
    """Return the entries of a database that is being replaced, as far as it can still be read."""
    if live is None:
        return []
    with suppress(*STORAGE_ERRORS, Damaged):
        return [copied(row) for row in live.rows(SuppressionRow) if row.stands(today)]
    return []


def running_for(context: RegisterContext, party: Party, purpose: str) -> list[Ground]:
    """Return the grounds of a party for a purpose that hold today."""
    return [
        ground
        for ground in context.grounds.of(bytes(party.id))
        if ground.purpose.code == purpose and not ground.has_ended(context.day)
    ]


def need_objectionable(context: RegisterContext, party: Party, purpose: str) -> None:
    """Refuse an objection to what is not pursued, or rests on what nobody can object to."""
    if context.grounds.rulebook.purpose(purpose).direct_marketing:
        return
    running = running_for(context, party, purpose)
    if not running:
        raise NotHeld(purpose=purpose)
    refuse_objection(running)


def refuse_objection(running: Iterable[Ground]) -> None:
    """Refuse an objection to a contract or a duty, or to a compelling interest (Art. 21(1))."""
    for ground in running:
        if not ground.basis.weighed:
            basis = ground.basis.article or "6(1)"
            raise NotToBeObjectedTo(purpose=ground.purpose.code, basis=basis)
        if ground.purpose.compelling:
            raise Compelling(purpose=ground.purpose.code)


def refuse_earlier(
    context: RegisterContext, identifiers: Iterable[Identifier], purpose: str, said: Said
) -> None:
    """Refuse a yes that is no later than a no on the list, whichever party that belonged to."""
    known = context.grounds.rulebook.purpose(purpose)
    no = closed([known], nos_against(context, identifiers)).get(purpose)
    if no is not None and not is_after(said, no.day):
        raise YesBeforeNo(purpose=purpose, day=no.day.isoformat())
