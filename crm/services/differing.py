"""In which fields a row of a file differs from the party it is about, and taking them over.

Only what a live ground names is compared and changed, an empty cell changes nothing, and nothing
of a party whose data are going is touched: a file must not bring back what was let go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.file_cards import ChangeLine
from crm.models.party import Party
from crm.services.changes import change_columns
from crm.services.identifying import identifiers_in
from crm.services.intake import columns_of_part
from crm.services.sight import MASKED_ITEMS, Sight, dotted
from crm.services.standing import is_going
from crm.services.suppressing import follow_no, refuse_to_follow

if TYPE_CHECKING:
    from crm.files.candidate import Candidate
    from crm.services.office import Office
    from gdpr.audit.journal import Deed


def compare(
    office: Office, candidate: Candidate, party_id: bytes, deed: Deed | None
) -> tuple[ChangeLine, ...]:
    """Return the differing fields of a row; with a deed they are stored as well."""
    party = office.desk.get(Party, party_id)
    if party.kind != candidate.party.kind or is_going(office, party_id):
        return ()
    warrant = office.grounds.warrant(party_id, office.day)
    sight = Sight(office)
    natural = not party.is_legal_person()
    changed: dict[str, str | int | None] = {}
    lines = []
    for name, value in columns_of_part(candidate.party).items():
        column = Party.layout().column(name)
        if value is None or column.item not in warrant.items:
            continue
        if column.category not in office.access.writes or getattr(party, name) == value:
            continue
        was = sight.of(party, name, natural=natural)
        becomes = dotted(value) if natural and column.item in MASKED_ITEMS else value
        lines.append(ChangeLine(candidate.line, party.number, name, was, becomes))
        changed[name] = value
    fresh = identifiers_in(changed)
    refuse_to_follow(office, party, fresh)
    if changed and deed is not None:
        follow_no(office, deed, party, fresh)
        if "phone" in changed:
            changed["phone_unchecked"] = int("phone" in candidate.to_check)
        change_columns(deed, party, changed, warrant)
    return tuple(lines)
