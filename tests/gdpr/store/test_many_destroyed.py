"""Many destroyed in one go share one renewal of secrets, and no copy opens any of them after it."""

from __future__ import annotations

import pytest

from gdpr.audit.errors import SecretsWait
from gdpr.audit.events import Event
from gdpr.audit.ledger import LedgerState
from gdpr.audit.shredding import Lot
from gdpr.errors import NotFound
from gdpr.store.errors import ShredFileUnwritable
from gdpr.store.key_destruction import groups_wait
from gdpr.store.shred_groups import OWNERS
from gdpr.store.warrant import Warrant
from tests.faults.unprivileged import bound
from tests.gdpr.kernel import ITEMS, Person, add_person
from tests.gdpr.store.test_shredding import copied, erase, names_in, secrets_of


def erase_with(lot, journal, person):
    deed = journal.audited_change(Event.ERASED, person)
    lot.take(deed)
    with deed:
        deed.bear("erased", because="objection")
        deed.delete(journal.session.get(Person, person))
        deed.drop_keys(person)


def states(journal):
    return {event.subject: state for event, state in journal.ledger.events().items()}


@pytest.fixture
def people(journal):
    """Three groups of people."""
    return [add_person(journal, name=f"Nr {n}") for n in range(3 * OWNERS)]


def test_no_copy_opens_anybody_once_all_are_destroyed(place, journal, people):
    """Copies from before, between and after are noise for each of them; each has its own line.

    Between two of one group as well: the secret of that moment is not the one that stays.
    """
    doomed = [people[0], people[1], people[OWNERS], people[2]]
    copies = [copied(place, "before")]
    written = journal.session.groups.file.counter
    with journal.together() as lot:
        for number, person in enumerate(doomed):
            erase_with(lot, journal, person)
            copies.append(copied(place, f"after {number}"))
            assert states(journal)[person] is LedgerState.LOGGED

    assert not groups_wait(journal.session)
    assert {states(journal)[person] for person in doomed} == {LedgerState.SHREDDED}
    # One change of the file with both secrets, and one without the old.
    assert journal.session.groups.file.counter == written + 2
    for copy in copies:
        opened = names_in(place, copy)
        assert not [person for person in doomed if opened.get(person)]
        assert {opened[person] for person in people[2 * OWNERS :]} == {
            f"Nr {n}" for n in range(2 * OWNERS, 3 * OWNERS)
        }
    living = {f"Nr {n}" for n, person in enumerate(people) if person not in doomed}
    assert {row.name for row in journal.session.rows(Person)} == living


def test_a_failure_in_the_middle_keeps_nobody_who_was_destroyed(place, journal, people):
    """What went before the failure is finished, the failure goes on under its own name."""
    before = copied(place, "before")

    def fail():
        with journal.together() as lot:
            erase_with(lot, journal, people[0])
            erase_with(lot, journal, b"n" * 16)

    with pytest.raises(NotFound):
        fail()
    assert names_in(place, before)[people[0]] is None
    assert states(journal)[people[0]] is LedgerState.SHREDDED


def test_another_program_finishes_what_a_killed_one_left(place, journal, people):
    """Nothing is called shredded while a group waits; who comes next renews it, then says so."""
    before = copied(place, "before")
    erase_with(Lot(), journal, people[0])
    assert names_in(place, before)[people[0]] == "Nr 0"
    other = place.journal(place.desk(place.vault.colleague))

    assert other.shred() == []

    assert names_in(place, before)[people[0]] is None
    assert states(other)[people[0]] is LedgerState.SHREDDED
    assert journal.session.get(Person, people[1]).name == "Nr 1"


def test_who_may_not_renew_leaves_it_waiting(place, journal, people):
    """A role without the right changes nothing, and the ledger does not say that it is done."""
    before = copied(place, "before")
    erase_with(Lot(), journal, people[0])

    def refuse(event, _tables):
        if event is Event.SECRETS_RENEWED:
            raise NotFound

    journal.allows = refuse
    assert [event.subject for event in journal.shred()] == [people[0]]
    assert states(journal)[people[0]] is LedgerState.LOGGED
    assert not journal.session.groups.waits()
    journal.allows = None
    assert journal.shred() == []
    assert names_in(place, before)[people[0]] is None


def test_one_destroyed_meanwhile_by_another_program_is_gone_at_once(place, journal, people):
    """A single erasure waits for nobody's lot, also in a group where some wait."""
    other = place.journal(place.desk(place.vault.colleague), "elsewhere")
    before = copied(place, "before")
    with journal.together() as lot:
        erase_with(lot, journal, people[0])
        erase(other, people[1])
        assert names_in(place, before)[people[1]] is None
        erase_with(lot, journal, people[2])
    assert not [person for person in people[:3] if names_in(place, before)[person]]


def test_who_came_back_into_another_group_waits_for_both(place, journal, people):
    """Keys of one owner in an old group and in a new: neither note takes the other's place."""
    before = copied(place, "before")
    with journal.together() as lot:
        erase_with(lot, journal, people[0])
        with journal.audited_change(Event.PARTY_ADDED, people[0]) as deed:
            deed.insert(Person(id=people[0], name="Atkal"), Warrant(people[0], ITEMS))
        again = copied(place, "again")
        assert names_in(place, again)[people[0]] == "Atkal"
        erase_with(lot, journal, people[0])
    assert names_in(place, before)[people[0]] is None
    assert names_in(place, again)[people[0]] is None


def test_a_lot_that_cannot_renew_says_so_instead_of_a_success(place):
    """With a shred file that cannot be written nothing is destroyed, or it is said what waits."""

    def try_it():
        journal = place.journal(place.desk(place.vault.ring))
        first, second = (add_person(journal, name=name) for name in ("Anna", "Berta"))
        said = []
        try:
            with journal.together() as lot:
                erase_with(lot, journal, first)
                secrets_of(place).chmod(0o400)
                try:
                    erase_with(lot, journal, second)
                except ShredFileUnwritable as refused:
                    said.append(type(refused).__name__)
        except SecretsWait:
            said.append("SecretsWait")
        said.append(journal.session.get(Person, second).name)
        said.append(str(states(journal)[first]))
        secrets_of(place).chmod(0o600)
        said += [str(len(journal.shred())), str(states(journal)[first])]
        return said

    assert bound(try_it) == [
        "ShredFileUnwritable", "SecretsWait", "Berta", "logged", "0", "shredded",
    ]  # fmt: skip


def test_nothing_is_called_shredded_while_the_old_secret_is_in_the_file(place):
    """A file that could not be written after the commit keeps the event waiting until it can."""

    def try_it():
        journal = place.journal(place.desk(place.vault.ring))
        person = add_person(journal)
        groups = journal.session.groups
        groups.finish = groups.leave  # as when the disk fails right after the commit
        with journal.audited_change(Event.ERASED, person) as deed:
            deed.bear("erased", because="objection")
            deed.delete(journal.session.get(Person, person))
            deed.drop_keys(person)
        secrets_of(place).chmod(0o400)
        waiting = len(journal.shred())
        secrets_of(place).chmod(0o600)
        return [waiting, str(states(journal)[person]), len(journal.shred())]

    assert bound(try_it) == [1, "logged", 0]
