"""Natural and legal persons: entering, finding, showing, correcting, and saying why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.clients.client_card import client_card, decision_on
from crm.clients.errors import RelationNeeded
from crm.errors import FieldUnknown, NotAmong, NothingToChange
from crm.files.parsing import Who
from crm.grounds import suppression
from crm.grounds.consent_rules import proofs_under, refuse_child
from crm.grounds.ground_endings import record_numbers
from crm.kinds.party import NAMES
from crm.models.party import STATUS_OF, Party, PartyKind, Status
from crm.parties import field_rules
from crm.parties import search as lookup
from crm.parties.cards import Further
from crm.parties.changes import change_columns, change_further, normal
from crm.parties.duplicates import foresee, known_by, likenesses, refuse_alike, refuse_known
from crm.parties.edit_conflicts import refuse_changed
from crm.parties.find_party import find_party
from crm.parties.identifiers import identifier, identifiers_in
from crm.privacy import IDENTITY, SubjectKind
from crm.session.calendar import checked_day
from crm.session.context import RegisterService
from crm.transparency.notice_proofs import informed_statement, source_of, stated_row
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.rules.explain import explain
from gdpr.rules.purposes import Evidence
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from crm.parties.cards import ClientCard, ClientLine, Likeness, NewClient, SearchResult
    from crm.parties.field_rules import Columns
    from crm.session.context import RegisterContext
    from gdpr.rules.because import Because
    from gdpr.rules.explain import Json
    from gdpr.rules.grounds import Opening
    from gdpr.rules.suppression import Identifier

SEQUENCE = "party"
EDITABLE = (*field_rules.TYPED, "status")
_PAGE = 50


class Clients(RegisterService):
    """The parties of the register; each verb is one transaction with one entry in the log."""

    def add(self, new: NewClient, *, anyway: bool = False) -> ClientCard:
        """Enter a party with its grounds.

        An equal number refuses; an equal address, phone or account or a similar name refuses too,
        unless `anyway` says that somebody has looked.
        """
        context = self._context
        context.access.need_write(IDENTITY)
        typed = _typed(new)
        kind = field_rules.kind_of(new.kind, typed)
        country = field_rules.country_of(typed, context.country)
        typed["country"] = country
        read = field_rules.read_typed(typed, Who(kind.value, country, context.day))
        columns = read.columns
        also = tuple(Further(kind=one, value=value) for one, value in read.further)
        field_rules.check_name(columns, kind)
        given = evidence_of(new.relation, new.purposes, new.evidence)
        legal = kind is PartyKind.LEGAL
        opening = client_opening(context, new.relation, new.purposes, given, is_legal=legal)
        identifiers = [*identifiers_in(columns), *_identifiers_of(also, country)]
        # A company is not informed of anything: Articles 13 and 14 speak of people.
        informed = new.informed if kind is PartyKind.NATURAL else None
        # Loading takes a moment, during which nobody should wait for the write lock.
        context.names.load(context)
        with context.journal.audited_change(Event.PARTY_ADDED) as change:
            # Under the write lock nobody can say no in the meantime.
            nos = suppression.nos_against(context, identifiers)
            suppression.refuse_erased(nos, own_wish=new.own_wish)
            opening = suppression.open_to(opening, nos, named=bool(new.purposes))
            note_informed(columns, opening, informed)
            party = new_party(context, kind, columns, STATUS_OF.get(opening.kind, Status.ACTIVE))
            change.object_id = bytes(party.id)
            refuse_child(context, party, opening, new.since or context.day)
            proof = stated_row(context, bytes(party.id), opening, informed)
            warnings = self._look_for(columns, party, also, anyway=anyway)
            party.number = next_number(change, SEQUENCE)
            warrant = context.grounds.warrant_for(bytes(party.id), opening)
            change.insert(party, warrant)
            change_further(context, change, party, also, warrant)
            opened = context.grounds.open(
                change, bytes(party.id), opening, new.since or context.day
            )
            if proof is not None:
                change.insert(proof, warrant)
            change.note(grounds=len(opened), warnings=len(warnings))
            if new.own_wish:
                change.note(lifted=suppression.lift_erased(context, change, identifiers))
        context.names.note(party)
        return client_card(context, party, warnings=warnings)

    def find(self, text: str, *, limit: int = _PAGE) -> SearchResult:
        """Find parties by any text: part of a name in any spelling, or a whole number."""
        text = clean(text)
        found = lookup.find(self._context, text, limit=limit)
        kept = tuple(file.purpose for file in proofs_under(self._context, text)) if text else ()
        found = replace(found, proofs=kept)
        by = "number" if any(letter.isdigit() for letter in text) else "name"
        by = "email" if "@" in text else by
        self._context.journal.log_access(Event.PARTIES_FOUND, None, count=len(found.lines), by=by)
        return found

    def list(
        self,
        *,
        status: str | None = None,
        contacts: bool = False,
        limit: int | None = None,
        to_check: bool = False,
    ) -> tuple[ClientLine, ...]:
        """List parties by number, without those who are only contact persons.

        With `to_check` only those of whom an import guessed something, contact persons too.
        """
        lines = lookup.listing(
            self._context,
            status=status,
            contacts=contacts or to_check,
            limit=limit,
            to_check=to_check,
        )
        self._context.journal.log_access(Event.PARTIES_LISTED, None, count=len(lines))
        return lines

    def checked(self, reference: str) -> ClientCard:
        """Note that somebody looked at what an import guessed or could not check."""
        context = self._context
        context.access.need_write(IDENTITY)
        party = find_party(context, reference)
        count = len(party.marks())
        if count:
            event = (Event.PARTY_EDITED, bytes(party.id))
            with context.journal.audited_change(*event, fields=count) as change:
                party.to_check, party.phone_unchecked = None, 0
                change.update(party)
        return client_card(context, party)

    def show(self, reference: str, *, reveal: bool = False) -> ClientCard:
        """Show the card of a party; revealing what is masked is an entry of its own kind."""
        with self._context.session.view():
            party = find_party(self._context, reference)
            card = client_card(self._context, party, reveal=reveal)
        event = Event.PARTY_REVEALED if reveal else Event.PARTY_SHOWN
        self._context.journal.log_access(event, bytes(party.id))
        return card

    def edit(
        self,
        reference: str,
        typed: Mapping[str, str | None],
        further: Iterable[Further] = (),
        *,
        anyway: bool = False,
        seen: Mapping[str, str | None] | None = None,
        own_wish: bool = False,
    ) -> ClientCard:
        """Correct fields of a party, each named by a live ground; an empty text clears one.

        A new address or number may be that of somebody who said no. `seen` is what the fields held
        when somebody began to correct them: what another has changed
        since is refused and not overwritten.
        """
        context = self._context
        changes = tuple(further)
        if not typed and not changes:
            raise NothingToChange
        if not set(EDITABLE).issuperset(typed):
            raise FieldUnknown(known=", ".join(EDITABLE))
        party = find_party(context, reference)
        columns, also = self._edited(party, typed)
        changes += also
        with context.journal.audited_change(Event.PARTY_EDITED, bytes(party.id)) as change:
            refuse_changed(context, party, columns, seen or {})
            suppression.follow_no(
                context, change, party, _fresh(columns, changes, party), own_wish=own_wish
            )
            warnings = self._look_for(columns, party, changes, anyway=anyway)
            warrant = context.grounds.warrant(bytes(party.id), context.day)
            count = change_columns(change, party, columns, warrant)
            count += change_further(context, change, party, changes, warrant)
            change.note(fields=count, warnings=len(warnings))
        if IDENTITY.code in context.access.reads:
            context.names.note(party)
        return client_card(context, party, warnings=warnings)

    def why(
        self, reference: str, say: Callable[[Because], str] = str, *, on: date | None = None
    ) -> dict[str, tuple[Json, ...]]:
        """Say of every stored datum on which ground it is kept and until when, on another day too.

        `say` turns a reason into the user's language; categories without a key stay unmentioned.
        """
        context = self._context
        with context.session.view():
            party = find_party(context, reference)
            verdicts = [
                verdict
                for verdict in decision_on(context, party, checked_day(context, on)).verdicts
                if verdict.datum.category in context.access.reads
            ]
        context.journal.log_access(Event.PARTY_EXPLAINED, bytes(party.id), count=len(verdicts))
        return {"data": tuple(explain(verdicts, say, record_numbers(context, bytes(party.id))))}

    def possible_duplicates(
        self, typed: Mapping[str, str | None], *, kind: str, country: str, but: int | None = None
    ) -> tuple[Likeness, ...]:
        """Say who has what somebody is typing: numbers, addresses, nearly the same name.

        A field the user may not read is not compared. What is found is an entry, as a search is.
        """
        context = self._context
        columns = field_rules.columns_of(typed, Who(PartyKind(kind).value, country, context.day))
        sealed = {column.name: column.category for column in Party.layout().sealed}
        columns = {c: v for c, v in columns.items() if sealed.get(c) in context.access.reads}
        this = None if but is None else bytes(find_party(context, str(but)).id)
        name = " ".join(str(columns[part]) for part in NAMES if columns.get(part))
        found = (*known_by(context, columns, this), *likenesses(context, columns, name, but=this))
        if found:
            count = len({number for one in found for number in one.numbers})
            context.journal.log_access(Event.PARTIES_FOUND, None, count=count, by="form")
        return found

    def duplicates_of(self, reference: str) -> tuple[Likeness, ...]:
        """Say who else may be the same as a party that is in the register."""
        party = find_party(self._context, reference)
        reads = self._context.access.reads
        held = {
            column.name: getattr(party, column.name)
            for column in Party.layout().sealed
            if column.category in reads and party.holds(column.name)
        }
        name = party.display_name() if IDENTITY.code in reads else ""
        return likenesses(self._context, held, name, but=bytes(party.id))

    def _edited(
        self, party: Party, typed: Mapping[str, str | None]
    ) -> tuple[Columns, tuple[Further, ...]]:
        context = self._context
        if {"country", "status"} & set(typed):
            context.access.need_write(IDENTITY)
        kind = PartyKind(party.kind)
        country = field_rules.country_of({"country": typed.get("country")}, party.country)
        fields = {field: text for field, text in typed.items() if field != "status"}
        columns, further = field_rules.read_typed(fields, Who(kind.value, country, context.day))
        if status := typed.get("status"):
            if status not in set(Status):
                raise NotAmong(field="status", known=", ".join(Status))
            columns["status"] = status
        field_rules.check_renamed(party, columns)
        return columns, tuple(Further(kind=one, value=value) for one, value in further)

    def _look_for(
        self, columns: Columns, party: Party, changes: Iterable[Further] = (), *, anyway: bool
    ) -> tuple[Likeness, ...]:
        """Look for the same party under another number, inside the transaction that stores it."""
        this = bytes(party.id)
        further = [(one.kind, normal(one, party.country)) for one in changes if not one.remove]
        foresee(self._context, columns, further)
        refuse_known(self._context, columns, but=this)
        name = _name_after(party, columns) if set(NAMES) & set(columns) else ""
        warnings = likenesses(self._context, columns, name, further, but=this)
        if not anyway:
            refuse_alike(warnings)
        return warnings


def _fresh(columns: Columns, changes: Iterable[Further], party: Party) -> list[Identifier]:
    """Return what a party would be identified by after a correction, and was not before."""
    held = {column: getattr(party, column, None) for column in columns}
    told = {column: value for column, value in columns.items() if value != held[column]}
    return [*identifiers_in(told), *_identifiers_of(changes, party.country)]


def _identifiers_of(changes: Iterable[Further], country: str) -> list[Identifier]:
    return [
        one
        for change in changes
        if not change.remove
        for one in identifier(change.kind, normal(change, country))
    ]


def _typed(new: NewClient) -> dict[str, str]:
    if not set(field_rules.MORE).issuperset(new.more):
        raise FieldUnknown(known=", ".join(field_rules.TYPED))
    return {field: text for field in field_rules.TYPED if (text := new.value(field)) is not None}


def evidence_of(
    relation: str | None, purposes: Sequence[str], evidence: str | None
) -> Evidence | None:
    """Check that either a relation or purposes are named, and read what shows them."""
    if bool(relation) is bool(purposes):
        raise RelationNeeded
    if evidence and evidence not in set(Evidence):
        raise NotAmong(field="evidence", known=", ".join(Evidence))
    return Evidence(evidence) if evidence else None


def client_opening(
    context: RegisterContext,
    relation: str | None,
    purposes: Sequence[str],
    given: Evidence | None,
    *,
    is_legal: bool,
) -> Opening:
    """Prepare the grounds of a client, by a relation or by purposes."""
    if relation:
        return context.grounds.by_relation(relation, is_legal=is_legal, evidence=given)
    return context.grounds.by_purposes(
        tuple(dict.fromkeys(purposes)),
        kind=SubjectKind.CLIENT.value,
        is_legal=is_legal,
        evidence=given or Evidence.CONTRACT,
    )


def note_informed(columns: Columns, opening: Opening, informed: date | str | None) -> None:
    """Put how a person knows of it beside where their data come from."""
    told = informed_statement(informed)
    source = columns.get("provenance")
    known = source_of(opening, None if source is None else str(source), told)
    if told is not None and known is not None:
        columns["provenance"] = known


def new_party(context: RegisterContext, kind: PartyKind, columns: Columns, status: Status) -> Party:
    """Make the row of a party that has no number yet."""
    party = Party(
        id=new_id(),
        number=0,
        kind=kind.value,
        status=status.value,
        created=microseconds(context.clock.now()),
        last_activity=context.day.isoformat(),
        phone_unchecked=0,
    )
    for column, value in columns.items():
        if value is not None:
            setattr(party, column, value)
    return party


def _name_after(party: Party, columns: Columns) -> str:
    """Return the name a party will have once the columns are stored."""
    name, given, family = (
        columns[column] if column in columns else getattr(party, column) for column in NAMES
    )
    return str(name) if name else " ".join(str(part) for part in (given, family) if part)
