"""Whoever can write the database but holds no keys changes nothing unseen."""

from __future__ import annotations

import pytest

from gdpr.audit.acknowledging import acknowledge
from gdpr.audit.chain import EntryHash
from gdpr.audit.entries import Entry, chain_of, entry_name
from gdpr.audit.events import Event
from gdpr.errors import OlderThanAnchor, StateFileDamaged
from tests.gdpr.audit.history import Tampered, bad, copy_of, put_back
from tests.gdpr.kernel import Person, add_person

COLUMNS = [name for name in Entry._fields if name not in {"desk", "seq"}]


def test_untouched_vault_verifies(vault):
    """What nobody touched is good, and everything in it was counted."""
    found = vault.found()
    assert (found.ok, found.first_bad) == (True, None)
    assert found.entries == 6
    assert found.rows == 4 + 1 + 1 + 5 + 4
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
    return b"x" * 16 if old is None else old[:-1] + bytes([old[-1] ^ 0xFF])


@pytest.mark.parametrize("column", COLUMNS)
def test_edited_column(vault, column):
    """No column of any entry, the newest included, can be edited."""
    for seq in range(1, 7):
        with vault.journal.session.database.atomic() as work:
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
        with vault.journal.session.database.atomic() as work:
            vault.sql(f"UPDATE audit_entry SET {column} = ? WHERE seq = 3", value)
            after = vault.sql(f"SELECT quote({column}) FROM audit_entry ORDER BY seq").fetchall()
            found = vault.checked()
            work.rollback()
        # That the table was made anew without its types is told besides.
        values = [one for one in found.damages if not one.why.startswith("schema")]
        assert (values == []) == (before == after)
        assert {one.table for one in found.damages} == {"audit_entry"}


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
    assert found.rows == 15


def resigned(vault, seq, ring, *, as_actor):
    """Edit an entry and give it a true hash and a true signature of `ring`."""
    journal = vault.journal
    (entry,) = (e for e in chain_of(journal.session.database, journal.desk_id) if e.seq == seq)
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

        def may(self, user_id, card_counter, event, tables=()):
            return True

    assert vault.place.journal().verify(cards).ok
    found = vault.place.journal().verify(Nobody())
    assert {damage.why for damage in found.damages} == {"signature"}


def test_card_must_be_valid_at_its_place(vault, kernel_vault):
    """After a user's new card was noted, entries signed with the old one do not count."""
    journal = vault.journal
    journal.log_access(Event.USER_DISABLED, kernel_vault.colleague.user_id, card=2)
    other = vault.place.journal(vault.place.desk(kernel_vault.colleague))
    other.log_access(Event.PARTIES_LISTED)
    found = vault.found()
    assert [damage.why for damage in found.damages] == ["card"]
    assert found.first_bad["row"] == vault.entry(8)


def as_another_desk(vault, ring, event=Event.PARTIES_LISTED, about=None, **codes):
    """Write an entry with these keys on a desk that nobody knew."""
    journal = vault.place.journal(vault.place.desk(ring), state="another")
    journal.log_access(event, about, **codes)
    return f"{journal.desk_id.hex()}:{journal.head().seq}"


def test_a_card_that_ended_is_valid_on_no_other_desk(vault, kernel_vault):
    """Who ended it quoted every chain: behind those heads, or on an unknown one, it is damage."""
    colleague = kernel_vault.colleague
    as_another_desk(vault, colleague)
    vault.journal.log_access(Event.USER_DISABLED, colleague.user_id, card=2)
    assert vault.found().ok
    name = as_another_desk(vault, colleague)
    unknown = vault.place.journal(vault.place.desk(colleague), state="unknown")
    unknown.log_access(Event.PARTIES_LISTED)
    found = vault.checked()
    assert {damage.why for damage in found.damages} == {"card"}
    assert sorted(bad(found)) == sorted(
        [("audit_entry", name), ("audit_entry", f"{unknown.desk_id.hex()}:1")]
    )


def test_a_role_that_may_not_ends_no_card(vault, kernel_vault):
    """An entry that shuts somebody out counts only from whom it may come."""
    colleague, owner = kernel_vault.colleague.user_id, kernel_vault.ring.user_id
    vault.place.vault.cards.forbidden = {(colleague, Event.USER_DISABLED.value)}
    try:
        name = as_another_desk(vault, kernel_vault.colleague, Event.USER_DISABLED, owner, card=999)
        add_person(vault.place.journal(vault.place.desk()), "New")
        found = vault.checked()
    finally:
        vault.place.vault.cards.forbidden = set()
    assert [(damage.row, damage.why) for damage in found.damages] == [(name, "role")]


def test_what_a_refused_entry_changed_is_named_for_good(vault, kernel_vault):
    """Its tables show as damaged also when others have written them since, and no other table."""
    colleague = kernel_vault.colleague.user_id
    vault.place.vault.cards.forbidden = {(colleague, "person")}
    try:
        add_person(vault.place.journal(vault.place.desk(kernel_vault.colleague)), "Theirs")
        add_person(vault.place.journal(vault.place.desk()), "Ours")
        found = vault.checked()
    finally:
        vault.place.vault.cards.forbidden = set()
    assert [(damage.table, damage.why) for damage in found.damages] == [
        ("audit_entry", "role"),
        ("holding", "role"),
        ("owner_key", "role"),
        ("person", "role"),
    ]


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
    with pytest.raises(OlderThanAnchor) as caught:
        journal.check_anchor()
    assert caught.value.exit_code == 7
    assert len(journal.session.rows(Person)) == 4
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


def test_quoted_head_protects_another_desk(place, kernel_vault):
    """A tail cut from a desk that never comes back is missed by the desk that quoted it."""
    mine = place.journal()
    add_person(mine)
    gone = place.journal(place.desk(kernel_vault.colleague), "gone")
    gone.log_access(Event.PARTIES_LISTED)
    gone.log_access(Event.PARTIES_LISTED)
    again = place.journal(place.desk(), "state")
    again.log_access(Event.PARTIES_LISTED)
    mine.session.database.execute_sql(
        "DELETE FROM audit_entry WHERE desk = ? AND seq = 2", (gone.desk_id,)
    )
    found = again.verify(kernel_vault.cards)
    assert [(damage.row, damage.why) for damage in found.damages] == [
        (f"{gone.desk_id.hex()}:2", "quote")
    ]


def test_chain_of_a_lost_state_folder(vault):
    """A desk that lost its anchor says so until it has a new one."""
    (vault.place.folder / "state" / "anchor").unlink()
    found = vault.found()
    assert found.first_bad == {"table": "audit_entry", "row": None}


def test_changed_anchor_is_named_until_somebody_signs_for_it(vault):
    """A forged anchor is damage, is kept for examination, and work goes on."""
    anchor = vault.place.folder / "state" / "anchor"
    content = bytearray(anchor.read_bytes())
    content[10] ^= 1
    anchor.write_bytes(content)
    journal = vault.place.journal(vault.place.desk())
    with pytest.raises(StateFileDamaged):
        journal.check_anchor()
    add_person(journal, "New")
    found = vault.found()
    assert found.first_bad == {"table": "audit_entry", "row": None}
    (vault.place.folder / "state" / "anchor.damaged").unlink()
    found = vault.found()
    assert [damage.why for damage in found.damages] == ["anchor-damaged"]
    acknowledge(journal, {damage: found.marks[damage] for damage in found.damages})
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
        with vault.journal.session.database.atomic() as work:
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


def test_a_checkpoint_that_is_gone_or_old_is_told(vault):
    """A deleted checkpoint, and one put back from an earlier proof: damage, until it is signed for.

    A proof that finds nothing wrong then makes them anew.
    """
    row, gone = "SELECT * FROM audit_checkpoint", "DELETE FROM audit_checkpoint"
    assert vault.found().ok
    old = vault.sql(row).fetchone()
    assert vault.found().ok
    vault.sql(gone)
    assert vault.checked().damages == (("audit_checkpoint", None, "sum"),)
    vault.sql(f"INSERT INTO audit_checkpoint VALUES ({', '.join('?' * len(old))})", *old)
    for quick in (False, True):
        found = vault.found(quick=quick)
        assert found.damages == (("audit_checkpoint", None, "sum"),)
    acknowledge(vault.place.journal(vault.place.desk()), {found.damages[0]: ""})
    assert vault.found().ok
    assert vault.found().known == ()


def test_a_list_of_acknowledged_damage_that_is_gone_is_told(vault):
    """Without its list nobody knows what an owner signed for: the entry is named."""
    vault.sql("DELETE FROM person WHERE id = ?", vault.people[1])
    journal = vault.place.journal(vault.place.desk())
    found = vault.found()
    acknowledge(journal, {damage: found.marks[damage] for damage in found.damages})
    assert vault.found().ok
    entry = vault.sql("SELECT desk, seq FROM audit_acknowledged").fetchone()
    vault.sql("DELETE FROM audit_acknowledged")
    told = vault.found().damages
    assert ("audit_acknowledged", entry_name(*entry), "missing") in told
    assert len(told) == 1 + len(found.damages)
