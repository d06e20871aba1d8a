"""The power fails at any moment, and the disk keeps no more than it promised to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
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


def cut(founded: Path, folder: Path, work: str, cuts: int, flaw: str = "none") -> dict[str, object]:
    folder.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.powercut", str(founded), work, str(cuts), "7", flaw],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("work", WORKS if LONG else WORKS[:4])
def test_a_power_cut_loses_nothing_that_was_said(founded, tmp_path, record_property, work):
    """Whatever pieces a disk had not synced are lost or torn, the register is whole and goes on."""
    told = cut(founded, tmp_path, work, CUTS)
    for name in ("events", "cuts", "inside"):
        record_property(name, told[name])
    sys.stdout.write(f"{work}: {told['inside']} of {told['cuts']} cuts inside {told['events']}\n")

    assert [] == told["problems"]


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_sync_that_is_missing_is_found(founded, tmp_path, flaw):
    """The same harness fails where one sync is left out: without that it would prove nothing."""
    told = cut(founded, tmp_path, "erasing", CUTS * 2, flaw)

    assert told["problems"], "the planted fault went unseen"
