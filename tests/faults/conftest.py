"""A founded register for the fault tests: the same one that the product's own tests stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crm.conftest import (
    cli,
    clock,
    derived_and_proved_once,
    founded,
    hire,
    place,
    register,
)
from tests.faults.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["cli", "clock", "derived_and_proved_once", "founded", "hire", "place", "register"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Work in a folder of the test's own: commands that write may be given a name and no path."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def prepared(founded: Path) -> Iterator[Prepared]:
    """Prepare the process that programs which plant faults are forked from."""
    made = Prepared(founded)
    yield made
    made.end()
