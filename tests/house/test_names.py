"""Names that say nothing, and words that must not leave this house."""

from __future__ import annotations

import ast
import re

from tests.house.source import ROOT, product, short, tracked, tree

BANNED_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
# Where packages were fetched from and where somebody's files lie is nobody else's business.
BANNED_WORDS = re.compile(
    rb"files\.python"
    rb"hosted|py"
    rb"pi\.org|://(?:[\w.-]+@)?(?:index|mirror|proxy)\.|/wo"
    rb"rk/|/ro"
    rb"ot/|/ho"
    rb"me/[a-z]"
)
TOP_LEVEL = {
    ".ci", ".gitattributes", ".github", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "README.md", "SECURITY.md", "constraints.txt", "crm", "docs", "gdpr", "migrations",
    "pyproject.toml", "tests", "tui",
}  # fmt: skip


def test_modules_are_named_after_what_they_hold() -> None:
    """No module is called utils, helpers, manager, base or common."""
    assert [
        short(path)
        for path in product()
        if BANNED_NAMES & set(re.split(r"[_.]", short(path).replace("/", ".").lower()))
    ] == []


def test_classes_are_named_after_what_they_are() -> None:
    """No class is called a manager, a helper or a base."""
    parts = re.compile(r"[A-Z][a-z]+")

    assert [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and BANNED_NAMES & {part.lower() for part in parts.findall(node.name)}
    ] == []


def test_no_machine_and_no_registry_is_named() -> None:
    """No committed file says where packages come from or where somebody's files lie."""
    assert [
        f"{short(path)}: {match.group().decode()}"
        for path in tracked()
        if (match := BANNED_WORDS.search(path.read_bytes()))
    ] == []


def test_the_top_level_stays_small() -> None:
    """Nothing lies at the top level but what people look for there."""
    assert set() == {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP_LEVEL
