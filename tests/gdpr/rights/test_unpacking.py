"""Whatever somebody sends as a package, checking it takes bounded memory and says what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pyzipper

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
# Half of what a bomb of old took, and room for everything that is loaded.
LIMIT = 512 << 20
_VERIFY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from crm.cli.app import run
sys.exit(run(["package", "verify", sys.argv[1], "--format", "json"]))
"""


def verified(place: Path) -> tuple[int, list[str]]:
    """Verify in a process that may take so much memory and no more."""
    done = subprocess.run(
        [sys.executable, "-c", _VERIFY, str(place), str(LIMIT)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "KARTOTEKA_PASSPHRASE": "sesame"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, [fault["code"] for fault in json.loads(done.stdout)["faults"]]


def _zeros(archive: zipfile.ZipFile, name: str, mebibytes: int) -> None:
    with archive.open(name, "w", force_zip64=True) as member:
        for _each in range(mebibytes):
            member.write(bytes(1 << 20))


def one_file(place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _zeros(archive, "manifest.json", 600)


def many_files(place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(60):
            _zeros(archive, f"{number}.json", 10)


def a_lie_about_sizes(place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _zeros(archive, "manifest.json", 600)
    content = bytearray(place.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    place.write_bytes(content)


def a_long_list(place: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"{number}.json", b"")


def the_same_bytes_again_and_again(place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        _zeros(archive, "0.json", 15)
        first = archive.infolist()[0]
        for number in range(1, 900):
            twin = zipfile.ZipInfo(f"{number}.json")
            for part in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(twin, part, getattr(first, part))
            archive.filelist.append(twin)


def sealed(place: Path) -> None:
    with pyzipper.AESZipFile(
        place, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(b"sesame")
        archive.writestr("manifest.json", bytes(60 << 20))


def another_method(place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_BZIP2) as archive:
        _zeros(archive, "manifest.json", 1)


def a_folder(place: Path) -> None:
    place.mkdir()
    with (place / "manifest.json").open("wb") as file:
        file.truncate(4 << 30)


def a_folder_of_many(place: Path) -> None:
    place.mkdir()
    for number in range(2_000):
        (place / f"{number}.json").write_bytes(b"{}")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (one_file, "too-large"),
        (many_files, "too-large"),
        (a_lie_about_sizes, "archive"),
        (a_long_list, "too-large"),
        (the_same_bytes_again_and_again, "too-large"),
        (sealed, "too-large"),
        (another_method, "archive"),
        (a_folder, "too-large"),
        (a_folder_of_many, "too-large"),
    ],
)
def test_a_bomb_is_told(tmp_path: Path, made: Callable[[Path], None], code: str) -> None:
    """Kilobytes that unpack to gigabytes, lies about sizes, lists without end: refused, and why."""
    place = tmp_path / "package.zip"
    made(place)

    assert verified(place) == (7, [code])


def test_documents_nested_without_end_are_told(tmp_path: Path) -> None:
    """A manifest of brackets is no manifest, and no crash."""
    place = tmp_path / "package"
    place.mkdir()
    (place / "manifest.json").write_text("[" * 5_000_000)

    assert verified(place) == (7, ["manifest"])
