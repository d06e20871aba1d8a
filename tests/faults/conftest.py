"""A founded register for the fault tests: the same one that the product's own tests stand on."""

from __future__ import annotations

import pytest

from tests.crm.conftest import (
    cli,
    clock,
    founded,
    hire,
    one_argon2_for_each_password,
    place,
    register,
)

__all__ = ["cli", "clock", "founded", "hire", "one_argon2_for_each_password", "place", "register"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Work in a folder of the test's own: commands that write may be given a name and no path."""
    monkeypatch.chdir(tmp_path)
