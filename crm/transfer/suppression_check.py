"""Which rows of a file may come in: a list brings back nobody who said no.

A row of somebody who was erased on request stays outside. Of somebody who said no to marketing the
other purposes may begin, and a row of which none is left stays outside too. A contact person who
may not come in is left out of the row of their company.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import ErasedOnRequest
from crm.files.candidate import OF_CONTACT, Rejection
from crm.grounds.consent_rules import born_on, is_child
from crm.grounds.suppression import suppressions
from crm.models.party import PartyKind
from crm.parties.identifiers import identifier, identifiers_in, identifiers_in_text
from crm.transfer.cards import RejectLine
from gdpr.rules.purposes import Evidence
from gdpr.rules.suppression import Why, closed, no_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm.files.candidate import Candidate, PartyPart
    from crm.files.reading import FileRow
    from crm.session.context import RegisterContext
    from crm.transfer.import_grounds import ImportGrounds
    from gdpr.errors import Refused
    from gdpr.rules.grounds import Opening
    from gdpr.rules.suppression import Identifier, No

    # The fields of a row, each with what in it identifies somebody.
    Told = list[tuple[str, list[Identifier]]]

OBJECTED, WITHDRAWN, ERASED, CHILD = "objected", "withdrawn", "erased", "child"
_REASON: Final = {Why.OBJECTED: OBJECTED, Why.WITHDRAWN: WITHDRAWN, Why.ERASED: ERASED}


class SuppressionCheck:
    """Keeps out of one file the rows of people on the suppression list, and of children."""

    def __init__(
        self, context: RegisterContext, reasons: ImportGrounds, heading: Callable[[str], str]
    ) -> None:
        """Open grounds for `reasons`; `heading` names the column of a field."""
        self._context = context
        self._reasons = reasons
        self._heading = heading
        self._listed = suppressions(context)
        self._openings = {
            PartyKind.NATURAL.value: reasons.natural,
            PartyKind.LEGAL.value: reasons.legal,
        }

    def hits(self, candidates: Sequence[Candidate]) -> dict[Identifier, list[No]]:
        """Return what is on the list against anybody in a batch, asked with few statements."""
        if self._listed.is_empty():
            return {}
        wanted = [
            one
            for candidate in candidates
            for _name, identifiers in (*_of_client(candidate), *_of_contact(candidate))
            for one in identifiers
        ]
        found = self._listed.find(wanted, self._context.day)
        return {one: [no_of(row) for row in rows] for one, rows in found.items()}

    def judge(
        self, row: FileRow, candidate: Candidate, hits: Mapping[Identifier, list[No]]
    ) -> Candidate | Rejection:
        """Let a row in as far as it may, or say why it stays outside."""
        if self._is_child(candidate):
            return self._outside(row, candidate, "personal_code", CHILD)
        if not hits:
            return candidate
        opening = self._openings[candidate.party.kind]
        refused, why, field = _refused(_of_client(candidate), opening, hits)
        if why is not None and (why is Why.ERASED or len(refused) == len(opening.purposes)):
            return self._outside(row, candidate, field, _REASON[why])
        if refused:
            candidate = candidate._replace(refused=frozenset(refused))
        return self._without_contact(candidate, hits)

    def held_back(self, before: Candidate, after: Candidate) -> Rejection | None:
        """Tell what was left out of a row that came in, None where nothing was."""
        if before.contact is not None and after.contact is None:
            field = "contact_email" if before.contact.values.get("email") else "contact_phone"
            return Rejection(after.line, after.nr, self._heading(field), ERASED, ())
        if after.refused:
            return Rejection(after.line, after.nr, None, OBJECTED, ())
        return None

    def unchanged(self, candidate: Candidate, refused: Refused) -> RejectLine:
        """Tell that a known client was not given the address of somebody who said no."""
        why = ERASED if isinstance(refused, ErasedOnRequest) else OBJECTED
        return RejectLine(candidate.line, candidate.nr, self._heading("email"), why)

    def _without_contact(
        self, candidate: Candidate, hits: Mapping[Identifier, list[No]]
    ) -> Candidate:
        opening = self._reasons.contact
        if candidate.contact is None or opening is None:
            return candidate
        refused, why, _field = _refused(_of_contact(candidate), opening, hits)
        gone = why is Why.ERASED or (refused and len(refused) == len(opening.purposes))
        return candidate._replace(contact=None) if gone else candidate

    def _is_child(self, candidate: Candidate) -> bool:
        part, opening = candidate.party, self._openings[candidate.party.kind]
        code = part.columns().get("personal_code")
        if opening.evidence is not Evidence.CONSENT or code is None:
            return False
        day = self._context.day
        born = born_on(code, day)
        return born is not None and is_child(born, day, self._context.country)

    def _outside(self, row: FileRow, candidate: Candidate, field: str, reason: str) -> Rejection:
        return Rejection(candidate.line, candidate.nr, self._heading(field), reason, row.cells)


def _of_client(candidate: Candidate) -> Told:
    """Return by which fields a client is known, what is set aside to be mended included."""
    return [*_told(candidate.party), *_set_aside(candidate, of_contact=False)]


def _of_contact(candidate: Candidate) -> Told:
    """Return by which fields the contact person of a row is known."""
    if candidate.contact is None:
        return []
    return [*_told(candidate.contact), *_set_aside(candidate, of_contact=True)]


def _told(part: PartyPart) -> Told:
    told = [(name, identifiers_in({name: value})) for name, value in part.columns().items()]
    return told + [(kind, identifier(kind, value)) for kind, value in part.further]


def _set_aside(candidate: Candidate, *, of_contact: bool) -> Told:
    return [
        (defect.field, identifiers_in_text(defect.value))
        for defect in candidate.to_mend
        if defect.field.startswith(OF_CONTACT) is of_contact
    ]


def _refused(
    told: Told, opening: Opening, hits: Mapping[Identifier, list[No]]
) -> tuple[list[str], Why | None, str]:
    """Return the purposes that are closed to whom these fields describe, why, and by what."""
    nos: list[No] = []
    field = "email"
    for name, identifiers in told:
        against = [no for one in identifiers for no in hits.get(one, ())]
        if against and not nos:
            field = name
        nos += against
    if any(no.why is Why.ERASED for no in nos):
        return [], Why.ERASED, field
    refused = closed(opening.purposes, nos)
    why = next(iter(refused.values())).why if refused else None
    return list(refused), why, field
