"""The negative vectors: whatever is not exactly right is refused by the error that names why."""

import json
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from gdpr.errors import KartotekaError
from gdpr.vault.bundle import Bundle, unwrap_bundle
from gdpr.vault.cards import CardStatus, UserCard, verify_card
from gdpr.vault.errors import CardRefused, KdfOutOfBounds
from gdpr.vault.fields import DataKey
from gdpr.vault.kdf import KdfParameters, derive_password_key
from gdpr.vault.recovery import RecoveryKey, parse_recovery_key
from gdpr.vault.root import RootLink, follow_roots
from gdpr.vault.slots import Slot, open_slot
from tests.gdpr.vault.sealing import open_field, unwrap_key

VECTORS = Path(__file__).parent / "vectors"
REFUSED = json.loads((VECTORS / "refused.json").read_text("utf-8"))["refused"]
SLOTS = json.loads((VECTORS / "slots.json").read_text("utf-8"))
raw = bytes.fromhex


def read_field(v):
    open_field(DataKey(raw(v["key"])), raw(v["blob"]), raw(v["ad"]))


def read_wrap(v):
    place = {"vault_id": raw(v["vault"]), "owner": raw(v["owner"]), "category": v["category"]}
    unwrap_key({1: raw(v["key"]), 2: bytes(32)}, raw(v["blob"]), **place)


def read_bundle(v):
    cost = KdfParameters(raw(v["salt"]), v["memory_kib"], v["time"], v["lanes"])
    unwrap_bundle(raw(v["blob"]), v["password"], cost, raw(v["vault"]), raw(v["user"]))


def read_slot(v):
    publics = raw(SLOTS["x_public"]), raw(SLOTS["ed_public"])
    card = UserCard(raw(v["vault"]), raw(v["user"]), ("owner",), *publics, v["card_counter"])
    slot = Slot(raw(v["slot_user"]), v["category"], v["version"], v["counter"], raw(v["blob"]))
    open_slot(Bundle(raw(SLOTS["seeds"]), b""), raw(SLOTS["root_public"]), card, slot)


def read_card(v):
    card = UserCard(
        raw(v["vault"]),
        raw(v["user"]),
        tuple(v["roles"]),
        raw(v["x_public"]),
        raw(v["ed_public"]),
        v["counter"],
        CardStatus(v["status"]),
    )
    verify_card(raw(v["root_public"]), card, raw(v["signature"]))


def read_recovery(v):
    parse_recovery_key(v["typed"])


def read_root(v):
    vault = raw(v["vault"])
    names = ("old_public", "new_public", "old_signature", "new_signature")
    steps = [
        RootLink(vault, step["number"], *(raw(step[name]) for name in names)) for step in v["links"]
    ]
    follow_roots(raw(v["trusted"]), raw(v["root_public"]), vault, steps)


def read_proof(v):
    RecoveryKey(raw(v["key"])).bundle(raw(v["vault"])).vouched_root(raw(v["blob"]))


READERS = {
    "field": read_field,
    "wrap": read_wrap,
    "bundle": read_bundle,
    "slot": read_slot,
    "card": read_card,
    "recovery": read_recovery,
    "root": read_root,
    "proof": read_proof,
}


@pytest.mark.parametrize("vector", REFUSED, ids=lambda v: f"{v['format']}: {v['name']}")
def test_refused(vector):
    """Nothing damaged, moved or forged opens, and the error is exactly the one promised."""
    with pytest.raises(KartotekaError) as caught:
        READERS[vector["format"]](vector)
    assert type(caught.value).__name__ == vector["error"]
    assert "{" not in str(caught.value)


def test_there_are_enough():
    """Every format is tried from many sides, so that a thinned file does not pass unseen."""
    counted = Counter(vector["format"] for vector in REFUSED)
    assert counted.keys() == READERS.keys()
    assert min(counted.values()) >= 12
    assert sum(counted.values()) >= 100


@pytest.mark.parametrize(("memory", "time"), [(2**32, 3), (65536, 2**31), (2**40, 2**31)])
def test_a_bomb_takes_no_memory(memory, time):
    """A database that asks for terabytes or years is refused before anything is allocated."""
    tracemalloc.start()
    try:
        with pytest.raises(KdfOutOfBounds):
            derive_password_key("password", KdfParameters(bytes(16), memory, time, 4))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_card_with_an_endless_role():
    """A card that no root could have signed is refused before it is even spelled out."""
    card = UserCard(bytes(16), bytes(16), ("x" * 70_000,), bytes(32), bytes(32), 1)
    with pytest.raises(CardRefused):
        verify_card(raw(SLOTS["root_public"]), card, bytes(64))
