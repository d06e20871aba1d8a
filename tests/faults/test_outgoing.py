"""Ended or killed over a file it writes, the program leaves nobody's data that nobody knows of."""

from __future__ import annotations

import io
import os
import signal
import sys

import pytest

from crm.copies.outgoing import outgoing
from crm.transfer.cards import ImportOrder
from tests.crm.client_lists import firm, latvian, person
from tests.crm.consenting import add_wording, agree
from tests.faults.forked import forked
from tests.faults.stopping import hold

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
NUMBER = "3"
WORKS = {
    "export": ("export", "clients", "--profile", "rfc4180", "--out", "out/clients.csv"),
    "everything": ("export", "everything", "--to", "out/all"),
    "rejects": ("import", "bad.csv", "--relation", "client", "--rejects", "out/bad.csv"),
    "backup": ("backup", "create", "--to", "out"),
    "package": ("subject", "access", NUMBER, "--out", "out/package"),
    "archive": ("subject", "access", NUMBER, "--out", "out/package.zip", "--encrypt"),
    "receipt": (
        "consent", "receipt", NUMBER, "--purpose", "direct_marketing", "--out", "out/yes.json",
    ),
}  # fmt: skip
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
ENDED = [("export", each) for each in SIGNALS]
ENDED += [(work, each) for work in WORKS for each in SIGNALS if LONG or work == "backup"]


@pytest.fixture
def office(place, tmp_path):
    """Give a register with two people, a folder for what is written, and a list with a bad row."""
    (tmp_path / "out").mkdir(mode=0o700)
    (tmp_path / "bad.csv").write_bytes(latvian(person(7, email="kanarija@")))
    with place.open() as register:
        register.imports.take(
            io.BytesIO(latvian(firm(1), person(2))), ImportOrder(relation="client")
        )
        add_wording(register)
        agree(register, int(NUMBER))
    return place


def run(place, *words, signals):
    """Start the program and end it by a signal once it has written and not finished."""
    reader, writer = os.pipe()
    environment = {
        **place.environment,
        "PATH": "/usr/bin:/bin",
        "KARTOTEKA_VAULT": str(place.vault),
        "KARTOTEKA_USER": place.owner.name,
        "KARTOTEKA_PASSWORD": place.owner.password,
    }

    def end(process):
        os.close(writer)
        assert os.read(reader, 1) == b"."
        os.close(reader)
        os.kill(process, signals)

    folder = place.folder.parent
    return forked(words, folder, environment, lambda: hold(writer), meanwhile=end)


def written(place):
    return [path for path in (place.folder.parent / "out").rglob("*") if path.is_file()]


def noted(place):
    return list((place.folder / "state").rglob("outgoing-*"))


@pytest.mark.parametrize("work", WORKS)
def test_killed_over_a_file(office, cli, work):
    """What a kill left is on the list, and overwritten and told by whoever opens next."""
    code, _out, _err = run(office, *WORKS[work], signals=signal.SIGKILL)
    assert code == -signal.SIGKILL
    left = written(office)
    assert left
    assert noted(office)
    kept = office.folder.parent / "kept"
    kept.hardlink_to(left[0])
    before = kept.read_bytes()

    told = cli("files", "list", "--format", "json")

    assert (told.exit_code, told.stdout.strip()) == (0, "[]")
    assert "has been overwritten and removed" in told.stderr
    assert not [path for path in written(office) if path.exists()]
    assert kept.stat().st_size == len(before)
    assert kept.read_bytes() != before
    assert not noted(office)
    told = cli("files", "list")
    assert (told.exit_code, "overwritten" in told.stderr) == (0, False)


@pytest.mark.parametrize(("work", "number"), dict.fromkeys(ENDED))
def test_told_to_end_over_a_file(office, work, number):
    """A closed terminal or a shutdown undoes the work: nothing written, nothing listed."""
    code, _out, err = run(office, *WORKS[work], signals=number)

    assert code == (1 if number == signal.SIGINT else 128 + number)
    assert "Traceback" not in err
    assert written(office) == []
    assert noted(office) == []
    with office.open() as register:
        assert register.copies.list(gone=True) == ()


def test_what_is_being_written_now_is_left_alone(office):
    """Another program that opens meanwhile does not take the file away from under its writer."""
    copied = office.folder.parent / "out" / "clients.csv"
    with office.open() as register:
        from crm.copies.copies import EXPORT, new_copy

        copy = new_copy(register.context, EXPORT, copied)
        with outgoing(register.context, copy) as work, work.file(copy) as stream:
            stream.write(b"people")
            stream.flush()
            with office.open() as other:
                assert other.warnings == ()
            assert len(written(office)) == 1
        assert copied.read_bytes() == b"people"
        assert noted(office) == []


def test_a_drive_that_is_not_there_is_asked_for_again(office, monkeypatch):
    """What a kill left on a drive that was unplugged since stays listed until it is found."""
    run(office, *WORKS["export"], signals=signal.SIGKILL)
    drive = office.folder.parent / "out"
    away = drive.rename(drive.with_name("away"))

    with office.open() as register:
        assert register.warnings == ("copies-unfound",)
        assert [line.state for line in register.copies.list()] == ["missing"]
    away.rename(drive)
    with office.open() as register:
        assert register.warnings == ("copies-swept",)
        assert register.copies.list() == ()
    assert written(office) == []
