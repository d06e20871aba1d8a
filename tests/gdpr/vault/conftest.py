"""One founded vault for the tests that only read it, and passwords that cost little to try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from argon2.low_level import hash_secret_raw

from gdpr.vault import kdf
from gdpr.vault.founding import Member, NewUser, NewVault, new_user
from gdpr.vault.kdf import FLOOR
from tests.gdpr.vault.founded import found

if TYPE_CHECKING:
    from collections.abc import Iterator


def _quickly(*given: Any, memory_cost: int, time_cost: int, **rest: Any) -> bytes:
    """Derive a key as the vault does, from all it is given, but on less memory and in one pass."""
    del memory_cost, time_cost
    return hash_secret_raw(*given, memory_cost=8 * rest["parallelism"], time_cost=1, **rest)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Try a password a hundred times for the price of one, in all that a test here stands on.

    What comes out at the true cost is the promise of the modules that say `AT_FULL_COST`; every
    other one here wants to know which key opens what.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(getattr(item, "module", None), "AT_FULL_COST", False):
            patch.setattr(kdf, "hash_secret_raw", _quickly)
        return (yield)


@pytest.fixture(scope="session")
def vault() -> NewVault:
    return found()


@pytest.fixture(scope="session")
def clerk(vault) -> NewUser:
    # May read alpha only.
    member = Member(b"clerk-of-16bytes", ("clerk",), frozenset({"alpha"}))
    return new_user(vault.keyring, member, cost=FLOOR, language="en")
