"""What a desk keeps outside the database: who it is, which root it knows, who is writing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gdpr.audit.events import Event
from gdpr.audit.identity import desk_identity
from gdpr.audit.pin import Pin, pin_root, pinned
from gdpr.errors import Busy, RootChanged, StateFileDamaged
from gdpr.store.errors import UnsafePlace
from gdpr.vault.root import fingerprint
from tests.gdpr.kernel import add_person


def test_desk_has_one_identity(tmp_path):
    """Drawn once, random for each installation, private."""
    first = desk_identity(tmp_path / "a")
    assert len(first) == 16
    assert desk_identity(tmp_path / "a") == first
    assert desk_identity(tmp_path / "b") != first
    assert (tmp_path / "a" / "desk").stat().st_mode & 0o777 == 0o600


def test_an_opening_sweeps_what_a_kill_left(tmp_path):
    """Half-written files of dead programs go; those of living ones and all others stay."""
    desk_identity(tmp_path)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    gone = [f".anchor.{dead.pid}", ".anchor.99999999999999999999"]
    kept = [f".root.pin.{os.getpid()}", ".anchor.x", "anchor.1"]
    for name in (*gone, *kept):
        (tmp_path / name).write_bytes(b"half")
    desk_identity(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"desk", "chain.lock", *kept}


def test_an_old_half_of_a_file_is_swept_whoever_has_its_number_now(tmp_path):
    """The number of a dead program may be a living one's by now; no write takes an hour."""
    half = tmp_path / f".anchor.{os.getpid()}"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    desk_identity(tmp_path)
    assert not half.exists()


@pytest.mark.parametrize("content", [b"", b"abc", b"00" * 15, b"00" * 17, b"zz" * 16, b"\xff"])
def test_damaged_identity_is_not_replaced(tmp_path, content):
    """A new identity would start a new chain and leave the anchor behind."""
    desk_identity(tmp_path)
    (tmp_path / "desk").write_bytes(content)
    with pytest.raises(StateFileDamaged) as caught:
        desk_identity(tmp_path)
    assert caught.value.exit_code == 7


def test_root_is_pinned_on_first_use(tmp_path):
    """The first root is pinned and said to be new; another one is exit 7."""
    state = tmp_path / "state"
    assert pinned(state) is None
    assert pin_root(state, b"r" * 32) is Pin.NEW
    assert pin_root(state, b"r" * 32) is Pin.KNOWN
    assert pinned(state) == fingerprint(b"r" * 32)
    with pytest.raises(RootChanged) as caught:
        pin_root(state, b"s" * 32)
    assert caught.value.exit_code == 7
    assert (state / "root.pin").stat().st_mode & 0o777 == 0o600


def test_damaged_or_shared_pin(tmp_path):
    """A pin that cannot be read is damage and is never quietly replaced."""
    pin_root(tmp_path, b"r" * 32)
    (tmp_path / "root.pin").write_bytes(b"junk")
    with pytest.raises(StateFileDamaged):
        pin_root(tmp_path, b"r" * 32)
    (tmp_path / "root.pin").write_bytes(b"00" * 31)
    with pytest.raises(StateFileDamaged):
        pin_root(tmp_path, b"r" * 32)
    (tmp_path / "root.pin").chmod(0o644)
    with pytest.raises(UnsafePlace):
        pin_root(tmp_path, b"r" * 32)


def test_files_of_the_state_folder_are_private(place, journal):
    """Anchor, identity, lock and ledger are for their owner alone."""
    add_person(journal)
    for file in (place.folder / "state").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_desk_that_is_busy_says_so(place, journal, monkeypatch):
    """Another program that holds the chain too long is an error, and nothing is written."""
    monkeypatch.setattr("gdpr.audit.identity.PATIENCE_SECONDS", 0.05)
    slow = place.journal(place.desk(place.vault.colleague))
    with journal._lock, pytest.raises(Busy):
        slow.log_access(Event.PARTIES_LISTED)
    slow.log_access(Event.PARTIES_LISTED)
    assert journal.verify(place.vault.cards).entries == 1


def test_anchor_that_cannot_be_read(place, journal):
    """An anchor that is no file is damage, and not a crash."""
    add_person(journal)
    anchor = place.folder / "state" / "anchor"
    anchor.unlink()
    anchor.mkdir()
    fresh = place.journal(place.desk())
    with pytest.raises(StateFileDamaged):
        fresh.check_anchor()
    assert fresh.verify(place.vault.cards).first_bad == {"table": "audit_entry", "row": None}


def test_every_event_has_a_code():
    """Codes are source:subject:action, in small letters."""
    for event in Event:
        assert event.value.count(":") == 2
        assert event.value == event.value.lower()
