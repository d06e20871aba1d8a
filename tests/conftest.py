"""What every test stands on: a home of its own, no network, and no clock that judges."""

from __future__ import annotations

import gc
import os
import socket
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no fault of the code, so examples have no deadline.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
# Thousands of tests are collected, none of them garbage; looked through, they cost each test.
gc.disable()


# Begun last, one of these would keep a worker busy after the others have nothing left. The walks
# over every screen stand together, for a process furnishes a register for them once.
LONGEST = (
    "test_new_kind.py",
    "test_killed.py",
    "test_every_screen_roles.py",
    "test_failing_disk.py",
    "test_every_screen.py",
    "test_every_screen_drawn.py",
    "test_every_screen_locked.py",
    "test_every_screen_languages.py",
    "test_backup_killed.py",
    "test_hostile.py",
    "test_snapshots.py",
    "test_a_day.py",
    "test_founding_killed.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Begin with another share of the tests in each worker, and find those of the others compiled.

    In a fresh clone each would compile the same file at the same moment, one by one.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    folders = [path for path in map(Path, session.config.args) if path.is_dir()]
    files = sorted(file for folder in folders for file in folder.rglob("test_*.py"))
    for file in files[int(worker) :: workers] if workers > 1 else ():
        name = ".".join(file.resolve().relative_to(_ROOT).with_suffix("").parts)
        # What cannot be loaded is told where it is collected.
        with suppress(Exception, pytest.skip.Exception):
            import_module(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_collection_finish() -> None:
    gc.freeze()
    # A screen makes a thousand objects with every key, and what it leaves can wait.
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


_ROOT = Path(__file__).resolve().parents[1]
_HOMES = count()


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # Counted here: to count for itself, pytest lists the folders of all the tests before.
    home: Path = tmp_path_factory.mktemp(f"home-{next(_HOMES)}", numbered=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("VAULT", "USER", "LANG", "PASSWORD", "PASSCOMMAND"):
        monkeypatch.delenv(f"KARTOTEKA_{name}", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(name, "")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            pytest.fail("a test reached for the network")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--draw-snapshots",
        action="store_true",
        help="draw the pictures of the screens anew instead of comparing them",
    )
