"""The ledger remembers every right that took effect, whatever happens to the database."""

from __future__ import annotations

import json

import pytest

from gdpr.audit.errors import LedgerDamaged
from gdpr.audit.events import Event
from gdpr.audit.ledger import LedgerState, pack_right
from gdpr.store.database import open_database
from gdpr.vault.root import verify_signature
from tests.gdpr.audit.history import copy_of, put_back
from tests.gdpr.kernel import Person, add_person

GROUNDS = (b"g" * 16, b"h" * 16)


def erase(journal, person, event=Event.ERASED, kind="erased"):
    """Erase as the rights floor does: rows and keys in one deed that bears the right."""
    desk = journal.session
    with journal.audited_change(event, person, rows=1) as deed:
        deed.bear(kind, because="no-longer-needed", grounds=GROUNDS)
        deed.delete(desk.get(Person, person))
        deed.settle(desk.keys_of(person), ("alpha", "beta"))
    return deed.right


@pytest.fixture
def ledger(place, journal):
    people = [add_person(journal, f"P{n}") for n in range(4)]
    journal.erased = [erase(journal, person) for person in people[:3]]
    return place.folder / "state" / "ledger"


def test_right_is_logged_with_ids_only(journal, ledger, place):
    """Each line names ids, codes and times, is private, and nothing else is in the file."""
    first = journal.erased[0]
    assert journal.ledger.events(place.vault.cards) == dict.fromkeys(
        journal.erased, LedgerState.LOGGED
    )
    assert journal.ledger.pending() == journal.erased
    assert ledger.stat().st_mode & 0o777 == 0o600
    line = json.loads(ledger.read_text().splitlines()[0])
    assert line["subject"] == first.subject.hex()
    assert line["grounds"] == [ground.hex() for ground in GROUNDS]
    assert (line["kind"], line["because"]) == ("erased", "no-longer-needed")
    assert first.grounds == GROUNDS
    assert set(line) == {
        "line", "state", "desk", "seq", "entry", "kind", "subject", "grounds", "because", "at",
        "time", "actor", "card", "prev", "sig",
    }  # fmt: skip


def test_kind_is_data(journal):
    """A kind of right that no code of the kernel knows is kept like any other."""
    person = add_person(journal)
    journal_deed = journal.audited_change(Event.ERASED_PARTLY, person)
    with journal_deed as deed:
        deed.bear("objected:direct_marketing", because="objection")
    assert deed.right.kind == "objected:direct_marketing"
    assert deed.right.grounds == ()
    with pytest.raises(ValueError, match="codes"):
        pack_right("Anna asked", "objection", ())
    with pytest.raises(ValueError, match="codes"):
        pack_right("erased", "she was angry", ())
    with pytest.raises(ValueError, match="16 bytes"):
        pack_right("erased", "objection", (b"short",))
    with pytest.raises(ValueError, match="subject"), journal.audited_change(Event.ERASED) as deed:
        deed.bear("erased", because="objection")


def test_undone_deed_leaves_no_line(journal, ledger):
    """What was rolled back never reaches the ledger."""
    before = ledger.read_bytes()
    person = add_person(journal)

    def fail():
        with journal.audited_change(Event.ERASED, person) as deed:
            deed.bear("erased", because="objection")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.read_bytes() == before


def test_shredding_is_a_second_line(journal, ledger, place):
    """Once no log of the database holds the old bytes, the events are marked and stop waiting."""
    assert journal.shred() == []
    states = journal.ledger.events(place.vault.cards)
    assert set(states.values()) == {LedgerState.SHREDDED}
    assert len(ledger.read_text().splitlines()) == 6
    assert journal.ledger.pending() == []
    assert journal.shred() == []


def test_shredding_waits_for_readers(journal, ledger, place):
    """While another program still reads the old state, the events stay pending."""
    other = open_database(str(place.path))
    other.execute_sql("PRAGMA busy_timeout = 1")
    journal.session.database.execute_sql("PRAGMA busy_timeout = 1")
    other.begin()
    other.execute_sql("SELECT count(*) FROM person").fetchone()
    person = add_person(journal)
    erased = erase(journal, person)
    assert journal.shred() == [*journal.erased, erased]
    other.rollback()
    other.close()
    assert journal.shred() == []


def test_torn_last_line_is_replaced(journal, ledger, place):
    """A line cut by a crash is passed over, reported, and its event written again."""
    whole = ledger.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for cut in (last + 1, last + 40, len(whole) - 1):
        ledger.write_bytes(whole[:cut])
        fresh = place.journal(place.desk())
        assert len(fresh.ledger.events()) == 2
        assert fresh.ledger.torn
        found = fresh.reconcile(place.vault.cards)
        assert found.torn
        assert found.added == (journal.erased[2],)
        assert list(fresh.ledger.events(place.vault.cards)) == journal.erased
        assert not fresh.ledger.torn


def test_lost_line_and_lost_file_come_back(journal, ledger, place):
    """Lines the file lost are written anew from the entries, which carry all of it."""
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[:1]))
    found = place.journal(place.desk()).reconcile(place.vault.cards)
    assert found.added == tuple(journal.erased[1:])
    assert found.pending == tuple(journal.erased)
    ledger.unlink()
    found = place.journal(place.desk()).reconcile(place.vault.cards)
    assert found.added == tuple(journal.erased)
    assert not found.torn


def test_another_desk_learns_of_every_right(journal, ledger, place):
    """Each installation's ledger holds what all of them did, so any of them can replay it."""
    other = place.journal(place.desk(place.vault.colleague), "other")
    found = other.reconcile(place.vault.cards)
    assert found.added == tuple(journal.erased)
    assert found.missing == ()
    assert other.verify(place.vault.cards).ok


def test_nothing_to_reconcile(journal, ledger, place):
    """In the ordinary case both sides agree and nothing is written."""
    before = ledger.read_bytes()
    found = place.journal(place.desk()).reconcile(place.vault.cards)
    assert (found.added, found.missing, found.damages) == ((), (), ())
    assert ledger.read_bytes() == before


def test_effects_a_rolled_back_database_lost_are_returned(place):
    """An old copy brings people back; the ledger names each until it took effect again."""
    journal = place.journal()
    people = [add_person(journal, f"P{n}") for n in range(2)]
    copy_of(place, "old.db")
    erased = erase(journal, people[0])
    desk = put_back(place, "old.db")
    again = place.journal(desk)
    assert len(desk.rows(Person)) == 2
    found = again.reconcile(place.vault.cards)
    assert (found.added, found.missing) == ((), (erased,))
    replayed = erase(again, people[0], Event.ERASURE_REPLAYED)
    again.ledger.write([erased], LedgerState.REPLAYED, replayed.at)
    assert again.reconcile(place.vault.cards).missing == ()
    assert len(desk.rows(Person)) == 1


def test_only_verified_entries_reach_the_ledger(journal, ledger, place):
    """An entry the host invented is damage; a restore must never act on it."""
    ledger.unlink()
    rights = pack_right("erased", "objection", ())
    sql = "UPDATE audit_entry SET rights = ?, object_id = ? WHERE seq = 2"
    journal.session.database.execute_sql(sql, (rights, b"x" * 16))
    found = place.journal(place.desk()).reconcile(place.vault.cards)
    assert found.added == tuple(journal.erased)
    assert [damage.row for damage in found.damages] == [f"{journal.desk_id.hex()}:2"]


@pytest.fixture
def checked(monkeypatch, ledger, place):
    """Note every signature that is checked while the ledger is read; a mark of it is there."""
    monkeypatch.setattr("gdpr.audit.ledger._MARKED_EACH", 1)
    place.journal(place.desk()).ledger.lines(place.vault.cards)
    noted: list[bytes] = []

    def noting(public: bytes, signature: bytes, message: bytes) -> None:
        noted.append(signature)
        verify_signature(public, signature, message)

    monkeypatch.setattr("gdpr.audit.signers.verify_signature", noting)
    return noted


def test_what_was_checked_before_is_not_checked_again(journal, ledger, place, checked):
    """An opening checks the mark and the lines since; verifying checks every line."""
    assert len(place.journal(place.desk()).ledger.lines(place.vault.cards)) == 3
    assert len(checked) == 1

    journal.erased.append(erase(journal, add_person(journal, "Late")))
    checked.clear()
    again = place.journal(place.desk()).ledger
    assert list(again.events(place.vault.cards)) == journal.erased
    assert len(checked) == 2

    checked.clear()
    assert len(again.lines(place.vault.cards, afresh=True)) == 4
    assert len(checked) == 4


def test_a_mark_that_is_not_ones_own_says_nothing(journal, ledger, place, checked):
    """With any byte of it changed, cut short or gone, every line is checked."""
    (mark,) = ledger.parent.glob("ledger.checked.*")
    whole = mark.read_bytes()
    flipped = [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))]
    for content in (*flipped, b"", whole[:-1], None):
        mark.unlink() if content is None else mark.write_bytes(content)
        checked.clear()
        assert len(place.journal(place.desk()).ledger.lines(place.vault.cards)) == 3
        assert len(checked) >= 3


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("what", ["drop", "swap", "edit", "space", "sign", "junk", "empty", "deep"])
def test_damage_names_the_line(monkeypatch, journal, ledger, place, what, *, marked):
    """Any other change to the file is damage (exit 7), and says at which line."""
    if marked:
        monkeypatch.setattr("gdpr.audit.ledger._MARKED_EACH", 1)
        place.journal(place.desk()).ledger.lines(place.vault.cards)
    lines = ledger.read_bytes().splitlines(keepends=True)
    changed = {
        "drop": [lines[0], lines[2]],
        "swap": [lines[0], lines[2], lines[1]],
        "edit": [lines[0], lines[1].replace(b"no-longer", b"so-longer"), lines[2]],
        "space": [lines[0], lines[1].replace(b",", b", "), lines[2]],
        "sign": [lines[0], lines[1][:-5] + b'ff"}\n', lines[2]],
        "junk": [lines[0], b"\xff\n", lines[2]],
        "empty": [lines[0], b"\n", lines[2]],
        "deep": [lines[0], b"[" * 100_000 + b"\n", lines[2]],
    }
    ledger.write_bytes(b"".join(changed[what]))
    fresh = place.journal(place.desk())
    with pytest.raises(LedgerDamaged) as caught:
        fresh.reconcile(place.vault.cards)
    assert caught.value.exit_code == 7
    assert caught.value.arguments == {"name": "ledger", "line": 2}
    found = fresh.verify(place.vault.cards)
    assert found.first_bad == {"table": "ledger", "row": "2"}


def test_damaged_ledger_is_met_before_anything_is_destroyed(journal, ledger, place):
    """A right that could not be logged does not take effect unlogged."""
    content = ledger.read_bytes()
    ledger.write_bytes(content.replace(b"no-longer", b"so-longer", 1))
    fresh = place.journal(place.desk())
    person = add_person(fresh, "Last")
    with pytest.raises(LedgerDamaged):
        erase(fresh, person)
    assert fresh.session.get(Person, person).name == "Last"


def test_a_line_needs_a_signature_of_a_user(journal, ledger, place):
    """Whoever can write the file but has no key cannot add an erasure."""

    class Nobody:
        def public_key(self, user_id, card_counter):
            return None

        def may(self, user_id, card_counter, event, tables=()):
            return True

    with pytest.raises(LedgerDamaged):
        place.journal(place.desk()).reconcile(Nobody())


def test_edited_right_never_reaches_the_ledger(journal, ledger, place):
    """A right whose entry was edited is damage on both sides, and gets no line of its own."""
    rights = pack_right("erased", "objection", ())
    journal.session.database.execute_sql(
        "UPDATE audit_entry SET rights = ? WHERE seq = 5", (rights,)
    )
    journal.session.database.execute_sql("UPDATE audit_entry SET rights = x'ff' WHERE seq = 6")
    found = place.journal(place.desk()).reconcile(place.vault.cards)
    assert [damage.row[-2:] for damage in found.damages] == [":5", ":6"]
    assert found.added == ()
    assert found.missing == tuple(journal.erased[:2])
