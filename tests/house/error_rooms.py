"""In which room each error belongs: in the one that raises it, or below all that do."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from tests.house.generated import FAMILIES
from tests.house.source import ROOT, product, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

# What only asks for a class and raises none.
_ASKING = {"isinstance", "issubclass", "suppress"}
_FAMILIES = {"KartotekaError", *(name for name, _code in FAMILIES)}
_PACKAGES = ("gdpr", "crm", "tui")


def rooms_of_errors() -> tuple[dict[str, str], dict[str, str]]:
    """Return the package in which each class stands, and the one in which it belongs.

    A class belongs to the only room that raises it or what is made of it. It belongs to what the
    rooms share once several do, or where a room below catches or lists it. What nobody raises
    belongs to those who speak of it, and nowhere without any. The families are everybody's.
    """
    stand, bases = _declared()
    raised, spoken = _uses(stand, bases)
    belong = {
        kind: "gdpr" if kind in _FAMILIES else _home(raised[kind] or spoken[kind], spoken[kind])
        for kind in stand
    }
    return stand, belong


def _declared() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return in which package each class stands, and all its bases."""
    stand: dict[str, str] = {}
    bases: dict[str, list[str]] = {}
    written = (path for path in product() if path.name == "errors.py")
    for path in sorted(written, key=lambda path: len(path.parts)):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                stand[node.name] = ".".join(path.relative_to(ROOT).parent.parts)
                named = [base.id for base in node.bases if isinstance(base, ast.Name)]
                bases[node.name] = named + [far for each in named for far in bases.get(each, ())]
    return stand, bases


def _uses(
    stand: dict[str, str], bases: dict[str, list[str]]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return what raises each class or one made of it, and what speaks of it at all."""
    raised: dict[str, set[str]] = defaultdict(set)
    spoken: dict[str, set[str]] = defaultdict(set)
    for path in product():
        if path.name == "errors.py":
            continue
        part = ".".join(path.relative_to(ROOT).with_suffix("").parts[:2])
        nodes = list(ast.walk(tree(path)))
        known = _imported(nodes) & stand.keys()
        asked = set(chain.from_iterable(map(_asked_for, nodes)))
        for node in nodes:
            kind = _name(node)
            if kind in known:
                for each in (kind, *bases[kind]):
                    spoken[each].add(part)
                    if node not in asked:
                        raised[each].add(part)
            elif isinstance(node, ast.Attribute) and node.attr == "__subclasses__":
                for each in stand:
                    if _name(node.value) in bases[each]:
                        spoken[each].add(part)
    return raised, spoken


def _imported(nodes: list[ast.AST]) -> set[str]:
    """Return what comes from modules of errors, by its name or with the module before it."""
    return {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".errors")
        for alias in node.names
    } | {_name(node) for node in nodes if isinstance(node, ast.Attribute)}


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute) and _name(node.value) == "errors":
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _asked_for(node: ast.AST) -> Iterator[ast.AST]:
    """Go through what `node` catches, compares or annotates, or of what it takes an attribute."""
    asked: list[ast.AST | None] = []
    if isinstance(node, ast.ExceptHandler):
        asked = [node.type]
    elif isinstance(node, ast.Call) and _name(node.func) in _ASKING:
        asked = [*node.args]
    elif isinstance(node, ast.Compare):
        asked = [*node.comparators]
    elif isinstance(node, ast.arg | ast.AnnAssign):
        asked = [node.annotation]
    elif isinstance(node, ast.FunctionDef):
        asked = [node.returns]
    elif isinstance(node, ast.Attribute):
        yield node.value
    for each in asked:
        if each is not None:
            yield from ast.walk(each)


def _home(raising: set[str], speaking: set[str]) -> str:
    rooms = {_room(part) for part in raising}
    if len(rooms) == 1:
        [home] = rooms
        rooms |= {_room(part) for part in speaking if not _may_import(part, home)}
    if len(rooms) == 1:
        return home
    packages = {room.partition(".")[0] for room in rooms}
    return next((package for package in _PACKAGES if package in packages), "nowhere")


def _room(part: str) -> str:
    """Return the room of a part; modules that stand in none are of the package."""
    return part if (ROOT / part.replace(".", "/")).is_dir() else part.partition(".")[0]


def _may_import(part: str, home: str) -> bool:
    """Say whether a part may import what goes wrong in a room, as the contracts have it."""
    package = part.partition(".")[0]
    return home in {part, package} or _floors().index(home) > _floors().index(part)


@cache
def _floors() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors = {
        contract["containers"][0]: re.findall(r"\w+", " ".join(contract["layers"]))
        for contract in contracts["contracts"]
        if contract["type"] == "layers"
    }
    return [
        name
        for package in reversed(_PACKAGES)
        for name in (*(f"{package}.{floor}" for floor in floors[package]), package)
    ]
