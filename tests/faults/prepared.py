"""Programs that plant faults, each in a process of its own, forked from one that is prepared once.

`python -m tests.faults.prepared` loads what they load and opens a copy of the founded register, so
that the key of its password is derived. Then it reads a line of JSON for each program: its module,
its words and its folder. It forks, and the child is that program as `python -m` would have it: with
streams, a folder and an end of its own. A line of JSON tells how it ended and what it wrote.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gdpr.clock import FixedClock
from tests.crm.conftest import NOON, Place
from tests.once import be_quick

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("tests.faults.killing", "tests.faults.kills", "tests.faults.powercut")
_KEPT = ("GLIBC_TUNABLES", "KARTOTEKA_FAULTS", "TMPDIR")


class Prepared:
    """The prepared process, as the tests ask it."""

    def __init__(self, founded: Path) -> None:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._founded = str(founded)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.prepared", self._founded],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error", **kept},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, module: str, words: Sequence[str], folder: Path) -> tuple[int, str, str]:
        """Run a program in a folder; return its exit code and what it wrote on its two streams."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps([module, list(words), str(folder)]) + "\n")
        asked.flush()
        code, out, err = json.loads(answers.readline())
        return code, out, err

    def end(self) -> None:
        """Let the process end, as it does when nobody asks any more."""
        self._process.communicate()


def _answer(module: str, words: list[str], folder: str) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _live(module, words, folder, (out, err))
        _, status = os.waitpid(child, 0)
        told = []
        for stream in (out, err):
            stream.seek(0)
            told.append(stream.read().decode("utf-8", "replace"))
    return os.waitstatus_to_exitcode(status), told[0], told[1]


def _live(module: str, words: list[str], folder: str, streams: Sequence[IO[bytes]]) -> None:
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for standard, stream in enumerate(streams, 1):
            os.dup2(stream.fileno(), standard)
        os.chdir(folder)
        code = import_module(module).main(*words) or 0
    except BaseException:  # noqa: BLE001 - the child ends here, and says how
        traceback.print_exc()
    finally:
        for written in (sys.stdout, sys.stderr):
            written.flush()
        os._exit(code)


def _open_once(founded: Path) -> None:
    """Derive the key of the password and prove what is signed, as the programs would each."""
    be_quick()
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name) / "place", FixedClock(NOON))
        shutil.copytree(founded, place.folder)
        os.environ.update(place.environment)
        with place.open():
            pass
    os.environ.clear()
    os.environ.update(before)


def main(founded: str) -> None:
    """Answer until nobody asks any more."""
    for module in PROGRAMS:
        import_module(module)
    _open_once(Path(founded))
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
