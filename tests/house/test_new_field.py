"""One line and one migration make a personal field, and everything else follows by itself.

The line and the migration are those of docs/developer.md, taken from the page as they stand: what
a newcomer reads is what is tried here, in a copy of the house.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.house.newcomer import CANARY, COLUMN, OWNER
from tests.house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_COPIED = ("crm", "gdpr", "migrations", "tui", "tests", "docs")
_KEPT = ("PATH", "TMPDIR", "GLIBC_TUNABLES")
# Tests of the product that must hold of the new field too, and that nobody touched for it.
_STANDING = (
    "tests/migrations/test_upgrade.py::test_the_migrations_make_exactly_the_schema_of_the_classes",
    "tests/migrations/test_upgrade.py::test_released_steps_are_frozen",
    "tests/faults/test_canaries.py::test_every_field_of_every_table_leaves_no_trace",
)


class House:
    """A copy of the house in which something may be built."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "house"
        # With what was compiled: it stays good for every file that is not built into.
        for name in _COPIED:
            shutil.copytree(ROOT / name, self.root / name)
        shutil.copy(ROOT / "pyproject.toml", self.root)
        self.vault = folder / "place" / "register" / "register.kartoteka"
        self.vault.parent.mkdir(parents=True, mode=0o700)
        self._surroundings = {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "PYTHONPATH": str(self.root),
            "KARTOTEKA_PASSWORD": OWNER[1],
            **{
                f"XDG_{name}_HOME": str(folder / "place" / name.lower())
                for name in ("STATE", "DATA", "CONFIG", "CACHE")
            },
        }

    def run(self, *words: str) -> str:
        """Run a Python of this house."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env=self._surroundings,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def newcomer(self, part: str) -> dict[str, object]:
        """Run a part of `newcomer.py` and return what it tells."""
        told = self.run("tests/house/newcomer.py", part, str(self.vault)).splitlines()[-1]
        found: dict[str, object] = json.loads(told)
        return found


def from_the_page() -> tuple[str, str, str]:
    """Return the line, the migration's name, and the migration as docs/developer.md has them."""
    page = (ROOT / "docs" / "developer.md").read_text("utf-8")
    section = page.partition("\n## Add a personal field\n")[2].partition("\n## ")[0]
    line, migration = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    name = re.search(r"`migrations/NNNN(_\w+)\.py`", section)
    assert name is not None
    last = max(path.name[:4] for path in (ROOT / "migrations").glob("[0-9]*.py"))
    return line, f"{int(last) + 1:04}{name[1]}", migration


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, object]]:
    """Found a register, then build the field into the house as the page says."""
    made = House(tmp_path_factory.mktemp("newcomer"))
    told = made.newcomer("before")
    line, name, migration = from_the_page()
    described = made.root / "crm" / "kinds" / "party.py"
    text = described.read_text("utf-8")
    assert len(line.splitlines()) == 1
    described.write_text(
        text.replace("\n)\n\n\n@dataclass", f"\n    {line.strip()},\n)\n\n\n@dataclass", 1)
    )
    step = made.root / "migrations" / f"{name}.py"
    assert not step.exists()
    step.write_text(migration, "utf-8")
    with (made.root / "tests" / "migrations" / "frozen.toml").open("a") as frozen:
        frozen.write(f'"{name}" = "{sha256(step.read_bytes()).hexdigest()}"\n')
    made.run("tests/house/generated.py")
    return made, told


def test_a_new_field_is_sealed_exported_explained_and_erased_by_itself(
    house: tuple[House, dict[str, object]],
) -> None:
    """A register founded before the field is upgraded, and the field is like any other."""
    made, founded = house
    assert founded == {"number": 1, "more": {}}

    told = made.newcomer("after")

    (why,) = told.pop("why")  # type: ignore[attr-defined]
    assert (why["item"], why["purpose"] != "", why["until"] > "2026-03-02") == ("name", True, True)
    assert "name" in told.pop("goes")  # type: ignore[operator]
    assert told == {
        "edited": [0, True],
        "shown": [0, True],
        "more": {COLUMN: CANARY},
        "exported": [CANARY],
        "stored": 1,
        "plaintext": "refused",
        "erased": [0, False],
        "residue": [],
        "residue after": [],
        "breaches": [],
        "breaches after": [],
        "added": {COLUMN: CANARY},
    }


def test_the_standing_tests_take_the_new_field_in(house: tuple[House, dict[str, object]]) -> None:
    """The search for residue, the schema and the data map know the field without being told."""
    made, _founded = house

    said = made.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *_STANDING)

    assert "3 passed" in said
    page = (made.root / "docs" / "internals" / "data-map.md").read_text("utf-8")
    assert f"| `party` | `{COLUMN}` | `name` | identity | provided |" in page
