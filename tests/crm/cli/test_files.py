"""`import`, `export` and `files`: what scripts read, and how each ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crm.client_lists import firm, latvian, person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Cli, Hire


@pytest.fixture
def address_book(tmp_path: Path) -> Path:
    path = tmp_path / "address book.csv"
    rows = (firm(1), person(2), person(3, email="kanarija@"), person(2))
    path.write_bytes(latvian(*rows, encoding="cp1257"))
    return path


def test_an_import_answers_in_json_and_ends_with_eight(
    cli: Cli, address_book: Path, tmp_path: Path
) -> None:
    """Counts, left-out columns and each rejected row are on stdout although rows were rejected."""
    bad = tmp_path / "bad.csv"

    done = cli(
        "import", str(address_book), "--relation", "client", "--rejects", str(bad),
        "--format", "json",
    )  # fmt: skip

    assert done.exit_code == 8
    told = json.loads(done.stdout)
    assert {name: told[name] for name in ("read", "created", "updated", "rejected")} == {
        "read": 4,
        "created": 2,
        "updated": 0,
        "rejected": 1,
    }
    assert told["duplicates"] == 1
    assert told["left_out"] == {}
    assert told["rejects"] == [
        {"line": 4, "nr": 3, "column": "E-pasts", "reason": "email", "alike": []}
    ]
    assert "Konts (IBAN)" in done.stderr
    assert "kanarija" not in done.stderr + done.stdout
    assert bad.exists()


def test_left_out_columns_are_said_in_every_form(cli: Cli, address_book: Path) -> None:
    """The preview on stderr and the answer both name the column and what it would need."""
    arguments = ("import", str(address_book), "--purpose", "service_delivery", "--dry-run")

    table, machine = cli(*arguments), cli(*arguments, "--format", "json")

    assert table.exit_code == machine.exit_code == 8
    assert "no chosen purpose covers: IBAN" in table.stderr
    assert "no chosen purpose covers: IBAN" in table.stdout
    assert json.loads(machine.stdout)["left_out"]["Konts (IBAN)"] == "bank"
    assert json.loads(machine.stdout)["dry_run"] is True


def test_a_table_explains_the_reasons(cli: Cli, address_book: Path) -> None:
    """A person reads sentences in the language in use where scripts read codes."""
    done = cli("--lang", "lv", "import", str(address_book), "--relation", "client")

    assert done.exit_code == 8
    assert "E-pasts" in done.stdout
    assert "email" not in done.stdout.splitlines()[-1]


def test_a_list_comes_through_a_pipe(cli: Cli, address_book: Path) -> None:
    """With - the file is standard input, and is known when it comes again."""
    content = address_book.read_bytes()

    first = cli("import", "-", "--relation", "client", "--format", "json", stdin=content)
    again = cli("import", str(address_book), "--relation", "client", "--format", "json")

    assert json.loads(first.stdout)["created"] == 2
    assert json.loads(again.stdout)["created"] == 0
    assert json.loads(again.stdout)["duplicates"] == 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), 2),
        (("--relation", "client", "--purpose", "contracts"), 2),
        (("--relation", "friend"), 2),
        (("--relation", "newsletter"), 4),
        (("--relation", "client", "--map", "Vecums=age"), 2),
        (("--relation", "client", "--map", "no equals sign"), 2),
        (("--relation", "client", "--informed", "yesterday"), 2),
        (("--relation", "client", "--obtained-from", "gossip"), 2),
        (("--relation", "client", "--rejects", "/nowhere/bad.csv"), 1),
    ],
)
def test_a_wrong_order_is_refused(
    cli: Cli, address_book: Path, more: tuple[str, ...], code: int
) -> None:
    """What cannot be done is said with its own exit code, and nothing is stored."""
    assert cli("import", str(address_book), *more).exit_code == code
    assert json.loads(cli("client", "list", "--format", "json").stdout) == []


def test_a_missing_file_ends_with_three(cli: Cli, tmp_path: Path) -> None:
    """A file that is not there is not found."""
    assert cli("import", str(tmp_path / "nav.csv"), "--relation", "client").exit_code == 3


def test_differences_can_be_looked_at_before_they_are_stored(cli: Cli, tmp_path: Path) -> None:
    """--update --dry-run lists field, old and new value; without --dry-run they are stored."""
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_bytes(latvian(firm(1)))
    new.write_bytes(latvian(firm(1, email="jauns@example.com")))
    cli("import", str(old), "--relation", "client")
    update = ("import", str(new), "--relation", "client", "--update", "--format", "json")

    told = json.loads(cli(*update, "--dry-run").stdout)
    shown = json.loads(cli("client", "show", "1", "--format", "json").stdout)
    done = json.loads(cli(*update).stdout)

    assert (
        told["changes"]
        == done["changes"]
        == [
            {
                "line": 2,
                "number": 1,
                "field": "email",
                "was": "info1@example.com",
                "becomes": "jauns@example.com",
            }
        ]
    )
    assert shown["email"] == "info1@example.com"
    assert done["updated"] == 1


def test_clients_are_exported_and_the_copy_is_shredded(
    cli: Cli, address_book: Path, tmp_path: Path
) -> None:
    """export, files list and files shred work hand in hand."""
    cli("import", str(address_book), "--relation", "client")
    out = tmp_path / "out.csv"

    done = cli("export", "clients", "--profile", "excel-lv", "--out", str(out))
    listed = json.loads(cli("files", "list", "--format", "json").stdout)
    shredded = cli("files", "shred", str(out))

    assert done.exit_code == shredded.exit_code == 0
    assert [(line["kind"], line["state"]) for line in listed] == [("export", "there")]
    assert not out.exists()
    assert json.loads(cli("files", "list", "--format", "json").stdout) == []
    assert cli("files", "shred", str(out)).exit_code == 3


def test_chosen_clients_are_exported_by_number(cli: Cli, address_book: Path) -> None:
    """--number may be repeated and leaves all others out; a number of nobody ends with 3."""
    cli("import", str(address_book), "--relation", "client")
    export = ("export", "clients", "--profile", "rfc4180", "--out", "-")

    whole = cli(*export).stdout.splitlines()
    some = cli(*export, "--number", "3")
    nobody = cli(*export, "--number", "1", "--number", "999")

    assert len(whole) == 3
    assert some.stdout.splitlines() == [whole[0], whole[2]]
    assert (nobody.exit_code, nobody.stdout) == (3, "")
    assert "999" in nobody.stderr


def test_roles_end_with_five_where_they_may_not(cli: Cli, hire: Hire, address_book: Path) -> None:
    """An auditor exports nobody and a technician imports nobody."""
    auditor, technician = hire("auditor"), hire("technician")

    refused = cli("export", "clients", "--profile", "rfc4180", "--out", "-", login=auditor)
    kept_out = cli("import", str(address_book), "--relation", "client", login=technician)

    assert (refused.exit_code, refused.stdout) == (5, "")
    assert (kept_out.exit_code, kept_out.stdout) == (5, "")
