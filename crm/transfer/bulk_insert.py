"""Rows of a file become parties: a batch at a time, by the compiled path, in one change.

Everything a row brings goes together: the client, its contact person, their keys and grounds, a
note and what was set aside to be mended. What a batch began is there whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.clients.clients import SEQUENCE
from crm.files.candidate import OF_CONTACT
from crm.files.spellings import fold
from crm.kinds.party import BY_NAME, FIELDS, FURTHER, NUMBERS
from crm.models.attached import FURTHER_MODELS, Employment, Note, NoticeGiven, ToMend
from crm.models.party import STATUS_OF, Party, PartyKind, Status
from crm.privacy import CORRESPONDENCE, NOTICE_PROOF
from crm.transparency.notice_proofs import STATED, covers_of
from gdpr.clock import microseconds
from gdpr.rules.grounds import COLUMNS as GROUND
from gdpr.rules.stored import GroundRow
from gdpr.rules.suppression import without
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from crm.files.candidate import Candidate, Defect, Further, PartyPart
    from crm.session.context import RegisterContext
    from crm.transfer.import_grounds import ImportGrounds
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.grounds import Opening
    from gdpr.store.owners import OwnerKeys
    from gdpr.store.warrant import Warrant

Columns = dict[str, Any]

_PLAIN = ("number", "kind", "country", "status", "created", "last_activity", "phone_unchecked")
_PARTY = (*_PLAIN, "to_check", "import_token", *(one.name for one in FIELDS))
_EMPLOYMENT = ("person", "company", "since", "left", "position")
_NOTE = ("party", "written", "author", "text")
_MEND = tuple(column.name for column in ToMend.layout().sealed)
_TO_MEND = ("party", *_MEND)
_TOLD = ("party", "covers", "given", "entered", "author", "channel")
_BETWEEN = " + "


class Fresh(NamedTuple):
    """A row that becomes a new party: its columns, and the token an equal row is known by."""

    candidate: Candidate
    columns: Columns
    token: bytes

    @property
    def company(self) -> str:
        """Return the name by which other rows mean the same company, where it has no number."""
        known = self.candidate.party.kind == PartyKind.LEGAL.value and not any(
            self.columns.get(number) for number in NUMBERS
        )
        return fold(self.columns.get("name") or "") if known else ""

    def adds_nothing_to(self, first: Fresh) -> bool:
        """Tell whether all that is said of the company stands in its first row already."""
        told = {name: value for name, value in self.columns.items() if name != "name"}
        return told.items() <= first.columns.items()

    def is_told_by_its_people(self, first: Fresh) -> bool:
        """Tell whether this entry of a company alone contradicts nothing of its first row."""
        told = {name: value for name, value in self.columns.items() if name != "name"}
        agreed = all(first.columns.get(name) in {None, value} for name, value in told.items())
        return self.candidate.contact is None and agreed

    def completed_by(self, entry: Fresh) -> Fresh:
        """Return this row with what the entry of its company says beside."""
        ours, theirs = self.candidate, entry.candidate
        party = ours.party._replace(
            notes=ours.party.notes or theirs.party.notes,
            further=(*ours.party.further, *theirs.party.further),
        )
        marks = tuple(dict.fromkeys((*ours.to_check, *theirs.to_check)))
        said = {name: value for name, value in self.columns.items() if value is not None}
        to_mend = (*ours.to_mend, *theirs.to_mend)
        whole = ours._replace(party=party, to_check=marks, to_mend=to_mend)
        return self._replace(candidate=whole, columns={**entry.columns, **said})


class NewParty(NamedTuple):
    """One new party while its rows are queued."""

    id: bytes
    opening: Opening
    keys: OwnerKeys
    warrant: Warrant


class BulkInsert:
    """Stores candidates for one import, whose grounds and source are the same for all rows."""

    def __init__(self, context: RegisterContext, reasons: ImportGrounds) -> None:
        """Open grounds for `reasons` on the day of the register."""
        self._context = context
        self._reasons = reasons
        self._companies: dict[str, bytes] = {}
        self.entered: list[bytes] = []
        """The parties that came in, contact persons too."""
        self._openings = {
            PartyKind.NATURAL.value: reasons.natural,
            PartyKind.LEGAL.value: reasons.legal,
        }
        self._sources = {
            PartyKind.NATURAL.value: reasons.provenance(reasons.natural, natural=True),
            PartyKind.LEGAL.value: reasons.provenance(reasons.legal, natural=False),
        }

    def store(
        self, change: AuditedChange, batch: Sequence[Fresh], colleagues: Sequence[Fresh] = ()
    ) -> None:
        """Store new parties with everything their rows bring.

        `colleagues` are rows about further contact persons of companies that this file brought.
        """
        if not batch and not colleagues:
            return
        heads = sum(1 if fresh.candidate.contact is None else 2 for fresh in batch)
        heads += len(colleagues)
        rows = PartyRows(self._context, change, next_number(change, SEQUENCE, heads), heads)
        for fresh in batch:
            self._enter(rows, fresh)
        for fresh in colleagues:
            company = self._companies[fresh.company]
            self._enter_contact(rows, company, fresh.candidate, fresh.token)

    def company(self, name: str) -> bytes:
        """Return the company that rows of this file mean by `name`."""
        return self._companies[name]

    def _enter(self, rows: PartyRows, fresh: Fresh) -> None:
        candidate, part = fresh.candidate, fresh.candidate.party
        opening = without(self._openings[part.kind], candidate.refused)
        columns = {
            **fresh.columns,
            "status": STATUS_OF.get(opening.kind, Status.ACTIVE).value,
            "import_token": fresh.token,
            "provenance": self._sources[part.kind],
        }
        if candidate.refused:
            columns = covered(columns, opening)
        who = self._party(rows, candidate, part, columns, opening)
        if part.notes and (not candidate.refused or CORRESPONDENCE.code in opening.items):
            rows.note(who, part.notes)
        rows.finish(who)
        self._enter_contact(rows, who.id, candidate)
        if fresh.company:
            self._companies.setdefault(fresh.company, who.id)

    def _enter_contact(
        self, rows: PartyRows, company: bytes, row: Candidate, token: bytes | None = None
    ) -> None:
        part, opening = row.contact, self._reasons.contact
        if part is None or opening is None:
            return
        columns = {
            **part.columns(),
            "status": Status.CONTACT.value,
            "import_token": token,
            "provenance": self._reasons.provenance(opening, natural=True),
        }
        who = self._party(rows, row, part, columns, opening)
        rows.employ(who, company, part.position)
        rows.finish(who)

    def _party(
        self, rows: PartyRows, row: Candidate, part: PartyPart, columns: Columns, opening: Opening
    ) -> NewParty:
        """Queue one party of a row, with what is said and doubted of it and of nobody else."""
        contact = part is row.contact
        doubted = [code for code in row.to_check if code.startswith(OF_CONTACT) is contact]
        marks = [code.removeprefix(OF_CONTACT) for code in doubted]
        columns |= {
            "kind": part.kind,
            "country": row.party.country or self._context.country,
            "phone_unchecked": int("phone" in marks),
            "to_check": " ".join(marks) or None,
        }
        who = rows.party(columns, opening)
        self.entered.append(who.id)
        told = self._reasons.informed
        natural = part.kind == PartyKind.NATURAL.value
        if natural and told is not None and NOTICE_PROOF.code in opening.items:
            rows.tell(who, told.isoformat())
        rows.further(who, part.further)
        bad = [one for one in row.to_mend if one.field.startswith(OF_CONTACT) is contact]
        self._set_aside(rows, who, bad, part.kind)
        return who

    def _set_aside(
        self, rows: PartyRows, who: NewParty, defects: Sequence[Defect], kind: str
    ) -> None:
        values: dict[str, str] = {}
        for defect in defects:
            field = BY_NAME.get(defect.field.removeprefix(OF_CONTACT))
            column = BY_NAME[field.stored_as(kind)].aside if field else ""
            if defect.value and column:
                held = values.get(column)
                values[column] = f"{held}{_BETWEEN}{defect.value}" if held else defect.value
        if values:
            rows.mend(who, values)


class PartyRows:
    """The writers of one batch; personal values pass with the warrant of the grounds they open."""

    def __init__(
        self, context: RegisterContext, change: AuditedChange, first_number: int, count: int
    ) -> None:
        self._context = context
        self._number = first_number
        # Ids of one millisecond come in any order; lists of the register follow that of the file.
        self._ids = iter(sorted(new_id() for _ in range(count)))
        self._now = microseconds(context.clock.now())
        self._today = context.day.isoformat()
        self._parties = change.bulk(Party, _PARTY)
        self._grounds = change.bulk(GroundRow, GROUND)
        self._employments = change.bulk(Employment, _EMPLOYMENT)
        self._notes = change.bulk(Note, _NOTE)
        self._to_mend = change.bulk(ToMend, _TO_MEND)
        self._told = change.bulk(NoticeGiven, _TOLD)
        self._further = {
            kind: change.bulk(model, ("party", kind)) for kind, model in FURTHER_MODELS.items()
        }
        self._keys = change.bulk(context.session.key_model, ())

    def party(
        self, columns: Mapping[str, Any], opening: Opening, since: date | None = None
    ) -> NewParty:
        """Queue a party and the grounds that begin with it, today if nothing else is said."""
        who = next(self._ids)
        keys = self._parties.new_keys(who)
        row = {
            "created": self._now,
            "last_activity": self._today,
            **columns,
            "number": self._number,
        }
        values = [row.get(name) for name in _PARTY]
        warrant = self._context.grounds.warrant_for(who, opening)
        self._parties.add(who, values, keys, warrant)
        self._number += 1
        new = NewParty(who, opening, keys, warrant)
        self.open(new, opening, since or self._context.day)
        return new

    def open(self, who: NewParty, opening: Opening, since: date) -> None:
        """Queue grounds of a party."""
        self._context.grounds.open_many(self._grounds, who.id, opening, since)

    def employ(
        self,
        person: NewParty,
        company: bytes,
        position: str | None,
        since: date | None = None,
        left: date | None = None,
    ) -> None:
        """Queue a place of work, from today on if nothing else is said."""
        begun = (since or self._context.day).isoformat()
        values = (person.id, company, begun, left and left.isoformat(), position)
        self._employments.add(new_id(), values, person.keys, person.warrant)

    def note(self, who: NewParty, text: str, written: int | None = None) -> None:
        """Queue a note, written now if nothing else is said."""
        values = (who.id, written or self._now, self._context.user, text)
        self._notes.add(new_id(), values, who.keys, who.warrant)

    def further(self, who: NewParty, values: Further) -> None:
        """Queue second and further values, as far as the grounds name them."""
        for kind, value in values:
            if FURTHER[kind].item.code in who.opening.items:
                self._further[kind].add(new_id(), (who.id, value), who.keys, who.warrant)

    def mend(self, who: NewParty, values: Mapping[str, str]) -> None:
        """Queue values that are set aside."""
        row = (who.id, *(values.get(name) for name in _MEND))
        self._to_mend.add(new_id(), row, who.keys, who.warrant)

    def tell(self, who: NewParty, day: str) -> None:
        """Queue the proof that somebody was told on a day."""
        covers = covers_of(who.opening.purposes)
        values = (who.id, covers, day, self._now, self._context.user, STATED)
        self._told.add(new_id(), values, who.keys, who.warrant)

    def finish(self, who: NewParty) -> None:
        """Queue the keys, now that every category of the party has drawn its own."""
        if who.keys.wrapped:
            self._keys.add_keys(who.keys)


def covered(columns: Columns, opening: Opening) -> Columns:
    """Drop what only the refused purposes name."""
    items = {column.name: column.item for column in Party.layout().sealed}
    return {
        name: value if name not in items or items[name] in opening.items else None
        for name, value in columns.items()
    }
