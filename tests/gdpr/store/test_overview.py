"""Reading beside other work: whole tables a piece at a time, and a few rows at once."""

from __future__ import annotations

from gdpr.audit.events import Event
from gdpr.store.database import flush_log
from gdpr.store.overview import pieces
from tests.gdpr.kernel import Person, add_person


def test_pieces_meet_every_row_once(journal):
    """A table comes in pieces of the size asked for, whole and in the order of ids."""
    known = {
        add_person(journal, name=f"N{number}", kind=f"k{number}"): number for number in range(7)
    }

    found = list(pieces(journal.session, Person, ("kind",), 3))

    assert [len(rows) for rows in found] == [3, 3, 1]
    rows = [(bytes(person), kind) for part in found for person, kind in part]
    assert rows == sorted((person, f"k{number}") for person, number in known.items())


def test_a_piece_holds_up_no_shred(journal):
    """Between two pieces the database's log can be cut, as an erasure needs."""
    for _number in range(5):
        add_person(journal, name="Anna")
    walk = pieces(journal.session, Person, (), 2)
    next(walk)

    assert flush_log(journal.session.database)
    assert [len(rows) for rows in walk] == [2, 1]


def test_a_few_rows_are_read_at_once_and_verified(journal):
    """Asked for some ids, the desk opens those that verify and notes the one that does not."""
    ids = [add_person(journal, name=name) for name in ("Anna", "Ilze", "Zane")]
    journal.session.database.execute_sql("UPDATE person SET kind = 'x' WHERE id = ?", (ids[1],))

    found = journal.session.among(Person, "id", ids)

    assert {record.name for record in found} == {"Anna", "Zane"}
    assert len(journal.session.damage) == 1
    assert journal.session.among(Person, "id", ()) == []


def test_a_record_still_opens_after_a_plain_change(journal):
    """Who changed only a plain column can go on reading the personal ones."""
    person = journal.session.get(Person, add_person(journal, name="Anna"))
    person.kind = "other"
    with journal.audited_change(Event.PARTY_EDITED, person.id) as deed:
        deed.update(person)

    assert person.name == "Anna"
