"""One founded vault for the tests that only read it, because each costs an argon2 run."""

import pytest

import gdpr.vault.bundle as vault_bundle
from gdpr.vault.founding import Member, NewUser, NewVault, new_user
from gdpr.vault.kdf import FLOOR
from tests.gdpr.vault.founded import found
from tests.once import derived_once


@pytest.fixture(autouse=True)
def derived_the_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open a vault again for less: the key of a password and a salt stays the same."""
    monkeypatch.setattr(vault_bundle, "derive_password_key", derived_once())


@pytest.fixture(scope="session")
def vault() -> NewVault:
    return found()


@pytest.fixture(scope="session")
def clerk(vault) -> NewUser:
    # May read alpha only.
    member = Member(b"clerk-of-16bytes", ("clerk",), frozenset({"alpha"}))
    return new_user(vault.keyring, member, cost=FLOOR, language="en")
