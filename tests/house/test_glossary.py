"""The words of the house: each said once, found where the glossary says, none of the old ones."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from tests.house.source import ROOT, product, short, tree

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
GLOSSARY = ROOT / "docs" / "glossary.md"
# Names of modules and folders that only their author could guess; the product has others now.
OLD_MODULES = {
    "addressing",
    "admission",
    "alike",
    "consenting",
    "differing",
    "examining",
    "informing",
    "intake",
    "keeping",
    "kind_rows",
    "known",
    "leaving",
    "matches",
    "meanwhile",
    "mending",
    "myself",
    "office",
    "outside",
    "portrait",
    "proofs",
    "reasons_to_keep",
    "replaying",
    "roll",
    "roll_lines",
    "roll_tests",
    "rooms",
    "screens",
    "settling",
    "sight",
    "standing",
    "surroundings",
    "telling",
    "third_persons",
    "told",
    "twins",
    "words_of_click",
}
OLD_CLASSES = {
    "Admission",
    "AuditDesk",
    "ConsentDesk",
    "CountryUnknown",
    "Deed",
    "Desk",
    "Informing",
    "Intake",
    "Known",
    "Leaving",
    "Office",
    "Roll",
    "RollLine",
    "Room",
    "Rooms",
    "Shelf",
    "Sight",
    "TwiceDifferent",
    "Wish",
}
OLD_FUNCTIONS = {"adrift", "bereaved", "myself", "office_of", "party_at", "portrait", "sever"}
# What others call by these names says too little; within a module they may do.
OLD_VERBS = {"alike", "differing", "knowing", "outside", "tests_of", "told", "twins"}
OLD_VARIABLES = {"deed", "wish"}


def _rows() -> list[list[str]]:
    lines = GLOSSARY.read_text("utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line[:1] == "|"]
    return [row for row in rows if row[0] not in {"word", "---"}]


def test_no_class_exists_twice() -> None:
    """A class is known by its name alone; only frozen migrations repeat those of tables."""
    places = defaultdict(list)
    for path in product():
        if not short(path).startswith("migrations/"):
            for node in tree(path).body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(short(path))

    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_old_names_are_gone() -> None:
    """No module, class or function has a name again that only its author can guess."""
    found = []
    for path in product():
        parts = short(path).removesuffix(".py").split("/")
        # The kernel has a module that mends the schema.
        if parts[0] in {"crm", "tui"}:
            found += [short(path) for part in parts if part in OLD_MODULES]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and node.name in OLD_CLASSES:
                found.append(f"{short(path)}:{node.lineno} {node.name}")
            if isinstance(node, _FUNCTION) and (
                node.name in OLD_VERBS or node.name.lstrip("_") in OLD_FUNCTIONS
            ):
                found.append(f"{short(path)}:{node.lineno} {node.name}")
            if isinstance(node, ast.arg) and node.arg in OLD_VARIABLES:
                found.append(f"{short(path)}:{node.lineno} {node.arg}")

    assert found == []


def test_the_glossary_says_each_word_once_and_where_it_comes_from() -> None:
    """Each row has a word of its own, a meaning and a source, and a named file exists."""
    rows = _rows()
    words = [row[0] for row in rows]

    assert len(rows) > 60
    assert [row for row in rows if len(row) != 3 or not all(row)] == []
    # A PIN is typed and a pin is kept; every other word stands once.
    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert [
        name
        for row in rows
        for name in re.findall(r"`([^`]+/[^`]*|[^`]+\.\w+)`", row[2])
        if not (ROOT / name).exists()
    ] == []
