"""What a start costs, and whether the contracts cover the whole house."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crm.cli.commands import COMMANDS
from tests.house.source import ROOT

HEAVY = ("peewee", "playhouse", "textual", "rich", "yaml", "stdnum", "cryptography", "argon2")
_PROBE = """
import sys
sys.argv = ["kartoteka", *{words!r}]
from crm.cli.main import main
main()
sys.stderr.write("\\n".join(sorted(sys.modules)))
"""


def _loaded_by(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(words=list(words))],
        capture_output=True,
        cwd=ROOT,
        check=True,
        text=True,
    )
    return set(done.stderr.split("\n"))


def _loaded_by_python() -> set[str]:
    bare = "import sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", bare], capture_output=True, check=True, text=True)
    return set(done.stdout.split("\n"))


def test_the_front_page_loads_next_to_nothing() -> None:
    """`--help` loads no library of ours, not even click, and nothing slow that Python brings."""
    loaded = _loaded_by("--help") - _loaded_by_python()

    slow = {"click", "json", "gdpr", "typing", "dataclasses", "contextlib", "functools", "pathlib"}
    assert set() == loaded & {*HEAVY, *slow}


def test_a_command_loads_no_driver_of_a_server() -> None:
    """What opens a register does not wait for drivers that happen to be installed."""
    loaded = _loaded_by("--vault", "/nonexistent/register.kartoteka", "audit", "verify")

    assert "peewee" in loaded
    assert set() == {name for name in loaded if name.startswith("psycopg.")}
    assert set() == loaded & {"zxcvbn", "playhouse"}


def test_a_program_with_a_missing_part_names_it() -> None:
    """Where the database library itself is missing, one sentence says so and what to do."""
    started = _PROBE.format(words=["doctor"]).replace(
        "import sys", "import sys; sys.modules['peewee'] = None", 1
    )
    done = subprocess.run(
        [sys.executable, "-c", started], capture_output=True, cwd=ROOT, check=False, text=True
    )

    told = done.stderr.splitlines()[0]
    assert "peewee" in told
    assert "pipx reinstall kartoteka" in told
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_opens_nothing(name: str) -> None:
    """The help of every command comes without database, screens, keys or registers."""
    loaded = _loaded_by(name, "--help")

    assert set() == loaded & set(HEAVY)


def test_every_contract_says_why() -> None:
    """A contract without a reason is one that the next person deletes."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    starts = [n for n, line in enumerate(lines) if line == "[[tool.importlinter.contracts]]"]

    assert [n + 1 for n in starts if not lines[n - 1].startswith("# ")] == []
