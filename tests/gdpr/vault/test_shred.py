"""The pages of the shred file: whatever is cut or lost, one copy opens or it is said."""

from __future__ import annotations

import pytest

from gdpr.errors import ShredFileDamaged
from gdpr.vault.authenticator import Authenticator
from gdpr.vault.errors import ShredFileForeign
from gdpr.vault.shred import (
    GROUPS_A_PAGE,
    PAGE,
    SecretPages,
    part_copies,
    read_pages,
)

VAULT = b"v" * 16
KEY = Authenticator(b"k" * 32)


class Disk:
    """A file as a list of bytes, written block by block, so that a write can end anywhere."""

    def __init__(self, pages):
        self.raw = bytearray()
        for copy in (0, 1):
            self.write(pages.blocks(copy))

    def write(self, blocks):
        for offset, block in blocks:
            end = offset + len(block)
            self.raw.extend(bytes(max(0, end - len(self.raw))))
            self.raw[offset:end] = block

    def read(self, integrity=KEY, vault=VAULT):
        return read_pages(part_copies(bytes(self.raw)), vault, integrity)


def made(pages=3):
    found = SecretPages(VAULT, KEY)
    found.grow(pages)
    return found


def test_what_was_written_is_read_back():
    """Every group has a secret of its own, and reading gives the same."""
    pages = made()
    disk = Disk(pages)

    read = disk.read()

    secrets = [read.newest(group) for group in range(read.groups)]
    assert secrets == [pages.newest(group) for group in range(pages.groups)]
    assert len({secret for _, secret in secrets}) == 3 * GROUPS_A_PAGE
    assert read.counter == pages.counter
    assert not any(map(read.is_stale, (0, 1)))


def test_a_write_cut_anywhere_leaves_what_was_or_what_is_new():
    """Of a change in several pages each prefix of each copy opens, whole or not at all."""
    groups = [1, GROUPS_A_PAGE + 2, 2 * GROUPS_A_PAGE + 3]
    pages = made()
    disk = Disk(pages)
    old = {group: pages.newest(group) for group in groups}
    pages.prepare(groups)
    new = {group: pages.newest(group) for group in groups}
    seen = set()
    for step in ("first", "second", "third"):
        if step == "second":
            for group in groups:
                pages.keep_new(group)
        blocks = pages.blocks(0 if step != "second" else 1)
        start = bytes(disk.raw)
        for whole in range(len(blocks) + 1):
            for torn in (0, 1, 500, PAGE - 1) if whole < len(blocks) else (0,):
                disk.raw = bytearray(start)
                disk.write(blocks[:whole])
                if torn:
                    offset, block = blocks[whole]
                    disk.write([(offset, block[:torn])])
                read = disk.read()
                held = {group: read.secrets(group) for group in groups}
                had = [old[g] == h[:2] for g, h in held.items()]
                has = [new[g] in (h[:2], h[2:]) for g, h in held.items()]
                assert all(had) or all(has)
                assert len(set(had)) == len(set(has)) == 1
                if step != "first":
                    assert all(has)
                seen.add((step, had[0], has[0]))
        disk.raw = bytearray(start)
        disk.write(blocks)
    assert ("first", True, False) in seen
    assert ("first", True, True) in seen
    assert ("third", False, True) in seen
    final = disk.read()
    assert not final.pending
    assert [final.newest(group) for group in groups] == list(new.values())
    for _, secret in old.values():
        assert secret not in disk.raw


def test_a_flipped_bit_in_one_copy_is_healed_by_the_other_and_in_both_is_told():
    """Each block may go bad once; a block that is bad in both copies is damage."""
    pages = made()
    disk = Disk(pages)
    whole = bytes(disk.raw)
    for place in range(4):
        for copy in (0, 1):
            at = (2 * place + copy) * PAGE + 20
            disk.raw[at] ^= 1
            read = disk.read()
            assert read.newest(5) == pages.newest(5)
            assert read.is_stale(copy)
            disk.write(read.blocks(copy))
            assert disk.raw == whole
        for copy in (0, 1):
            disk.raw[(2 * place + copy) * PAGE + 60] ^= 1
        with pytest.raises(ShredFileDamaged):
            disk.read()
        disk.raw = bytearray(whole)


def test_pages_of_another_day_are_not_mixed_in():
    """An old page put back under a new head does not verify, whoever kept it."""
    pages = made()
    disk = Disk(pages)
    before = bytes(disk.raw)
    pages.prepare([1])
    pages.keep_new(1)
    for copy in (0, 1):
        disk.write(pages.blocks(copy))
    for copy in (0, 1):
        at = (2 + copy) * PAGE
        disk.raw[at : at + PAGE] = before[at : at + PAGE]

    with pytest.raises(ShredFileDamaged):
        disk.read()


def test_it_opens_for_its_own_vault_and_key_only():
    """Without the key of its vault nobody makes or changes a shred file."""
    disk = Disk(made())

    with pytest.raises(ShredFileForeign):
        disk.read(vault=b"w" * 16)
    with pytest.raises(ShredFileDamaged):
        disk.read(integrity=Authenticator(b"x" * 32))
    with pytest.raises(ShredFileDamaged):
        read_pages([b"", b""], VAULT, KEY)
