"""Rows that are gone, came back, are twice there or were changed: all of it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdpr.audit.events import Event
from gdpr.store.warrant import Warrant
from tests.gdpr.audit.history import bad
from tests.gdpr.kernel import ITEMS, Person, Place, Remark, add_person, fresh_id

if TYPE_CHECKING:
    from gdpr.store.record import Record


def test_deleted_row_names_the_table(vault):
    """A row that is gone shows, although all that is left verifies."""
    vault.sql("DELETE FROM person WHERE id = ?", vault.people[1])
    found = vault.found()
    assert bad(found) == [("person", None)]
    assert vault.journal.session.get(Person, vault.people[2]).name == "P2"


@pytest.mark.parametrize("table", ["person", "remark", "paper", "owner_key"])
def test_deleted_row_of_every_table(vault, table):
    """Keys and kept records are summed like everything else."""
    vault.sql(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")
    assert vault.found().first_bad == {"table": table, "row": None}


def test_rolled_back_row_names_the_table(vault):
    """A row put back to a state that was once true shows."""
    person = vault.people[3]
    old = vault.sql("SELECT * FROM person WHERE id = ?", person).fetchone()
    record = vault.journal.session.get(Person, person)
    record.level = 77
    with vault.journal.audited_change(Event.PARTY_EDITED, person) as deed:
        deed.update(record)
    vault.sql("DELETE FROM person WHERE id = ?", person)
    vault.sql(f"INSERT INTO person VALUES ({', '.join('?' * len(old))})", *old)
    assert bad(vault.found()) == [("person", None)]


def test_inserted_and_doubled_rows(vault):
    """A row brought back after its deletion, or twice in the table, shows."""
    person = vault.people[3]
    old = vault.sql("SELECT * FROM person WHERE id = ?", person).fetchone()
    with vault.journal.audited_change(Event.ERASED, person) as deed:
        deed.delete(vault.journal.session.get(Person, person))
    assert vault.found().ok
    vault.sql(f"INSERT INTO person VALUES ({', '.join('?' * len(old))})", *old)
    assert vault.found().first_bad == {"table": "person", "row": None}
    vault.sql("DELETE FROM person WHERE id = ?", person)
    vault.sql("CREATE TABLE loose AS SELECT * FROM paper")
    vault.sql("INSERT INTO loose SELECT * FROM paper")
    vault.sql("DROP TABLE paper")
    vault.sql("ALTER TABLE loose RENAME TO paper")
    found = vault.found()
    assert found.first_bad["table"] == "paper"
    assert ("paper", None) in bad(found)


def test_every_damaged_row_is_named_and_none_stops_the_check(vault):
    """Damage in several tables is all reported, with the rows that are left to name."""
    vault.sql("UPDATE person SET level = level + 1 WHERE id = ?", vault.people[0])
    vault.sql("UPDATE person SET mac = x'00' WHERE id = ?", vault.people[2])
    vault.sql("UPDATE owner_key SET key_alpha = NULL WHERE id = ?", vault.people[1])
    vault.sql("DELETE FROM paper")
    vault.sql("UPDATE audit_entry SET time = 1 WHERE seq = 2")
    assert bad(vault.found()) == [
        ("audit_entry", vault.entry(2)),
        ("person", vault.people[0].hex()),
        ("person", vault.people[2].hex()),
        ("owner_key", vault.people[1].hex()),
        ("paper", None),
    ]


def test_digests_of_all_desks_together(place, kernel_vault):
    """Rows that one desk wrote and another changed add up, and only together."""
    mine = place.journal()
    person = add_person(mine)
    other = place.journal(place.desk(kernel_vault.colleague), "other")
    record = other.session.get(Person, person)
    record.level = 4
    with other.audited_change(Event.PARTY_EDITED, person) as deed:
        deed.update(record)
    assert mine.verify(kernel_vault.cards).ok
    mine.session.database.execute_sql("DELETE FROM audit_entry WHERE desk = ?", (other.desk_id,))
    assert ("person", None) in bad(mine.verify(kernel_vault.cards))


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "delete", "remark", "read"]), st.integers(0, 9)),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, victim=st.integers(0, 99), deed=st.sampled_from(["none", "drop", "revert"]))
def test_digests_follow_every_history(tmp_path_factory, kernel_vault, steps, victim, deed):
    """Whatever two desks did in whatever order, rows add up; one row less or older does not."""
    folder = tmp_path_factory.mktemp("place")
    folder.chmod(0o700)
    place = Place(folder, kernel_vault)
    journals = [place.journal(), place.journal(place.desk(kernel_vault.colleague), "other")]
    people, snapshots = [], {}
    for turn, (step, number) in enumerate(steps):
        journal = journals[turn % 2]
        person = people[number % len(people)] if people else None
        if step == "add" or person is None:
            people.append(add_person(journal, f"N{turn}", f"LV{turn}"))
        else:
            snapshots[person] = raw(place, person)
            act(journal, step, person, people)
    cards = kernel_vault.cards
    found = journals[0].verify(cards)
    assert found.ok
    assert found.rows == sum(
        len(journals[0].session.rows(m)) for m in all_tables(journals[0].session)
    )
    if people and deed != "none":
        chosen = people[victim % len(people)]
        reverted = snapshots.get(chosen)
        now = raw(place, chosen)
        place.opened[0].execute_sql("DELETE FROM person WHERE id = ?", (chosen,))
        if deed == "revert" and reverted is not None:
            marks = ", ".join("?" * len(reverted))
            place.opened[0].execute_sql(f"INSERT INTO person VALUES ({marks})", reverted)
        if raw(place, chosen) != now:
            assert journals[1].verify(cards).first_bad == {"table": "person", "row": None}
    place.close()


def raw(place, person):
    return place.opened[0].execute_sql("SELECT * FROM person WHERE id = ?", (person,)).fetchone()


def all_tables(desk) -> tuple[type[Record], ...]:
    return desk.schema.all_models()


def act(journal, step, person, people):
    desk = journal.session
    record = desk.get(Person, person)
    if step == "edit":
        record.level = (record.level or 0) + 1
        record.name = None if record.name is None else record.name + "x"
        with journal.audited_change(Event.PARTY_EDITED, person) as deed:
            deed.update(record, Warrant(person, ITEMS))
    elif step == "remark":
        with journal.audited_change(Event.NOTE_ADDED, person) as deed:
            deed.insert(Remark(id=fresh_id(), person=person, text="x"), Warrant(person, ITEMS))
    elif step == "delete":
        with journal.audited_change(Event.ERASED, person) as deed:
            for remark in desk.rows(Remark, person=person):
                deed.delete(remark)
            deed.delete(record)
            deed.settle(desk.keys_of(person), ("alpha", "beta"))
        people.remove(person)
    else:
        journal.log_access(Event.PARTY_SHOWN, person)
