"""Whatever fails in whatever command: no value in what is printed or logged, and no exit 0."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crm.oversight.audit import AuditVerbs
from gdpr.audit.journal import Journal
from gdpr.store.data_keys import DataKeys
from gdpr.store.sealing import RowSeal
from gdpr.store.session import Session
from gdpr.vault.keyring import Keyring
from tests.crm.planting import plant
from tests.faults.commands import NOT_OF_A_REGISTER, leaves, typed
from tests.faults.everything import fill

ROOT = Path(__file__).resolve().parents[2]
CANARY = "Kanārija Dzeltenspārne"
COMMANDS = [(words, found) for words, found in leaves() if words not in NOT_OF_A_REGISTER]
DEEP = {
    "reading rows": (Session, "rows"),
    "opening a key": (DataKeys, "open"),
    "opening a field": (RowSeal, "open"),
    "writing an entry": (Journal, "append"),
    "verifying a row": (RowSeal, "verify"),
    "signing": (Keyring, "sign"),
    "reading the log": (AuditVerbs, "log"),
}
ERRORS = {
    "runtime": lambda: RuntimeError(CANARY),
    "key": lambda: KeyError(CANARY),
    "file": lambda: OSError(28, CANARY, CANARY),
    "driver": lambda: sqlite3.IntegrityError(f"UNIQUE constraint failed: {CANARY}"),
    "text": lambda: UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
    "group": lambda: ExceptionGroup(CANARY, [ValueError(CANARY)]),
    "memory": lambda: MemoryError(CANARY),
    "interrupt": lambda: KeyboardInterrupt(CANARY),
}


@pytest.fixture
def values(place, tmp_path):
    """Return what the commands are typed with, over a register that holds the canary."""
    with place.open() as register:
        person = fill(register, "client")
        company = plant(register, "client", legal=True, fields={"name": CANARY})
    file = tmp_path / "clients.csv"
    file.write_text(f"Nosaukums;E-pasts\n{CANARY};c@example.com\n", "utf-8")
    return {
        "number": str(person.number),
        "company": str(company.number),
        "word": "Kanārija",
        "file": str(file),
        "new": CANARY,
    }


def failing(make, reached):
    """Return a function that fails with values in its locals, its message and its cause."""

    def deep(*_everything, **_named):
        name, key = CANARY, CANARY.encode()
        reached.append((name, key))
        try:
            {}[name]
        except KeyError as cause:
            raise make() from cause

    return deep


@pytest.mark.parametrize("kind", ERRORS)
def test_no_failure_of_any_command_prints_a_value(cli, values, monkeypatch, caplog, kind):
    """Each command, failing deep inside: no canary on its streams or in a log of any level.

    The place changes with the kind of failure, so that every command fails in every place.
    """
    caplog.set_level(logging.DEBUG)
    places, shift = list(DEEP.values()), list(ERRORS).index(kind)
    failed = 0
    for number, (words, command) in enumerate(COMMANDS):
        owner, name = places[(number + shift) % len(places)]
        reached = []
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, failing(ERRORS[kind], reached))
            told = cli(*typed(words, command, values))
        said = told.stderr + caplog.text + (told.stdout if told.exit_code else "")
        caplog.clear()
        assert "Kanārija" not in said, (words, name)
        assert "Traceback" not in said, (words, name)
        if reached and name != "sign":
            failed += 1
            assert told.exit_code != 0, (words, name)
    assert failed > len(COMMANDS) // 3


@pytest.mark.parametrize("kind", ["runtime", "interrupt", "driver"])
def test_no_failing_process_prints_a_value(place, values, kind):
    """The same through the real entry point, with its hooks: also in threads and at exit."""
    program = (
        "import sys, threading\n"
        "sys.path.insert(0, sys.argv.pop(1))\n"
        "from tests.faults.test_crashes import CANARY, ERRORS, failing\n"
        "from gdpr.store.session import Session\n"
        f"make = ERRORS[{kind!r}]\n"
        "deep = failing(make, [])\n"
        "class Left:\n"
        "    def __del__(self): deep()\n"
        "def rows(*everything, **named):\n"
        "    work = threading.Thread(target=deep)\n"
        "    work.start(); work.join()\n"
        "    Left()\n"
        "    deep()\n"
        "Session.rows = rows\n"
        "from crm.cli.main import main\n"
        "sys.exit(main())\n"
    )
    home = place.folder / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), "client", "show", values["number"]],
        env={
            **place.environment,
            "HOME": str(home),
            "TMPDIR": str(home),
            "PATH": os.defpath,
            "KARTOTEKA_VAULT": str(place.vault),
            "KARTOTEKA_USER": place.owner.name,
            "KARTOTEKA_PASSWORD": place.owner.password,
        },
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode not in (0, 7)
    assert "Kanārija" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    assert [path for path in home.rglob("*") if path.is_file()] == []
