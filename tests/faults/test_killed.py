"""Killed between statements and at every file point, each work is done whole or not at all."""

from __future__ import annotations

import json
import os
import sys

import pytest

# A chunk is one process that kills at every so-many-eth point; xdist spreads the chunks.
LONG = os.environ.get("KARTOTEKA_FAULTS", "")
CHUNKS = {"erasing": 2, "erasing many": 2, "ending": 1, "leaving": 2, "changing a password": 1}
CHUNKS |= {"importing": 3}
CHUNKS |= {"rotating": 2, "offboarding": 3, "replacing the root": 1}
if LONG != "long":
    CHUNKS = dict.fromkeys(CHUNKS, 1)
TURNS = [(work, chunk, of) for work, of in CHUNKS.items() for chunk in range(of)]


@pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL and looks into /proc")
@pytest.mark.parametrize(("work", "chunk", "of"), TURNS)
def test_killed_at_every_point(founded, prepared, tmp_path, record_property, work, chunk, of):
    """After a kill or a power cut the register is whole, keeps what it said, and goes on."""
    tmp_path.chmod(0o700)
    words = (str(founded), work, str(chunk), str(of))
    code, out, err = prepared.run("tests.faults.killing", words, tmp_path)
    assert code == 0, err
    told = json.loads(out)
    for name in ("points", "turns", "killed", "judged"):
        record_property(name, told[name])
    sys.stdout.write(f"{work} {chunk + 1}/{of}: {told['killed']} of {told['turns']} killed\n")
    assert told["problems"] == []
    # In short each eighth dies of itself, and all where a child of it dies in its place.
    assert told["turns"] > 10
    assert told["killed"] == (told["turns"] if LONG == "long" else -(-told["turns"] // 8))
