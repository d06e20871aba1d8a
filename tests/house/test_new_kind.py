"""One description makes a kind of record, and everything else follows by itself.

The description is that of docs/developer.md, taken from the page as it stands: what a newcomer
reads is what is tried here, in a copy of the house.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.house.newcomer import OWNER
from tests.house.source import ROOT
from tests.house.test_new_field import House

LONGEST = 60
FURTHER = "tests/crm/records/visit.py"
# Tests that walk over all kinds of records there are, and those of the house that must hold of it.
_WALKS = ("tests/crm/records", "tests/tui/test_records.py")
_STANDING = (
    "tests/migrations/test_upgrade.py::test_the_migrations_make_exactly_the_schema_of_the_classes",
    "tests/migrations/test_upgrade.py::test_released_steps_are_frozen",
    "tests/house/test_errors.py::test_a_generated_page_is_up_to_date",
    "tests/house/test_imports.py::test_the_front_page_loads_next_to_nothing",
    "tests/house/test_imports.py::test_the_help_of_a_command_opens_nothing[loan]",
    "tests/house/test_screens.py",
    "tests/house/test_commands.py::test_every_row_loads_and_says_the_same[loan]",
    "tests/house/test_commands.py::test_every_command_stands_under_one_heading",
    "tests/house/test_commands.py::test_every_command_is_built_from_the_frame_and_helps",
)


_OWN_VERB = """from crm.kinds.typed.loan import Loan, LoanInput


def year(loan: Loan) -> int:
    return loan.lent.year if loan.lent else loan.colour


GIVEN: LoanInput = {"device": "Kamera", "lent": "2026-03-01", "colour": "red"}
"""


def from_the_page() -> tuple[str, str]:
    """Return the path of the description and itself as docs/developer.md has them."""
    page = (ROOT / "docs" / "developer.md").read_text("utf-8")
    section = page.partition("\n## Add a kind of record\n")[2].partition("\n## ")[0]
    described = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    path = re.search(r"`(crm/kinds/\w+\.py)` for", section)
    assert described is not None
    assert path is not None
    return path[1], described[1]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Build the kind of record into a copy of the house, as the page says, and one more."""
    made = House(tmp_path_factory.mktemp("kind"))
    made.newcomer("before")
    path, text = from_the_page()
    (made.root / path).write_text(text, "utf-8")
    shutil.copy(ROOT / FURTHER, made.root / "crm" / "kinds")
    written = made.run("tests/house/kinds.py")
    assert re.fullmatch(r"(migrations/\d{4}_\w+\.py\n){2}", written)
    return made


def test_the_description_is_short_and_pure() -> None:
    """It has at most sixty lines, and imports no database and no screen."""
    _path, text = from_the_page()

    assert len(text.splitlines()) <= LONGEST
    assert not re.search(r"import (peewee|textual)|from (peewee|textual|tui|gdpr\.store)", text)


def test_every_walk_over_the_kinds_of_records_takes_it_in(house: House) -> None:
    """Whatever is promised of every kind of record holds of one that was only described."""
    said = house.run("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *_WALKS, *_STANDING)

    assert re.search(r"\d+ passed", said)
    # Without states, a way back from one, clocks, a day for one or a phone there is nothing to try.
    assert re.search(r"\b7 skipped", said)


def test_a_register_from_before_is_upgraded(house: House) -> None:
    """A register founded when nobody had heard of the kind opens and takes one in."""
    words = ("-m", "crm.cli", "--vault", str(house.vault), "--user", OWNER[0])
    client = ("--kind", "natural", "--given-name", "Zīle", "--relation", "client", "--anyway")

    house.run(*words, "client", "add", *client)
    added = house.run(
        *words, "loan", "add", "2", "--device", "Kamera", "--lent", "2.3.2026", "--format", "json"
    )

    told = json.loads(added)
    assert (told["number"], told["device"], told["lent"]) == (1, "Kamera", "2026-03-02")


def test_a_type_checker_knows_the_fields(house: House) -> None:
    """Own verbs read `Loan.of(card).lent` as a day, and a field that is not there is found."""
    (house.root / "own_verb.py").write_text(_OWN_VERB, "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "own_verb.py"],
        cwd=house.root,
        capture_output=True,
        text=True,
        check=False,
    )

    faults = [line for line in done.stdout.splitlines() if "error" in line]
    assert [line.partition(": error")[0] for line in faults[:-1]] == [
        "own_verb.py:5",
        "own_verb.py:8",
    ]
    assert all("colour" in line for line in faults[:-1])


def test_a_second_run_of_the_command_writes_nothing(house: House) -> None:
    """The command is done once its migration stands: no second one follows it."""
    assert house.run("tests/house/kinds.py") == ""
