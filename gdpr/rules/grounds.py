"""Opening, ending and reopening grounds in the vault, and the warrants they carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from gdpr.rules.decide import decide
from gdpr.rules.errors import EvidenceNeeded, PurposeRetired
from gdpr.rules.facts import Ground, SubjectFacts, lawful_basis
from gdpr.rules.stored import GroundRow
from gdpr.store.ids import new_id, new_ids
from gdpr.store.settings import refuse_damaged_settings
from gdpr.store.warrant import Warrant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from gdpr.rules.purposes import Evidence, Purpose
    from gdpr.rules.rulebook import Rulebook
    from gdpr.rules.subject import SubjectRow
    from gdpr.store.bulk import BulkWriter
    from gdpr.store.sealing import Stencil
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Opening:
    """What the grounds to be opened have in common: worked out once for a whole import.

    `purposes` with the subject's `kind` code decide the basis; `items` is what may be stored.
    """

    purposes: tuple[Purpose, ...]
    kind: str
    evidence: Evidence
    relation: str | None
    items: frozenset[str]


Admit = Callable[["Purpose", str, "Evidence", bool], None]
"""Refuses a purpose for a kind of person upon some evidence; the last word is: a legal person."""


class Grounds:
    """The grounds of one vault: the only place where a warrant is issued.

    Under a damaged setting none is, and no ground ends: the clocks might be wrong.
    """

    def __init__(self, session: Session, rulebook: Rulebook) -> None:
        """Work with the rows of `session` under the registers of `rulebook`.

        `admit` is set by the product and refuses what a law beside the GDPR forbids.
        """
        self._session = session
        self.rulebook = rulebook
        self.admit: Admit | None = None
        # What the grounds of an import have in common, for the writer in hand.
        self._writer: BulkWriter | None = None
        self._alike: dict[int, tuple[Opening, date, list[Stencil]]] = {}

    def of(self, party: bytes) -> list[Ground]:
        """Return every ground of a party, ended ones included, oldest first."""
        return self.read(self.rows_of(party))

    def rows_of(self, party: bytes) -> list[GroundRow]:
        """Return the rows of a party's grounds, for whoever deletes them as well."""
        return self._session.rows(GroundRow, party=party)

    def read(self, rows: Iterable[GroundRow]) -> list[Ground]:
        """Return the grounds that rows say, oldest first."""
        return sorted((self.rulebook.ground(row) for row in rows), key=_order)

    def parties_with_an_end(self, among: Sequence[bytes] | None = None) -> list[bytes]:
        """Return the parties, or those `among` a few, of which some ground has an end on record."""
        kind: Any = type(self._session.database)
        statement = _ended_statement(kind, 0 if among is None else len(among))
        # Asked for distinct ones, SQLite walks every ground by party instead of the few ended.
        rows = self._session.database.execute_sql(statement, tuple(among or ()))
        return list(dict.fromkeys(bytes(row[0]) for row in rows))

    def parties_held(self, purposes: Iterable[str], today: date) -> frozenset[bytes]:
        """Give the parties kept for one of these purposes today; no field is opened."""
        lives = GroundRow.ended_on.is_null() | (GroundRow.ended_on > today.isoformat())
        named = GroundRow.purpose << sorted(purposes)
        query = GroundRow.select(GroundRow.party).where(named & lives).distinct()
        rows: Any = query.bind(self._session.database).tuples()
        return frozenset(bytes(row[0]) for row in rows)

    def first_days(self) -> list[str]:
        """Give the first day of the oldest ground, or nothing; no field is opened."""
        query = GroundRow.select(GroundRow.since).order_by(GroundRow.since).limit(1)
        rows: Any = query.bind(self._session.database).tuples()
        return [row[0] for row in rows]

    def purposes_held(self, today: date) -> frozenset[str]:
        """Name the purposes for which somebody is kept today; no field is opened."""
        lives = GroundRow.ended_on.is_null() | (GroundRow.ended_on > today.isoformat())
        query = GroundRow.select(GroundRow.purpose).where(lives).distinct()
        rows: Any = query.bind(self._session.database).tuples()
        return frozenset(row[0] for row in rows)

    def by_relation(
        self, code: str, *, is_legal: bool, evidence: Evidence | None = None
    ) -> Opening:
        """Prepare the bundle of purposes a relation stands for, or refuse missing evidence."""
        relation = self.rulebook.relation(code)
        given = evidence or relation.assumed
        if given is None or given not in relation.evidence:
            raise EvidenceNeeded(
                relation=code, accepted=", ".join(word.value for word in relation.evidence)
            )
        purposes = [self.rulebook.purpose(name) for name in relation.purposes]
        return self._opening(purposes, relation.kind, given, code, is_legal=is_legal)

    def by_purposes(
        self, codes: Iterable[str], *, kind: str, is_legal: bool, evidence: Evidence
    ) -> Opening:
        """Prepare single purposes, with the evidence that was named for them."""
        purposes = [self.rulebook.purpose(code) for code in codes]
        return self._opening(purposes, kind, evidence, None, is_legal=is_legal)

    def _opening(
        self,
        purposes: list[Purpose],
        kind: str,
        evidence: Evidence,
        relation: str | None,
        *,
        is_legal: bool,
    ) -> Opening:
        for purpose in purposes:
            if purpose.retired:
                raise PurposeRetired(purpose=purpose.code)
            if self.admit is not None:
                self.admit(purpose, kind, evidence, is_legal)
            lawful_basis(purpose, kind, evidence, is_legal=is_legal)
        items = frozenset(item for purpose in purposes for item in purpose.items)
        return Opening(tuple(purposes), kind, evidence, relation, items)

    def open(self, work: Transaction, party: bytes, opening: Opening, since: date) -> list[Ground]:
        """Open the grounds that a party does not hold yet and return the new ones."""
        held = {(g.purpose.code, g.kind) for g in self.of(party) if g.ended_on is None}
        opened = []
        writer = work.bulk(GroundRow, COLUMNS)
        for purpose in opening.purposes:
            if (purpose.code, opening.kind) in held:
                continue
            values = (party, *_values(opening, purpose, since))
            row = GroundRow(id=new_id(), **dict(zip(COLUMNS, values, strict=True)))
            writer.add(row.id, values)
            opened.append(self.rulebook.ground(row))
        # What comes next in the transaction may ask for them.
        writer.flush()
        return opened

    def open_many(self, writer: BulkWriter, party: bytes, opening: Opening, since: date) -> None:
        """Queue the grounds of a new party on a writer of grounds."""
        if self._writer is not writer:
            self._writer, self._alike = writer, {}
        found = self._alike.get(id(opening))
        if found is None or found[0] is not opening or found[1] != since:
            stencils = [
                writer.stencil(
                    dict(zip(COLUMNS[1:], _values(opening, purpose, since), strict=True)), "party"
                )
                for purpose in opening.purposes
            ]
            found = self._alike[id(opening)] = (opening, since, stencils)
        add = writer.add_alike
        for row_id, stencil in zip(new_ids(len(found[2])), found[2], strict=True):
            add(stencil, row_id, party)

    def warrant(self, party: bytes, today: date) -> Warrant:
        """Issue the permit to store what the party's live grounds name today.

        A ground that is going names nothing any more; one that ends later still does.
        """
        refuse_damaged_settings(self._session)
        subject = cast("SubjectRow", self._session.get(self._session.schema.subject_model, party))
        facts = SubjectFacts(
            id=party,
            is_legal=subject.is_legal_person(),
            grounds=tuple(self.of(party)),
            last_activity=subject.active_on(),
        )
        return Warrant(party, decide(facts, today, self.rulebook.settings).named_items)

    def warrant_for(self, party: bytes, opening: Opening) -> Warrant:
        """Issue the permit for a party whose grounds are being opened in the same transaction."""
        refuse_damaged_settings(self._session)
        return Warrant(party, opening.items)

    def save(self, work: Transaction, ground: Ground) -> None:
        """Store the ending, the reopening or the review day of a ground."""
        refuse_damaged_settings(self._session)
        row = self._session.get(GroundRow, ground.id)
        row.ended_on = _text(ground.ended_on)
        row.ended_why = ground.ended_why.value if ground.ended_why else None
        row.going_until = _text(ground.going_until)
        row.review_on = _text(ground.review_on)
        work.update(row)


@lru_cache(maxsize=4)
def _ended_statement(kind: Any, among: int) -> str:
    """Write the question once for each kind of database; peewee's builder is slow."""
    query = GroundRow.select(GroundRow.party).where(GroundRow.ended_on.is_null(is_null=False))
    if among:
        query = query.where(GroundRow.party << [b""] * among)
    return str(query.bind(kind(None)).sql()[0])


COLUMNS = ("party", "purpose", "version", "kind", "relation", "since", "evidence")


def _values(opening: Opening, purpose: Purpose, since: date) -> tuple[object, ...]:
    return (
        purpose.code,
        purpose.version,
        opening.kind,
        opening.relation,
        since.isoformat(),
        opening.evidence.value,
    )


def _order(ground: Ground) -> tuple[date, str, bytes]:
    return ground.since, ground.purpose.number, ground.id


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
