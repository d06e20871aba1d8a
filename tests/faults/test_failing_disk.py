"""A disk that is full or breaks at any change of a file: told, undone or done, and good again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.failing import COMMANDS, HOWS

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
# At so many of the changes of each command; 0 at all.
MOST = 0 if LONG else 4
# What the short form tries, in programs that share one register.
SHORT = {
    "full": ("erase", "rejects", "restore", "recovery key", "archive"),
    "broken": ("settings", "shred file", "password", "found", "drill"),
}
TURNS = [(how, (work,)) for how in HOWS for work in COMMANDS] if LONG else list(SHORT.items())

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="stands before the C library of Linux"),
    pytest.mark.skipif(COMPILER is None, reason="there is no C compiler to build the disk with"),
]


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build what stands between the program and its disk."""
    built = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    source = Path(__file__).with_name("failing_disk.c")
    words = [COMPILER, "-shared", "-fPIC", "-O1", "-o", str(built), str(source), "-ldl"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("the C compiler does not build for this system: " + done.stderr[-200:])
    return built


@pytest.mark.parametrize(("how", "works"), TURNS)
def test_wherever_the_disk_refuses(founded, disk, tmp_path, record_property, how, works):
    """At each change: it is said in words, done or undone as said, whole, listed, and goes on."""
    tmp_path.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.failing", str(founded), how, str(MOST), *works],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "LD_PRELOAD": str(disk),
            "KARTOTEKA_FAILING": str(disk),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for work, found in told.items():
        record_property(work, f"{found['points']} of {found['changes']}")
        sys.stdout.write(f"{work}, {how}: {found['points']} of {found['changes']} changes\n")
    assert [problem for found in told.values() for problem in found["problems"]] == []
    assert all(found["points"] >= (MOST or found["changes"]) for found in told.values())
