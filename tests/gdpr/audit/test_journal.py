"""A deed is a change with its entry, or nothing."""

from __future__ import annotations

import pytest

from gdpr.audit.chain import parse_body
from gdpr.audit.entries import chain_of
from gdpr.audit.events import Event
from gdpr.audit.reading import Wanted
from gdpr.store.warrant import Warrant
from tests.gdpr.kernel import ITEMS, Person, add_person, fresh_id


def entries(journal):
    return list(chain_of(journal.session.database, journal.desk_id))


def test_change_and_entry_are_one(journal):
    """A committed deed has exactly one entry: its event, object, actor, counts."""
    person = add_person(journal)
    with journal.audited_change(Event.PARTY_EDITED, person, columns=2) as deed:
        deed.note(conflicts=0)
    first, second = entries(journal)
    assert (first.seq, second.seq) == (1, 2)
    assert first.event == "register:party:added"
    assert second.object_id == person
    assert second.actor == journal.session.ring.user_id
    assert second.prev == first.hash
    assert parse_body(second.body) == {"columns": 2, "conflicts": 0}


def test_no_entry_no_change(journal):
    """A deed that fails leaves neither rows nor an entry nor a moved anchor."""
    add_person(journal)
    anchored = journal.anchors.read()
    person = Person(id=fresh_id(), name="Berta")

    def fail():
        with journal.audited_change(Event.PARTY_ADDED, person.id) as deed:
            deed.insert(person, Warrant(person.id, ITEMS))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(entries(journal)) == 1
    assert len(journal.session.rows(Person)) == 1
    assert journal.anchors.read() == anchored
    add_person(journal, "Cecilia")
    assert [entry.seq for entry in entries(journal)] == [1, 2]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Anna Bērziņa"},
        {"name": "Anna"},
        {"mail": "anna@example.com"},
        {"why": "two words"},
        {"count": 1.5},
        {"yes": True},
        {"none": None},
        {"Upper": 1},
        {"code": "x" * 65},
        {"code": ""},
        {"code": "a\n"},
    ],
)
def test_body_takes_codes_and_counts_only(journal, body):
    """What could be a personal value is refused before anything begins."""
    with pytest.raises(ValueError, match="audit entry"):
        journal.audited_change(Event.PARTIES_FOUND, **body)
    with (
        pytest.raises(ValueError, match="audit entry"),
        journal.audited_change(Event.PARTIES_FOUND) as deed,
    ):
        deed.note(**body)
    assert entries(journal) == []


def test_body_is_short_and_canonical(journal):
    """The body has one form, sorted, and a limit."""
    journal.log_access(Event.PARTIES_FOUND, kind="vat", count=3, at="2026-03-01")
    assert entries(journal)[0].body == "at=2026-03-01 count=3 kind=vat"
    with pytest.raises(ValueError, match="too long"):
        journal.log_access(Event.PARTIES_FOUND, **{f"key{n}": "x" * 60 for n in range(20)})


def test_object_is_an_id(journal):
    """Only a 16-byte id can be the object."""
    with pytest.raises(ValueError, match="16 bytes"):
        journal.audited_change(Event.PARTY_SHOWN, b"Anna")


def test_read_changes_nothing_but_the_log(journal):
    """A read has an entry and no digests."""
    person = add_person(journal)
    journal.log_access(Event.PARTY_SHOWN, person)
    shown = entries(journal)[-1]
    assert (shown.event, shown.object_id, shown.digests) == (Event.PARTY_SHOWN, person, None)


def test_entry_lists_only_tables_that_changed(journal):
    """Digests stay out of an entry whose tables did not change."""
    person = add_person(journal)
    record = journal.session.get(Person, person)
    record.level = 3
    with journal.audited_change(Event.PARTY_EDITED, person) as deed:
        deed.update(record)
    first, second = entries(journal)
    assert b"owner_key" in first.digests
    assert b"person" in second.digests
    assert b"owner_key" not in second.digests


def test_two_programs_of_one_desk_share_its_chain(place, journal):
    """A command beside the open screens continues the same chain without a gap."""
    other = place.journal(place.desk(place.vault.colleague))
    assert other.desk_id == journal.desk_id
    for n in range(3):
        add_person(journal, f"A{n}")
        add_person(other, f"B{n}")
    assert [entry.seq for entry in entries(journal)] == [1, 2, 3, 4, 5, 6]
    assert journal.verify(place.vault.cards).ok
    assert {entry.actor for entry in entries(journal)} == {b"o" * 16, b"m" * 16}


def test_first_and_last_entry_of_a_run_quote_other_desks(place, journal):
    """Each run fixes what it saw of the others, so that no chain can be cut unseen."""
    add_person(journal)
    assert all(entry.heads is None for entry in entries(journal))
    other = place.journal(place.desk(place.vault.colleague), "other")
    add_person(other)
    add_person(other)
    journal.log_access(Event.PARTIES_LISTED)
    other.close()
    first, second, last = entries(other)
    assert first.heads == journal.desk_id + (1).to_bytes(8, "big") + entries(journal)[0].hash
    assert second.heads is None
    assert last.event == Event.VAULT_CLOSED
    assert last.heads == journal.desk_id + (2).to_bytes(8, "big") + entries(journal)[1].hash


def test_closing_says_nothing_where_there_is_nothing_to_say(place, journal):
    """A run that wrote nothing, or that is alone in the vault, ends without an entry."""
    journal.close()
    add_person(journal)
    journal.close()
    other = place.journal(place.desk(place.vault.colleague), "other")
    other.close()
    assert [entry.event for entry in entries(journal)] == [Event.PARTY_ADDED]
    assert entries(other) == []


def test_log_answers_by_filter(place, journal):
    """The log is read by time, event family, actor, object and desk, newest first."""
    anna = add_person(journal)
    other = place.journal(place.desk(place.vault.colleague), "other")
    journal.log_access(Event.PARTY_SHOWN, anna)
    other.log_access(Event.PARTIES_FOUND, count=2)

    def found(**wanted):
        return [entry.event for entry in journal.entries(Wanted(**wanted))]

    assert len(found()) == 3
    assert found(object_id=anna) == ["register:party:shown", "register:party:added"]
    assert found(event="register:party") == found()
    assert found(event="register:party:shown") == ["register:party:shown"]
    assert found(event="register:par") == []
    assert found(actor=b"m" * 16) == ["register:party:found"]
    assert found(desk=other.desk_id) == ["register:party:found"]
    assert found(limit=1, desk=journal.desk_id) == ["register:party:shown"]
    assert found(since=2**60) == []
    assert len(found(until=2**60)) == 3


def test_log_leaves_out_what_was_changed(journal):
    """A damaged entry is named and hides no other."""
    add_person(journal)
    add_person(journal)
    journal.session.database.execute_sql("UPDATE audit_entry SET body = 'count=9' WHERE seq = 1")
    assert [entry.seq for entry in journal.entries()] == [2]
    (damage,) = journal.session.damage
    assert damage.exit_code == 7
    assert damage.arguments == {"table": "audit_entry", "row": f"{journal.desk_id.hex()}:1"}


def test_printed_head_is_the_newest_entry(journal):
    """What goes on paper names desk, number and hash."""
    assert journal.head() is None
    add_person(journal)
    head = journal.head()
    assert (head.desk, head.seq, head.hash) == (journal.desk_id, 1, entries(journal)[0].hash)
    assert head.text().replace(" ", "").endswith(head.hash.hex())


def test_anchored_facts_only_grow(place, journal):
    """A number anchored by a deed is kept by every later entry, of each program of the desk."""
    with journal.audited_change(Event.KEY_PROMOTED) as deed:
        deed.anchor("key.alpha", 3)
        deed.anchor("key.alpha", 2)
    assert journal.facts() == {"key.alpha": 3}
    other = place.journal(place.desk(place.vault.colleague))
    with other.audited_change(Event.KEY_PROMOTED) as deed:
        deed.anchor("key.alpha", 1)
        deed.anchor("key.beta", 2)
    add_person(journal)
    assert journal.facts() == other.facts() == {"key.alpha": 3, "key.beta": 2}
    assert place.journal().facts() == {"key.alpha": 3, "key.beta": 2}


def test_undone_deed_anchors_no_fact(journal):
    """What was not committed was never true."""

    def fail():
        with journal.audited_change(Event.KEY_PROMOTED) as deed:
            deed.anchor("key.alpha", 3)
            raise RuntimeError

    add_person(journal)
    with pytest.raises(RuntimeError):
        fail()
    assert journal.facts() == {}


def test_facts_outlive_a_log_that_was_rolled_back(place, journal):
    """After damage the chain goes on behind the anchor, and so do its facts."""
    with journal.audited_change(Event.KEY_PROMOTED) as deed:
        deed.anchor("key.alpha", 3)
    journal.session.database.execute_sql("DELETE FROM audit_entry")
    again = place.journal()
    add_person(again)
    assert again.facts() == {"key.alpha": 3}


def test_changed_fact_is_damage(place, journal):
    """Facts stand under the anchor's MAC; where it does not hold there are none, and an alarm."""
    with journal.audited_change(Event.KEY_PROMOTED) as deed:
        deed.anchor("key.alpha", 3)
    path = place.folder / "state" / "anchor"
    content = path.read_bytes()
    assert content.count(b"key.alpha") == 1
    path.write_bytes(content.replace((3).to_bytes(8, "big"), (2).to_bytes(8, "big"), 1))
    assert journal.facts() == {}
    assert [alarm.why for alarm in journal.alarms.read()] == ["anchor-damaged"]
