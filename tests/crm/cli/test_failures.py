"""What the user sees when something goes wrong."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from crm import i18n
from crm.cli import failures
from crm.cli.hardening import AllowListFormatter
from crm.transfer.errors import DemoTakesNoFiles
from gdpr.errors import KartotekaError, NoLawfulBasis, Unreadable
from gdpr.rules.errors import ConsentNeeded
from tests.house.generated import errors

if TYPE_CHECKING:
    from tests.crm.conftest import Cli

ROOT = Path(__file__).resolve().parents[3]


def fall() -> None:
    name = "Canary Bērziņš"
    try:
        {}[name]
    except KeyError as problem:
        raise ValueError(name) from problem


# Arguments that are days; all others are counts, ids or codes.
_DAYS = dict.fromkeys(("day", "until", "since", "first", "last", "earliest"), "2026-03-31")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", errors(), ids=lambda kind: kind.__name__)
def test_every_error_speaks_every_language(
    kind: type[KartotekaError], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each error fills its sentence in each language and ends with the code of its family."""
    names = re.findall(r"{(\w+)", kind.text)
    error = kind.__new__(kind)
    KartotekaError.__init__(error, **{name: _DAYS.get(name, 7) for name in names})
    i18n.use(language)

    assert kind.exit_code == failures.report(error)
    said = capsys.readouterr()
    assert "" == said.out
    assert said.err.strip()
    assert "{" not in said.err


def test_a_refusal_names_its_article(capsys: pytest.CaptureFixture[str]) -> None:
    """What law forbids is said with the article that forbids it."""
    failures.report(NoLawfulBasis(item="bank"))

    assert "Article 6(1) GDPR" in capsys.readouterr().err


def test_a_refusal_says_what_is_possible_and_to_whom_to_turn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever is refused is told what stays possible and, by the firm's country, the authority."""
    told = {}
    for country in ("LV", "IT", "EE"):
        refused = ConsentNeeded(purpose="events")
        refused.country = country
        failures.report(refused)
        told[country] = capsys.readouterr().err

    assert all("(Article 7(1) GDPR)" in said for said in told.values())
    assert all("remains possible" in said for said in told.values())
    assert "Datu valsts inspekcija" in told["LV"]
    assert "Garante per la protezione dei dati personali" in told["IT"]
    assert "authority of their country" in told["EE"]


def test_a_refused_command_names_the_authority_of_the_firm(cli: Cli) -> None:
    """The register says where the firm is at home; the command says whom that makes the judge."""
    cli("client", "add", "--kind", "natural", "--name", "Ance Upe", "--relation", "prospect")
    refused = cli("ground", "add", "1", "--purpose", "direct_marketing")

    assert 4 == refused.exit_code
    assert "6(1)(a)" in refused.stderr
    assert "Datu valsts inspekcija" in refused.stderr


def test_a_rule_of_the_program_names_no_authority(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no article decides there is nothing to complain of."""
    refused = DemoTakesNoFiles()
    refused.country = "LV"
    failures.report(refused)

    assert "inspekcija" not in capsys.readouterr().err


def test_damage_has_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged row names its table, in words, and gives 7."""
    assert 7 == failures.report(Unreadable(table="party", row=3))
    assert "clients and contact persons" in capsys.readouterr().err


def test_a_missing_module_is_named_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever installed half a program learns which part is missing, in one sentence."""
    with pytest.raises(ModuleNotFoundError) as caught:
        __import__("kartoteka_part_that_is_missing")

    assert 1 == failures.report(caught.value)
    told = capsys.readouterr().err
    assert "kartoteka_part_that_is_missing" in told
    assert "install" in told.lower()
    assert "unexpected error" not in told


def test_the_unforeseen_is_reduced_to_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    """A crash prints a reference, the type and the line, and neither message nor cause."""
    with pytest.raises(ValueError, match="Canary") as caught:
        fall()

    assert 1 == failures.report(caught.value)
    said = capsys.readouterr().err
    assert re.search(r"Reference [0-9a-f]{8}: ValueError at \S+:\d+", said)
    assert "Canary" not in said


@pytest.mark.parametrize("problem", [click.Abort(), KeyboardInterrupt(), EOFError()])
def test_stopping_is_quiet(problem: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with one word."""
    assert 1 == failures.report(problem)
    assert "Stopped.\n" == capsys.readouterr().err


_CRASHES = {
    "main": "raise ValueError('canary')",
    "thread": (
        "import threading\nt = threading.Thread(target=int, args=('canary',))\nt.start(); t.join()"
    ),
    "destructor": "class A:\n def __del__(self): raise ValueError('canary')\nA()",
    "warning": "import warnings; warnings.warn('canary')",
    "log": "import logging; logging.getLogger('lib').error('canary %s', 'canary')",
    "exception in a log": (
        "import logging\ntry: raise ValueError('canary')\n"
        "except ValueError: logging.exception('canary')"
    ),
}


@pytest.mark.parametrize("crash", _CRASHES)
def test_no_way_out_prints_a_value(crash: str) -> None:
    """Tracebacks of the main line, of threads and destructors, warnings and logs stay silent."""
    program = (
        "from crm.cli.hardening import harden; harden()\n"
        "from crm.cli.failures import install_hooks; install_hooks()\n"
        "canary = 'canary'\n" + _CRASHES[crash]
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False
    )

    assert b"canary" not in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


def test_hooks_are_taken_over_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """All three of Python's own printers are replaced."""
    for holder, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(holder, name, getattr(holder, name))
    failures.install_hooks()

    assert failures.__name__ == sys.excepthook.__module__
    assert failures.__name__ == threading.excepthook.__module__
    assert failures.__name__ == sys.unraisablehook.__module__


def test_a_log_line_holds_codes_and_counts_only() -> None:
    """The formatter passes event codes, counts and table names, and withholds the rest."""
    record = logging.makeLogRecord(
        {"name": "gdpr", "levelname": "WARNING", "msg": "ledger:entry:replay", "count": 3}
    )
    record.table = "party"
    record.code = "Jānis Bērziņš"
    free = logging.makeLogRecord({"name": "lib", "levelname": "ERROR", "msg": "Canary %s"})

    assert "warning gdpr ledger:entry:replay count=3 table=party" == (
        AllowListFormatter().format(record)
    )
    assert "error lib withheld" == AllowListFormatter().format(free)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel through /proc")
def test_a_process_is_closed_up_before_it_works(tmp_path: Path) -> None:
    """Umask 077, no core file, not dumpable, no toolkit logs."""
    program = (
        "import os, sys, resource, ctypes\n"
        "from crm.cli.hardening import harden\n"
        "harden()\n"
        "open(sys.argv[1], 'w').close()\n"
        "print(oct(os.stat(sys.argv[1]).st_mode & 0o777),"
        " resource.getrlimit(resource.RLIMIT_CORE),"
        " ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),"
        " [n for n in os.environ if n.startswith('TEXTUAL')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "file")],
        capture_output=True,
        cwd=ROOT,
        check=True,
        env={
            **os.environ,
            **dict.fromkeys(
                ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_PRESS", "TEXTUAL_SCREENSHOT_LOCATION"), "x"
            ),
        },
    )

    assert b"0o600 (0, 0) 0 []" == done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="locks memory on Linux alone")
def test_memory_stays_out_of_the_swap_file_where_the_system_lets_it() -> None:
    """What may lock its memory does; what may not works all the same, and so does what is big."""
    resource = pytest.importorskip("resource")
    run = "; held = bytearray(1 << 27); print(open('/proc/self/status').read())"
    told = []
    harden = "from crm.cli.hardening import harden; harden()"
    limited = "import resource as limits; limits.setrlimit(limits.RLIMIT_MEMLOCK, (1, 1)); "
    for first in ("import ctypes; ctypes.CDLL(None).mlockall(7)", harden, limited + harden):
        done = subprocess.run(
            [sys.executable, "-c", first + run],
            capture_output=True,
            cwd=ROOT,
            check=True,
            text=True,
        )
        told.append("VmLck:\t       0 kB" not in done.stdout)
    could, did, _limited = told
    may = os.geteuid() == 0 or resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] < 0
    assert did is (could and may)
