"""A version of a key that was destroyed is used no more, whatever rows somebody puts back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from crm.keys.rotation import Rotation
from gdpr.errors import KeyRolledBack
from gdpr.store.database import flush_log
from tests.crm.planting import FIELDS, plant

KEY_TABLES = ("key_version", "slot", "vault_secret", "owner_key")


class Night:
    """Keeps rows of keys as they were, and puts them back one by one when nobody looks."""

    def __init__(self, place):
        self.place = place
        self.kept = {table: self._rows(table) for table in KEY_TABLES}

    def _rows(self, table):
        with closing(sqlite3.connect(self.place.vault)) as database:
            return database.execute(f"SELECT * FROM {table}").fetchall()

    def put_back(self, name, *, beside=False):
        """Put back the rows of one key, `beside` those that came into use meanwhile."""
        with closing(sqlite3.connect(self.place.vault)) as database:
            database.execute("DELETE FROM key_version WHERE category = ?", (name,))
            if not beside:
                database.execute("DELETE FROM slot WHERE category = ?", (name,))
            for table in ("key_version", "slot"):
                rows = [row for row in self.kept[table] if name in row]
                if rows:
                    marks = _marks(len(rows[0]))
                    database.executemany(f"REPLACE INTO {table} VALUES ({marks})", rows)
            for table in ("owner_key",) if beside else ("vault_secret", "owner_key"):
                rows = self.kept[table]
                marks = _marks(len(rows[0]))
                database.executemany(f"REPLACE INTO {table} VALUES ({marks})", rows)
            database.commit()


def _marks(count):
    return ",".join("?" * count)


@pytest.fixture
def night(place):
    """Return a register whose key of contacts was replaced, and the rows from before."""
    with place.open() as register:
        plant(register, "client")
        flush_log(register.context.session.database)
    before = Night(place)
    with place.open() as register:
        register.rotation.run(["contact"])
        plant(register, "prospect", fields={"given_name": "Zeltžubīte", "phone": "+37129000002"})
        flush_log(register.context.session.database)
    return before


def count(place, table):
    """Return how many rows a table has."""
    with closing(sqlite3.connect(place.vault)) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.parametrize("desk", ["known", "new"])
def test_rows_put_back_row_by_row_are_told_by_every_command(place, cli, night, desk):
    """List, show and add give 7 and name the key; nothing new is written under the old version.

    The desk that anchored the rotation knows it, and a new one reads it in the log.
    """
    if desk == "new":
        shutil.rmtree(place.folder / "state")
    night.put_back("contact")
    before = count(place, "party")
    add = ("client", "add", "--kind", "natural", "--given-name", "Jaunā", "--family-name", "Jauna")
    add += ("--email", "jauna@example.com", "--relation", "prospect", "--informed", "2026-03-01")
    for command in (("client", "list"), ("client", "show", "1"), add):
        told = cli(*command)
        assert told.exit_code == 7, (command, told.stderr)
        assert "key of e-mail, phone, address" in told.stderr, command
        assert "unexpected error" not in told.stderr
        assert FIELDS["email"] not in told.stdout
    assert count(place, "party") == before
    assert cli("audit", "verify").exit_code == 7


def test_what_another_key_opens_stays_usable(place, cli, night):
    """One key that was put back shuts away what lies under it and nothing else."""
    night.put_back("contact")
    told = cli("client", "list", "--format", "json")
    assert told.exit_code == 7
    assert FIELDS["family_name"] in told.stdout
    before = count(place, "note")
    assert cli("note", "add", "1", "-", stdin='{"text": "a note"}').exit_code == 7
    assert count(place, "note") == before + 1


def test_the_key_of_the_register_put_back_opens_nothing(place, cli):
    """Without the key that proves rows nothing can be believed."""
    with place.open() as register:
        plant(register, "client")
        flush_log(register.context.session.database)
    night = Night(place)
    with place.open() as register:
        register.rotation.run(["register"])
        flush_log(register.context.session.database)
    night.put_back("register")
    told = cli("client", "list")
    assert told.exit_code == 7
    assert told.stdout == ""
    assert "key of integrity of the register" in told.stderr


def test_an_open_desk_writes_nothing_once_a_key_was_put_back(place, night):
    """It is asked before each change, inside the transaction."""
    before = count(place, "note")
    with place.open() as register:
        register.notes.add("1", "before")
        night.put_back("contact")
        with pytest.raises(KeyRolledBack) as caught:
            register.notes.add("1", "after")
        assert caught.value.arguments == {"key": "contact"}
    assert count(place, "note") == before + 1


def test_a_destroyed_version_beside_the_new_one_is_not_used(place):
    """Rows from the middle of a rotation bring the old version back for reading: it is not taken.

    Who left knows that version, and could wrap a key of their own under it.
    """
    with place.open() as register:
        plant(register, "client")
        rotation = Rotation(register.context)
        rotation._begin(("contact",))
        rotation._promote(("contact",))
        flush_log(register.context.session.database)
    middle = Night(place)
    with place.open() as register:
        assert register.context.session.ring.versions("contact") == {1, 2}
        register.rotation.run()
        assert register.context.session.ring.versions("contact") == {2}
        flush_log(register.context.session.database)
    middle.put_back("contact", beside=True)
    with place.open() as register:
        assert register.context.session.ring.versions("contact") == {2}
        assert register.damage


def test_the_anchor_knows_what_was_taken_out_of_the_log(place, cli, night):
    """Whoever takes the rotation out of the log as well is told by the desk that anchored it."""
    night.put_back("contact")
    with closing(sqlite3.connect(place.vault)) as database:
        database.execute("DELETE FROM audit_entry WHERE event LIKE 'vault:key:%'")
        database.commit()
    told = cli("client", "list")
    assert told.exit_code == 7
    assert "key of e-mail, phone, address" in told.stderr


def test_a_desk_that_was_away_learns_of_a_rotation(place, night, tmp_path, monkeypatch):
    """A second computer anchors at its next opening what was rotated elsewhere meanwhile."""
    state = place.folder / "state"
    away = tmp_path / "away"
    state.rename(away)
    with place.open() as register:
        assert register.context.journal.facts()["key.contact"] == 2
        assert register.context.journal.facts()["ended.contact"] == 1
        assert register.damage == ()
