"""What is summed up about each subject: whoever compares copies learns nothing to count with."""

from __future__ import annotations

import pytest

from gdpr.audit.events import Event
from gdpr.store.errors import Incomplete
from gdpr.store.holdings import Holding, check_holding
from gdpr.store.warrant import Warrant
from tests.gdpr.kernel import ITEMS, Person, Remark, add_person, fresh_id


def remark(journal, person):
    row = Remark(id=fresh_id(), person=person, text="zvanīt rīt")
    with journal.audited_change(Event.NOTE_ADDED, person) as deed:
        deed.insert(row, Warrant(person, ITEMS))
    return bytes(row.id)


def forget(journal, row_id):
    with journal.audited_change(Event.ERASED, row_id) as deed:
        deed.delete(journal.session.get(Remark, row_id))


def held(journal, person):
    row = journal.session.get(Holding, person)
    return bytes(row.sums)


def rows_about(journal, person):
    return [journal.session.get(Person, person), *journal.session.rows(Remark, person=person)]


def test_equal_sums_look_different_after_every_change(journal):
    """A remark that came and went leaves the sum as it was, and no copy shows that it is."""
    person = add_person(journal)
    seen = [held(journal, person)]

    for _ in range(3):
        forget(journal, remark(journal, person))
        seen.append(held(journal, person))

    check_holding(journal.session, person, rows_about(journal, person), {})
    assert len(set(seen)) == len(seen)


def test_the_sums_of_somebody_else_or_of_another_day_do_not_fit(journal):
    """Sums are masked for one subject and one revision, so moved ones are told."""
    person, other = add_person(journal), add_person(journal, name="Berta")
    remark(journal, person)
    row = journal.session.get(Holding, person)
    for sums, revision in ((held(journal, other), row.rev), (bytes(row.sums), row.rev + 1)):
        stored = [row.id, revision, b"", sums]
        journal.session.seals["holding"].seal_row(stored, b"", {})
        journal.session.database.execute_sql(
            "UPDATE holding SET rev = ?, mac = ?, sums = ? WHERE id = ?",
            (revision, stored[2], sums, person),
        )
        with pytest.raises(Incomplete):
            check_holding(journal.session, person, rows_about(journal, person), {})
