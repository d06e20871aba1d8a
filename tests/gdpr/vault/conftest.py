"""One founded vault for the tests that only read it, because each costs an argon2 run."""

import pytest

from gdpr.vault.founding import Member, NewUser, NewVault, new_user
from gdpr.vault.kdf import FLOOR
from tests.gdpr.vault.founded import found


@pytest.fixture(scope="session")
def vault() -> NewVault:
    return found()


@pytest.fixture(scope="session")
def clerk(vault) -> NewUser:
    # May read alpha only.
    member = Member(b"clerk-of-16bytes", ("clerk",), frozenset({"alpha"}))
    return new_user(vault.keyring, member, cost=FLOOR, language="en")
