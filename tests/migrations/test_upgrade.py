"""Upgrading: the schema the program expects, released steps frozen, and never half a change."""

from __future__ import annotations

import os
import shutil
import signal
import tomllib
from hashlib import sha256
from pathlib import Path
from textwrap import dedent

import pytest

from crm.kartoteka import migrations
from crm.schema import SCHEMA
from gdpr.audit.entries import MODELS
from gdpr.store.database import create_database, open_database
from gdpr.store.errors import UpgradeFailed, VaultTooNew
from gdpr.store.upgrade import Upgrader, destroy_copy, failed_copies

FROZEN = Path(__file__).with_name("frozen.toml")
GOOD = """
    from peewee import TextField

    def up(migrator, db):
        migrator.migrate(migrator.add_column("party", "nickname", TextField(null=True)))
"""
BAD = """
    from peewee import TextField

    def up(migrator, db):
        migrator.migrate(migrator.add_column("party", "nickname", TextField(null=True)))
        db.execute_sql("INSERT INTO nothing_of_this_name VALUES ('a secret in the statement')")
"""


def schema_of(database):
    rows = database.execute_sql(
        "SELECT type, tbl_name, sql FROM sqlite_master WHERE name != 'schema_migration'"
        " AND tbl_name NOT IN ('schema_migration', 'sqlite_sequence')"
    ).fetchall()
    return {(kind, table, _parts(sql or "")) for kind, table, sql in rows}


def _parts(sql):
    """Take a statement apart: a column that was added later stands last, and that is all right."""
    head, _sign, rest = " ".join(sql.split()).partition("(")
    parts, depth = [""], 0
    for letter in rest:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    parts[-1], _sign, options = parts[-1].rpartition(")") if depth < 0 else (parts[-1], "", "")
    parts.append(options)
    return (head.strip(), *sorted(part.strip() for part in parts))


@pytest.fixture
def folder(tmp_path):
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def steps(folder):
    """Copy the released migrations, so that a test may add to them."""
    made = folder / "steps"
    made.mkdir()
    for path in migrations().glob("[0-9]*.py"):
        shutil.copy(path, made)
    return made


def add_step(steps, text):
    (steps / "0099_nickname.py").write_text(dedent(text))


def test_the_migrations_make_exactly_the_schema_of_the_classes(folder):
    """A migrated database and one made from the record classes have the same tables and checks."""
    migrated = create_database(str(folder / "migrated.db"))
    Upgrader(migrated, migrations()).upgrade()
    declared = create_database(str(folder / "declared.db"))
    tables = (*SCHEMA.all_models(), *MODELS)
    with declared.bind_ctx(tables):
        declared.create_tables(tables)

    assert schema_of(migrated) == schema_of(declared)


def test_released_steps_are_frozen():
    """A released migration never changes, nor what it reads: the hashes are on record."""
    known = tomllib.loads(FROZEN.read_text())["sha256"]

    found = {
        path.name.removesuffix(".py"): sha256(path.read_bytes()).hexdigest()
        for path in migrations().glob("[0-9]*")
    }

    assert found == known


def test_a_second_upgrade_changes_nothing(folder, steps):
    """What is applied is applied once, and no copy stays behind."""
    database = create_database(str(folder / "vault.db"))
    Upgrader(database, steps).upgrade()
    add_step(steps, GOOD)

    assert Upgrader(database, steps).upgrade() == ["0099_nickname"]
    assert Upgrader(database, steps).upgrade() == []
    assert not failed_copies(database)


def test_a_failing_step_leaves_the_vault_as_it_was(folder, steps):
    """A failed upgrade is undone, says so without quoting data, and lists the copy it left."""
    database = create_database(str(folder / "vault.db"))
    Upgrader(database, steps).upgrade()
    before = schema_of(database)
    add_step(steps, BAD)

    with pytest.raises(UpgradeFailed) as failed:
        Upgrader(database, steps).upgrade()

    assert schema_of(database) == before
    assert "secret" not in repr(failed.value) + str(failed.value)
    assert failed.value.__cause__ is None
    assert [copy.stat().st_mode & 0o077 for copy in failed_copies(database)] == [0]


def test_a_database_of_a_newer_program_is_refused(folder, steps):
    """An unknown applied step means a newer program wrote it; nothing is touched."""
    database = create_database(str(folder / "vault.db"))
    add_step(steps, GOOD)
    Upgrader(database, steps).upgrade()
    (steps / "0099_nickname.py").unlink()
    before = schema_of(database)

    with pytest.raises(VaultTooNew):
        Upgrader(database, steps).upgrade()

    assert schema_of(database) == before


def test_a_copy_is_overwritten_on_the_disk_before_it_goes(folder, monkeypatch):
    """What was written over a copy is forced to the disk while the copy still has its name."""
    copy = folder / "vault.db.before-0099"
    copy.write_bytes(b"a person who may be erased later")
    forced = []
    sync = os.fsync

    def noting(handle):
        forced.append(copy.read_bytes() if copy.exists() else None)
        sync(handle)

    monkeypatch.setattr(os, "fsync", noting)
    destroy_copy(copy)
    assert forced[0] == bytes(32)
    assert forced[1:] == ([] if os.name == "nt" else [None])
    assert not copy.exists()


def killed_in_upgrade(victim, steps, statement):
    """Upgrade in a child that dies before its nth statement; return how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        left = statement

        def count(_statement):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            database = open_database(str(victim))
            database.connection().set_trace_callback(count)
            Upgrader(database, steps).upgrade()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_kill_at_every_statement_leaves_old_or_new(folder, steps):
    """SIGKILL at each statement of an upgrade leaves the old or the new schema, and resumes."""
    path = folder / "vault.db"
    database = create_database(str(path))
    Upgrader(database, steps).upgrade()
    old = schema_of(database)
    database.close()
    add_step(steps, GOOD)
    new = None
    killed = 0
    for statement in range(1, 200):
        victim = folder / "victim.db"
        for stale in folder.glob("victim.db*"):
            stale.unlink()
        shutil.copy(path, victim)
        ended = killed_in_upgrade(victim, steps, statement)
        resumed = open_database(str(victim))
        found = schema_of(resumed)
        Upgrader(resumed, steps).upgrade()
        new = schema_of(resumed) if new is None else new
        assert found in (old, new), statement
        assert schema_of(resumed) == new
        assert resumed.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
        resumed.close()
        if ended == 0:
            break
        assert ended == -signal.SIGKILL, statement
        killed += 1
    assert killed > 10
