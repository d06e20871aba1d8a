"""What somebody else changed while a form was open: it is shown, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.kinds.party import TRADES_AS
from crm.models.party import Party
from crm.parties.errors import ChangedMeanwhile
from crm.parties.masking import Masking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.parties.field_rules import Columns
    from crm.session.context import RegisterContext

_PLAIN = frozenset({"country", "status"})


def refuse_changed(
    context: RegisterContext, party: Party, columns: Columns, seen: Mapping[str, str | None]
) -> None:
    """Refuse to store over fields that hold something else than what somebody has seen.

    Masked fields are seen as dots. What both changed to the same is no conflict.
    """
    if not seen:
        return
    now = context.session.get(Party, bytes(party.id))
    changed = [
        field
        for field, was in seen.items()
        if (column := _column(now, field)) in columns
        and (was or None) not in (held := _as_shown(context, now, column))
        and columns[column] not in held
    ]
    if changed:
        raise ChangedMeanwhile(number=party.number, fields=", ".join(changed))


def _column(party: Party, field: str) -> str:
    return field if party.is_legal_person() else TRADES_AS.get(field, field)


def _as_shown(context: RegisterContext, party: Party, column: str) -> tuple[str | None, ...]:
    """Give the value of a column in the clear and as dots, because either may have been seen."""
    if column in _PLAIN:
        return (str(getattr(party, column)),)
    natural = not party.is_legal_person()
    clear = Masking(context, reveal=True).of(party, column, natural=natural)
    return clear, Masking(context).of(party, column, natural=natural)
