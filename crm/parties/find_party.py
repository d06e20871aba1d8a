"""Who is meant: a party by its number, VAT number or registration number, never by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.parties.errors import NobodyThere
from gdpr.text import clean

if TYPE_CHECKING:
    from crm.session.context import RegisterContext

LONGEST_NUMBER = 9


def find_party(context: RegisterContext, reference: str) -> Party:
    """Return the party that a reference names; no name is one, because two people may share it."""
    text = "".join(clean(reference).split())
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        found = context.session.first(Party, number=int(text))
        if found is not None:
            return found
    for column in ("vat_no", "reg_no", "trader_vat_no", "personal_code"):
        for candidate in _spellings(context, text):
            matches = context.session.find(Party, column, candidate)
            if matches:
                return matches[0]
    raise NobodyThere


def _spellings(context: RegisterContext, text: str) -> tuple[str, ...]:
    plain = text.replace("-", "").upper()
    return (text, plain, context.country + plain) if plain.isdigit() else (text, plain)
