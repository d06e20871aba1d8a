"""A program that erases one person and is killed at a named point; run as a module of its own."""

from __future__ import annotations

import os
import pathlib
import pickle
import signal
import sys

import gdpr.audit.journal
import gdpr.audit.ledger
from gdpr.audit.events import Event
from gdpr.audit.journal import Journal
from gdpr.audit.ledger import Ledger, LedgerState
from gdpr.clock import FixedClock
from gdpr.store.database import open_database
from gdpr.store.places import append_private
from gdpr.store.session import Session
from gdpr.vault.opening import open_keyring
from tests.gdpr.kernel import NOON, SCHEMA, Person


def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)


def after(call):
    def both(*args, **options):
        call(*args, **options)
        die()

    return both


def half(path, content, **_options):
    append_private(path, content[: len(content) // 2])
    die()


def only_shredding(call):
    def chosen(ledger, events, state, time):
        if state is LedgerState.SHREDDED:
            die()
        call(ledger, events, state, time)

    return chosen


def plant(point):
    """Put the fault where the name says."""
    journal, ledger = gdpr.audit.journal, gdpr.audit.ledger
    if point == "entry written, not committed":
        journal.insert_entry = after(journal.insert_entry)
    elif point == "committed, not anchored":
        Journal._committed = die
    elif point == "anchor written beside, not renamed":
        pathlib.Path.replace = die
    elif point == "anchored, not logged":
        Ledger.write = die
    elif point == "half a line logged":
        ledger.append_private = half
    elif point == "logged":
        ledger.append_private = after(append_private)
    elif point == "log of the database cut, not marked":
        Ledger.write = only_shredding(Ledger.write)
    else:
        raise ValueError(point)


def main(folder, point):
    with (folder / "keys.pickle").open("rb") as file:
        account, keys, password, person = pickle.load(file)
    ring = open_keyring(account, keys, password)
    database = open_database(str(folder / "vault.db"))
    desk = Session(database, ring, SCHEMA, frozenset(SCHEMA.categories))
    journal = Journal(desk, folder / "state", FixedClock(NOON))
    plant(point)
    with journal.audited_change(Event.ERASED, person, rows=1) as deed:
        deed.bear("erased", because="no-longer-needed")
        deed.delete(desk.get(Person, person))
        deed.settle(desk.keys_of(person), ("alpha", "beta"))
    journal.shred()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
