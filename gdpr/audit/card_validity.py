"""When each issue of a card ended, and what single entries count for: who signed, might, and when.

The entry that disables a user or issues a card anew quotes the head of every chain. What an older
issue signed up to these heads stays true; whatever it signs behind them, on a chain that was known
or on one nobody had seen, is damage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gdpr.audit.chain import MISTYPED, EntryHash, parse_body, unpack_heads
from gdpr.audit.entries import entries_about_cards, hash_of
from gdpr.audit.events import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peewee import Database

    from gdpr.audit.entries import Checkpoint, Entry
    from gdpr.audit.ledger import Line
    from gdpr.audit.signers import Signatures

CARD: Final = "card"
ROLE: Final = "role"
# Whoever may let a right take effect again may enter one into a ledger; nobody else.
VOUCHING: Final = Event.ERASURE_REPLAYED.value


class CardEnding(NamedTuple):
    """The entry from which on only this issue of a user's card, or a later one, is valid."""

    entry: Entry
    user: bytes
    issue: int
    heads: Mapping[bytes, int]

    def admits(self, desk: bytes, seq: int) -> bool:
        """Tell whether this place of a chain was there when the older issues ended."""
        if desk == self.entry.desk:
            return seq <= self.entry.seq
        return seq <= self.heads.get(desk, 0)

    def saw(self, other: CardEnding) -> bool:
        """Tell whether `other` stood in the log already when this was written."""
        if other.entry.desk == self.entry.desk:
            return other.entry.seq < self.entry.seq
        return other.entry.seq <= self.heads.get(other.entry.desk, 0)


class CutOffs:
    """Says of single entries whether they count; read once for all that is looked at."""

    def __init__(
        self, database: Database, vault_id: bytes, signatures: Signatures, desk: bytes | None = None
    ) -> None:
        """Read every entry that ended an issue of a card.

        Where two such entries shut each other out, the word of `desk` counts first: a chain that
        nobody knew cannot undo what this desk has written.
        """
        self._database = database
        self._hashes = EntryHash(vault_id)
        self.signatures = signatures
        self._endings: dict[bytes, list[CardEnding]] = {}
        found = [self._ending(entry) for entry in entries_about_cards(database)]
        for ending in _in_order([one for one in found if one is not None], desk):
            signed = ending.entry
            if self.valid(signed.actor, signed.card_counter, signed.desk, signed.seq):
                self._endings.setdefault(ending.user, []).append(ending)

    def valid(self, user: bytes, issue: int, desk: bytes, seq: int) -> bool:
        """Tell whether an issue of a card was valid at this place of the log."""
        return all(
            ending.issue <= issue or ending.admits(desk, seq)
            for ending in self._endings.get(user, ())
        )

    def ended(self, user: bytes, issue: int) -> bool:
        """Tell whether an issue of a card is valid no more."""
        return any(ending.issue > issue for ending in self._endings.get(user, ()))

    def refusal(self, entry: Entry, tables: tuple[str, ...] = ()) -> str | None:
        """Say why a whole entry does not count, None when it does; `tables` are what it changed."""
        if not self.valid(entry.actor, entry.card_counter, entry.desk, entry.seq):
            return CARD
        if not self.signatures.may(entry.actor, entry.card_counter, entry.event, tables):
            return ROLE
        return None

    def refusal_of_mark(self, mark: Checkpoint) -> str | None:
        """Say why a checkpoint, whose signature holds, does not count; None when it does."""
        if not self.valid(mark.actor, mark.card_counter, mark.desk, mark.seq):
            return CARD
        may = self.signatures.may(mark.actor, mark.card_counter, Event.AUDIT_VERIFIED.value)
        return None if may else ROLE

    def whole(self, entry: Entry) -> bool:
        """Tell whether an entry has its true hash, signed by whom it names."""
        try:
            if self._hashes.of(entry) != entry.hash:
                return False
        except MISTYPED:
            return False
        return self.signatures.holds(entry.actor, entry.card_counter, entry.sig, entry.hash)

    def counts(self, entry: Entry) -> bool:
        """Tell whether an entry is whole, of a card valid at its place, and of somebody who may."""
        return self.whole(entry) and self.refusal(entry) is None

    def refusal_of_line(self, line: Line) -> str | None:
        """Say why a line brings no event into the ledger, None when it does.

        An entry of this log shows when it was written. Of an event whose entry was lost with an
        older database the line itself must tell.
        """
        event = line.event
        if not self.signatures.may(line.actor, line.card_counter, VOUCHING):
            return ROLE
        if not self.ended(line.actor, line.card_counter):
            return None
        there = hash_of(self._database, event.desk, event.seq)
        for ending in self._endings[line.actor]:
            if ending.issue > line.card_counter and (
                not ending.admits(event.desk, event.seq)
                if there == event.entry
                else there is not None or line.time > ending.entry.time
            ):
                return CARD
        return None

    def _ending(self, entry: Entry) -> CardEnding | None:
        if not self.whole(entry) or entry.object_id is None:
            return None
        issue = parse_body(entry.body).get("card")
        if not isinstance(issue, int):
            return None
        # Who may not issue cards ends none.
        if not self.signatures.may(entry.actor, entry.card_counter, entry.event):
            return None
        try:
            heads = unpack_heads(entry.heads or b"")
        except ValueError:
            return None
        return CardEnding(entry, entry.object_id, issue, {quote.desk: quote.seq for quote in heads})


def _in_order(found: list[CardEnding], own: bytes | None) -> list[CardEnding]:
    """Put what an entry had seen before it; else this desk's own word before another's."""
    found.sort(
        key=lambda one: (one.entry.desk != own, one.entry.time, one.entry.desk, one.entry.seq)
    )
    ordered: list[CardEnding] = []
    begun: set[tuple[bytes, int]] = set()

    def put(ending: CardEnding) -> None:
        place = (ending.entry.desk, ending.entry.seq)
        if place in begun:
            return
        begun.add(place)
        for other in found:
            if ending.saw(other):
                put(other)
        ordered.append(ending)

    for ending in found:
        put(ending)
    return ordered
