"""Values reach the database as parameters, never as text."""

from __future__ import annotations

import ast
import re

from tests.house.source import product, short, tree

EXECUTORS = {"execute", "executemany", "executescript", "execute_sql", "SQL", "sql"}
STATEMENT = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s|DROP\s|ALTER\s)",
    re.IGNORECASE,
)
# Statements whose composed parts are names fixed in our own code; each with its reason.
ALLOWED: dict[str, str] = {}


def _composed(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and isinstance(node.func.value, ast.Constant)
    )


def _text(node: ast.expr) -> str:
    return "".join(
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def test_no_statement_is_pasted_together() -> None:
    """No SQL is made by f-string, %, + or format, save what is listed with its reason."""
    pasted = [
        f"{short(path)}:{node.lineno}"
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.expr) and _composed(node) and STATEMENT.match(_text(node))
    ]

    assert [place for place in pasted if place.partition(":")[0] not in ALLOWED] == []


def test_nothing_composed_is_executed() -> None:
    """No composed text is handed straight to the database."""
    pasted = [
        f"{short(path)}:{node.lineno}"
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in EXECUTORS
        and node.args
        and _composed(node.args[0])
    ]

    assert [place for place in pasted if place.partition(":")[0] not in ALLOWED] == []
