"""The register of invented people: made once and whole, in its own place, never over a real one."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from crm.demo import demo_register as demo
from crm.demo.invented import COUNT
from crm.kartoteka import Kartoteka
from gdpr.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crm.cli.conftest import Run
    from tests.crm.conftest import Cli, Place


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        with Kartoteka.demo(str(folder / "demo.kartoteka"), clock=SystemClock(), own=True):
            pass
        yield folder


@pytest.fixture
def at_the_demo(
    invented: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(invented / "state"))
    monkeypatch.setenv("KARTOTEKA_PASSWORD", demo.PASSWORD)
    monkeypatch.setenv("KARTOTEKA_USER", demo.OWNER)
    monkeypatch.setenv("KARTOTEKA_VAULT", str(invented / "demo.kartoteka"))
    return invented / "demo.kartoteka"


@pytest.mark.usefixtures("at_the_demo")
def test_everybody_is_there_and_in_order(run: Run) -> None:
    """1,200 clients of three countries, some going; verified, with a clock on every ground."""
    lines = json.loads(run("client", "list", "--format", "json").out)
    health = json.loads(run("doctor", "--format", "json").out)

    assert COUNT == len(lines)
    assert {"active", "prospect", "going"} <= {line["status"] for line in lines}
    # A firm that has just begun owes its people a notice, and is told so.
    owed = {c["check"] for c in health["checks"] if c["state"] != "ok"}
    assert ({"unpublished", "unconfirmed"}, 0) == (owed, health["grounds_without_clock"])
    assert health["grounds"] > COUNT
    assert 0 < next(c["count"] for c in health["checks"] if c["check"] == "going") < COUNT
    assert 0 == run("audit", "verify").code


@pytest.mark.usefixtures("at_the_demo")
def test_its_history_is_in_the_log(run: Run) -> None:
    """What changed since somebody was entered was changed by a deed of its own."""
    log = run("audit", "log", "--event", "register:party:edited", "--format", "json")

    assert len(json.loads(log.out)) > 50


@pytest.mark.usefixtures("at_the_demo")
@pytest.mark.parametrize("name", [name for name, _roles in demo.COLLEAGUES])
def test_every_colleague_may_log_in(run: Run, name: str) -> None:
    """A user of each role opens the demo with the published password."""
    assert 0 == run("--user", name, "audit", "head").code


def test_a_second_start_shows_the_same_register(run: Run, at_the_demo: Path) -> None:
    """Started again the demo is not made again: changes stay, the first clients are listed."""
    before = at_the_demo.stat().st_ino

    shown = run("--vault", str(at_the_demo), "demo", "--format", "json")

    assert 0 == shown.code
    assert 12 == len(json.loads(shown.out))
    assert demo.PASSWORD in shown.err
    assert before == at_the_demo.stat().st_ino
    assert 0o600 == stat.S_IMODE(at_the_demo.stat().st_mode)


def test_a_real_register_is_never_taken_for_a_demo(cli: Cli, place: Place) -> None:
    """`demo --vault` on a real register refuses it, --fresh or not, and leaves it as it is."""
    before = place.vault.read_bytes()

    for fresh in ((), ("--fresh",)):
        assert 1 == cli("--vault", str(place.vault), "demo", *fresh).exit_code
    assert before == place.vault.read_bytes()


def test_another_file_is_never_removed(run: Run, tmp_path: Path) -> None:
    """A file that is no register stays where it is."""
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o700)
    file = folder / "letter.txt"
    file.write_text("somebody's work" * 100)
    file.chmod(0o600)

    assert 1 == run("--vault", str(file), "demo", "--fresh").code
    assert "somebody's work" * 100 == file.read_text()


def test_a_demo_that_was_cut_off_is_made_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A demo that nobody filled is made anew at the next start; its old state folder goes."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    target = tmp_path / "own" / "demo.kartoteka"
    target.parent.mkdir(mode=0o700)
    target.touch(0o600)
    owner = (demo.OWNER, demo.PASSWORD)
    demo.remove(str(target), lambda _: tmp_path, own=True)
    made, _key = Kartoteka.create(
        str(target), demo.FIRM, owner, clock=SystemClock(), cost=demo.COST, demo=True
    )
    with made:
        empty = made.context.state
    with Kartoteka.demo(str(target), clock=SystemClock(), own=True) as register:
        assert not demo.Demo(register.context).is_empty()
    assert not empty.exists()
    assert target.exists()
