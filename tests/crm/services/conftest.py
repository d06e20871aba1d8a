"""Firms of two countries, for what their laws say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import Firm, Kartoteka
from gdpr.clock import FixedClock
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import NOON, OWNER, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["LV", "IT"])
def firm(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Kartoteka]:
    """Found a firm in each of the two countries, which says where it is and no more."""
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    tmp_path.chmod(0o700)
    made, _recovery = Kartoteka.create(
        str(tmp_path / "register.kartoteka"),
        Firm("Prova", request.param, "", "Via Roma 1", "b@example.com"),
        (OWNER, PASSWORD),
        clock=FixedClock(NOON),
        cost=FLOOR,
    )
    with made:
        yield made
