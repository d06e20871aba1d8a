"""The power fails at any moment, and the disk keeps no more than it promised to."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.prepared import Prepared

LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
CUTS = 200 if LONG else 12
WORKS = (
    "erasing",
    "erasing many",
    "ending",
    "importing",
    "changing a password",
    "rotating",
    "offboarding",
)
FLAWS = (
    *("synchronous=NORMAL", "synchronous=OFF"),
    *("ledger unsynced", "files unsynced", "secrets unsynced"),
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def cut(
    prepared: Prepared, founded: Path, folder: Path, work: str, cuts: int, flaw: str = "none"
) -> dict[str, object]:
    folder.chmod(0o700)
    words = (str(founded), work, str(cuts), "7", flaw)
    code, out, err = prepared.run("tests.faults.powercut", words, folder)
    assert code == 0, err
    told: dict[str, object] = json.loads(out)
    return told


@pytest.mark.parametrize("work", WORKS if LONG else WORKS[:4])
def test_a_power_cut_loses_nothing_that_was_said(
    founded, prepared, tmp_path, record_property, work
):
    """Whatever pieces a disk had not synced are lost or torn, the register is whole and goes on."""
    told = cut(prepared, founded, tmp_path, work, CUTS)
    for name in ("events", "cuts", "inside"):
        record_property(name, told[name])
    sys.stdout.write(f"{work}: {told['inside']} of {told['cuts']} cuts inside {told['events']}\n")

    assert [] == told["problems"]


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_sync_that_is_missing_is_found(founded, prepared, tmp_path, flaw):
    """The same harness fails where one sync is left out: without that it would prove nothing."""
    told = cut(prepared, founded, tmp_path, "erasing", CUTS * 2, flaw)

    assert told["problems"], "the planted fault went unseen"
