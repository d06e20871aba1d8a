"""The files that are part of the program and no code: words, forms, lists, schemas.

One that is missing or damaged is told as what it is: nothing is wrong with the register, and the
program is to be installed again.
"""

from __future__ import annotations

import os
from typing import Any

# The packages lie beside each other, in an installation as in the source.
_ROOT = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - as below
# Every such file, in a list that `make docs` writes; a test compares the two.
LISTING = "program_files.txt"


class ProgramDamaged(ImportError):
    """A file of the program cannot be read; `name` says which one."""


def program_bytes(package: str, *path: str) -> bytes:
    """Read a file of the program that lies in or below the folder of a package."""
    try:
        with open(os.path.join(_ROOT, *package.split("."), *path), "rb") as file:  # noqa: PTH118, PTH123 - pathlib costs the start of every command 10 ms
            return file.read()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise ProgramDamaged(name=_named(package, path)) from None


def program_text(package: str, *path: str) -> str:
    """Read a text of the program."""
    try:
        return program_bytes(package, *path).decode("utf-8")
    except UnicodeDecodeError:
        raise ProgramDamaged(name=_named(package, path)) from None


def program_toml(package: str, *path: str) -> dict[str, Any]:
    """Read a table of the program."""
    import tomllib  # noqa: PLC0415 - the help of a command reads none

    try:
        return tomllib.loads(program_text(package, *path))
    except tomllib.TOMLDecodeError:
        raise ProgramDamaged(name=_named(package, path)) from None


def program_json(package: str, *path: str) -> Any:
    """Read a document of the program."""
    import json  # noqa: PLC0415 - the help of a command reads none

    try:
        return json.loads(program_text(package, *path))
    except json.JSONDecodeError:
        raise ProgramDamaged(name=_named(package, path)) from None


def refuse_damaged_program() -> None:
    """Look at every file of the program, so that none is missed once something was stored."""
    for name in program_text("gdpr", LISTING).splitlines():
        package, *path = name.split("/")
        program_text(package, *path)


def _named(package: str, path: tuple[str, ...]) -> str:
    return "/".join((*package.split("."), *path))
