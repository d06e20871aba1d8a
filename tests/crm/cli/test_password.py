"""Where a password may come from, in a real terminal and without one."""

from __future__ import annotations

import io
import os
import shlex
import sys
from pathlib import Path

import pytest

from crm.cli import password
from crm.cli.errors import NobodyToAsk, PassCommandFailed, PasswordNeeded

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def without_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"first line\nsecond\n")))
    monkeypatch.setattr(sys, "stderr", io.StringIO())


def test_the_environment_goes_before_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """KARTOTEKA_PASSWORD is taken as it is, an empty one too."""
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", "echo other")
    monkeypatch.setenv("KARTOTEKA_PASSWORD", "  spaces count ")
    assert "  spaces count " == password.current_password()

    monkeypatch.setenv("KARTOTEKA_PASSWORD", "")
    assert "" == password.current_password()


def test_the_command_gives_its_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """KARTOTEKA_PASSCOMMAND runs without a shell and prints the password, letters intact."""
    words = [sys.executable, "-c", "print('pārāk garš; $HOME'); print('not this')"]
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", shlex.join(words))

    assert "pārāk garš; $HOME" == password.current_password()


@pytest.mark.parametrize(
    "words", ["false", "true", "no-such-program-at-all", "'unclosed", "sh -c 'echo x; exit 3'"]
)
def test_a_command_that_fails_locks(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """A command that fails, prints nothing or does not exist gives exit 5."""
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", words)

    with pytest.raises(PassCommandFailed) as caught:
        password.current_password()
    assert 5 == caught.value.exit_code


@pytest.mark.usefixtures("without_terminal")
def test_nobody_is_asked_without_a_terminal() -> None:
    """A script without a password gets exit 5 at once and never hangs."""
    with pytest.raises(PasswordNeeded):
        password.current_password()
    with pytest.raises(PasswordNeeded):
        password.first_password()
    with pytest.raises(NobodyToAsk, match="--firm"):
        password.ask("Firm?", instead="--firm")


@pytest.mark.usefixtures("without_terminal")
def test_a_new_password_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new password is the first line; the old one in the environment is not mistaken for it."""
    monkeypatch.setenv("KARTOTEKA_PASSWORD", "old")

    assert "first line" == password.new_password()


_ASK = """
import sys
from crm.cli import password
from crm.cli.failures import report
from gdpr.errors import KartotekaError
try:
    print("GOT", len(getattr(password, sys.argv[1])()))
except KartotekaError as error:
    sys.exit(report(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("which", "typed", "seen", "code"),
    [
        ("current_password", ["hidden-canary"], "GOT 13", 0),
        ("new_password", ["hidden-canary", "hidden-canary"], "GOT 13", 0),
        ("new_password", ["hidden-canary", "another-canary"], "do not match", 2),
    ],
)
def test_a_prompt_hides_what_is_typed(which: str, typed: list[str], seen: str, code: int) -> None:
    """In a real terminal the password is asked for, taken and never echoed."""
    import pexpect

    surroundings = {**os.environ, "TERM": "dumb"}
    child = pexpect.spawn(
        sys.executable, ["-c", _ASK, which], cwd=str(ROOT), encoding="utf-8", timeout=20,
        env=surroundings,
    )  # fmt: skip
    shown = io.StringIO()
    child.logfile_read = shown
    for line in typed:
        child.expect("assword.*: ")
        child.waitnoecho(timeout=5)
        child.sendline(line)
    child.expect(seen)
    child.expect(pexpect.EOF)
    child.close()

    assert code == child.exitstatus
    assert "canary" not in shown.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_piped_command_can_still_ask_its_terminal() -> None:
    """With data on standard input the hidden prompt goes to the terminal itself."""
    import pexpect

    script = f"echo '{{}}' | {sys.executable} -c {shlex.quote(_ASK)} current_password"
    child = pexpect.spawn("sh", ["-c", script], cwd=str(ROOT), encoding="utf-8", timeout=20)
    child.expect("assword.*: ")
    child.waitnoecho(timeout=5)
    child.sendline("hidden-canary")
    child.expect("GOT 13")
    child.close()
