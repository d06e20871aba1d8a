"""Killed at a random moment, each of six works is done whole or not at all (`make kills`)."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.kills import FLAWS, Tally, shares, table
from tests.faults.random_works import SIX

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.prepared import Prepared

LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
KILLS = 40 if LONG else 4

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL after a fork")


def killed(
    prepared: Prepared, founded: Path, folder: Path, work: str, count: int, flaw: str = "none"
) -> Tally:
    folder.chmod(0o700)
    words = ("--work", work, "--count", str(count), "--seed", "7", "--flaw", flaw)
    whole = ("--founded", str(founded), *words)
    code, out, err = prepared.run("tests.faults.kills", whole, folder)
    assert code == 0, err
    return Tally(**json.loads(out))


@pytest.mark.parametrize("work", SIX)
def test_killed_at_a_random_moment(founded, prepared, tmp_path, record_property, work):
    """Whenever the process dies, the register is whole, keeps what it said, and goes on."""
    tally = killed(prepared, founded, tmp_path, work, KILLS)

    record_property("inside", tally.inside)
    sys.stdout.write(table([tally]))
    assert tally.violations == []
    assert tally.kills == tally.inside + tally.after == KILLS


@pytest.mark.skipif(not LONG, reason="make faults")
@pytest.mark.parametrize("flaw", FLAWS[1:])
def test_a_guard_that_is_broken_is_found(founded, prepared, tmp_path, flaw):
    """What is done before the commit, and has to wait for it, is found by kills."""
    assert killed(prepared, founded, tmp_path, "erase", KILLS, flaw).violations


def test_the_kills_are_spread_evenly_and_the_share_inside_is_told():
    """A thousand kills are a thousand, and each line says how many fell inside the work."""
    assert sum(shares(1000).values()) == 1000
    assert set(shares(1000).values()) == {166, 167}
    told = table([Tally("import", 4, 3, 1, 250, []), Tally("erase", 4, 4, 0, 90, ["I4 half"])])
    assert [line.split() for line in told.splitlines()][1:] == [
        ["import", "250", "ms", "4", "3", "75.0%", "0"],
        ["erase", "90", "ms", "4", "4", "100.0%", "1"],
        ["all", "8", "7", "87.5%", "1"],
    ]
