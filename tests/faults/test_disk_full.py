"""A disk that is full or fails, wherever is written: told, undone, and good again after."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from contextlib import contextmanager

import pytest

from crm.session.words import foreseen
from gdpr.errors import DiskFailed
from gdpr.store.errors import DiskFull
from tests.crm.planting import plant
from tests.faults.forked import forked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="makes small disks as Linux does")
LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
NUMBER = "1"
ADD = ("client", "add", "--kind", "natural", "--relation", "client", "--name", "Jānis Ozols")
ERASE = (
    "subject", "erase", NUMBER, "--because", "no-longer-needed", "--confirm", NUMBER,
    "--format", "json",
)  # fmt: skip
OUT = {
    "export": ("export", "clients", "--profile", "rfc4180", "--out", "out/clients.csv"),
    "backup": ("backup", "create", "--to", "out/backups"),
    "package": ("subject", "access", NUMBER, "--out", "out/package"),
    "everything": ("export", "everything", "--to", "out/all"),
}
# So many bytes a file may have: from nothing to nearly what the register has.
LIMITS = range(0, 900_000, 9_000) if LONG else (0, 4_096, 65_536)


@pytest.fixture
def office(place):
    """Give a register with a person in it."""
    with place.open() as register:
        plant(register, "prospect")
    return place


def run(place, *arguments, limit=None):
    """Run the program in a process of its own, with a largest size of a file if there is one."""

    def restrict():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environment = {
        **place.environment,
        "PATH": "/usr/bin:/bin",
        "KARTOTEKA_VAULT": str(place.vault),
        "KARTOTEKA_USER": place.owner.name,
        "KARTOTEKA_PASSWORD": place.owner.password,
    }
    code, out, err = forked(arguments, place.folder.parent, environment, restrict)
    assert "unexpected error" not in err, err
    assert "Traceback" not in err
    return code, out, err


@contextmanager
def full_disk(folder):
    """Put a small disk over a folder, with what was in it, and fill it to the last byte."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    size = max(256 << 10, sum(map(len, before.values())) * 2)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    if os.getuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small disk")
    try:
        for name, content in before.items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        filling = folder / "filling"
        with filling.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1024)):
                    pass
            except OSError:
                pass
        yield filling
    finally:
        after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        subprocess.run(["umount", str(folder)], check=True)
        for path in folder.iterdir():
            if path.is_file():
                path.unlink()
        for name, content in after.items():
            if name != "filling":
                (folder / name).write_bytes(content)
                (folder / name).chmod(0o600)


def sound(place):
    """Tell whether everything verifies."""
    code, out, err = run(place, "audit", "verify", "--format", "json")
    assert code == 0, (out, err)
    return True


def test_an_erasure_is_done_although_the_state_folder_is_full(office):
    """The receipt is given, it is said that notes are missing, and the next opening makes them."""
    (state,) = (office.folder / "state" / "kartoteka").iterdir()
    with full_disk(state):
        code, out, err = run(office, *ERASE)
        assert code == 1
        assert "Done, but" in err
        receipt = json.loads(out)
        assert (receipt["whole"], receipt["state"]) == (True, "shred_pending")

    code, out, err = run(office, "client", "show", NUMBER)
    assert code == 3, err
    with office.open() as register:
        assert register.context.journal.ledger.pending() == []
        assert not register.lags
    assert sound(office)


@pytest.mark.parametrize("work", [ADD, ERASE], ids=["add", "erase"])
def test_what_does_not_fit_into_the_register_is_undone(office, work):
    """With the register's own disk full nothing is half done, and it goes on once there is room."""
    with full_disk(office.vault.parent):
        code, out, err = run(office, *work)
        assert (code, out) == (1, "")
        assert "disk" in err

    assert sound(office)
    code, _out, err = run(office, *work)
    assert code == 0, err


@pytest.mark.parametrize("work", OUT)
def test_a_file_that_does_not_fit_leaves_nothing(office, work):
    """A full stick ends an export, a backup, a package: told, nothing left, nothing listed."""
    out = office.folder.parent / "out"
    out.mkdir(mode=0o700)
    with full_disk(out):
        code, told, err = run(office, *OUT[work])
        assert (code, told) == (1, "")
        assert err.strip()
        left = [path for path in out.rglob("*") if path.name != "filling"]
        assert left == []
    with office.open() as register:
        assert register.copies.list() == ()
        assert register.warnings == ()


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_at_any_size_of_a_file_is_told(office, limit):
    """Wherever a write is refused, it is said in words, nothing is half done, and work goes on."""
    (office.folder.parent / "out").mkdir(mode=0o700)
    for work in (ADD, OUT["backup"], ERASE):
        code, _out, err = run(office, *work, limit=limit)
        assert (code, bool(err.strip())) == (1, True) or code == 0
    left = (office.folder.parent / "out").glob(".*")
    assert sound(office)
    assert list(left) == []


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EFBIG, DiskFull),
     (errno.EIO, DiskFailed), (errno.EACCES, type(None))],
)  # fmt: skip
def test_what_the_system_says_of_a_disk_has_words(number, told):
    """Each way in which a disk refuses is told as what it is; everything else stays as it was."""
    assert isinstance(foreseen(OSError(number, "")), told)
