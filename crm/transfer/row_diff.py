"""In which fields a row of a file differs from the party it is about, and taking them over.

Only what a live ground names is compared and changed, an empty cell changes nothing, and nothing
of a party whose data are going is touched: a file must not bring back what was let go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.files.headings import PARTS, PLACED, PLACES
from crm.grounds.suppression import follow_no, refuse_to_follow
from crm.kinds.party import ADDRESSES, BY_NAME, FURTHER, TRADES_AS
from crm.models.party import Party
from crm.parties.cards import Further
from crm.parties.changes import change_columns, change_further, is_held
from crm.parties.field_rules import check_renamed
from crm.parties.grace_period import is_going
from crm.parties.identifiers import identifier, identifiers_in
from crm.parties.masking import MASKED_ITEMS, Masking, dotted
from crm.transfer.cards import ChangeLine

if TYPE_CHECKING:
    from crm.files.candidate import Candidate
    from crm.parties.field_rules import Columns
    from crm.session.context import RegisterContext
    from gdpr.audit.journal import AuditedChange


def _is_doubtful(party: Party, name: str) -> bool:
    return name == "phone" and bool(party.phone_unchecked)


def columns_brought(codes: frozenset[str]) -> frozenset[str]:
    """Return the columns that may be filled from these fields of a file."""
    brought = set(codes)
    for code in codes:
        if code.endswith(PARTS):
            place = next(place for place in reversed(PLACES) if code.startswith(place))
            brought.add(PLACED.get(place, ADDRESSES[0]))
        elif code in {"full_name", "company"}:
            brought.add("name")
    columns = {stored for code in brought for stored in (code, TRADES_AS.get(code, code))}
    return frozenset(columns | ({"personal_code"} if "reg_no" in columns else set()))


def _kind_of(column: str) -> str:
    return BY_NAME[column].further if column in BY_NAME else column


def _further(
    context: RegisterContext,
    candidate: Candidate,
    party: Party,
    change: AuditedChange | None,
    kinds: frozenset[str],
) -> list[ChangeLine]:
    """Bring in second and further values that are not on the card yet."""
    warrant = context.grounds.warrant(bytes(party.id), context.day)
    natural = not party.is_legal_person()
    lines = []
    for kind, value in candidate.party.further:
        if kind not in kinds:
            continue
        item = FURTHER[kind].item
        if item.code not in warrant.items or item.category.code not in context.access.writes:
            continue
        if is_held(context, party, kind, value):
            continue
        becomes = dotted(value) if natural and item.code in MASKED_ITEMS else value
        lines.append(ChangeLine(candidate.line, party.number, kind, None, becomes))
        if change is not None:
            follow_no(context, change, party, identifier(kind, value))
            change_further(context, change, party, [Further(kind, value)], warrant)
    return lines


def _brought(
    context: RegisterContext, candidate: Candidate, party: Party, fill: frozenset[str] | None
) -> Columns:
    """Return what a row brings that differs, as far as it may be brought in."""
    warrant = context.grounds.warrant(bytes(party.id), context.day)
    brought: Columns = {}
    for name, value in candidate.party.columns().items():
        column = Party.layout().column(name)
        if value is None or column.item not in warrant.items:
            continue
        if column.category not in context.access.writes or getattr(party, name) == value:
            continue
        if fill is not None and (name not in fill or party.holds(name)):
            continue
        if name in candidate.to_check and party.holds(name) and not _is_doubtful(party, name):
            continue  # what was checked does not give way to what nobody could check
        brought[name] = value
    check_renamed(party, brought)
    return {name: value for name, value in brought.items() if getattr(party, name) != value}


def compare(
    context: RegisterContext,
    candidate: Candidate,
    party_id: bytes,
    change: AuditedChange | None,
    *,
    fill: frozenset[str] | None = None,
) -> tuple[ChangeLine, ...]:
    """Return the differing fields of a row; with a change they are stored as well.

    With `fill` only these columns are brought in, and only where the party has nothing.
    """
    party = context.session.get(Party, party_id)
    if party.kind != candidate.party.kind or is_going(context, party_id):
        return ()
    masking = Masking(context)
    natural = not party.is_legal_person()
    changed = _brought(context, candidate, party, fill)
    lines = []
    for name, value in changed.items():
        if value is not None:
            masked = natural and Party.layout().column(name).item in MASKED_ITEMS
            was = masking.of(party, name, natural=natural)
            becomes = dotted(str(value)) if masked else str(value)
            lines.append(ChangeLine(candidate.line, party.number, name, was, becomes))
    fresh = identifiers_in(changed)
    refuse_to_follow(context, party, fresh)
    if changed and change is not None:
        follow_no(context, change, party, fresh)
        if "phone" in changed:
            changed["phone_unchecked"] = int("phone" in candidate.to_check)
        change_columns(change, party, changed, context.grounds.warrant(party_id, context.day))
    kinds = frozenset(FURTHER) if fill is None else frozenset(map(_kind_of, fill))
    lines += _further(context, candidate, party, change, kinds)
    return tuple(lines)
