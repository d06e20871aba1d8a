"""The least version of each key that may still be used, whatever the rows of versions say.

Told by the anchor of this desk, by the log, and by the rows themselves while they verified. Else
somebody could put back the rows of one key, and what is new would be wrapped under a version that
was destroyed because a former colleague knows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.session.card_signers import CardSigners
from gdpr.audit.anchor import highest
from gdpr.audit.cutoffs import CutOffs
from gdpr.audit.errors import StateFileDamaged
from gdpr.audit.keyfacts import ENDED, IN_USE, key_facts
from gdpr.audit.signers import Signatures
from gdpr.errors import Damaged
from gdpr.store.keyversions import InUse, KeyState, KeyVersion
from gdpr.store.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.audit.journal import Journal
    from gdpr.store.session import Session

FOUNDING: Final = InUse(frozenset({1}), 1)
"""A key without a row of versions is at its first one since founding."""


class Floors:
    """Says which versions of keys may be used at this desk."""

    def __init__(self, facts: Mapping[str, int]) -> None:
        """Begin with what is known."""
        self.facts = dict(facts)

    def learn(self, used: Mapping[str, InUse]) -> None:
        """Remember for this run which versions were in use."""
        self.facts = highest(
            self.facts, {IN_USE + name: each.active for name, each in used.items()}
        )

    def rolled_back(self, used: Mapping[str, InUse]) -> tuple[str, ...]:
        """Return the keys of which an older version is in use than was before."""
        behind = {
            fact.removeprefix(IN_USE)
            for fact, least in self.facts.items()
            if fact.startswith(IN_USE)
            and used.get(fact.removeprefix(IN_USE), FOUNDING).active < least
        }
        return tuple(sorted(behind))

    def sound(self, used: Mapping[str, InUse]) -> dict[str, InUse]:
        """Return the versions in use without those that were destroyed before."""
        return {
            name: InUse(
                frozenset(v for v in each.versions if v > self.facts.get(ENDED + name, 0)),
                each.active,
            )
            for name, each in used.items()
        }


def floors_of(journal: Journal) -> Floors:
    """Gather what anchor, rows and log know; an anchor that is damaged was named before."""
    session = journal.desk
    try:
        anchored = journal.facts()
    except StateFileDamaged:
        anchored = {}

    def log() -> CutOffs:
        signatures = Signatures(CardSigners(session))
        return CutOffs(session.database, session.ring.vault_id, signatures, journal.desk_id)

    return Floors(key_facts(session.database, highest(anchored, _in_rows(session)), log))


def _in_rows(session: Session) -> dict[str, int]:
    """Return what the rows say that verify, so that a later opening knows it."""
    layout = layout_of(KeyVersion)
    seal = session.seals[layout.table]
    places = [layout.position(name) for name in ("category", "version", "state")]
    facts: dict[str, int] = {}
    kinds = {KeyState.ACTIVE.value: IN_USE, KeyState.DESTROYED.value: ENDED}
    for row in session.stored(KeyVersion):
        name, version, state = (row[place] for place in places)
        try:
            seal.verify(row)
        except Damaged:
            continue
        if state in kinds:
            facts = highest(facts, {kinds[state] + name: version})
    return facts
