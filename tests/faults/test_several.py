"""Several programs work on one register at once, and none of them loses or hides a word."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from crm.models.attached import Note
from crm.models.party import Party
from tests.faults.invariants import breaches

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
SECONDS = 600 if LONG else 8
PROGRAMS = 4 if LONG else 3


def test_several_programs_at_once_lose_nothing(place, hire, record_property):
    """Every acknowledged change is there, every erased person is gone, nobody saw an error."""
    logins = [place.owner, hire("privacy")]
    running = []
    for number in range(PROGRAMS):
        name, login = ("owner", logins[0]) if number == 0 else (f"p{number}", logins[1])
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.several", str(place.vault), login.name,
             str(SECONDS), name, str(number)],
            cwd=place.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        program.stdin.write(login.password + "\n")
        program.stdin.close()
        program.stdin = None
        running.append(program)
    ended = [program.communicate() for program in running]
    assert [0] * PROGRAMS == [program.returncode for program in running], [e[1] for e in ended]
    told = [json.loads(out) for out, _ in ended]

    assert [] == [error for one in told for error in one["errors"]]
    added = {int(n): mail for one in told for n, mail in one["added"].items()}
    assert len(added) == sum(len(one["added"]) for one in told), "a number was given twice"
    erased = {number for one in told for number in one["erased"]}
    notes = {int(n): count for one in told for n, count in one["notes"].items()}
    rounds = sum(one["rounds"] for one in told)
    for name, value in (("rounds", rounds), ("added", len(added)), ("erased", len(erased))):
        record_property(name, value)
    sys.stdout.write(f"{rounds} rounds, {len(added)} added, {len(erased)} erased\n")
    assert len(added) >= PROGRAMS
    with place.open() as register:
        desk = register.context.session
        there = {party.number: party for party in desk.rows(Party)}
        assert added.keys() - erased == there.keys()
        assert {n: party.email for n, party in there.items()} == {n: added[n] for n in there}
        kept = {n: len(desk.rows(Note, party=party.id)) for n, party in there.items()}
        assert {n: notes.get(n, 0) for n in there} == kept
        assert [] == breaches(register)
