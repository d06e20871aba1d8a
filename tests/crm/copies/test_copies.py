"""Known copies: what the register says of them is true, and says nothing to whoever has no key."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crm.copies.errors import CopyStillThere, UnknownReason
from crm.files.file_marks import Marks
from crm.grounds.ground_endings import known_copies
from crm.models.files import KnownCopy
from gdpr.errors import Damaged, KartotekaError
from tests.crm.transfer.test_exports import fill

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place

NAME = "Kalniņas-prasība"


def test_where_a_copy_lies_tells_nobody_without_a_key(place: Place, tmp_path: Path) -> None:
    """The name of a file may be a person's: it stands sealed in the database and in its log."""
    target = tmp_path / f"{NAME}.csv"
    with place.open() as register:
        fill(register)
        register.exports.clients(target, "rfc4180")
        register.copies.list()

    left = b"".join(path.read_bytes() for path in place.vault.parent.iterdir())
    assert NAME.encode() not in left
    assert str(tmp_path).encode() not in left
    with place.open() as register:
        assert [line.path for line in register.copies.list()] == [str(target)]


def test_a_place_moved_to_another_row_does_not_open(register: Kartoteka, tmp_path: Path) -> None:
    """What is sealed for one copy says nothing about another."""
    fill(register)
    for name in ("one.csv", "two.csv"):
        register.exports.clients(tmp_path / name, "rfc4180")
    one, two = register.context.session.rows(KnownCopy)
    stolen = KnownCopy.from_row(
        (two.id, *(two.stored or ())[1:4], (one.stored or ())[4], *(two.stored or ())[5:]),
        register.context.session.keys_of(bytes(two.id)),
    )
    assert KnownCopy.layout().position("path") == 4
    try:
        found = stolen.path
    except Damaged:
        found = None
    assert found is None


def export(register: Kartoteka, target: Path) -> Path:
    """Write everybody to a file."""
    register.exports.clients(target, "rfc4180")
    return target


def test_a_copy_that_is_not_found_is_not_called_gone(register: Kartoteka, tmp_path: Path) -> None:
    """A stick that is not plugged in keeps its copy listed; found again, it is destroyed."""
    fill(register)
    stick = tmp_path / "stick"
    stick.mkdir()
    out = export(register, stick / "out.csv")
    stick.rename(tmp_path / "drawer")

    (line,) = register.copies.shred([str(out)])

    assert (line.state, line.gone) == ("missing", None)
    assert [one.state for one in register.copies.list()] == ["missing"]
    assert [copy["path"] for copy in known_copies(register.context, b"")] == [str(out)]
    (tmp_path / "drawer").rename(stick)
    (line,) = register.copies.shred([str(out)])
    assert (line.state, out.exists()) == ("gone", False)


def test_somebody_may_say_that_a_copy_is_gone(register: Kartoteka, tmp_path: Path) -> None:
    """The list then says who says so: declared for a reason, and not destroyed."""
    fill(register)
    out = export(register, tmp_path / "out.csv")
    with pytest.raises(CopyStillThere):
        register.copies.declare_gone([str(out)], "medium-lost")
    out.unlink()
    with pytest.raises(UnknownReason):
        register.copies.declare_gone([str(out)], "who knows")

    register.copies.declare_gone([str(out)], "medium-lost")

    assert register.copies.list() == ()
    (line,) = register.copies.list(gone=True)
    assert (line.state, line.because) == ("declared", "medium-lost")


@pytest.mark.parametrize("what", ["newer", "same size", "folder", "pipe", "link", "changed"])
def test_what_somebody_else_put_there_is_never_destroyed(
    register: Kartoteka, tmp_path: Path, what: str
) -> None:
    """A newer file, a tree, a pipe or a link in the place of a copy is named and left alone."""
    fill(register)
    out, kept = export(register, tmp_path / "out.csv"), tmp_path / "kept"
    content = out.read_bytes()
    if what != "changed":
        out.rename(kept)
    if what == "newer":
        out.write_bytes(b"of a colleague")
    elif what == "same size":
        out.write_bytes(b"x" * len(content))
    elif what == "folder":
        (out / "deep").mkdir(parents=True)
        (out / "deep" / "thesis.txt").write_text("years of work")
    elif what == "pipe":
        os.mkfifo(out)
    elif what == "link":
        out.symlink_to(kept)
    else:
        out.write_bytes(content.replace(b"Upmalas", b"Lejmala"))

    (line,) = register.copies.shred([str(out)])

    assert (line.state, line.gone, line.left) == ("other", None, ("out.csv",))
    assert [one.state for one in register.copies.list()] == ["other"]
    assert os.path.lexists(out)
    if what == "folder":
        assert (out / "deep" / "thesis.txt").read_text() == "years of work"
    if what == "link":
        assert kept.read_bytes() == content
    with pytest.raises(KartotekaError):
        export(register, out)


def test_one_that_fails_stops_no_other(register: Kartoteka, tmp_path: Path) -> None:
    """Of three copies the middle one is another's now: the other two are destroyed."""
    fill(register)
    paths = [export(register, tmp_path / f"{name}.csv") for name in "abc"]
    paths[1].unlink()
    paths[1].symlink_to(paths[0])

    lines = register.copies.shred([str(path) for path in paths])

    assert [line.state for line in lines] == ["gone", "other", "gone"]
    assert [os.path.lexists(path) for path in paths] == [False, True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="a running program may be written elsewhere")
def test_one_out_of_reach_stops_no_other(register: Kartoteka, tmp_path: Path) -> None:
    """What cannot be opened for writing stays listed with that state; the others are destroyed."""
    fill(register)
    paths = [export(register, tmp_path / f"{name}.csv") for name in "abc"]
    paths[1].unlink()
    shutil.copy("/bin/sleep", paths[1])
    with subprocess.Popen([paths[1], "60"]) as running:
        try:
            lines = register.copies.shred([str(path) for path in paths])
        finally:
            running.kill()

    assert [line.state for line in lines] == ["gone", "out-of-reach", "gone"]
    assert [os.path.lexists(path) for path in paths] == [False, True, False]


def test_a_folder_that_became_a_link_leads_to_nobodys_files(tmp_path: Path) -> None:
    """Of a copy whose inner folder is a link now, the files elsewhere stay, though they fit."""
    (tmp_path / "package" / "data").mkdir(parents=True)
    (tmp_path / "package" / "data" / "one.json").write_bytes(b"{}")
    marks = Marks.of_folder(tmp_path / "package")
    (tmp_path / "package" / "data").rename(tmp_path / "elsewhere")
    (tmp_path / "package" / "data").symlink_to(tmp_path / "elsewhere")

    done = marks.destroy(tmp_path / "package")

    assert (done.whole, done.foreign) == (False, ("data/one.json",))
    assert (tmp_path / "elsewhere" / "one.json").read_bytes() == b"{}"


def test_of_a_package_only_what_was_written_goes(register: Kartoteka, tmp_path: Path) -> None:
    """A file that somebody put into the folder is left and named; so is one they changed."""
    fill(register)
    package = tmp_path / "package"
    register.packages.access("3", package)
    (package / "letter.txt").write_text("mine")

    (line,) = register.copies.shred([str(package)])

    assert (line.state, line.left) == ("gone", ("letter.txt",))
    assert [path.name for path in package.iterdir()] == ["letter.txt"]

    other = tmp_path / "other"
    register.packages.access("3", other)
    changed = next(path for path in other.iterdir() if path.suffix == ".html")
    changed.write_text("changed")
    (line,) = register.copies.shred([str(other)])
    assert (line.state, line.gone, line.left) == ("other", None, (changed.name,))
    assert [path.name for path in other.iterdir()] == [changed.name]
    shutil.rmtree(other)


def test_a_copy_that_was_moved_to_another_disk_and_back_is_recognised(
    register: Kartoteka, tmp_path: Path
) -> None:
    """Not the place on the disk decides but the content: a copy of the file is as good as it."""
    fill(register)
    out = export(register, tmp_path / "out.csv")
    again = tmp_path / "again"
    shutil.copy(out, again)
    out.unlink()
    again.rename(out)

    assert [line.state for line in register.copies.list()] == ["there"]
    (line,) = register.copies.shred([str(out)])
    assert (line.state, out.exists()) == ("gone", False)
