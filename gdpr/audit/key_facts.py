"""What the log says of keys: which version came into use, which ended, and which root signs.

Rows of versions can be put back one by one, and each verifies. Entries cannot be taken back without
breaking a chain, and what a desk has anchored it knows for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gdpr.audit.anchor import highest
from gdpr.audit.chain import MISTYPED, parse_body
from gdpr.audit.entries import entries_about_cards, entries_about_keys
from gdpr.audit.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from peewee import Database

    from gdpr.audit.card_validity import CutOffs
    from gdpr.audit.entries import Entry

IN_USE: Final = "key."
"""Fact: at least this version of a key wraps what is new."""
ENDED: Final = "ended."
"""Fact: this version of a key, and every one before it, is destroyed."""
ROOT: Final = "root"
_FACTS: Final = {Event.KEY_PROMOTED.value: IN_USE, Event.KEY_DESTROYED.value: ENDED}


def key_facts(
    database: Database, known: Mapping[str, int], log: Callable[[], CutOffs]
) -> dict[str, int]:
    """Return what is known with what the log tells beyond it; `log` is asked only about that.

    An entry counts that its signer was allowed to write, on a card valid at its place.
    """
    told = dict(known)
    cut_offs: CutOffs | None = None
    for entry in entries_about_keys(database):
        after = highest(told, _claims(entry))
        if after != told:
            cut_offs = cut_offs or log()
            told = after if cut_offs.counts(entry) else told
    return told


def roots_in_log(database: Database, log: CutOffs) -> frozenset[str]:
    """Return the fingerprints, in hex, of the roots that somebody allowed to has brought in."""
    brought_in = _brought_in(database, log)
    return frozenset(
        str(parse_body(entry.body).get(ROOT))
        for entry in entries_about_keys(database)
        if entry.event == Event.ROOT_ROTATED
        and (entry.actor, entry.card_counter) in brought_in
        and log.counts(entry)
    )


def _brought_in(database: Database, log: CutOffs) -> set[tuple[bytes, int]]:
    """Return the issues of cards that entries lead to from the one that founded the vault.

    A root that somebody took along signs any card; entries of others it cannot sign.
    """
    entries = [entry for entry in entries_about_cards(database) if log.counts(entry)]
    founding = [entry for entry in entries if entry.event == Event.VAULT_CREATED]
    if len(founding) != 1:
        return set()
    known = {(founding[0].actor, founding[0].card_counter)}
    while True:
        found = {
            (entry.object_id, int(parse_body(entry.body).get("card", 0)))
            for entry in entries
            if entry.object_id is not None and (entry.actor, entry.card_counter) in known
        }
        if found <= known:
            return known
        known |= found


def _claims(entry: Entry) -> dict[str, int]:
    kind = _FACTS.get(entry.event)
    if kind is None:
        return {}
    try:
        body = parse_body(entry.body)
    except MISTYPED:
        return {}
    return {kind + name: value for name, value in body.items() if isinstance(value, int)}
