"""Plants faults in a copy of the house, one after the other, and says which test sees each.

`python -m tests.house.mutants [WORDS]` tries those of `mutants.toml` whose place or description has
the words in it, and prints a row for each; one that no test sees is said to have survived.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutants.toml")
_COPIED = ("crm", "gdpr", "migrations", "tui", "tests", "docs")
_SEEN = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?:\[.*)?(?: - .*)?$", re.MULTILINE)


def planted(house: Path, mutant: dict[str, str]) -> str:
    """Plant one, run the tests nearest to it, and return the first that saw it."""
    place = house / mutant["file"]
    text = place.read_text("utf-8")
    if text.count(mutant["was"]) != 1:
        return "no longer to be planted"
    place.write_text(text.replace(mutant["was"], mutant["becomes"]), "utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-qx", "-n0", "-pno:cacheprovider", *mutant["tests"]],
            cwd=house,
            env={**os.environ, "PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        place.write_text(text, "utf-8")
    if done.returncode == 0:
        return "survived"
    seen = _SEEN.search(done.stdout)
    return seen[1] if seen else f"the tests did not run: {done.stdout[-300:]}{done.stderr[-300:]}"


def main(words: str = "") -> None:
    """Try each, and print what saw it."""
    with TemporaryDirectory() as folder:
        house = Path(folder) / "house"
        for name in _COPIED:
            shutil.copytree(ROOT / name, house / name)
        for name in ("pyproject.toml", "Makefile", "README.md", "CHANGELOG.md"):
            shutil.copy(ROOT / name, house)
        for mutant in tomllib.loads(LIST.read_text("utf-8"))["mutant"]:
            if words in f"{mutant['file']} {mutant['what']}":
                row = (mutant["what"], f"`{mutant['file']}`", f"`{planted(house, mutant)}`")
                sys.stdout.write(f"| {' | '.join(row)} |\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
