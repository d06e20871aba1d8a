"""Whoever can write the database but holds no keys changes nothing unseen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdpr.audit.chain import EntryHash
from gdpr.audit.entries import Entry, chain_of
from gdpr.audit.events import Event
from gdpr.audit.verify import Scope, verify
from gdpr.store.record import Record
from gdpr.store.warrant import Warrant
from tests.gdpr.audit.history import copy_of, put_back
from tests.gdpr.kernel import ITEMS, Paper, Person, Place, Remark, add_person, fresh_id

COLUMNS = [name for name in Entry._fields if name not in {"desk", "seq"}]


class Tampered:
    """A vault with some history, its journal, and raw SQL against its file."""

    def __init__(self, place):
        self.place = place
        self.journal = place.journal()
        self.people = [add_person(self.journal, f"P{n}", f"LV{n}", level=n) for n in range(4)]
        self.journal.read(Event.PARTIES_LISTED, count=4)
        first = self.journal.desk.get(Person, self.people[0])
        first.level = 9
        with self.journal.deed(Event.PARTY_EDITED, self.people[0]) as deed:
            deed.update(first)
            self.remark = Remark(id=fresh_id(), person=self.people[0], text="blue door")
            deed.insert(self.remark, Warrant(self.people[0], ITEMS))
            self.paper = Paper(id=fresh_id(), person=self.people[0], name="P0", issued=3)
            deed.insert(self.paper, Warrant(self.people[0], ITEMS))

    def sql(self, statement, *values):
        return self.journal.desk.database.execute_sql(statement, values)

    def found(self, **options):
        """Verify as a new program of the same desk would."""
        return self.place.journal(self.place.desk()).verify(self.place.vault.cards, **options)

    def checked(self):
        """Verify without noting it in the log."""
        journal = self.journal
        scope = Scope(journal.desk_id, journal.anchors)
        return verify(journal.desk, scope, self.place.vault.cards)

    def entry(self, seq):
        return f"{self.journal.desk_id.hex()}:{seq}"


@pytest.fixture
def vault(place):
    return Tampered(place)


def bad(verification):
    return [(damage.table, damage.row) for damage in verification.damages]


def test_untouched_vault_verifies(vault):
    """What nobody touched is good, and everything in it was counted."""
    found = vault.found()
    assert (found.ok, found.first_bad) == (True, None)
    assert found.entries == 6
    assert found.rows == 4 + 1 + 1 + 5
    again = vault.found()
    assert (again.ok, again.entries) == (True, 7)


@pytest.mark.parametrize("cut", range(1, 7))
def test_cut_tail(vault, cut):
    """The last entries cannot go: the anchor outside the database remembers them."""
    vault.sql("DELETE FROM audit_entry WHERE seq > ?", 6 - cut)
    found = vault.found()
    assert found.first_bad == {"table": "audit_entry", "row": vault.entry(7 - cut)}
    # Appending over the hole does not hide it, not even after many entries.
    add_person(vault.place.journal(vault.place.desk()), "New")
    later = vault.found()
    assert later.first_bad == {"table": "audit_entry", "row": vault.entry(7 - cut)}
    assert "person" not in {table for table, _ in bad(later)}


@pytest.mark.parametrize("seq", range(1, 6))
def test_dropped_middle(vault, seq):
    """An entry taken from the middle leaves its number behind."""
    vault.sql("DELETE FROM audit_entry WHERE seq = ?", seq)
    assert bad(vault.found()) == [("audit_entry", vault.entry(seq))]


def test_reordered(vault):
    """Two entries that change places are both named."""
    for old, new in ((2, 90), (3, 2), (90, 3)):
        vault.sql("UPDATE audit_entry SET seq = ? WHERE seq = ?", new, old)
    rows = {row for _, row in bad(vault.found())}
    assert {vault.entry(2), vault.entry(3)} <= rows


def spoilt(old):
    if isinstance(old, int):
        return old + 1
    if isinstance(old, str):
        return old + "x"
    return b"x" * 16 if old is None else old[:-1] + b"\xff"


@pytest.mark.parametrize("column", COLUMNS)
def test_edited_column(vault, column):
    """No column of any entry, the newest included, can be edited."""
    for seq in range(1, 7):
        with vault.journal.desk.database.atomic() as work:
            (old,) = vault.sql(f"SELECT {column} FROM audit_entry WHERE seq = ?", seq).fetchone()
            vault.sql(f"UPDATE audit_entry SET {column} = ? WHERE seq = ?", spoilt(old), seq)
            found = vault.checked()
            work.rollback()
        assert found.first_bad == {"table": "audit_entry", "row": vault.entry(seq)}
        assert {table for table, _ in bad(found)} == {"audit_entry"}


@pytest.mark.parametrize("column", Entry._fields)
def test_edited_to_another_type(vault, column):
    """Values of a type that was never written are damage and not a crash."""
    vault.sql("CREATE TABLE loose AS SELECT * FROM audit_entry")
    vault.sql("DROP TABLE audit_entry")
    vault.sql("ALTER TABLE loose RENAME TO audit_entry")
    before = vault.sql(f"SELECT quote({column}) FROM audit_entry ORDER BY seq").fetchall()
    for value in (None, 5, "text", b"", b"\x00", 1.5, "55"):
        with vault.journal.desk.database.atomic() as work:
            vault.sql(f"UPDATE audit_entry SET {column} = ? WHERE seq = 3", value)
            after = vault.sql(f"SELECT quote({column}) FROM audit_entry ORDER BY seq").fetchall()
            found = vault.checked()
            work.rollback()
        assert found.ok == (before == after)
        assert found.ok or found.first_bad["table"] == "audit_entry"


def test_verifying_is_noted_even_on_a_broken_log(vault):
    """Where the log takes no entry any more, the finding still comes out."""
    vault.sql("UPDATE audit_entry SET seq = x'00' WHERE seq = 6")
    assert not vault.found().ok
    vault.sql("DROP TABLE audit_checkpoint")
    assert vault.found().first_bad == {"table": "audit_entry", "row": None}


def test_text_that_is_no_text(vault):
    """A byte that is not UTF-8 fails its own row only."""
    vault.sql("UPDATE audit_entry SET body = CAST(x'61ff' AS TEXT) WHERE seq = 3")
    vault.sql("UPDATE person SET kind = CAST(x'61ff' AS TEXT) WHERE id = ?", vault.people[2])
    found = vault.found()
    assert bad(found) == [
        ("audit_entry", vault.entry(3)),
        ("person", vault.people[2].hex()),
    ]
    assert found.rows == 11


def resigned(vault, seq, ring, *, as_actor):
    """Edit an entry and give it a true hash and a true signature of `ring`."""
    journal = vault.journal
    (entry,) = (e for e in chain_of(journal.desk.database, journal.desk_id) if e.seq == seq)
    entry = entry._replace(body="count=1")
    if as_actor:
        entry = entry._replace(actor=ring.user_id, card_counter=ring.card_counter)
    digest = EntryHash(ring.vault_id).of(entry)
    vault.sql(
        "UPDATE audit_entry SET body = ?, actor = ?, hash = ?, sig = ? WHERE seq = ?",
        entry.body,
        entry.actor,
        digest,
        ring.sign(digest),
        seq,
    )


@pytest.mark.parametrize("seq", [3, 6])
@pytest.mark.parametrize("as_actor", [True, False])
def test_resigned_by_another_user(vault, kernel_vault, seq, as_actor):
    """Not even a colleague with keys can rewrite what somebody did, the newest entry included."""
    resigned(vault, seq, kernel_vault.colleague, as_actor=as_actor)
    found = vault.found()
    assert not found.ok
    assert found.first_bad["table"] == "audit_entry"


def test_unknown_signer_and_card(vault):
    """An entry of nobody, or of a card that was never issued, is damage."""
    cards = vault.place.vault.cards

    class Nobody:
        def public_key(self, user_id, card_counter):
            return None

    assert vault.place.journal().verify(cards).ok
    found = vault.place.journal().verify(Nobody())
    assert {damage.why for damage in found.damages} == {"signature"}


def test_card_must_be_valid_at_its_place(vault, kernel_vault):
    """After a user's new card was noted, entries signed with the old one do not count."""
    journal = vault.journal
    journal.read(Event.USER_DISABLED, kernel_vault.colleague.user_id, card=2)
    other = vault.place.journal(vault.place.desk(kernel_vault.colleague))
    other.read(Event.PARTIES_LISTED)
    found = vault.found()
    assert [damage.why for damage in found.damages] == ["card"]
    assert found.first_bad["row"] == vault.entry(8)


def test_two_heads(vault):
    """A chain with two entries of one number is damage, however the table was rebuilt."""
    vault.sql("CREATE TABLE loose AS SELECT * FROM audit_entry")
    vault.sql("INSERT INTO loose SELECT * FROM audit_entry WHERE seq = 6")
    vault.sql("DROP TABLE audit_entry")
    vault.sql("ALTER TABLE loose RENAME TO audit_entry")
    assert vault.found().first_bad == {"table": "audit_entry", "row": vault.entry(6)}


def test_rolled_back_database(place):
    """An old copy of the whole file is older than the anchor, then and ever after."""
    vault = Tampered(place)
    copy_of(place, "old.db")
    add_person(vault.journal, "Later")
    place_again = put_back(place, "old.db")
    journal = place.journal(place_again)
    assert not journal.check_anchor()
    assert [damage.exit_code for damage in journal.desk.damage] == [7]
    assert len(journal.desk.rows(Person)) == 4
    found = journal.verify(place.vault.cards)
    assert found.first_bad == {"table": "audit_entry", "row": vault.entry(7)}
    # The journal went on, and both the hole and the lost rows stay visible.
    later = journal.verify(place.vault.cards)
    assert ("audit_entry", vault.entry(7)) in bad(later)
    assert ("person", None) in bad(later)


def test_forked_database(place):
    """A database continued from an old copy elsewhere does not pass as this desk's own."""
    vault = Tampered(place)
    copy_of(place, "old.db")
    add_person(vault.journal, "Here")
    anchor = (place.folder / "state" / "anchor").read_bytes()
    desk = put_back(place, "old.db")
    (place.folder / "state" / "anchor").unlink()
    forked = place.journal(desk)
    add_person(forked, "There")
    add_person(forked, "And there")
    (place.folder / "state" / "anchor").write_bytes(anchor)
    journal = place.journal(place.desk(place.vault.ring))
    found = journal.verify(place.vault.cards)
    assert found.first_bad == {"table": "audit_entry", "row": vault.entry(7)}
    assert not journal.verify(place.vault.cards).ok


def test_deleted_row_names_the_table(vault):
    """A row that is gone shows, although all that is left verifies."""
    vault.sql("DELETE FROM person WHERE id = ?", vault.people[1])
    found = vault.found()
    assert bad(found) == [("person", None)]
    assert vault.journal.desk.get(Person, vault.people[2]).name == "P2"


@pytest.mark.parametrize("table", ["person", "remark", "paper", "owner_key"])
def test_deleted_row_of_every_table(vault, table):
    """Keys and kept records are summed like everything else."""
    vault.sql(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")
    assert vault.found().first_bad == {"table": table, "row": None}


def test_rolled_back_row_names_the_table(vault):
    """A row put back to a state that was once true shows."""
    person = vault.people[3]
    old = vault.sql("SELECT * FROM person WHERE id = ?", person).fetchone()
    record = vault.journal.desk.get(Person, person)
    record.level = 77
    with vault.journal.deed(Event.PARTY_EDITED, person) as deed:
        deed.update(record)
    vault.sql("DELETE FROM person WHERE id = ?", person)
    vault.sql(f"INSERT INTO person VALUES ({', '.join('?' * len(old))})", *old)
    assert bad(vault.found()) == [("person", None)]


def test_inserted_and_doubled_rows(vault):
    """A row brought back after its deletion, or twice in the table, shows."""
    person = vault.people[3]
    old = vault.sql("SELECT * FROM person WHERE id = ?", person).fetchone()
    with vault.journal.deed(Event.ERASED, person) as deed:
        deed.delete(vault.journal.desk.get(Person, person))
    assert vault.found().ok
    vault.sql(f"INSERT INTO person VALUES ({', '.join('?' * len(old))})", *old)
    assert vault.found().first_bad == {"table": "person", "row": None}
    vault.sql("DELETE FROM person WHERE id = ?", person)
    vault.sql("CREATE TABLE loose AS SELECT * FROM paper")
    vault.sql("INSERT INTO loose SELECT * FROM paper")
    vault.sql("DROP TABLE paper")
    vault.sql("ALTER TABLE loose RENAME TO paper")
    assert vault.found().first_bad == {"table": "paper", "row": None}


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


def test_quoted_head_protects_another_desk(place, kernel_vault):
    """A tail cut from a desk that never comes back is missed by the desk that quoted it."""
    mine = place.journal()
    add_person(mine)
    gone = place.journal(place.desk(kernel_vault.colleague), "gone")
    gone.read(Event.PARTIES_LISTED)
    gone.read(Event.PARTIES_LISTED)
    again = place.journal(place.desk(), "state")
    again.read(Event.PARTIES_LISTED)
    mine.desk.database.execute_sql(
        "DELETE FROM audit_entry WHERE desk = ? AND seq = 2", (gone.desk_id,)
    )
    found = again.verify(kernel_vault.cards)
    assert [(damage.row, damage.why) for damage in found.damages] == [
        (f"{gone.desk_id.hex()}:2", "quote")
    ]


def test_digests_of_all_desks_together(place, kernel_vault):
    """Rows that one desk wrote and another changed add up, and only together."""
    mine = place.journal()
    person = add_person(mine)
    other = place.journal(place.desk(kernel_vault.colleague), "other")
    record = other.desk.get(Person, person)
    record.level = 4
    with other.deed(Event.PARTY_EDITED, person) as deed:
        deed.update(record)
    assert mine.verify(kernel_vault.cards).ok
    mine.desk.database.execute_sql("DELETE FROM audit_entry WHERE desk = ?", (other.desk_id,))
    assert ("person", None) in bad(mine.verify(kernel_vault.cards))


def test_chain_of_a_lost_state_folder(vault):
    """A desk that lost its anchor says so until it has a new one."""
    (vault.place.folder / "state" / "anchor").unlink()
    found = vault.found()
    assert found.first_bad == {"table": "audit_entry", "row": None}


def test_changed_anchor_is_named_until_somebody_looked(vault):
    """A forged anchor is damage, is kept for examination, and work goes on."""
    anchor = vault.place.folder / "state" / "anchor"
    content = bytearray(anchor.read_bytes())
    content[10] ^= 1
    anchor.write_bytes(content)
    journal = vault.place.journal(vault.place.desk())
    assert not journal.check_anchor()
    add_person(journal, "New")
    found = vault.found()
    assert found.first_bad == {"table": "audit_entry", "row": None}
    (vault.place.folder / "state" / "anchor.damaged").unlink()
    assert vault.found().ok


def test_quick_starts_behind_the_checkpoint(vault):
    """After a good full verification only what is new is checked, and rows are left alone."""
    assert vault.found().ok
    add_person(vault.place.journal(vault.place.desk()), "New")
    found = vault.found(quick=True)
    assert (found.ok, found.entries, found.rows) == (True, 2, 0)
    vault.sql("UPDATE audit_entry SET time = 1 WHERE seq = 8")
    assert vault.found(quick=True).first_bad == {"table": "audit_entry", "row": vault.entry(8)}


def test_damage_leaves_no_checkpoint(vault):
    """What is damaged is never marked as good, neither by a full nor by a quick check."""
    vault.sql("DELETE FROM person WHERE id = ?", vault.people[1])
    vault.found()
    assert vault.sql("SELECT count(*) FROM audit_checkpoint").fetchone() == (0,)
    vault.found(quick=True)
    assert vault.sql("SELECT count(*) FROM audit_checkpoint").fetchone() == (0,)


def test_forged_checkpoint(vault):
    """A checkpoint that was edited is damage and nothing is built on it."""
    assert vault.found().ok
    for column in ("seq", "hash", "digests", "time", "actor", "card_counter", "sig"):
        with vault.journal.desk.database.atomic() as work:
            (old,) = vault.sql(f"SELECT {column} FROM audit_checkpoint").fetchone()
            vault.sql(f"UPDATE audit_checkpoint SET {column} = ?", spoilt(old))
            found = vault.found(quick=True)
            work.rollback()
        row = vault.entry(7 if column == "seq" else 6)
        assert found.first_bad == {"table": "audit_checkpoint", "row": row}
        assert found.entries == 7


def test_entries_before_a_checkpoint_still_count(vault):
    """A full check goes back to the first entry, whatever a checkpoint says."""
    assert vault.found().ok
    vault.sql("UPDATE audit_entry SET time = 1 WHERE seq = 2")
    assert vault.found(quick=True).ok
    assert vault.found().first_bad == {"table": "audit_entry", "row": vault.entry(2)}


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "delete", "remark", "read"]), st.integers(0, 9)),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    assert found.rows == sum(len(journals[0].desk.rows(m)) for m in all_tables(journals[0].desk))
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
    desk = journal.desk
    record = desk.get(Person, person)
    if step == "edit":
        record.level = (record.level or 0) + 1
        record.name = None if record.name is None else record.name + "x"
        with journal.deed(Event.PARTY_EDITED, person) as deed:
            deed.update(record, Warrant(person, ITEMS))
    elif step == "remark":
        with journal.deed(Event.NOTE_ADDED, person) as deed:
            deed.insert(Remark(id=fresh_id(), person=person, text="x"), Warrant(person, ITEMS))
    elif step == "delete":
        with journal.deed(Event.ERASED, person) as deed:
            for remark in desk.rows(Remark, person=person):
                deed.delete(remark)
            deed.delete(record)
            deed.settle(desk.keys_of(person), ("alpha", "beta"))
        people.remove(person)
    else:
        journal.read(Event.PARTY_SHOWN, person)
