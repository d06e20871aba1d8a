"""A module, a function or a package front that outgrows its room is split."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from tests.house.source import ROOT, product, short, tree

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
LONGEST_FRONT = 40
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _lines_of_code(path: Path) -> int:
    """Count what a reader has to understand: neither docstrings nor blank lines."""
    text = path.read_text("utf-8")
    said: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            said.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return sum(
        bool(line.strip()) and number not in said
        for number, line in enumerate(text.splitlines(), start=1)
    )


def test_no_module_outgrows_one_sitting() -> None:
    """A module has at most 400 lines of code, and the front of a package at most 40 lines."""
    long = [
        short(path)
        for path in product()
        if _lines_of_code(path) > LONGEST_MODULE
        or (
            path.name == "__init__.py" and len(path.read_text("utf-8").splitlines()) > LONGEST_FRONT
        )
    ]

    assert long == []


def test_no_room_outgrows_its_house() -> None:
    """A room has at most a fifth of crm or tui, so that none becomes a second house."""
    large = []
    for package in ("crm", "tui"):
        rooms: Counter[str] = Counter()
        for path in (ROOT / package).rglob("*.py"):
            inner = path.relative_to(ROOT / package).parts
            rooms[inner[0] if len(inner) > 1 else ""] += len(path.read_text("utf-8").splitlines())
        large += [f"{package}/{room}" for room, lines in rooms.items() if lines * 5 > rooms.total()]

    assert large == []


def test_no_function_outgrows_one_look() -> None:
    """A function has at most 50 lines."""
    long = [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_tests_are_no_packages() -> None:
    """No `__init__.py` lies under tests, where it would hide the product of the same name."""
    assert [short(path) for path in (ROOT / "tests").rglob("__init__.py")] == []
