"""A module, a function or a package front that outgrows its room is split."""

from __future__ import annotations

import ast

from tests.house.source import ROOT, product, short, tree

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
LONGEST_FRONT = 40


def test_no_module_outgrows_one_sitting() -> None:
    """A module has at most 400 lines, and the front of a package at most 40."""
    long = [
        short(path)
        for path in product()
        if len(path.read_text("utf-8").splitlines())
        > (LONGEST_FRONT if path.name == "__init__.py" else LONGEST_MODULE)
    ]

    assert long == []


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
