"""The root is the one that password and recovery key vouch for, or one it led to itself."""

from dataclasses import replace

import pytest

from gdpr.errors import RootChanged, WrongPassword
from gdpr.vault.bundle import unwrap_bundle
from gdpr.vault.cards import sign_card
from gdpr.vault.encoding import label, pack
from gdpr.vault.errors import RootForeign
from gdpr.vault.opening import open_keyring, open_with_bundle, open_with_recovery, rebind
from gdpr.vault.root import fingerprint, link_roots, new_root, readable
from tests.gdpr.vault.founded import OWNER, PASSWORD, keys_of


def resigned(vault, clerk=None):
    """Return what a host without any key makes of a vault: its own root under every signature."""
    root = new_root()
    account = vault.account if clerk is None else clerk.account
    card = account.card
    slots = [
        replace(slot, blob=slot.blob[:81] + root.sign(_message(_place(card, slot), slot.blob[:81])))
        for slot in (vault.slots if clerk is None else clerk.slots)
    ]
    forged = replace(account, card_signature=sign_card(root, card))
    return forged, keys_of(vault, slots, root_public=root.public, pin=None), root


def _place(card, slot):
    parts = (slot.version.to_bytes(4, "big"), card.counter.to_bytes(4, "big"))
    return pack(label("slot"), card.vault_id, card.user_id, slot.category.encode(), *parts)


def _message(place, sealed):
    return place + pack(sealed)


def test_the_password_knows_the_root(vault, clerk):
    """A host that signs cards and slots anew with a root of its own is told on a new desk too.

    The right password tells it from a wrong one, and opens nothing.
    """
    for forged, keys, _root in (resigned(vault), resigned(vault, clerk)):
        password = PASSWORD if forged.card.user_id == OWNER else clerk.password
        with pytest.raises(RootForeign):
            open_keyring(forged, keys, password)
        with pytest.raises(WrongPassword):
            open_keyring(forged, keys, password + " ")


def test_a_way_to_the_hosts_root_is_none(vault):
    """A step that the true root never signed leads nowhere, with a pin and without."""
    forged, keys, root = resigned(vault)
    true = vault.keyring.root
    step = link_roots(vault.vault_id, 2, true, root)
    for link in (
        replace(step, old_signature=root.sign(b"")),
        replace(step, old_public=new_root().public),
        link_roots(vault.vault_id, 2, new_root(), root),
    ):
        with pytest.raises(RootForeign):
            open_keyring(forged, replace(keys, links=(link,)), PASSWORD)
        pinned = replace(keys, links=(link,), pin=fingerprint(true.public))
        with pytest.raises(RootChanged):
            open_keyring(forged, pinned, PASSWORD)


def test_the_recovery_key_knows_the_root(vault):
    """What is on paper opens nothing under a root of the host's, whatever proof lies beside it."""
    recovery = vault.recovery
    forged = replace(vault, account=replace(vault.account, card=recovery.card))
    account, keys, root = resigned(replace(forged, slots=recovery.slots))
    for proof in (None, b"", recovery.root_proof, fingerprint(root.public) + bytes(32)):
        with pytest.raises(RootForeign):
            open_with_recovery(
                recovery.card, account.card_signature, replace(keys, proof=proof), recovery.key
            )


def test_a_backups_key_pairs_know_the_root(vault):
    """A restore opens with key pairs that a backup gave; they know their root like a password."""
    account = vault.account
    bundle = unwrap_bundle(
        account.wrapped_bundle, PASSWORD, account.kdf, vault.vault_id, account.card.user_id
    )
    forged, keys, _root = resigned(vault)
    with pytest.raises(RootForeign):
        open_with_bundle(forged.card, forged.card_signature, keys, bundle)
    assert open_with_bundle(
        account.card, account.card_signature, keys_of(vault, vault.slots, pin=None), bundle
    )


def test_a_password_can_be_bound_to_the_next_root(vault):
    """Bound anew it vouches for the root that was followed to, and keeps its salt and its keys."""
    assert rebind(vault.account, PASSWORD, vault.root_public) is None
    following = new_root()
    moved = rebind(vault.account, PASSWORD, following.public)
    assert moved.kdf == vault.account.kdf
    with pytest.raises(RootForeign):
        open_keyring(moved, keys_of(vault, vault.slots, pin=None), PASSWORD)
    assert rebind(moved, PASSWORD, following.public) is None
    with pytest.raises(WrongPassword):
        rebind(vault.account, PASSWORD + " ", following.public)


def test_a_fingerprint_can_be_read_aloud():
    """Sixteen groups of four, every sign of it, so that two people compare all of it."""
    shown = readable(bytes(range(32)))
    assert shown.split(" ")[:3] == ["0001", "0203", "0405"]
    assert bytes.fromhex(shown) == bytes(range(32))
