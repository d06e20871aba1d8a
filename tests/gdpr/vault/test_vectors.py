"""The frozen vectors: what was sealed yesterday opens for ever, and two implementations agree."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.vault import _layout
from gdpr.vault.authenticator import Authenticator
from gdpr.vault.bundle import Bundle, unwrap_bundle
from gdpr.vault.cards import CardStatus, UserCard, sign_card, verify_card
from gdpr.vault.encoding import derive, label, pack
from gdpr.vault.fields import DataKey, decode_value
from gdpr.vault.kdf import KdfParameters, derive_password_key
from gdpr.vault.keyring import secret_ad
from gdpr.vault.recovery import RecoveryKey, parse_recovery_key
from gdpr.vault.root import RootKey, fingerprint, follow_roots, link_roots
from gdpr.vault.slots import Slot, open_slot
from gdpr.vault.tokens import TokenKey
from tests.gdpr.vault import second
from tests.gdpr.vault.sealing import encode_value, field_ad, open_field, unwrap_key


def load(name):
    return json.loads((Path(__file__).parent / "vectors" / f"{name}.json").read_text("utf-8"))


FIELDS, WRAPS, KEYED, BUNDLE, SLOTS, RECOVERY, ROOTS = map(
    load, ["fields", "wraps", "keyed", "bundle", "slots", "recovery", "roots"]
)
raw = bytes.fromhex
READERS = {
    "str": str,
    "int": int,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "bytes": raw,
}


def own_card(**over):
    values = {"roles": ("owner",), "counter": 1, "status": CardStatus.ACTIVE} | over
    publics = {"x_public": raw(SLOTS["x_public"]), "ed_public": raw(SLOTS["ed_public"])}
    return UserCard(vault_id=raw(SLOTS["vault"]), user_id=raw(SLOTS["user"]), **publics, **values)


def test_place_of_a_field():
    """Product and second implementation name a place by the same bytes."""
    named = {
        key: raw(text) if key in {"vault", "row", "owner"} else text
        for key, text in FIELDS["place"].items()
    }
    assert field_ad(**named) == second.place_of_field(**named) == raw(FIELDS["ad"])


@pytest.mark.parametrize("vector", FIELDS["fields"], ids=lambda v: v["kind"] + v["nonce"][:4])
def test_fields(vector):
    """A frozen field opens to its value, and both implementations seal it byte for byte."""
    key, ad, nonce = raw(FIELDS["key"]), raw(FIELDS["ad"]), raw(vector["nonce"])
    value, tagged, sealed = (
        READERS[vector["kind"]](vector["value"]),
        raw(vector["tagged"]),
        raw(vector["sealed"]),
    )
    assert encode_value(value) == tagged
    assert decode_value(tagged) == value
    assert _layout.seal(AESGCM(key), nonce, tagged, ad) == sealed
    assert second.seal_field(key, nonce, tagged, ad) == sealed
    opened = open_field(DataKey(key), sealed, ad)
    assert (opened, type(opened)) == (value, type(value))
    assert second.open_field(key, sealed, ad) == tagged
    _layout.check_envelope(sealed)


@pytest.mark.parametrize("vector", WRAPS["wraps"], ids=lambda v: str(v["version"]))
def test_wrapped_keys(vector):
    """A frozen data key opens under the named version, and both implementations wrap it alike."""
    vault, owner, category = raw(WRAPS["vault"]), raw(vector["owner"]), vector["category"]
    key, version, nonce = raw(WRAPS["key"]), vector["version"], raw(vector["nonce"])
    secret, wrapped = raw(vector["secret"]), raw(vector["wrapped"])
    ad = second.place_of_key(vault, owner, category)
    assert _layout.wrap(AESGCM(key), nonce, secret, version, ad) == wrapped
    assert second.wrap(key, version, nonce, secret, ad) == wrapped
    place = {"vault_id": vault, "owner": owner, "category": category}
    assert unwrap_key({version: key}, wrapped, **place) == secret
    assert len(wrapped) == 65


@pytest.mark.parametrize("vector", WRAPS["secrets"], ids=lambda v: v["kind"])
def test_wrapped_secrets(vector):
    """A frozen secret of a kind is wrapped alike by both implementations."""
    vault, kind, category = raw(WRAPS["vault"]), vector["kind"], vector["category"]
    ad = second.place_of_secret(vault, kind, category)
    assert secret_ad(vault, kind, category) == ad
    arguments = (raw(WRAPS["key"]), vector["version"], raw(vector["nonce"]), raw(vector["secret"]))
    key, version, nonce, secret = arguments
    assert second.wrap(*arguments, ad) == raw(vector["wrapped"])
    assert _layout.wrap(AESGCM(key), nonce, secret, version, ad) == raw(vector["wrapped"])


def test_tokens_and_macs():
    """Tokens and MACs come out as frozen from both implementations."""
    key = raw(KEYED["key"])
    for vector in KEYED["tokens"]:
        token = raw(vector["token"])
        assert TokenKey(key).token(vector["value"]) == token
        assert second.hmac256(key, vector["value"].encode())[:12] == token
    for vector in KEYED["macs"]:
        data, mac = raw(vector["data"]), raw(vector["mac"])
        assert Authenticator(key).digest(data) == second.hmac256(key, data) == mac
        assert Authenticator(key).matches(data, mac)
        assert Authenticator(key).matches(data, mac[:16])


def test_derived_keys_and_packed_parts():
    """Derivation and packing come out as frozen from both implementations."""
    key, vault = raw(KEYED["key"]), raw(KEYED["vault"])
    for vector in KEYED["derived"]:
        context = [raw(part) for part in vector["context"]]
        expected = raw(vector["derived"])
        assert derive(key, vector["use"], vault, *context) == expected
        assert second.derive(key, vector["use"], vault, *context) == expected
    for vector in KEYED["packed"]:
        parts = [raw(part) for part in vector["parts"]]
        assert pack(*parts) == second.lengths(*parts) == raw(vector["packed"])


def test_bundle():
    """A frozen bundle opens with its password, whatever code points the keyboard sent."""
    vault, user, seeds, wrapped = (raw(BUNDLE[k]) for k in ("vault", "user", "seeds", "wrapped"))
    packed = seeds + raw(BUNDLE["root"])
    parameters = KdfParameters(
        raw(BUNDLE["salt"]), BUNDLE["memory_kib"], BUNDLE["time"], BUNDLE["lanes"]
    )
    stretched = derive_password_key(BUNDLE["password"], parameters)
    assert stretched == raw(BUNDLE["stretched"])
    key = second.wrapping_key(stretched, vault, user, 65536, 3, 4)
    assert key == raw(BUNDLE["wrapping_key"])
    assert second.shut_bundle(key, raw(BUNDLE["nonce"]), packed, vault, user) == wrapped
    ad = pack(label("bundle"), vault, user)
    assert _layout.shut_bundle(AESGCM(key), raw(BUNDLE["nonce"]), packed, ad) == wrapped
    opened = unwrap_bundle(wrapped, BUNDLE["password"], parameters, vault, user)
    assert opened.packed() == packed
    assert opened.vouched_root(None) == raw(BUNDLE["root"]) == raw(SLOTS["pin"])


@pytest.mark.parametrize("vector", SLOTS["cards"], ids=lambda v: f"issue {v['counter']}")
def test_cards(vector):
    """A frozen card verifies, and both implementations put the same bytes under the signature."""
    card = own_card(
        roles=tuple(vector["roles"]),
        counter=vector["counter"],
        status=CardStatus(vector["status"]),
    )
    message = second.card_message(
        card.vault_id,
        card.user_id,
        card.roles,
        card.x_public,
        card.ed_public,
        card.counter,
        vector["status"],
    )
    assert card.message() == message == raw(vector["message"])
    assert sign_card(RootKey(raw(SLOTS["root_seed"])), card) == raw(vector["signature"])
    verify_card(raw(SLOTS["root_public"]), card, raw(vector["signature"]))


@pytest.mark.parametrize("vector", SLOTS["slots"], ids=lambda v: f"{v['category']}-{v['version']}")
def test_slots_open(vector):
    """A frozen slot opens with the user's key, here and in HPKE spelled out by hand."""
    seeds, blob, secret = raw(SLOTS["seeds"]), raw(vector["blob"]), raw(vector["secret"])
    card, category, version = own_card(), vector["category"], vector["version"]
    slot = Slot(card.user_id, category, version, 1, blob)
    assert open_slot(Bundle(seeds, b""), raw(SLOTS["root_public"]), card, slot) == secret
    info = second.place_of_slot(card.vault_id, card.user_id, category, version, 1)
    assert second.hpke_open(seeds[:32], blob[1:81], info) == secret
    message = info + second.lengths(blob[:81])
    root = Ed25519PrivateKey.from_private_bytes(raw(SLOTS["root_seed"]))
    assert root.sign(message) == blob[81:]


def test_pin():
    """The fingerprint that desks have pinned stays the same."""
    assert fingerprint(raw(SLOTS["root_public"])) == raw(SLOTS["pin"])
    assert follow_roots(raw(SLOTS["pin"]), raw(SLOTS["root_public"]), raw(SLOTS["vault"]), ()) == ()


def test_steps_between_roots():
    """A frozen step is signed alike by both, and leads from any root to the last."""
    vault = raw(ROOTS["vault"])
    roots = [RootKey(raw(seed)) for seed in ROOTS["seeds"]]
    steps = []
    for at, vector in enumerate(ROOTS["links"]):
        old, new = roots[at], roots[at + 1]
        step = link_roots(vault, vector["number"], old, new)
        message = second.root_step(vault, vector["number"], old.public, new.public)
        assert message == raw(vector["message"])
        for name, key in (("old", old), ("new", new)):
            by_hand = Ed25519PrivateKey.from_private_bytes(key.seed).sign(message)
            assert getattr(step, f"{name}_signature") == by_hand == raw(vector[f"{name}_signature"])
        steps.append(step)
    prints = [raw(text) for text in ROOTS["fingerprints"]]
    assert [fingerprint(root.public) for root in roots] == prints
    for at, trusted in enumerate(prints):
        assert follow_roots(trusted, roots[-1].public, vault, reversed(steps)) == tuple(steps[at:])


def test_what_the_recovery_key_knows_its_root_by():
    """A frozen proof comes out the same from both implementations, and gives the fingerprint."""
    vector, vault = ROOTS["recovery"], raw(ROOTS["vault"])
    key, root = raw(vector["key"]), RootKey(raw(ROOTS["seeds"][0]))
    bundle = RecoveryKey(key).bundle(vault)
    proof = second.recovery_proof(key, vault, fingerprint(root.public))
    assert bundle.prove(root.public) == proof == raw(vector["proof"])
    assert bundle.vouched_root(proof) == raw(ROOTS["fingerprints"][0])


@pytest.mark.parametrize("vector", RECOVERY["keys"], ids=lambda v: v["printed"][:4])
def test_recovery_keys(vector):
    """A recovery key printed yesterday reads today and leads to the same key pairs."""
    key = raw(vector["key"])
    assert RecoveryKey(key).printed() == second.printed_recovery(key) == vector["printed"]
    bundle = parse_recovery_key(vector["printed"]).bundle(raw(RECOVERY["vault"]))
    assert bundle.x_public == raw(vector["x_public"])
    assert bundle.ed_public == raw(vector["ed_public"])
    assert bundle.seeds == b"".join(
        second.derive(key, f"recovery/{use}", raw(RECOVERY["vault"]))
        for use in ("x25519", "ed25519")
    )
