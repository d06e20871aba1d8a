"""A drill brings a backup back, proves it, looks for the erased, and leaves its result alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.errors import NoDuty, StateNotWritten
from crm.kartoteka import Kartoteka, way_in
from crm.models.files import KnownCopy
from crm.oversight import drills
from crm.oversight import drills as drilling
from crm.oversight.errors import DrillFoundErased, DrillNoRoom, NoBackupToDrill
from crm.session.card_signers import CardSigners
from crm.session.shred_file_place import DRILL_FOLDER
from gdpr.errors import Damaged, WrongPassword
from gdpr.store.owners import TABLE as OWNER_KEYS
from tests.crm.backup.test_backups import later
from tests.crm.conftest import residue as files_below
from tests.crm.planting import FIELDS, plant
from tests.faults.invariants import spellings

if TYPE_CHECKING:
    from crm.backup.cards import BackupMade
    from tests.crm.conftest import Cli, Hire, Place


def way(place: Place, password: str | None = None):
    return way_in(place.owner.name, lambda: password or place.owner.password)


@pytest.fixture
def backed(place: Place) -> tuple[Place, BackupMade]:
    """Give a register with a backup, and somebody erased since who is still in the backup."""
    with place.open() as register:
        plant(register, "prospect", fields={"given_name": "Anna", "phone": FIELDS["phone"]})
        gone = plant(register, "prospect")
        made = register.backups.create(place.folder / "drive")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
        plant(register, "prospect", fields={"given_name": "Jauns"})
    return place, made


def drilled(place: Place) -> list[dict[str, object]]:
    with place.open() as register:
        return [
            {"ok": line.ok, "why": line.why, "erased": line.erased, "left": line.left}
            for line in register.drills.list()
        ]


def test_a_drill_proves_the_newest_backup(backed: tuple[Place, BackupMade]) -> None:
    """The newest backup is brought back, counted beside the live register, and searched."""
    place, made = backed
    with place.open() as register:
        done = register.drills.run(way(place))
        assert (done.data, done.made) == (made.data, made.made)
        assert (done.erased, done.replayed) == (1, 1)
        assert 0 < done.rows < done.live_rows
        assert "party" in done.differing, "somebody came since"
        assert "purpose" not in done.differing
        (line,) = register.drills.list()
        assert (line.ok, line.rows, line.live_rows) == (True, done.rows, done.live_rows)
        (copy,) = register.context.session.rows(KnownCopy, kind="drill")
        assert copy.gone == register.today.isoformat()


def test_a_drill_whose_last_note_was_refused_is_not_done(
    backed: tuple[Place, BackupMade], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drill says that it failed, never that it is done but for a note of its own restore."""
    place, _made = backed
    whole = drilling.Restoring.run

    def refused(*given: object, **named: object) -> None:
        whole(*given, **named)
        raise StateNotWritten

    with place.open() as register:
        monkeypatch.setattr(drilling.Restoring, "run", refused)
        with pytest.raises(DrillNoRoom):
            register.drills.run(way(place))
        assert not (register.context.state / DRILL_FOLDER).exists()
    assert [line["ok"] for line in drilled(place)] == [False]


def test_a_drill_changes_nothing_but_the_log(backed: tuple[Place, BackupMade]) -> None:
    """Every record is as before, the backup as well, the register verifies and rotates."""
    place, _made = backed
    tables = ("party", OWNER_KEYS, "ground", "slot", "user_account", "vault")
    drive = dict(files_below(place.folder / "drive"))
    with place.open() as register:
        database = register.context.session.database
        desk = register.context.journal.desk_id

        def rows() -> list[object]:
            return [database.execute_sql(f"select * from {t}").fetchall() for t in tables]

        before = rows()
        register.drills.run(way(place))
        assert rows() == before
        assert register.context.journal.verify(CardSigners(register.context.session)).ok
        assert register.rotation.run(("contact",))
    assert dict(files_below(place.folder / "drive")) == drive
    assert len(list((place.folder / "state" / "kartoteka").iterdir())) == 1
    with place.open() as register:
        assert register.damage == ()
        assert register.context.journal.desk_id == desk


def test_nothing_of_a_drill_is_left(backed: tuple[Place, BackupMade]) -> None:
    """What was brought back is overwritten and removed, with the state it had."""
    place, _made = backed
    with place.open() as register:
        register.drills.run(way(place))
        state = register.context.state
    assert not (state / DRILL_FOLDER).exists()
    for text in (FIELDS["email"], FIELDS["given_name"]):
        for form in spellings(text):
            assert not [name for name, content in files_below(state) if form in content]


def test_what_was_brought_back_is_overwritten(
    backed: tuple[Place, BackupMade], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of the drill loses its name with its content."""
    place, _made = backed
    removed: list[bytes] = []
    unlink = os.unlink

    def noting(path, *arguments: object, **options: object) -> None:
        if f"/{DRILL_FOLDER}/" in os.fspath(path) and Path(path).name.startswith("register"):
            removed.append(Path(path).read_bytes()[:16])
        unlink(path, *arguments, **options)

    monkeypatch.setattr(os, "unlink", noting)
    with place.open() as register:
        register.drills.run(way(place))
    assert removed
    assert b"SQLite format 3\x00" not in removed


def test_a_trace_of_the_erased_is_found(
    backed: tuple[Place, BackupMade], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of an erased person in what was brought back are damage, and in the log.

    Told by the rows alone: what bytes tell is the next test's.
    """
    place, _made = backed
    monkeypatch.setattr(drilling, "bytes_left", lambda *_told: 0)
    monkeypatch.setattr("crm.backup.restoring.replay_rights", lambda *_told: ())
    with place.open() as register:
        with pytest.raises(DrillFoundErased) as found:
            register.drills.run(way(place))
        assert found.value.exit_code == 7
        assert int(found.value.arguments["count"]) > 2
        assert not (register.context.state / DRILL_FOLDER).exists()
    (told,) = drilled(place)
    assert told["ok"] is False
    assert told["left"] == found.value.arguments["count"]


def test_a_key_left_in_a_free_page_is_found(
    backed: tuple[Place, BackupMade], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only rows are looked at: bytes of a wrapped key anywhere in a file are a trace."""
    place, _made = backed
    seen = drills.Traces.read

    def planting(parts, way_in, erased):
        traces = seen(parts, way_in, erased)
        assert traces.keys
        assert traces.tokens
        folder = next((place.folder / "state" / "kartoteka").iterdir()) / DRILL_FOLDER
        (folder / "left").write_bytes(b"x" * 5000 + min(traces.keys) + b"x" * 10)
        return traces

    monkeypatch.setattr(drilling.Traces, "read", planting)
    with place.open() as register, pytest.raises(DrillFoundErased) as found:
        register.drills.run(way(place))
    assert found.value.arguments["count"] == 1


def test_a_damaged_backup_fails_its_drill(backed: tuple[Place, BackupMade]) -> None:
    """A flipped bit or a wrong password ends the drill; that it failed is in the log."""
    place, made = backed
    with place.open() as register, pytest.raises(WrongPassword):
        register.drills.run(way(place, "not at all the password"))
    content = bytearray(Path(made.data).read_bytes())
    content[-200] ^= 1
    Path(made.data).write_bytes(content)
    with place.open() as register, pytest.raises(Damaged):
        register.drills.run(way(place))
    assert [(told["ok"], bool(told["why"])) for told in drilled(place)] == [(False, True)] * 2
    with place.open() as register:
        assert not (register.context.state / DRILL_FOLDER).exists()


def test_a_drill_needs_a_backup_and_a_keeper(place: Place, hire: Hire) -> None:
    """Without a backup there is nothing to prove, and a clerk brings nothing back."""
    clerk = hire("office")
    with place.open() as register, pytest.raises(NoBackupToDrill):
        register.drills.run(way(place))
    with place.open(clerk) as register, pytest.raises(NoDuty):
        register.drills.run(way(place))


def test_drills_are_remembered(backed: tuple[Place, BackupMade], cli: Cli) -> None:
    """Today and doctor remind after 90 days or as many as were set, and are quiet after a drill."""
    place, _made = backed

    def reminded() -> bool:
        with place.open() as register:
            agenda = register.agenda.look(fresh=True)
            health = register.doctor.examine()
            told = next(one for one in health.checks if one.check == "drill").state == "warning"
            assert told is ("drill" in register.backups.overview().reminders)
            assert told is any(item.code == "drill" for item in agenda.items)
        return told

    assert not reminded()
    later(place, 40)
    assert not reminded()
    assert cli("backup", "drill", "--every", "30").exit_code == 0
    assert reminded()
    done = cli("backup", "drill", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["erased"] == 1
    assert not reminded()
    listed = json.loads(cli("backup", "drill", "--list", "--format", "json").stdout)
    assert [line["ok"] for line in listed] == [True]
    later(place, 31)
    assert reminded()


@pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL after a fork")
def test_a_killed_drill_leaves_nothing_readable(backed: tuple[Place, BackupMade]) -> None:
    """Killed anywhere, what it made is on the list of copies and gone after the next opening."""
    place, made = backed
    template = place.folder.with_name("template")
    shutil.copytree(place.folder, template)
    fallen = 0
    for point in range(2, 400, 9):
        shutil.rmtree(place.folder)
        shutil.copytree(template, place.folder)
        through = killed(lambda: run(place), point)
        (state,) = (place.folder / "state" / "kartoteka").iterdir()
        fallen += (state / DRILL_FOLDER).exists()
        with place.open() as register:
            assert not (state / DRILL_FOLDER).exists(), point
            rows = register.context.session.rows(KnownCopy, kind="drill")
            assert all(row.gone is not None for row in rows), point
            assert register.damage == ()
            assert register.context.journal.verify(CardSigners(register.context.session)).ok
        Kartoteka.check_backup((Path(made.data), Path(made.keys)), way(place))
        if through:
            break
    assert fallen > 5


def run(place: Place) -> None:
    with place.open() as register:
        register.drills.run(way(place))


def killed(work, point: int) -> bool:
    """Do the work in a child that dies before its nth change of a file; True if it got through."""
    child = os.fork()
    if child == 0:
        left = point

        def met(call):
            def meeting(*arguments: object, **options: object) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*arguments, **options)

            return meeting

        for name in ("fsync", "replace", "rename", "link", "unlink", "rmdir", "mkdir"):
            setattr(os, name, met(getattr(os, name)))
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    how = os.waitstatus_to_exitcode(status)
    assert how in {0, -signal.SIGKILL}, point
    return how == 0
