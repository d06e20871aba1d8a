"""A vault with some history, and a hostile or careless host that writes into its file."""

from __future__ import annotations

import shutil

from gdpr.audit.events import Event
from gdpr.audit.verify import VerifyScope, verify
from gdpr.store.database import open_database
from gdpr.store.session import Session
from gdpr.store.warrant import Warrant
from tests.gdpr.kernel import ITEMS, SCHEMA, Paper, Person, Remark, add_person, fresh_id


class Tampered:
    """A vault with some history, its journal, and raw SQL against its file."""

    def __init__(self, place, made=None):
        self.place = place
        self.journal = place.journal()
        if made is None:
            self.write()
        else:
            self.people = made.people

    def write(self):
        self.people = [add_person(self.journal, f"P{n}", f"LV{n}", level=n) for n in range(4)]
        self.journal.log_access(Event.PARTIES_LISTED, count=4)
        first = self.journal.session.get(Person, self.people[0])
        first.level = 9
        with self.journal.audited_change(Event.PARTY_EDITED, self.people[0]) as deed:
            deed.update(first)
            remark = Remark(id=fresh_id(), person=self.people[0], text="blue door")
            deed.insert(remark, Warrant(self.people[0], ITEMS))
            paper = Paper(id=fresh_id(), person=self.people[0], name="P0", issued=3)
            deed.insert(paper, Warrant(self.people[0], ITEMS))

    def sql(self, statement, *values):
        return self.journal.session.database.execute_sql(statement, values)

    def found(self, **options):
        """Verify as a new program of the same desk would."""
        return self.place.journal(self.place.desk()).verify(self.place.vault.cards, **options)

    def checked(self):
        """Verify without noting it in the log."""
        journal = self.journal
        scope = VerifyScope(journal.desk_id, journal.anchors)
        return verify(journal.session, scope, self.place.vault.cards)

    def entry(self, seq):
        return f"{self.journal.desk_id.hex()}:{seq}"


def bad(verification):
    return [(damage.table, damage.row) for damage in verification.damages]


def copy_of(place, name):
    """Keep a copy of the whole database file."""
    for database in place.opened:
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(place.path, place.folder / name)


def put_back(place, name):
    """Put the copy in the place of the file and open it again."""
    place.close()
    for suffix in ("-wal", "-shm"):
        (place.folder / f"vault.db{suffix}").unlink(missing_ok=True)
    shutil.copy(place.folder / name, place.path)
    place.path.chmod(0o600)
    place.opened = [open_database(str(place.path))]
    return Session(place.opened[0], place.vault.ring, SCHEMA, frozenset(SCHEMA.categories))
