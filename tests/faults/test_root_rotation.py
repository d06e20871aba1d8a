"""The root is replaced when somebody leaves who knew it: desks follow, and no fork of theirs."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crm.kartoteka import Kartoteka, way_in
from crm.keys.versions import due_classes
from crm.oversight.reminders import Reminders
from crm.session.card_signers import CardSigners
from gdpr.audit.pin import known_roots
from gdpr.errors import RootChanged
from gdpr.store.accounts import RootStep, SlotRow, UserAccount, card_of
from gdpr.store.database import flush_log
from gdpr.store.key_versions import CardIssue
from gdpr.vault.cards import verify_card
from gdpr.vault.errors import RootForeign
from gdpr.vault.root import RootKey, fingerprint, link_roots, new_root
from gdpr.vault.slots import Slot, check_slot, seal_slot
from tests.crm.planting import FIELDS, plant
from tests.faults.hostile_host import Host


@pytest.fixture
def owner(place, hire):
    """Return a second owner, who knows the root, beside a register with a person in it."""
    login = hire("owner")
    with place.open() as register:
        plant(register, "client")
        flush_log(register.context.session.database)
    return login


def seed_of(place, login) -> RootKey:
    """Return the root as whoever leaves remembers it."""
    with place.open(login) as register:
        return RootKey(register.context.session.ring.root.seed)


def leave(place, login) -> None:
    """Shut an owner out and replace what they knew."""
    with place.open() as register:
        register.users.disable(login.name)
        assert "root" in due_classes(register.context)
        told = register.rotation.run(due=True)
        assert "root" in [line.key for line in told]
        assert due_classes(register.context) == ()
        flush_log(register.context.session.database)


class Elsewhere:
    """A second computer: the same file, a state folder of its own."""

    def __init__(self, place, monkeypatch) -> None:
        self.state = place.folder / "elsewhere"
        self.home = place.environment["XDG_STATE_HOME"]
        self.patch = monkeypatch

    def __enter__(self):
        self.patch.setenv("XDG_STATE_HOME", str(self.state))

    def __exit__(self, *_error):
        self.patch.setenv("XDG_STATE_HOME", self.home)


def test_everything_is_signed_by_the_new_root_alone(place, owner):
    """Every card, old issue and slot verifies under the new root, none under the old one."""
    old = seed_of(place, owner)
    leave(place, owner)
    with place.open() as register:
        desk = register.context.session
        new = desk.ring.root_public
        assert new != old.public
        assert desk.ring.root.public == new
        cards = {}
        for row in [*desk.rows(UserAccount), *desk.rows(CardIssue)]:
            card = card_of(desk.ring.vault_id, row)
            verify_card(new, card, bytes(row.card_signature))
            cards.setdefault(card.user_id, card)
        slots = desk.rows(SlotRow)
        for row in slots:
            card = cards[bytes(row.user_id)]
            slot = Slot(card.user_id, row.category, row.version, row.card_counter, bytes(row.blob))
            check_slot(new, card, slot)
        assert {row.version for row in slots if row.category == "root"} == {2}
        assert register.damage == ()
        assert register.context.journal.verify(CardSigners(desk)).ok
        assert register.clients.show("1").email == FIELDS["email"]


def test_what_the_old_root_signs_counts_for_nothing(place, owner, cli):
    """Who left plants a key of their own for a colleague: it is not taken, and it is told."""
    old = seed_of(place, owner)
    leave(place, owner)
    with place.open() as register:
        desk = register.context.session
        row = desk.get(UserAccount, desk.ring.user_id)
        card, vault_id = card_of(desk.ring.vault_id, row), desk.ring.vault_id
    planted = seal_slot(old, card, "contact", 9, b"k" * 32)
    assert planted.user_id == card.user_id
    with closing(sqlite3.connect(place.vault)) as database:
        database.execute(
            "INSERT INTO slot (id, rev, mac, user_id, category, version, card_counter, blob)"
            " VALUES (?, 1, x'01', ?, 'contact', 9, ?, ?)",
            (os.urandom(16), card.user_id, card.counter, planted.blob),
        )
        database.commit()
    assert vault_id
    assert cli("client", "list").exit_code == 7
    with place.open() as register:
        assert 9 not in register.context.session.ring.versions("contact")


def test_a_desk_that_was_away_follows(place, owner, monkeypatch):
    """It pinned the old root, finds the way to the new one, and pins that; nobody is asked."""
    with Elsewhere(place, monkeypatch), place.open() as register:
        state = register.context.state
        assert len(known_roots(state)) == 1
    leave(place, owner)
    with Elsewhere(place, monkeypatch), place.open() as register:
        assert register.warnings == ()
        assert register.damage == ()
        new = fingerprint(register.context.session.ring.root_public)
        assert known_roots(state)[1:] == (new,)


def test_an_open_desk_goes_on(place, hire, owner):
    """A program that was open when the root was replaced follows and gives out what is valid."""
    other = hire("owner", "privacy")
    with place.open(other) as register:
        leave(place, owner)
        register.notes.add("1", "after")
        login = register.users.add("jana", ["office"], language="en")
        assert login.name == "jana"
    with place.open() as register:
        assert register.context.journal.verify(CardSigners(register.context.session)).ok
        assert register.damage == ()


def fork(place, old: RootKey, *, entry: bool) -> None:
    """Let whoever left and the host lead from the old root to one of theirs."""
    host = Host(place.vault)
    step = link_roots(host.vault_id, 2, old, host.root)
    parts = (step.number, step.old_public, step.new_public, step.old_signature, step.new_signature)
    host.all("INSERT INTO root_step VALUES (?, 1, x'01', ?, ?, ?, ?, ?, 0)", os.urandom(16), *parts)
    if entry:
        host.event = "vault:root:rotated"
        host.body = f"number=2 root={fingerprint(host.root.public).hex()}"
    host.take_over()
    host.close()


@pytest.mark.parametrize("entry", [False, True])
def test_a_fork_of_whoever_left_is_refused(place, owner, cli, monkeypatch, entry):
    """The old root signs any step and any card, but no entry of the log that brings them in."""
    old = seed_of(place, owner)
    fork(place, old, entry=entry)
    for command in (("client", "list"), ("doctor",)):
        told = cli(*command)
        assert told.exit_code == 7
        assert "root key" in told.stderr
    with pytest.raises(RootChanged):
        place.open()
    with Elsewhere(place, monkeypatch), pytest.raises(RootChanged):
        place.open()


def test_the_old_root_does_not_come_back(place, owner, monkeypatch):
    """Once a password was typed after the change it vouches for the new root alone.

    The file put back under the old root is told by a desk that knew the new one, and by a new
    computer from the password.
    """
    old = seed_of(place, owner)
    leave(place, owner)
    with place.open():
        pass  # binds the password anew
    host = Host(place.vault)
    host.root = old
    host.take_over()
    host.close()
    with pytest.raises(RootChanged) as caught:
        place.open()
    assert type(caught.value) is RootChanged
    with Elsewhere(place, monkeypatch), pytest.raises(RootForeign):
        place.open()


def test_a_password_is_bound_to_the_new_root_when_it_is_typed(place, owner, hire):
    """Each user's own at their next opening, with an entry, and only once."""
    clerk = hire("office")
    before = wraps(place)
    leave(place, owner)
    assert wraps(place) == before
    with place.open(clerk):
        pass
    with place.open():
        pass
    after = wraps(place)
    assert {name for name in after if after[name] != before[name]} == {"anna", "office"}
    with place.open(clerk), place.open():
        pass
    assert wraps(place) == after


def wraps(place):
    with closing(sqlite3.connect(place.vault)) as database:
        query = "SELECT name, wrapped_bundle FROM user_account"
        return dict(database.execute(query).fetchall())


def test_a_swapped_root_is_told_in_an_open_program(place, owner):
    """A host that swaps root and signatures under an open program gets no word out of it."""
    with place.open() as register:
        flush_log(register.context.session.database)
        with closing(sqlite3.connect(place.vault)) as database:
            swapped = (new_root().public,)
            database.execute("UPDATE vault SET root_public = ?", swapped)
            database.commit()
        with pytest.raises(RootChanged):
            register.notes.add("1", "a note")
        with pytest.raises(RootChanged):
            register.context.session.ring.refresh()


def test_the_recovery_key_follows_and_is_replaced(place, owner, cli, monkeypatch):
    """The paper of before leads to the new root, a reminder asks for another, and that ends it."""
    with place.open() as register:
        paper = register.recovery.renew()
        register.keys.confirm_recovery(paper)
    leave(place, owner)
    with place.open() as register:
        assert dict(Reminders(register.context).all())["recovery-root"] == ["root"]
    stdin = f"{paper.printed()}\na-quite-other-phrase-of-anna\n"
    with Elsewhere(place, monkeypatch):
        assert cli("user", "recover", place.owner.name, stdin=stdin).exit_code == 0
    place.owner = type(place.owner)(place.owner.name, "a-quite-other-phrase-of-anna")
    with place.open() as register:
        assert dict(Reminders(register.context).all())["recovery-root"] == []
        assert register.damage == ()


def test_a_backup_of_before_comes_back_with_its_root(place, owner, tmp_path, clock):
    """An owner may go back behind the change; the root is then due again, and the desk knows it."""
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    with place.open() as register:
        old = register.context.session.ring.root_public
        made = register.backups.create(folder)
    leave(place, owner)
    files = (Path(made.data), Path(made.keys))
    way = way_in(place.owner.name, lambda: place.owner.password)
    Kartoteka.restore(str(place.vault), files, way, clock=clock, accept_older=True)
    with place.open() as register:
        assert register.context.session.ring.root_public == old
        assert "root" in due_classes(register.context)
        register.rotation.run(due=True)
        assert register.context.session.ring.root_public != old
        assert register.damage == ()


def test_roots_follow_each_other(place, owner, monkeypatch):
    """A desk that missed two changes follows both; a step that is gone leads nowhere."""
    with Elsewhere(place, monkeypatch), place.open():
        pass
    for _turn in range(2):
        with place.open() as register:
            register.rotation.run(["root"])
            flush_log(register.context.session.database)
    shutil.copytree(place.folder / "elsewhere", place.folder / "kept")
    with Elsewhere(place, monkeypatch), place.open() as register:
        assert [row.number for row in register.context.session.rows(RootStep)] == [2, 3]
        flush_log(register.context.session.database)
    shutil.rmtree(place.folder / "elsewhere")
    (place.folder / "kept").rename(place.folder / "elsewhere")
    with closing(sqlite3.connect(place.vault)) as database:
        database.execute("DELETE FROM root_step WHERE number = 2")
        database.commit()
    with Elsewhere(place, monkeypatch), pytest.raises(RootChanged):
        place.open()
