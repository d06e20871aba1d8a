"""Founding a register, by options and in a dialogue on a real terminal."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import sys
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm import kartoteka
from crm.kartoteka import Kartoteka
from gdpr.clock import SystemClock
from gdpr.vault.kdf import FLOOR, KdfCost
from gdpr.vault.recovery import parse_recovery_key

if TYPE_CHECKING:
    from tests.crm.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "violets tumble across eleven bridges"
FIRM = ("--firm", "SIA Jaunais birojs", "--country", "lv", "--reg-no", "4000-3521600")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "safe" / "new.kartoteka"


def test_options_found_a_register(run: Run, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With options and KARTOTEKA_PASSWORD nothing is asked, and the key on stdout is the key."""
    monkeypatch.setenv("KARTOTEKA_PASSWORD", PASSWORD)
    details = (*FIRM, "--email", "info@example.com", "--user", "anna", "--language", "it")

    made = run("--vault", str(target), "init", *details, "--format", "json")

    assert 0 == made.code
    record = json.loads(made.out)
    assert {"vault": str(target), "user": "anna"}.items() <= record.items()
    assert record["recovery_key"] not in made.err
    with Kartoteka.open(str(target), "anna", lambda: PASSWORD, clock=SystemClock()) as register:
        assert not register.keys.recovery_confirmed()
        register.keys.confirm_recovery(parse_recovery_key(record["recovery_key"]))
        assert register.keys.recovery_confirmed()
        assert "LV" == register.context.country


def test_only_the_owner_can_read_what_was_made(
    run: Run, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register, its folder and the desk's state folder are closed to everybody else."""
    monkeypatch.setenv("KARTOTEKA_PASSWORD", PASSWORD)
    run("--vault", str(target), "init", *FIRM)

    state = Path(os.environ["XDG_STATE_HOME"]) / "kartoteka"
    made = [target, target.parent, *state.rglob("*")]
    assert len(made) > 4
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_file_that_is_there_is_never_touched(
    run: Run, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An existing file is refused before anything is asked, and stays as it is."""
    monkeypatch.setenv("KARTOTEKA_PASSWORD", PASSWORD)
    target.parent.mkdir(mode=0o700)
    target.write_bytes(b"somebody's work")

    refused = run("--vault", str(target), "init", *FIRM)

    assert (1, "") == (refused.code, refused.out)
    assert b"somebody's work" == target.read_bytes()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "check digit"), ("lv", "kontrolcipar"), ("it", "controllo")]
)
def test_a_wrong_check_digit_is_refused_in_every_language(
    run: Run, target: Path, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    """A wrong registration number gives exit 2 and a reason, without repeating the number."""
    monkeypatch.setenv("KARTOTEKA_PASSWORD", PASSWORD)
    options = ("--firm", "SIA A", "--country", "LV", "--reg-no", "40003521601")

    refused = run("--vault", str(target), "--lang", language, "init", *options)

    assert (2, "") == (refused.code, refused.out)
    assert word in refused.err
    assert "40003521601" not in refused.err
    assert not target.exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--country", "LV"), 2),
        (("--firm", "SIA A", "--country", "Latvia"), 2),
        (("--firm", "SIA A", "--country", "LV", "--email", "nobody"), 2),
        (("--firm", "SIA A", "--country", "LV", "--user", "a b"), 2),
        (("--firm", "SIA A", "--country", "LV"), 5),
    ],
)
def test_what_is_missing_or_wrong_leaves_nothing_behind(
    run: Run, target: Path, options: tuple[str, ...], code: int
) -> None:
    """Without a terminal nothing is asked: the option or the password that lacks is named."""
    refused = run("--vault", str(target), "init", *options)

    assert (code, "") == (refused.code, refused.out)
    assert not target.exists()


def test_a_weak_password_founds_nothing(
    run: Run, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that is the name of the firm is refused."""
    monkeypatch.setenv("KARTOTEKA_PASSWORD", "sia jaunais birojs")

    refused = run("--vault", str(target), "init", *FIRM)

    assert 2 == refused.code
    assert not target.exists()


def test_the_dialogue_asks_again_until_it_fits(target: Path) -> None:
    """On a terminal every answer is checked at once, and two groups of the key are asked back."""
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "crm.cli", "--vault", str(target), "init"],
        cwd=ROOT,
        env={**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8", "COLUMNS": "200"},
        encoding="utf-8",
        timeout=60,
    )
    _answer(child, "Language", "")
    _answer(child, "Name of the firm", "SIA Dialogs")
    _answer(child, "Country", "Latvija")
    child.expect("two letters")
    _answer(child, "Country", "lv")
    _answer(child, "Registration number", "40003521601")
    child.expect("check digit")
    _answer(child, "Registration number", "40003521600")
    _answer(child, "Address", "Brīvības iela 1, Rīga")
    _answer(child, "E-mail", "")
    _answer(child, "user name", "anna")
    child.expect(r"You may use this one:\s+([^\r\n]+)")
    offered = child.match[1]
    for typed in ("too short", offered):
        _answer(child, "New password:", typed)
        _answer(child, "New password again:", typed)
    child.expect(r"((?:[0-9A-Z]{4}-){12}[0-9A-Z]{4})")
    groups = child.match[1].split("-")
    _answer(child, "Press Enter", "")
    child.expect(r"Group (\d+) of")
    wrong = groups[int(child.match[1]) - 1][::-1] + "X"
    child.sendline(wrong)
    child.expect("That is not group")
    for _ in range(2):
        child.expect(r"Group (\d+) of")
        child.sendline(groups[int(child.match[1]) - 1].lower())
    child.expect("is confirmed")
    child.expect(pexpect.EOF)
    child.close()

    assert 0 == child.exitstatus
    with Kartoteka.open(str(target), None, lambda: offered, clock=SystemClock()) as register:
        assert register.keys.recovery_confirmed()


def _answer(child: Any, question: str, typed: str) -> None:
    child.expect(question)
    child.sendline(typed)


def test_a_guess_is_made_as_dear_as_this_machine_bears(
    run: Run, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a guess shall cost is measured when a register is founded, and is what it costs."""
    measured = KdfCost(2 * FLOOR.memory_kib, FLOOR.time, FLOOR.lanes)
    monkeypatch.setattr(kartoteka, "calibrate", lambda: measured)
    monkeypatch.setenv("KARTOTEKA_PASSWORD", PASSWORD)

    assert 0 == run("--vault", str(target), "init", *FIRM).code

    with closing(sqlite3.connect(target)) as raw:
        stored = raw.execute(
            "SELECT kdf_memory, kdf_time, kdf_lanes FROM user_account WHERE kdf_salt IS NOT NULL"
        ).fetchall()
    assert stored == [astuple(measured)]
