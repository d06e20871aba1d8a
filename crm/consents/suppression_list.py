"""Reading the suppression list: what is remembered, and whether one address or number is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.consents.cards import Remembered, SuppressionLine
from crm.grounds.consent_rules import proofs_under
from crm.grounds.suppression import suppressions
from crm.models.party import Party
from crm.numbers import search_keys
from crm.parties.identifiers import EMAIL, NUMBER, PHONE, identifier
from crm.parties.search import exactly
from crm.session.context import RegisterService
from gdpr.audit.events import Event
from gdpr.errors import NoKey
from gdpr.vault.keyring import SUPPRESSION

if TYPE_CHECKING:
    from gdpr.rules.suppression import Identifier, SuppressionRow

_KINDS = {"email": EMAIL, "phone": PHONE}


class SuppressionList(RegisterService):
    """The list of those who said no, for whoever answers for privacy."""

    def entries(self) -> tuple[SuppressionLine, ...]:
        """List every entry that stands, the oldest first; none says whose it is."""
        context = self._context
        self._need_key()
        lines = tuple(map(_line, suppressions(context).listing(context.day)))
        context.journal.log_access(Event.SUPPRESSIONS_LISTED, None, count=len(lines))
        return lines

    def check(self, text: str) -> Remembered:
        """Say what is kept under one address, phone or number: on the list, here, as a proof."""
        context = self._context
        self._need_key()
        found = suppressions(context).find(_identifiers(text, context.country), context.day)
        rows = {bytes(row.id): row for entries in found.values() for row in entries}
        parties = {bytes(party) for party in exactly(context, text)}
        numbers = sorted(context.session.get(Party, party).number for party in parties)
        proofs = sorted(file.purpose for file in proofs_under(context, text))
        known = Remembered(tuple(map(_line, rows.values())), tuple(numbers), tuple(proofs))
        count = len(known.listed) + len(numbers) + len(proofs)
        context.journal.log_access(Event.SUPPRESSIONS_LISTED, None, count=count)
        return known

    def _need_key(self) -> None:
        if not suppressions(self._context).can:
            raise NoKey(category=SUPPRESSION)


def _identifiers(text: str, country: str) -> list[Identifier]:
    found = [*identifier(EMAIL, text)] if "@" in text else []
    for kind, values in search_keys(text, country).items():
        for value in values:
            found += identifier(_KINDS.get(kind, NUMBER), value)
    return [*found, *identifier(NUMBER, text), *identifier(PHONE, text)]


def _line(row: SuppressionRow) -> SuppressionLine:
    return SuppressionLine(row.day, row.why, row.scope, row.kind, row.until)
