"""What lies in the place of a shred file is read only if it can be one."""

from __future__ import annotations

import os

import pytest

from gdpr.audit.events import Event
from gdpr.errors import ShredFileDamaged
from gdpr.store.errors import ShredFolderMissing, UnsafePlace
from gdpr.store.shred_file import ShredFile, default_place
from gdpr.vault.shred import LONGEST
from tests.gdpr.kernel import Person, add_person


def read_at(place):
    ring = place.vault.ring
    return ShredFile(default_place(str(place.path)), ring.vault_id, ring.integrity)


def erase(journal, person):
    with journal.audited_change(Event.ERASED, person) as deed:
        deed.delete(journal.session.get(Person, person))
        deed.drop_keys(person)


def test_nobody_waits_for_a_pipe_in_its_place(place, journal):
    """A pipe is refused at once, by whoever opens the register and by whoever has it open."""
    person = add_person(journal, name="Nr 1")
    secrets = default_place(str(place.path))
    secrets.rename(secrets.with_name("aside"))
    os.mkfifo(secrets, 0o600)

    with pytest.raises(UnsafePlace):
        read_at(place)
    with pytest.raises(UnsafePlace):
        erase(journal, person)

    secrets.unlink()
    secrets.with_name("aside").rename(secrets)
    assert place.desk().get(Person, person).name == "Nr 1"


def test_a_file_too_long_to_be_one_is_not_read(place, journal):
    """Memory stays bounded by what a register can need, whatever somebody put there."""
    add_person(journal, name="Nr 1")
    os.truncate(default_place(str(place.path)), LONGEST + 1)
    with pytest.raises(ShredFileDamaged):
        read_at(place)


def test_a_folder_that_is_not_there_is_told(place, journal):
    """A stick that is not in is no fault of the program, and no folder is made in its stead."""
    ring, folder = journal.session.ring, place.folder / "stick"
    with pytest.raises(ShredFolderMissing):
        ShredFile.create(folder / "a.shred", ring.vault_id, ring.integrity)
    assert not folder.exists()
    folder.touch()
    with pytest.raises(ShredFolderMissing):
        ShredFile.create(folder / "a.shred", ring.vault_id, ring.integrity)
