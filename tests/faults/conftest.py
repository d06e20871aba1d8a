"""A founded register for the fault tests: the same one that the product's own tests stand on."""

from __future__ import annotations

from functools import cache, lru_cache

import pytest

import gdpr.vault.bundle as vault_bundle
from tests.crm.conftest import cli, clock, founded, hire, place, register

__all__ = ["cli", "clock", "founded", "hire", "place", "register"]


@cache
def _derived_once():
    return lru_cache(maxsize=64)(vault_bundle.derive_password_key)


@pytest.fixture(autouse=True)
def _one_argon2_for_each_password(monkeypatch):
    """Open a register hundreds of times at the price of one: a password's key stays the same."""
    monkeypatch.setattr(vault_bundle, "derive_password_key", _derived_once())


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Work in a folder of the test's own: commands that write may be given a name and no path."""
    monkeypatch.chdir(tmp_path)
