"""A program killed anywhere between a change and its last line leaves nothing half done."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gdpr.audit.ledger import LedgerState
from gdpr.store.owners import owner_key_model
from gdpr.vault.opening import VaultKeys
from tests.gdpr.kernel import SCHEMA, Person, add_person

ROOT = Path(__file__).parents[3]
POINTS = {
    "entry written, not committed": None,
    "committed, not anchored": LedgerState.LOGGED,
    "anchor written beside, not renamed": LedgerState.LOGGED,
    "anchored, not logged": LedgerState.LOGGED,
    "half a line logged": LedgerState.LOGGED,
    "logged": LedgerState.LOGGED,
    "log of the database cut, not marked": LedgerState.LOGGED,
}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("point", POINTS)
def test_killed_while_erasing(place, kernel_vault, point):
    """Erased with entry and line, or not at all; the next program mends what is missing."""
    journal = place.journal()
    person = add_person(journal, "Anna")
    other = add_person(journal, "Berta")
    founded = kernel_vault.founded
    keys = VaultKeys(founded.vault_id, founded.root_public, None, founded.slots, founded.secrets)
    with (place.folder / "keys.pickle").open("wb") as file:
        pickle.dump((founded.account, keys, kernel_vault.password, person), file)
    command = [sys.executable, "-m", "tests.gdpr.audit.doomed", str(place.folder), point]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL

    again = place.journal(place.desk(kernel_vault.ring))
    assert not [path for path in (place.folder / "state").iterdir() if path.name[0] == "."]
    again.check_anchor()
    found = again.reconcile(kernel_vault.cards)
    state = POINTS[point]
    erased = again.session.first(Person, id=person) is None
    assert erased == (state is not None)
    assert found.missing == found.damages == ()
    assert found.torn == (point == "half a line logged")
    events = again.ledger.events(kernel_vault.cards)
    assert [event.subject for event in events] == ([person] if erased else [])
    assert list(events.values()) == ([state] if erased else [])
    assert len(again.session.rows(owner_key_model(SCHEMA.categories))) == (1 if erased else 2)
    assert again.verify(kernel_vault.cards).ok
    assert again.shred() == []
    assert again.session.get(Person, other).name == "Berta"
    add_person(again, "Cecilia")
    assert again.verify(kernel_vault.cards).ok
