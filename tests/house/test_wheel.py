"""What a firm installs is whole: code, catalogues, registers and word lists, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.house.source import PACKAGES, ROOT, short, tracked

if TYPE_CHECKING:
    from pathlib import Path

_BUILD = """
import sys
from hatchling.builders.wheel import WheelBuilder
for path in WheelBuilder({root!r}).build(directory=sys.argv[1], versions=["standard"]):
    print(path)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-c", _BUILD.format(root=str(ROOT)), str(folder)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Every file of the four packages is in it: .py, .mo, .yaml, .txt, .tcss and py.typed.

    Only the sources of the catalogues stay behind: the program reads what is compiled from them.
    """
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    ours = {
        short(path)
        for path in tracked()
        if short(path).partition("/")[0] in PACKAGES and path.suffix != ".po"
    }

    assert ours == packed


def test_the_wheel_brings_the_command(wheel: Path) -> None:
    """Installing it gives the command `kartoteka`, and the licence comes along."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry = next(name for name in names if name.endswith("entry_points.txt"))

        assert "kartoteka = crm.cli.main:main" in archive.read(entry).decode()
        assert any(name.endswith("licenses/LICENSE") for name in names)
