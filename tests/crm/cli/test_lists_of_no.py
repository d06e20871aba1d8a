"""Lists of those who want no more stop whom they name, however a mail service writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crm.consenting import add_wording, agree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Cli, Place

PEOPLE = ("Anna;Viens;anna", "Juris;Divi;juris", "Māra;Trīs;mara", "Ilze;Četri;ilze")
NAMES = ("anna", "juris", "mara", "ilze")


@pytest.fixture
def readers(place: Place, cli: Cli, tmp_path: Path) -> dict[str, int]:
    """Bring in four readers of the news, who all agreed."""
    file = tmp_path / "people.csv"
    rows = "".join(f"{row}@example.com\n" for row in PEOPLE)
    file.write_text(f"Vārds;Uzvārds;E-pasts\n{rows}", "utf-8")
    news = ("--relation", "newsletter", "--evidence", "consent", "--informed", "2026-01-01")
    assert 0 == cli("import", str(file), *news).exit_code
    with place.open() as register:
        add_wording(register)
        lines = register.clients.list()
        for line in lines:
            agree(register, line.number)
    return {str(line.email).partition("@")[0]: line.number for line in lines}


def reading(place: Place) -> set[str]:
    """Name those who may still be written to."""
    with place.open() as register:
        lines = register.clients.list()
        return {
            str(line.email).partition("@")[0]
            for line in lines
            if register.consents.listing(str(line.number)).marketing_status == "opted_in"
        }


@pytest.mark.parametrize(
    ("text", "stopped", "code"),
    [
        ("id;email\n1;ilze@example.com\n2;mara@example.com\n", {"ilze", "mara"}, 0),
        (
            "anna@example.com, mara@example.com\njuris@example.com; ilze@example.com\n",
            set(NAMES),
            0,
        ),
        ("Vārds;Uzvārds;E-pasts\nMāra;Trīs;mara@example.com\n", {"mara"}, 0),
        ("Name\tReason\tAddress\nIlze\ttoo much\t<Ilze@Example.com>\n", {"ilze"}, 0),
        ("email\nmara@example.com\nnobody@example.com\n", {"mara"}, 8),
        ("anna@example.com nobody@example.com\n", {"anna"}, 8),
        ("Nr.;E-pasts\n1;ilze@example.com\n", set(), 8),
        ("1;ilze@example.com\n", set(), 8),
        ("4;ilze@example.com\n", {"ilze"}, 0),
    ],
)
def test_a_list_stops_whom_its_addresses_name(
    place: Place, cli: Cli, readers: dict[str, int], text: str, stopped: set[str], code: int
) -> None:
    """Addresses are found in any column and any number; a number that contradicts one stops nobody.

    Whatever is not clear is told with its line and gives 8; the preview says the same beforehand.
    """
    assert set(readers) == set(NAMES)
    previewed = cli(
        "consent", "withdraw", "--from", "-", "--preview", "--format", "json", stdin=text
    )
    assert reading(place) == set(NAMES)
    done = cli("consent", "withdraw", "--from", "-", "--format", "json", stdin=text)

    numbers = {readers[name] for name in stopped}
    for result in (previewed, done):
        assert code == result.exit_code, result.stderr
        assert set(json.loads(result.stdout)["stopped"]) == numbers
    assert json.loads(previewed.stdout)["preview"]
    assert reading(place) == set(NAMES) - stopped


def test_a_list_in_which_nobody_can_be_found_is_refused(
    place: Place, cli: Cli, readers: dict[str, int]
) -> None:
    """A file without an address or a number is the wrong file, and no success."""
    assert readers
    done = cli("consent", "withdraw", "--from", "-", stdin="Vārds;Uzvārds\nIlze;Četri\n")

    assert 2 == done.exit_code
    assert reading(place) == set(NAMES)


def test_a_list_stops_at_once_and_destroys_after_days_of_grace(
    place: Place, cli: Cli, readers: dict[str, int]
) -> None:
    """A wrong list must not take people's data before somebody could see what it did."""
    done = cli("consent", "withdraw", "--from", "-", "--format", "json", stdin="mara@example.com\n")

    assert json.loads(done.stdout)["going_until"] == "2026-03-16"
    assert reading(place) == {"anna", "juris", "ilze"}
    shown = cli("client", "show", str(readers["mara"]), "--format", "json")
    assert json.loads(shown.stdout)["status"] == "going"
    assert json.loads(shown.stdout)["email"] == "mara@example.com"
    assert 4 == cli("ground", "reopen", str(readers["mara"])).exit_code


def test_a_row_whose_number_and_address_differ_is_rejected(
    place: Place, cli: Cli, readers: dict[str, int]
) -> None:
    """In a list of consents the address decides; a number of somebody else's leaves the row out."""
    assert readers
    text = (
        "Nr.;E-pasts;Nolūks;Statuss;Datums\n"
        "1;ilze@example.com;direct_marketing;withdrawn;2026-03-02\n"
        ";mara@example.com;direct_marketing;withdrawn;2026-03-02\n"
    )

    done = cli("consent", "import", "-", "--format", "json", stdin=text)

    assert 8 == done.exit_code
    assert [row["reason"] for row in json.loads(done.stdout)["rejects"]] == ["differ"]
    assert reading(place) == {"anna", "juris", "ilze"}
