"""In which fields a row of a file differs from the party it is about, and taking them over.

Only what a live ground names is compared and changed, an empty cell changes nothing, and nothing
of a party whose data are going is touched: a file must not bring back what was let go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.grounds.suppression import follow_no, refuse_to_follow
from crm.models.party import Party
from crm.parties.changes import change_columns
from crm.parties.grace_period import is_going
from crm.parties.identifiers import identifiers_in
from crm.parties.masking import MASKED_ITEMS, Masking, dotted
from crm.transfer.bulk_insert import columns_of_part
from crm.transfer.cards import ChangeLine

if TYPE_CHECKING:
    from crm.files.candidate import Candidate
    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange


def _is_doubtful(party: Party, name: str) -> bool:
    return name == "phone" and bool(party.phone_unchecked)


def compare(
    context: RegisterContext, candidate: Candidate, party_id: bytes, deed: AuditedChange | None
) -> tuple[ChangeLine, ...]:
    """Return the differing fields of a row; with a deed they are stored as well."""
    party = context.session.get(Party, party_id)
    if party.kind != candidate.party.kind or is_going(context, party_id):
        return ()
    warrant = context.grounds.warrant(party_id, context.day)
    masking = Masking(context)
    natural = not party.is_legal_person()
    changed: dict[str, str | int | None] = {}
    lines = []
    for name, value in columns_of_part(candidate.party).items():
        column = Party.layout().column(name)
        if value is None or column.item not in warrant.items:
            continue
        if column.category not in context.access.writes or getattr(party, name) == value:
            continue
        if name in candidate.to_check and party.holds(name) and not _is_doubtful(party, name):
            continue  # what was checked does not give way to what nobody could check
        was = masking.of(party, name, natural=natural)
        becomes = dotted(value) if natural and column.item in MASKED_ITEMS else value
        lines.append(ChangeLine(candidate.line, party.number, name, was, becomes))
        changed[name] = value
    fresh = identifiers_in(changed)
    refuse_to_follow(context, party, fresh)
    if changed and deed is not None:
        follow_no(context, deed, party, fresh)
        if "phone" in changed:
            changed["phone_unchecked"] = int("phone" in candidate.to_check)
        change_columns(deed, party, changed, warrant)
    return tuple(lines)
