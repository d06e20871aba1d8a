"""`subject access`, `subject portable` and `package verify`, as somebody types them."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from crm.packages.cards import Packing
from tests.crm.packaging import client, contact, neighbours, note, read, trader
from tests.house.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crm.conftest import Cli, Place

OPENSSL = shutil.which("openssl")
_LOADED = """
import sys
from crm.cli.app import run
code = run(["package", "verify", sys.argv[1], "--format", "json"])
sys.stderr.write("\\n".join(sorted(sys.modules)))
sys.exit(code)
"""


@pytest.fixture
def package(place: Place, cli: Cli, tmp_path: Path) -> Path:
    """Make an access package of a client by the command."""
    with place.open() as register:
        number = str(client(register).number)
    done = cli("subject", "access", number, "--out", str(tmp_path / "package"))
    assert done.exit_code == 0, done.stderr
    return tmp_path / "package"


def verified(cli: Cli, path: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """Run `package verify` in its JSON form."""
    done = cli("package", "verify", str(path), "--format", "json", *more)
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("verb", ["access", "portable"])
@pytest.mark.parametrize("person", [client, trader, contact])
def test_a_package_is_made_and_verified(
    place: Place, cli: Cli, tmp_path: Path, person: Callable[..., Any], verb: str
) -> None:
    """The answer says where it is, and the check passes with the fingerprint it told."""
    with place.open() as register:
        neighbours(register)
        number = str(person(register).number)

    done = cli("subject", verb, number, "--out", str(tmp_path / "p"), "--format", "json")
    made = json.loads(done.stdout)
    code, found = verified(cli, tmp_path / "p", "--fingerprint", made["root_sha256"])

    assert done.exit_code == 0
    assert made["path"] == str(tmp_path / "p")
    assert (code, found["ok"], found["files"]) == (0, True, made["files"])
    empty = verb == "portable" and person is contact
    assert bool(made["empty_because"]) is empty
    assert ("subject access" in done.stderr) is empty


@pytest.mark.skipif(OPENSSL is None, reason="NOT CHECKED BY AN OUTSIDER: apt-get install openssl")
def test_openssl_checks_the_signature(package: Path) -> None:
    """The command printed on the sheet says yes, and no after one changed byte."""
    words = [
        *("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "machine/public-key.pem"),
        *("-rawin", "-in", "machine/manifest.json", "-sigfile", "machine/manifest.sig"),
    ]
    assert " ".join(words) in (package / "read-me-first.html").read_text("utf-8")

    good = subprocess.run(words, cwd=package, capture_output=True, text=True, check=False)
    manifest = package / "machine" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"Testa", b"Tesla"))
    bad = subprocess.run(words, cwd=package, capture_output=True, text=True, check=False)

    assert (good.returncode, good.stdout.strip()) == (0, "Signature Verified Successfully")
    assert bad.returncode == 1


def test_the_key_is_one_that_others_read(package: Path) -> None:
    """The public key is plain PEM of 32 bytes, the one on the signer's card."""
    lines = (package / "machine" / "public-key.pem").read_text("ascii").splitlines()
    raw = base64.b64decode("".join(lines[1:-1]))[-32:]

    assert read(package, "machine/signer.json")["ed25519"] == raw.hex()


def _change(package: Path) -> None:
    data = package / "my-data.json"
    data.write_bytes(data.read_bytes().replace(b"Kanarija", b"Varnarija"))


def _lose(package: Path) -> None:
    (package / "read-me-first.html").unlink()


def _add(package: Path) -> None:
    (package / "machine" / "more.json").write_text("{}")


def _forge_manifest(package: Path) -> None:
    manifest = package / "machine" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"Art.15", b"Art.20"))


def _swap_key(package: Path) -> None:
    raw = b"\x07" * 32
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + raw).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"
    (package / "machine" / "public-key.pem").write_text(pem)


def _cut_signature(package: Path) -> None:
    signature = package / "machine" / "manifest.sig"
    signature.write_bytes(signature.read_bytes()[:40])


def _link(package: Path) -> None:
    (package / "machine" / "manifest.sig").unlink()
    (package / "machine" / "manifest.sig").symlink_to("/etc/hostname")


def _break_manifest(package: Path) -> None:
    (package / "machine" / "manifest.json").write_text("[" * 100_000)


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (_change, "changed"),
        (_lose, "missing"),
        (_add, "extra"),
        (_forge_manifest, "signature"),
        (_swap_key, "signature"),
        (_cut_signature, "signature"),
        (_link, "not-a-file"),
        (_break_manifest, "manifest"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_package_that_was_tampered_with_is_refused(
    cli: Cli, package: Path, harm: Callable[[Path], None], fault: str
) -> None:
    """Whatever was changed, lost, added or forged is named, with exit code 7."""
    harm(package)

    code, found = verified(cli, package)

    assert (code, found["ok"]) == (7, False)
    assert fault in {each["code"] for each in found["faults"]}


def test_a_package_signed_by_somebody_else_has_another_fingerprint(cli: Cli, package: Path) -> None:
    """Whoever makes a register of their own can sign, but not with the fingerprint of the firm."""
    code, found = verified(cli, package, "--fingerprint", "00" * 32)

    assert code == 7
    assert found["faults"] == [{"code": "fingerprint", "file": "machine/signer.json"}]


def test_a_card_that_no_root_signed_is_refused(cli: Cli, package: Path) -> None:
    """A signer whose card was changed is nobody."""
    signer = package / "machine" / "signer.json"
    told = json.loads(signer.read_text("utf-8"))
    told["roles"] = ["owner", "privacy"]
    signer.write_text(json.dumps(told))

    _code, found = verified(cli, package)

    assert {"code": "signer", "file": "machine/signer.json"} in found["faults"]


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "a\\b", "a//b", "c:x", "dir/"])
def test_an_archive_that_reaches_outside_is_refused(cli: Cli, tmp_path: Path, name: str) -> None:
    """Names that would be unpacked elsewhere are damage, before anything is read."""
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr(name, b"x")

    code, found = verified(cli, tmp_path / "p.zip")

    assert (code, found["faults"][0]["code"]) == (7, "name")


def test_the_check_needs_no_register_and_loads_none(package: Path) -> None:
    """It runs in another process, without vault, password and database library."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, str(package)],
        capture_output=True, cwd=ROOT, text=True, check=False, env={},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-400:]
    assert json.loads(done.stdout)["ok"] is True
    loaded = set(done.stderr.split("\n"))
    assert set() == loaded & {"peewee", "sqlite3", "pysqlite3", "jinja2", "yaml", "babel"}


def test_a_sealed_archive_tells_its_passphrase_once(place: Place, cli: Cli, tmp_path: Path) -> None:
    """The passphrase is in the answer, the word on how to open it beside it, both nowhere else."""
    with place.open() as register:
        number = str(client(register).number)

    done = cli("subject", "access", number, "--out", str(tmp_path / "p"), "--encrypt",
               "--format", "json")  # fmt: skip
    made = json.loads(done.stdout)
    path = str(tmp_path / "p.zip")
    good = cli("package", "verify", path, KARTOTEKA_PASSPHRASE=made["passphrase"])
    wrong = cli("package", "verify", path, KARTOTEKA_PASSPHRASE="cits vārds")
    none = cli("package", "verify", path)

    assert made["path"] == path
    assert "7-Zip" in done.stderr
    assert made["passphrase"] not in done.stderr
    assert (good.exit_code, wrong.exit_code, none.exit_code) == (0, 2, 2)


def test_a_review_comes_before_the_report(place: Place, cli: Cli, tmp_path: Path) -> None:
    """A note about somebody else stops the report with exit 4, until somebody has looked."""
    with place.open() as register:
        neighbours(register)
        party = client(register)
        note(register, party, "Ieteica Svešinieks Pilnīgs")
        number = str(party.number)
    out, review = str(tmp_path / "p"), str(tmp_path / "review.json")

    refused = cli("subject", "access", number, "--out", out)
    shown = cli("subject", "access", number, "--review", review)
    made = cli("subject", "access", number, "--out", out, "--reviewed", review)

    assert (refused.exit_code, shown.exit_code, made.exit_code) == (4, 0, 0)
    assert "15(4)" in refused.stderr
    assert "Svešinieks" not in refused.stderr + shown.stdout + shown.stderr
    assert cli("subject", "access", number).exit_code == 2


def test_a_missing_package_is_not_found(cli: Cli, tmp_path: Path) -> None:
    """There is a difference between damaged and not there."""
    assert cli("package", "verify", str(tmp_path / "none")).exit_code == 3


def test_an_archive_with_a_damaged_member_is_damage(place: Place, cli: Cli, tmp_path: Path) -> None:
    """Wherever a byte of an archive was changed, the answer is damage and no accident."""
    with place.open() as register:
        party = client(register)
        register.packages.portable(str(party.number), tmp_path / "p", Packing(archive=True))
    whole = (tmp_path / "p.zip").read_bytes()

    for at in range(40, len(whole), len(whole) // 40):
        (tmp_path / "q.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        seen = cli("package", "verify", str(tmp_path / "q.zip"))
        assert seen.exit_code in {0, 7}, (at, seen.stderr)
        assert "unexpected error" not in seen.stderr


def test_a_file_that_is_no_archive_is_damage(cli: Cli, tmp_path: Path) -> None:
    """Any other file is refused without a trace."""
    (tmp_path / "p.zip").write_bytes(b"PK\x03\x04 not really")

    assert cli("package", "verify", str(tmp_path / "p.zip")).exit_code == 7


@pytest.mark.parametrize(
    ("language", "informed", "preferred"),
    [
        ("en", "how informed", "preferred channel"),
        ("lv", "kā informēts", "vēlamā saziņa"),
        ("it", "come è stato informato", "canale preferito"),
    ],
)
def test_how_somebody_was_informed_is_not_how_they_wish_to_be_written_to(
    cli: Cli, tmp_path: Path, language: str, informed: str, preferred: str
) -> None:
    """The way of a notice has words of its own in the answer to why and on the sheet."""
    person = ("--kind", "natural", "--given-name", "Anna", "--relation", "client")
    assert cli("client", "add", *person, "--informed", "2026-03-01").exit_code == 0

    why = cli("--lang", language, "client", "why", "1").stdout
    made = cli("subject", "access", "1", "--language", language, "--out", str(tmp_path / "p"))
    assert made.exit_code == 0, made.stderr
    (sheet,) = (tmp_path / "p").rglob("*.html")

    assert preferred not in why
    for text in (why, sheet.read_text("utf-8")):
        assert informed in text
        assert f"{preferred} (" not in text
