"""Nothing that holds a key can be printed, pickled or copied."""

import copy
import pickle

import pytest

from gdpr.vault.authenticator import Authenticator
from gdpr.vault.bundle import new_bundle
from gdpr.vault.fields import DataKey
from gdpr.vault.founding import Owner
from gdpr.vault.recovery import new_recovery_key
from gdpr.vault.root import new_root
from gdpr.vault.tokens import TokenKey

KEY = bytes(range(32))


@pytest.fixture(
    params=["auth", "bundle", "data", "owner", "recovery", "root", "token", "user", "keyring"]
)
def secret(request, vault, clerk):
    makers = {
        "auth": lambda: Authenticator(KEY),
        "bundle": lambda: new_bundle(bytes(32)),
        "data": lambda: DataKey(KEY),
        "owner": lambda: Owner(KEY[:16], ("owner",), "a password of an owner"),
        "recovery": new_recovery_key,
        "root": new_root,
        "token": lambda: TokenKey(KEY),
        "user": lambda: clerk,
        "keyring": lambda: vault.keyring,
    }
    return makers[request.param]()


def test_secrets_show_nothing(secret):
    """A key in a traceback, a log line or an f-string reads as redacted."""
    assert repr(secret) == str(secret) == f"{secret}" == f"{[secret]}"[1:-1] == "<redacted>"


def test_secrets_are_not_copied_out(secret):
    """A key can be neither pickled nor copied, whatever the protocol."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            pickle.dumps(secret, protocol)
    for duplicate in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            duplicate(secret)


def test_secrets_have_no_dictionary(secret):
    """`vars()` of a key, which debuggers and crash screens print, does not exist."""
    assert not hasattr(secret, "__dict__")


def test_a_founded_vault_shows_no_key(vault):
    """The object with everything in it shows ciphertexts and public keys only."""
    shown = repr(vault)
    for group in vault.recovery.key.groups():
        assert group not in shown
    assert repr(vault.keyring.root.seed) not in shown
    assert "kuģis" not in shown


def test_a_mac_is_compared_whole():
    """A MAC that is cut below 16 bytes, grown or changed does not match."""
    authenticator = Authenticator(KEY)
    mac = authenticator.digest(b"row")
    assert authenticator.matches(b"row", mac[:16])
    for wrong in (b"", mac[:15], mac + b"\0", mac[1:], bytes(32), mac[:15] + bytes([mac[15] ^ 1])):
        assert not authenticator.matches(b"row", wrong)
    assert not authenticator.matches(b"raw", mac)


def test_tokens_separate_kinds_and_values(vault):
    """Equal values of one kind share a token, of two kinds they do not."""
    vat, email = vault.keyring.token_key("vat"), vault.keyring.token_key("email")
    assert vat.token("LV1") == vat.token("LV1") != vat.token("LV2")
    assert vat.token("LV1") != email.token("LV1")
    assert len(vat.token("")) == 12
