"""The program in a process of its own that is forked from the tests: it need load nothing anew."""

from __future__ import annotations

import io
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from crm.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


def forked(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    before: Callable[[], None] = lambda: None,
    *,
    stdin: str = "",
    meanwhile: Callable[[int], None] = lambda _process: None,
) -> tuple[int, str, str]:
    """Run a command line there; return its exit code and what it wrote on its two streams.

    `before` is done in the program before it begins, `meanwhile` outside while it runs.

    What a process of its own is wanted for is all there: limits, streams, signals, an end. Only
    what a password's key was derived to before is known already.
    """
    readers, writers = zip(*(os.pipe() for _stream in ("out", "err")), strict=True)
    typed, typing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(typing)
        _live(words, folder, environment, before, (typed, *writers))
    for handle in (typed, *writers):
        os.close(handle)
    with os.fdopen(typing, "wb") as given, suppress(BrokenPipeError):
        given.write(stdin.encode())
        given.flush()
    meanwhile(child)
    with os.fdopen(readers[0], "rb") as out, os.fdopen(readers[1], "rb") as err:
        with ThreadPoolExecutor(1) as other:
            said = other.submit(err.read)
            told = out.read()
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), told.decode(), said.result().decode()


def _live(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    before: Callable[[], None],
    handles: Sequence[int],
) -> None:
    code = 99
    try:
        for standard, handle in enumerate(handles):
            os.dup2(handle, standard)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(os.fdopen(standard, mode), encoding="utf-8", write_through=True)
            for standard, mode in enumerate(("rb", "wb", "wb"))
        )
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["kartoteka", *words]
        before()
        code = main()
    except BaseException:  # noqa: BLE001 - the child ends here, and says how
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
