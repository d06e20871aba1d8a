"""Whatever a host changes in the schema: named with exit 7, and nothing dies while it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import peewee
import pytest

from crm.grounds.ground_endings import end_grounds
from crm.models.party import Party
from crm.parties.find_party import find_party
from crm.schema import SCHEMA
from gdpr.store.database import open_database
from gdpr.store.errors import SchemaDamaged
from gdpr.store.schema_check import SchemaGuard, things_in
from tests.crm.planting import plant

sqlite3 = peewee.sqlite3


REWRITE = (
    "UPDATE sqlite_schema SET sql = replace(sql, '{old}', '{new}')"
    " WHERE type = 'table' AND name = '{table}' AND instr(sql, '{old}') > 0"
)
KEPT = "INSERT INTO sqlx VALUES(old.id, old.key_identity, old.key_contact)"


def rewritten(table, old, new):
    """Give a table another statement behind SQLite's back, as its rows fit both."""
    statement = REWRITE.format(table=table, old=old, new=new)
    return ("PRAGMA writable_schema = ON", statement, "PRAGMA writable_schema = RESET")


def rebuilt(table, old, new):
    """Make a table anew in another form, with its rows and its indexes."""
    return ("rebuild", table, old, new)


# What is planted, the name that must be told, and whether an owner can mend it without a backup.
CHANGES = {
    "trigger": (
        (
            "CREATE TABLE sqlx(o, i, c)",
            f"CREATE TRIGGER t1 BEFORE UPDATE ON owner_key BEGIN {KEPT}; END",
            f"CREATE TRIGGER t2 BEFORE DELETE ON owner_key BEGIN {KEPT}; END",
        ),
        "t1",
        True,
    ),
    "trigger that brings back": (
        ("CREATE TRIGGER t AFTER DELETE ON party BEGIN SELECT RAISE(IGNORE); END",),
        "t",
        True,
    ),
    "extra table": (("CREATE TABLE extra(a)",), "extra", True),
    "empty extra index": (("CREATE INDEX more ON party(number)",), "more", True),
    "extra unique index": (("CREATE UNIQUE INDEX one ON note(party)",), "one", True),
    "view": (("CREATE VIEW seen AS SELECT * FROM party",), "seen", True),
    "statistics": (("ANALYZE",), "sqlite_stat1", True),
    "number in the head": (("PRAGMA user_version = 7",), "user_version", True),
    "application number": (("PRAGMA application_id = 7",), "application_id", True),
    "missing index": (("DROP INDEX party_email_token",), "party_email_token", True),
    "missing unique index": (("DROP INDEX party_vat_no_token",), "party_vat_no_token", True),
    "index no longer unique": (
        (
            "DROP INDEX party_vat_no_token",
            "CREATE INDEX party_vat_no_token ON party(vat_no_token)",
        ),
        "party_vat_no_token",
        True,
    ),
    "extra column": (("ALTER TABLE note ADD COLUMN more",), "note", False),
    "missing column": (("ALTER TABLE note DROP COLUMN written",), "note", False),
    "missing table": (("DROP TABLE further_account",), "further_account", False),
    "view in a table's place": (
        (
            "ALTER TABLE note RENAME TO note_",
            "CREATE VIEW note AS SELECT * FROM note_ WHERE 0",
        ),
        "note",
        False,
    ),
    "check taken away": (rewritten("party", "= x''01''", "<> x''ff''"), "party", False),
    "type": (rewritten("party", '"number" INTEGER', '"number" BLOB'), "party", False),
    "default": (
        rewritten("note", '"written" INTEGER NOT NULL', '"written" INTEGER NOT NULL DEFAULT 5'),
        "note",
        False,
    ),
    "null allowed": (
        rewritten("ground", '"since" TEXT NOT NULL', '"since" TEXT'),
        "ground",
        False,
    ),
    "collation": (
        rewritten("setting", '"name" TEXT NOT NULL', '"name" TEXT NOT NULL COLLATE NOCASE'),
        "setting",
        False,
    ),
    "generated column": (
        ("ALTER TABLE ground ADD COLUMN twin TEXT GENERATED ALWAYS AS (purpose) VIRTUAL",),
        "ground",
        False,
    ),
    "without rowid": (rebuilt("ground", None, " WITHOUT ROWID"), "ground", False),
}
COMMANDS = {
    "open": ("client", "list"),
    "verify": ("audit", "verify"),
    "quick verify": ("audit", "verify", "--quick"),
    "doctor": ("doctor",),
    "backup": ("backup", "create", "--to", "backups"),
    "erase": ("subject", "erase", "1", "--confirm", "1"),
    "end": ("ground", "end", "1", "--purpose", "communication", "--now"),
    "rotation": ("key", "rotate", "contact"),
}


def change(place, statements):
    """Do to the file what somebody does who may write to it and holds no key."""
    database = sqlite3.connect(str(place.vault), isolation_level=None)
    database.execute("PRAGMA foreign_keys = OFF")
    if statements[0] == "rebuild":
        statements = _rebuilding(database, *statements[1:])
    for statement in statements:
        database.execute(statement)
    database.close()


def _rebuilding(database, table, old, new):
    listed = database.execute(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql NOT NULL ORDER BY type DESC",
        (table,),
    ).fetchall()
    made, *indexes = (row[0] for row in listed)
    made = made + new if old is None else made.replace(old, new)
    yield f"ALTER TABLE {table} RENAME TO rebuilt_"
    yield made
    yield f"INSERT INTO {table} SELECT * FROM rebuilt_"
    yield "DROP TABLE rebuilt_"
    yield from indexes


def people(place):
    database = open_database(str(place.vault))
    (count,) = database.execute_sql("SELECT count(*) FROM party").fetchone()
    keys = database.execute_sql("SELECT * FROM owner_key ORDER BY id").fetchall()
    database.close()
    return count, keys


@pytest.fixture
def two(place):
    with place.open() as register:
        plant(register, "prospect")
        plant(register, "client", fields={"given_name": "Otrais", "email": "o@example.com"})
    return place


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_schema_is_named_and_nothing_is_destroyed(two, cli, kind):
    """Opening, verifying, doctor, backup, erasure and rotation give 7 with the thing's name.

    Nobody is erased, no key changes, no file of a backup appears.
    """
    statements, name, _mendable = CHANGES[kind]
    before = people(two)
    change(two, statements)
    for said, command in COMMANDS.items():
        told = cli(*command)
        assert told.exit_code == 7, (said, told)
        assert name in told.stderr, (said, told)
        assert "Traceback" not in told.stderr
    assert people(two) == before
    assert not list(two.folder.parent.rglob("*.keys"))


@pytest.mark.parametrize("kind", CHANGES)
def test_an_owner_mends_what_can_be_mended(two, cli, kind):
    """What is foreign goes and indexes come back; then all is in order, and erasing works."""
    statements, name, mendable = CHANGES[kind]
    change(two, statements)
    told = cli("doctor", "--mend")
    assert name in told.stderr or mendable
    assert told.exit_code == (0 if mendable else 7), told
    again = cli("audit", "verify")
    assert again.exit_code == (0 if mendable else 7), again
    if mendable:
        assert cli("subject", "erase", "1", "--confirm", "1").exit_code == 0
        assert "vault:schema:mended" in cli("audit", "log", "--format", "json").stdout
        assert cli("backup", "create", "--to", "backups").exit_code == 0


def test_only_an_owner_mends(two, cli, hire):
    """Dropping tables is an owner's decision; a colleague gives 5, and the thing stays."""
    office = hire("office")
    change(two, ("CREATE TABLE extra(a)",))
    assert cli("doctor", "--mend", login=office).exit_code == 5
    assert cli("client", "list").exit_code == 7


def test_what_verifies_stays_readable_under_a_stranger(two, cli):
    """A planted trigger closes no card: it is shown, and the exit code says 7."""
    change(two, CHANGES["trigger"][0])
    shown = cli("client", "show", "2", "--format", "json")
    assert shown.exit_code == 7
    assert json.loads(shown.stdout)["email"] == "o@example.com"


def test_a_trigger_planted_while_the_register_is_open_keeps_nobody(two):
    """Between two erasures of one session: the second compares again, and refuses."""
    with two.open() as register:
        register.subjects.erase("2", "no-longer-needed", 2)
        change(two, CHANGES["trigger"][0])
        with pytest.raises(Exception, match="t1") as refused:
            register.subjects.erase("1", "no-longer-needed", 1)
        assert refused.value.exit_code == 7
        shadow = register.context.session.database.execute_sql("SELECT * FROM sqlx").fetchall()
        assert shadow == []


def test_a_trigger_planted_between_two_persons_of_one_run_keeps_nobody(two):
    """A run that destroys many refuses before the next one; whom it destroyed before is gone."""
    with two.open() as register:
        office = register.context
        for number in (1, 2):
            end_grounds(office, find_party(office, str(number)), lambda _ground: True)
    two.clock.instant += timedelta(90)
    with two.open() as register:
        people = [one.number for one in register.context.session.rows(Party)]
        asked = []

        def between(done):
            asked.extend([done] if done == 1 else [])
            if len(asked) == 2:
                change(two, CHANGES["trigger"][0])

        with pytest.raises(Exception, match="t1") as refused:
            register.retention.run(register.context.asked, between)
        assert refused.value.exit_code == 7
        assert len(register.context.session.rows(Party)) == len(people) - 1
        assert register.context.session.database.execute_sql("SELECT * FROM sqlx").fetchall() == []


def test_whatever_is_changed_after_a_comparison_is_met_by_the_next(two):
    """A schema is read again only when something moved: each kind of change moves something."""
    whole = two.vault.read_bytes()
    for statements, *_rest in CHANGES.values():
        two.vault.write_bytes(whole)
        database = open_database(str(two.vault))
        guard = SchemaGuard(database, SCHEMA.declared)
        guard.refuse_foreign()
        guard.refuse_foreign()
        change(two, statements)
        try:
            with pytest.raises(SchemaDamaged):
                guard.refuse_foreign()
        finally:
            database.close()


def test_a_step_taken_out_of_the_history_is_told(two, cli):
    """A migration is not made a second time, nor is the register copied for it: 7."""
    change(two, ("DELETE FROM schema_migration WHERE name LIKE '0001%'",))
    told = cli("client", "list")
    assert told.exit_code == 7
    assert "MIGRATION 0001_founding" in told.stderr
    assert not list(two.vault.parent.glob("*before*"))


def test_a_name_from_a_stranger_is_not_repeated(two, cli):
    """Whatever a planted thing is called, no byte of it reaches the terminal unless it is plain."""
    change(two, ('CREATE TABLE "a\x1b[2Jb" (a)',))
    told = cli("client", "list")
    assert told.exit_code == 7
    assert "\x1b" not in told.stderr
    assert cli("doctor", "--mend").exit_code == 0


def test_verifying_a_backup_says_that_it_cannot_be_restored(two, cli):
    """A backup with a table that no register of its day had: verify refuses what restore would."""
    change(two, ("CREATE TABLE extra(a)",))
    with two.open() as register:
        desk = register.context.session
        # As a program made it that did not compare.
        desk.schema = replace(desk.schema, declared=things_in(desk.database))
        made = register.backups.create(two.folder / "backups")
    parts = ("--data", made.data, "--keys", made.keys)
    told = cli("backup", "verify", *parts)
    assert told.exit_code == 1
    assert "extra" in told.stderr
    restored = cli("backup", "restore", *parts, "--to", str(two.folder / "register" / "new.db"))
    assert restored.exit_code == 1
    assert "extra" in restored.stderr
