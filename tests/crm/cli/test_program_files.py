"""A file of the program that is missing or damaged is told as that, before anything is stored."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from gdpr import program_files, word_tables
from gdpr.program_files import LISTING, ProgramDamaged
from tests.house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Cli

PERSON = ("--kind", "natural", "--given-name", "Anna", "--relation", "client")
LISTED = (ROOT / "gdpr" / LISTING).read_text("utf-8").splitlines()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program read files of its own that a test may damage."""
    root = tmp_path / "installed"
    for name in (*LISTED, f"gdpr/{LISTING}"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    monkeypatch.setattr(program_files, "_ROOT", str(root))
    word_tables._tables.cache_clear()
    return root


@pytest.mark.parametrize("damage", ["missing", "no UTF-8"])
@pytest.mark.parametrize(
    "name", ["crm/parties/words.toml", "gdpr/errors.toml", "tui/key_bindings.json", LISTED[0]]
)
def test_nothing_is_stored_by_a_program_that_is_not_whole(
    cli: Cli, installed: Path, name: str, damage: str
) -> None:
    """It names the file and says to install the program again; no register is called damaged."""
    whole = (installed / name).read_bytes()
    if damage == "missing":
        (installed / name).unlink()
    else:
        (installed / name).write_bytes(whole + b"# \xe2\x82")

    done = cli("client", "add", *PERSON)
    (installed / name).write_bytes(whole)
    listed = cli("client", "list", "--format", "json")

    assert (done.exit_code, done.stdout) == (1, "")
    assert name in done.stderr
    assert "Install the program again" in done.stderr
    assert json.loads(listed.stdout) == []


def test_a_damaged_table_is_no_damage_of_the_register(installed: Path) -> None:
    """A text that is no table or no document is the program's fault as well."""
    for name, read in (
        ("crm/data/zones.toml", program_files.program_toml),
        ("crm/data/demo.json", program_files.program_json),
    ):
        (installed / name).write_text("[[[", "utf-8")
        with pytest.raises(ProgramDamaged) as told:
            read(*name.split("/"))
        assert told.value.name == name
