"""The command line as a whole: help, settings, usage errors and the real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm.cli.main import asks_for_frontpage
from crm.cli.settings import config_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.crm.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[3]


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "crm.cli", *arguments],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_quick_page_is_the_slow_page(run: Run) -> None:
    """Both ways to the help print the same."""
    quick = process("--help").stdout.decode()

    assert quick == run("--help").out == run().out


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], True),
        (["--help"], True),
        (["--lang", "lv", "--help"], True),
        (["--lang=lv"], True),
        (["--help", "info"], True),
        (["info", "--help"], False),
        (["--lang"], False),
        (["--lang", "--help"], False),
        (["--version"], False),
        (["--vault=x", "client"], False),
    ],
)
def test_only_a_plain_call_takes_the_quick_way(words: list[str], asked: bool) -> None:
    """Whatever is not plainly a call for the front page is left to click."""
    assert asked is asks_for_frontpage(words)


def test_a_flag_goes_before_the_environment_before_the_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flag > environment > config file > default, for each setting."""

    def seen(*flags: str) -> list[str | None]:
        answer = json.loads(run(*flags, "info", "--format", "json").out)
        return [answer["vault"], answer["user"], answer["language"]]

    default = seen()
    config = Path(config_path(os.environ))
    config.parent.mkdir(parents=True)
    config.write_text('vault = "file.kartoteka"\nuser = "file"\nlang = "it"\nother = 1\n', "utf-8")
    from_file = seen()
    monkeypatch.setenv("KARTOTEKA_VAULT", "env.kartoteka")
    monkeypatch.setenv("KARTOTEKA_USER", "env")
    monkeypatch.setenv("KARTOTEKA_LANG", "lv")
    from_environment = seen()
    from_flags = seen("--vault", "flag.kartoteka", "--user", "flag", "--lang", "en")

    assert default[0]
    assert default[0].endswith("register.kartoteka")
    assert [None, "en"] == default[1:]
    assert ["file.kartoteka", "file", "it"] == from_file
    assert ["env.kartoteka", "env", "lv"] == from_environment
    assert ["flag.kartoteka", "flag", "en"] == from_flags


def test_a_broken_config_file_is_named_by_its_line_and_never_blocks_help(run: Run) -> None:
    """A config file that is not TOML gives exit 2 without quoting it; help still works."""
    config = Path(config_path(os.environ))
    config.parent.mkdir(parents=True)
    config.write_text('user = "a"\nvault = secret-canary\n', "utf-8")

    result = run("info")

    assert 2 == result.code
    assert "line 2" in result.err
    assert "canary" not in result.err
    assert 0 == process("--help").returncode


def test_the_config_file_lies_where_the_platform_keeps_such_files() -> None:
    """The short rule for Linux is that of platformdirs."""
    from platformdirs import user_config_path

    assert str(user_config_path("kartoteka") / "config.toml") == config_path(os.environ)


@pytest.mark.parametrize(("lang", "word"), [("en", "no such"), ("lv", "nav"), ("it", "non")])
def test_a_near_name_is_suggested_in_the_users_language(run: Run, lang: str, word: str) -> None:
    """An unknown command gives exit 2 and the near name, and is not repeated."""
    result = run("--lang", lang, "infp")

    assert 2 == result.code
    assert "info" in result.err
    assert word in result.err.lower()
    assert "infp" not in result.err


@pytest.mark.parametrize(
    "words",
    [
        ["Canary Bērziņš"],
        ["info", "Canary"],
        ["info", "--format", "Canary"],
        ["--lang", "Canary", "info"],
        ["info", "--vault=Canary"],
        ["completion", "Canary"],
    ],
)
def test_a_usage_error_does_not_repeat_what_was_typed(run: Run, words: list[str]) -> None:
    """A name typed in the wrong place ends in no log."""
    result = run(*words)

    assert 2 == result.code
    assert "Canary" not in result.err + result.out


def test_click_speaks_the_language_too(run: Run) -> None:
    """The words click adds to a help page are translated with the rest."""
    assert "Lietojums:" in run("--lang", "lv", "info", "--help").out
    assert "Uso:" in run("--lang", "it", "info", "--help").out
    assert "Usage:" in run("info", "--help").out


def test_info_hides_the_password_of_an_address(run: Run) -> None:
    """An address of a database server is shown without its password."""
    result = run("--vault", "postgresql://crm:canary@db.example/crm?sslpassword=canary", "info")

    assert 0 == result.code
    assert "crm@db.example" in result.out
    assert "canary" not in result.out


def test_the_version_is_printed(run: Run) -> None:
    """`--version` names program and version on stdout."""
    assert run("--version").out.startswith("kartoteka 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(run: Run, shell: str) -> None:
    """Each shell gets its script, and the program answers it."""
    assert "_KARTOTEKA_COMPLETE" in run("completion", shell).out

    answer = process(
        _KARTOTEKA_COMPLETE=f"{shell}_complete",
        COMP_WORDS="kartoteka inf",
        COMP_CWORD="inf" if shell == "fish" else "1",
    )
    assert b"info" in answer.stdout


def test_a_closed_pipe_is_no_failure_to_talk_about() -> None:
    """`kartoteka … | head` ends without a traceback."""
    done = subprocess.run(
        [f"{sys.executable} -m crm.cli completion bash | true"],
        shell=True,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )

    assert b"" == done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_noticed() -> None:
    """An answer that could not be written whole gives exit 1 and a sentence."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crm.cli", "info"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )

    assert 1 == done.returncode
    assert b"incomplete" in done.stderr
    assert b"Traceback" not in done.stderr
