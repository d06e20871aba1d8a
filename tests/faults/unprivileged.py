"""Work by a child that modes and disks bind: root's power to pass them by is given up first."""

from __future__ import annotations

import ctypes
import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_VERSION = 0x20080522
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_RDONLY, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 32, 4096, 16384, 1 << 18


class NotPossible(Exception):
    """This machine does not let a child have it."""


def bound(work: Callable[[], Any], prepare: Callable[[], None] = lambda: None) -> Any:
    """Do the work in a child that modes bind, and return its answer as JSON has it.

    `prepare` runs before the child gives up its power; NotPossible skips the test, and says why.
    """
    if sys.platform != "linux":
        pytest.skip("gives up capabilities as Linux has them")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        told: dict[str, Any] = {}
        try:
            prepare()
            _give_up_power()
            told = {"answer": work()}
        except NotPossible as problem:
            told = {"skip": str(problem)}
        except BaseException:  # noqa: BLE001 - the child ends here, and says how
            told = {"failed": traceback.format_exc()}
        finally:
            os.write(writer, json.dumps(told).encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = json.loads(pipe.read())
    os.waitpid(child, 0)
    if "skip" in told:
        pytest.skip(told["skip"])
    assert "failed" not in told, told["failed"]
    return told["answer"]


def read_only_disk(folder: Path) -> None:
    """Let a folder be on a disk that is mounted for reading, as this process sees it."""
    _own_mounts()
    place = os.fsencode(folder)
    _mount(place, place, None, _BIND, None)
    _mount(None, place, None, _BIND | _REMOUNT | _RDONLY, None)


def full_disk(folder: Path, room: int) -> None:
    """Let a folder be on a disk of its own with so many bytes left, as this process sees it."""
    _own_mounts()
    content = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    place = os.fsencode(folder)
    pages = sum(len(text) // 4096 + 1 for text in content.values()) + 2
    size = pages * 4096 + room
    _mount(b"tmpfs", place, b"tmpfs", 0, f"size={size},mode=700".encode())
    for name, text in content.items():
        (folder / name).write_bytes(text)
        (folder / name).chmod(0o600)


def _own_mounts() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    apart = _NEW_MOUNTS if user == 0 else _NEW_MOUNTS | _NEW_USER
    if libc.unshare(apart) != 0:
        raise NotPossible("no mounts of one's own on this machine")
    if user != 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"),
                           ("gid_map", f"{group} {group} 1")):  # fmt: skip
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123
                file.write(text)
    _mount(None, b"/", None, _REC | _PRIVATE, None)


def _mount(
    source: bytes | None, target: bytes, kind: bytes | None, flags: int, options: bytes | None
) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source, target, kind, ctypes.c_ulong(flags), options) != 0:
        raise NotPossible(f"cannot mount here: {os.strerror(ctypes.get_errno())}")


def _give_up_power() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(head), ctypes.byref(none)) != 0:
        raise OSError(ctypes.get_errno(), "capset")
