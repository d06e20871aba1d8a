"""Backups, restores and leaving from the command line."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from crm.models.files import KnownCopy
from tests.crm.planting import FIELDS, NOTE, plant

if TYPE_CHECKING:
    from tests.crm.conftest import Cli, Hire, Place


def told(cli: Cli, *arguments: str) -> dict[str, object]:
    result = cli(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_there_and_back(place: Place, cli: Cli) -> None:
    """A script makes a backup, checks it, loses the vault and has it again, unasked."""
    with place.open() as register:
        gone, stays = plant(register, "prospect"), plant(register, "prospect")
    made = told(cli, "backup", "create", "--to", str(place.folder / "drive"))
    parts = ("--data", str(made["data"]), "--keys", str(made["keys"]))
    checked = told(cli, "backup", "verify", *parts)
    assert (checked["backup"], checked["rows"]) == (made["backup"], made["rows"])
    number = str(gone.number)
    erased = cli("subject", "erase", number, "--because", "no-longer-needed", "--confirm", number)
    assert erased.exit_code == 0
    assert str(made["keys"]) in erased.stdout
    for path in place.vault.parent.iterdir():
        path.unlink()

    restored = told(cli, "backup", "restore", *parts, "--to", str(place.vault))

    assert [event["kind"] for event in restored["replayed"]] == ["erased-whole"]
    assert cli("client", "show", number).exit_code == 3
    assert cli("client", "show", str(stays.number)).exit_code == 0
    assert told(cli, "audit", "verify")["ok"] is True
    assert cli("backup", "forget-old").exit_code == 3
    listed = cli("copies", "--format", "json")
    assert {line["kind"] for line in json.loads(listed.stdout)} == {"backup", "backup-keys"}


def test_a_recovery_key_that_was_typed_is_to_be_replaced(place: Place, cli: Cli) -> None:
    """A restore by the paper says so at its end, and doctor until another key was issued."""
    with place.open() as register:
        paper = register.recovery.renew().printed()
    made = told(cli, "backup", "create", "--to", str(place.folder / "drive"))
    parts = ("--data", str(made["data"]), "--keys", str(made["keys"]), "--to", str(place.vault))
    by_password = cli("backup", "restore", *parts)
    assert (by_password.exit_code, "key recovery --new" in by_password.stderr) == (0, False)
    assert "key recovery --new" not in cli("doctor").stdout

    by_paper = cli("backup", "restore", *parts, "--recovery", "--accept-older", stdin=f"{paper}\n")

    assert (by_paper.exit_code, "key recovery --new" in by_paper.stderr) == (0, True)
    assert "key recovery --new" in cli("doctor").stdout
    assert cli("key", "recovery", "--new").exit_code == 0
    assert "key recovery --new" not in cli("doctor").stdout


def test_refusals_have_their_codes(place: Place, cli: Cli) -> None:
    """Wrong password 5, no file 3, damaged 7, wrong way round 2, going back 4."""
    made = told(cli, "backup", "create", "--to", str(place.folder / "drive"))
    data, keys = str(made["data"]), str(made["keys"])
    to = ("--to", str(place.vault))

    def code(*arguments: str, **env: str) -> int:
        return cli("backup", "restore", *arguments, *to, **env).exit_code

    wrong = {"KARTOTEKA_PASSWORD": "pieci resni suņi rej naktī skaļi"}
    assert code("--data", data, "--keys", keys, **wrong) == 5
    assert code("--data", data, "--keys", data) == 2
    assert code("--data", data + "x", "--keys", keys) == 3
    bad = place.folder / "bad"
    bad.write_bytes(Path(data).read_bytes()[:-9])
    assert code("--data", str(bad), "--keys", keys) == 7
    with place.open() as register:
        plant(register, "prospect")
    refused = cli("backup", "restore", "--data", data, "--keys", keys, *to)
    assert refused.exit_code == 4
    assert "--accept-older" in refused.stderr
    assert code("--data", data, "--keys", keys, "--accept-older") == 0
    assert cli("backup", "forget-old").exit_code == 0
    server = ("--to", "postgresql://localhost/x")
    assert cli("backup", "restore", "--data", data, "--keys", keys, *server).exit_code == 4


def test_leaving_takes_everything_along(place: Place, cli: Cli, hire: Hire, tmp_path: Path) -> None:
    """Every table comes out as CSV and JSON, readable, hashed, known as copies, and logged."""
    with place.open() as register:
        party = plant(register, "prospect")
    folder = tmp_path / "out"
    clerk = hire("office")
    assert cli("export", "everything", "--to", str(folder), login=clerk).exit_code == 5
    result = told(cli, "export", "everything", "--to", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for each in manifest["files"]:
        content = (folder / each["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
        assert (folder / each["name"]).stat().st_mode & 0o777 == 0o600
    (person,) = json.loads((folder / "party.json").read_text("utf-8"))
    assert {name: person[name] for name in ("given_name", "email", "phone")} == {
        name: FIELDS[name] for name in ("given_name", "email", "phone")
    }
    with (folder / "note.csv").open(encoding="utf-8", newline="") as file:
        (note,) = csv.DictReader(file)
    assert (note["party_number"], note["text"]) == (str(party.number), NOTE)
    assert note["written"].startswith("1970-01-01T")
    assert not list(folder.glob("slot.*")) + list(folder.glob("owner_key.*"))
    assert result["files"] == len(list(folder.iterdir())) == len(manifest["files"]) + 1
    with place.open() as register:
        paths = {row.path for row in register.context.session.rows(KnownCopy)}
    assert paths == {str(path) for path in folder.iterdir()}
    assert cli("export", "everything", "--to", str(folder)).exit_code == 1
