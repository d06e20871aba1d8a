"""Bytes of the chain: one form for each content, and no two contents with one form."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.audit.chain import (
    GENESIS,
    EntryHash,
    Quote,
    canonical_body,
    pack_digests,
    pack_heads,
    parse_body,
    unpack_heads,
)
from gdpr.audit.entries import Entry
from gdpr.vault.encoding import pack, unpack, unpack_numbers

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
CODES = st.from_regex(r"[a-z_.:-][a-z0-9_.:-]{0,19}", fullmatch=True).filter(lambda c: c != "-")
DIGESTS = st.dictionaries(KEYS, st.integers(0, 2**256 - 1), max_size=5)
IDS = st.binary(min_size=16, max_size=16)
HASHES = st.binary(min_size=32, max_size=32)
BODIES = st.dictionaries(KEYS, CODES | st.integers(-(10**9), 10**9), max_size=6)
ENTRIES = st.builds(
    Entry,
    desk=IDS,
    seq=st.integers(1, 2**40),
    time=st.integers(-(2**50), 2**60),
    actor=IDS,
    card_counter=st.integers(0, 2**31),
    event=CODES,
    object_id=st.none() | IDS,
    body=BODIES.map(canonical_body),
    digests=st.none() | DIGESTS.filter(bool).map(pack_digests),
    heads=st.none() | st.binary(min_size=56, max_size=56),
    rights=st.none() | st.binary(min_size=1, max_size=60),
    prev=HASHES,
    hash=st.just(b""),
    sig=st.just(b""),
)


@given(
    BODIES.filter(
        lambda body: not any(str(v).startswith("-") and isinstance(v, str) for v in body.values())
    )
)
def test_body_reads_back(body):
    """What a body says is what it was given."""
    assert parse_body(canonical_body(body)) == body


@given(DIGESTS)
def test_digests_read_back(digests):
    """Running digests survive their packing."""
    assert unpack_numbers(pack_digests(digests)) == digests


@given(st.lists(st.builds(Quote, IDS, st.integers(0, 2**63), HASHES), max_size=4))
def test_heads_read_back(quotes):
    """Quoted heads survive their packing."""
    assert unpack_heads(pack_heads(quotes)) == quotes


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 6))
def test_cut_parts_are_noticed(parts, cut):
    """Packed parts read back; cut ones never pass for other whole ones of the same number."""
    packed = pack(*parts)
    assert unpack(packed) == parts
    if parts and parts[-1]:
        with pytest.raises(ValueError, match="cut"):
            unpack(packed[: -min(cut, len(parts[-1]))])


def test_cut_heads_are_noticed():
    """A head is never read from fewer bytes than it has."""
    with pytest.raises(ValueError, match="cut"):
        unpack_heads(bytes(57))


@given(ENTRIES, ENTRIES)
def test_other_entry_other_hash(one, other):
    """Entries that differ anywhere differ in their hash."""
    hashes = EntryHash(b"v" * 16)
    assert (hashes.of(one) == hashes.of(other)) == (one == other)
    assert hashes.of(one) != EntryHash(b"w" * 16).of(one)


def test_hash_is_what_the_formats_page_says():
    """The layout, written out a second time and frozen."""
    entry = Entry(
        b"d" * 16, 7, 1_700_000_000_000_000, b"a" * 16, 2, "rules:ground:ended", b"o" * 16,
        "count=3 kind=client", pack(b"person", b"\x01" * 32), None, None, GENESIS, b"", b"",
    )  # fmt: skip

    def length_prefixed(*parts):
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)

    body = sha256(length_prefixed(b"count=3 kind=client", b"", b"")).digest()
    expected = sha256(
        length_prefixed(
            b"kartoteka/v1/audit",
            b"v" * 16,
            b"d" * 16,
            (7).to_bytes(8, "big"),
            (1_700_000_000_000_000).to_bytes(8, "big"),
            b"a" * 16,
            (2).to_bytes(4, "big"),
            b"rules:ground:ended",
            b"o" * 16,
            body,
            length_prefixed(b"person", b"\x01" * 32),
            bytes(32),
        )
    ).digest()
    found = EntryHash(b"v" * 16).of(entry)
    assert found == expected
    assert found.hex() == "02e11da7519aad8e856a82417e123bb3895749b4e372e14a737211fecde8c71a"
