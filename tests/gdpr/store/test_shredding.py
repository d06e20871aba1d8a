"""Destroying a key reaches every copy of the database, and nobody else in the group."""

from __future__ import annotations

import shutil

import pytest

from gdpr.audit.anchor import check_shred_file
from gdpr.audit.errors import ShredFileOlder
from gdpr.audit.events import Event
from gdpr.errors import Damaged, Unreadable
from gdpr.store.database import open_database
from gdpr.store.errors import KeyDestroyed, KeyMissing, ShredFileMissing
from gdpr.store.rewrapping import rewrap_batch
from gdpr.store.session import Session
from gdpr.store.shred_file import default_place
from gdpr.store.shred_groups import OWNERS
from gdpr.store.warrant import Warrant
from tests.gdpr.kernel import ITEMS, SCHEMA, Person, add_person, fresh_id
from tests.gdpr.store.key_conditions import KeyCondition, condition


def erase(journal, person):
    with journal.audited_change(Event.ERASED, person) as deed:
        deed.delete(journal.session.get(Person, person))
        deed.drop_keys(person)


def names_in(place, copy, shred=None):
    """Read who opens in a copy of the database with a shred file, the one of today if not given."""
    database = open_database(str(copy))
    desk = Session(database, place.vault.ring, SCHEMA, frozenset(), shred or secrets_of(place))
    found = {}
    for row in desk.rows(Person):
        try:
            found[bytes(row.id)] = row.name
        except Damaged:
            found[bytes(row.id)] = None
    database.close()
    return found


def secrets_of(place):
    return default_place(str(place.path))


def copied(place, name):
    """Copy the database and what its log holds, as a snapshot would."""
    folder = place.folder / name
    folder.mkdir(mode=0o700)
    for ending in ("", "-wal"):
        source = place.path.with_name(place.path.name + ending)
        if source.exists():
            shutil.copyfile(source, folder / source.name)
            (folder / source.name).chmod(0o600)
    return folder / place.path.name


def test_a_copy_from_before_an_erasure_opens_nobody_who_was_erased(place, journal):
    """With every key of every role and today's shred file the old rows of the erased are noise."""
    people = [add_person(journal, name=f"Nr {n}") for n in range(2 * OWNERS + 3)]
    before = copied(place, "before")
    old_secrets = shutil.copyfile(secrets_of(place), place.folder / "old.shred")
    assert None not in names_in(place, before).values()

    erase(journal, people[3])

    opened = names_in(place, before)
    assert opened[people[3]] is None
    # Who shares the group opens in the register of today, not in the copy: both halves are needed.
    assert [opened[person] is None for person in people] == [n < OWNERS for n in range(len(people))]
    assert {row.name for row in journal.session.rows(Person)} == {
        f"Nr {n}" for n in range(len(people)) if n != 3
    }
    # The day's own shred file is the other half: whoever kept both kept everything.
    assert names_in(place, before, old_secrets)[people[3]] == "Nr 3"


def test_a_change_that_is_undone_keeps_every_key(place, journal):
    """When an erasure fails everybody opens as before, and no second secret waits in the file."""
    people = [add_person(journal, name=f"Nr {n}") for n in range(3)]

    journal.append = None  # so that the last statement of the erasure fails

    with pytest.raises(TypeError):
        erase(journal, people[0])

    assert not journal.session.groups.waits()
    assert {row.name for row in place.desk().rows(Person)} == {"Nr 0", "Nr 1", "Nr 2"}


def test_a_second_program_goes_on_after_an_erasure_by_the_first(place, journal):
    """An open desk reads the new secrets when it meets them, and never wraps under old ones."""
    people = [add_person(journal, name=f"Nr {n}") for n in range(4)]
    other = place.journal(place.desk(place.vault.colleague), "elsewhere")
    stale = other.session.get(Person, people[1])
    assert other.session.get(Person, people[2]).name == "Nr 2"

    erase(journal, people[0])

    assert other.session.get(Person, people[2]).name == "Nr 2"
    assert stale.name == "Nr 1"  # read before, opened after
    added = add_person(other, name="Vēlāk")
    erase(other, people[3])
    assert journal.session.get(Person, added).name == "Vēlāk"
    assert {row.name for row in journal.session.rows(Person)} == {"Nr 1", "Nr 2", "Vēlāk"}


def test_a_missing_file_an_old_one_and_a_damaged_one_are_told(place, journal):
    """The database alone opens nothing, and an old shred file never passes for today's."""
    person = add_person(journal, name="Anna")
    gone = add_person(journal, name="Berta")
    path = secrets_of(place)
    old = path.read_bytes()
    erase(journal, gone)
    today = path.read_bytes()
    assert len(today) == len(old)

    def opened():
        fresh = place.journal(place.desk(place.vault.ring))
        check_shred_file(fresh)
        return fresh

    path.write_bytes(old)
    with pytest.raises(ShredFileOlder):
        opened()
    path.unlink()
    with pytest.raises(ShredFileMissing) as missing:
        opened()
    assert str(path) in str(missing.value), "who moved the file is told where it is looked for"
    path.write_bytes(today)
    path.chmod(0o600)
    assert opened().session.get(Person, person).name == "Anna"


def test_never_destroyed_and_missing_are_told_apart(place, journal):
    """Of a key that is not there it is known whether it never was, was destroyed, or is lost."""
    person = add_person(journal, name="Anna", remark="x")
    desk = journal.session
    assert condition(desk.keys_of(person), "alpha", filled=True) is KeyCondition.HELD
    record = desk.get(Person, person)
    record.remark = None
    with journal.audited_change(Event.PARTY_EDITED, person) as deed:
        deed.update(record)
    bare = add_person(journal, name="Berta")

    assert condition(desk.keys_of(person), "beta", filled=False) is KeyCondition.DESTROYED
    assert condition(desk.keys_of(bare), "beta", filled=False) is KeyCondition.NEVER
    desk.database.execute_sql("DELETE FROM owner_key WHERE id = ?", (bare,))
    assert condition(desk.keys_of(bare), "alpha", filled=True) is KeyCondition.MISSING
    with pytest.raises(KeyMissing):
        _ = desk.get(Person, bare).name


def test_a_destroyed_key_that_a_host_puts_back_is_known(place, journal):
    """Old rows put back into the database name a key that was destroyed, and do not open."""
    person = add_person(journal, name="Anna")
    add_person(journal, name="Berta")
    run = journal.session.database.execute_sql
    kept = {
        table: run(f"SELECT * FROM {table} WHERE id = ?", (person,)).fetchone()
        for table in ("person", "owner_key")
    }
    erase(journal, person)

    for table, row in kept.items():
        marks = ", ".join("?" * len(row))
        run(f"INSERT INTO {table} VALUES ({marks})", row)

    with pytest.raises(KeyDestroyed):
        _ = journal.session.get(Person, person).name
    assert (
        condition(journal.session.keys_of(person), "alpha", filled=True) is KeyCondition.DESTROYED
    )


def test_no_rotation_wraps_a_destroyed_key_anew(journal):
    """With its row put back a key that was destroyed is named, and nothing of the lot is written.

    A key of the same owner that was made since is no such key, and is wrapped with the others.
    """
    person = add_person(journal, name="Anna", remark="x")
    other = add_person(journal, name="Berta", remark="y")
    run = journal.session.database.execute_sql
    old = run("SELECT key_beta FROM owner_key WHERE id = ?", (person,)).fetchone()
    record = journal.session.get(Person, person)
    for text in (None, "z"):
        record.remark = text
        with journal.audited_change(Event.PARTY_EDITED, person) as deed:
            deed.update(record, Warrant(person, ITEMS))
        record = journal.session.get(Person, person)
    with journal.audited_change(Event.KEYS_REWRAPPED) as deed:
        assert rewrap_batch(deed, ["alpha", "beta"], b"", 10).last == max(person, other)

    run("UPDATE owner_key SET key_beta = ? WHERE id = ?", (*old, person))
    rows = "SELECT * FROM owner_key ORDER BY id"
    before = run(rows).fetchall()
    with (
        pytest.raises(KeyDestroyed) as refused,
        journal.audited_change(Event.KEYS_REWRAPPED) as deed,
    ):
        rewrap_batch(deed, ["alpha", "beta"], b"", 10)
    assert refused.value.arguments["row"] == person.hex()
    assert run(rows).fetchall() == before


def test_a_key_made_anew_is_not_the_one_that_was_destroyed(journal):
    """Who loses a datum and is given another later reads it as everybody else does."""
    person = add_person(journal, name="Anna", remark="x")
    for text in (None, "y", None, "z"):
        record = journal.session.get(Person, person)
        record.remark = text
        with journal.audited_change(Event.PARTY_EDITED, person) as deed:
            deed.update(record, Warrant(person, ITEMS))

    assert journal.session.get(Person, person).remark == "z"
    assert condition(journal.session.keys_of(person), "beta", filled=True) is KeyCondition.HELD


def test_groups_fill_up_before_others_begin(journal):
    """Owners share a group up to its size, in one transaction and in many."""
    for number in range(OWNERS + 2):
        add_person(journal, name=f"Nr {number}")
    with journal.audited_change(Event.IMPORTED) as deed:
        writer, keys = deed.bulk(Person, ("name", "kind")), deed.bulk(journal.session.key_model, ())
        for number in range(70 * OWNERS):
            owner = fresh_id()
            owned = writer.new_keys(owner)
            writer.add(owner, (f"Daudz {number}", "natural"), owned, Warrant(owner, ITEMS))
            keys.add_keys(owned)

    counted = journal.session.database.execute_sql(
        "SELECT shred_group, COUNT(*) FROM owner_key GROUP BY shred_group ORDER BY 1"
    ).fetchall()
    sizes = [count for _, count in counted]
    assert [group for group, _ in counted] == list(range(len(counted)))
    assert set(sizes[:-1]) == {OWNERS}
    assert sum(sizes) == OWNERS + 2 + 70 * OWNERS
    assert {row.name for row in journal.session.rows(Person)} >= {"Nr 0", "Daudz 0", "Daudz 1119"}


def test_what_a_crash_left_between_file_and_commit_is_settled_by_the_rows(place, journal):
    """Both secrets are held meanwhile; the rows say which counts, and the other is overwritten."""
    people = [add_person(journal, name=f"Nr {n}") for n in range(3)]
    groups = journal.session.groups
    with groups.file.turn() as pages:
        (old,) = {pages.newest(0)}
        pages.prepare([0])
        undone = pages.newest(0)[1]
        groups.file.write(0)

    fresh = place.journal(place.desk(place.vault.ring))
    check_shred_file(fresh)
    assert fresh.session.get(Person, people[0]).name == "Nr 0"
    fresh.log_access(Event.PARTIES_LISTED)

    raw = secrets_of(place).read_bytes()
    assert undone not in raw
    assert old[1] in raw
    groups.finish = groups.leave  # a kill right after the commit
    erase(journal, people[0])
    assert old[1] in secrets_of(place).read_bytes()
    last = place.journal(place.desk(place.vault.ring))
    check_shred_file(last)
    last.log_access(Event.PARTIES_LISTED)
    assert old[1] not in secrets_of(place).read_bytes()
    assert {row.name for row in last.session.rows(Person)} == {"Nr 1", "Nr 2"}


def test_a_neighbour_whose_row_is_damaged_stops_no_erasure(place, journal):
    """What does not verify is not written again; it is told, and the others live on."""
    people = [add_person(journal, name=f"Nr {n}") for n in range(3)]
    journal.session.database.execute_sql("UPDATE owner_key SET rev = 7 WHERE id = ?", (people[1],))

    erase(journal, people[0])

    assert [type(damage) for damage in journal.session.damage] == [Unreadable]
    assert journal.session.get(Person, people[2]).name == "Nr 2"
