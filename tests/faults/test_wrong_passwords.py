"""Guessing a password at the prompt: each guess is refused and counted, and shuts nobody out."""

from __future__ import annotations

import os
import resource
import secrets
import sqlite3
import sys
from contextlib import closing

import pytest

from crm.kartoteka import Kartoteka
from gdpr.audit.events import Event
from gdpr.audit.reading import Wanted
from gdpr.errors import Damaged, Locked

LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
GUESSES = 1_000 if LONG else 8


def test_every_wrong_password_is_refused_and_counted(place):
    """After any number of guesses the right password opens, and the log says how many."""
    refused = 0
    for _ in range(GUESSES):
        with pytest.raises(Locked):
            Kartoteka.open(
                str(place.vault), "anna", lambda: secrets.token_urlsafe(24), clock=place.clock
            )
        refused += 1

    with place.open() as register:
        (last,) = register.context.journal.entries(Wanted(event=Event.VAULT_OPENED.value, limit=1))

        assert f"failures={GUESSES}" in last.body
    assert refused == GUESSES


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system for the memory used")
@pytest.mark.parametrize(
    ("column", "value"), [("kdf_memory", 2**32), ("kdf_time", 2**31), ("kdf_lanes", 2**24)]
)
def test_a_host_cannot_make_a_guess_cost_all_memory(place, column, value):
    """Parameters beyond the bounds are refused before a byte is allocated for them."""
    with closing(sqlite3.connect(place.vault)) as raw:
        raw.execute(f"UPDATE user_account SET {column} = ? WHERE name = 'anna'", (value,))
        raw.commit()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Damaged):
        place.open()

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
