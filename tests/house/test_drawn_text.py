"""Text reaches a widget only as content, so that no name is read as markup or as a command."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.source import ROOT, product, short, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

# What reads a plain string as markup, in the version that is pinned.
_WIDGETS = frozenset(
    (
        *("Static", "Label", "Button", "Checkbox", "RadioButton", "RadioSet", "Select", "Link"),
        *("OptionList", "SelectionList", "Option", "Selection", "Tree", "TabbedContent", "Pretty"),
        *("TabPane", "Tab", "Tabs", "Collapsible", "DataTable"),
    )
)
_METHODS = frozenset(("update", "add_option", "add_row", "add_column", "add_leaf", "set_label"))
_TITLES = frozenset(("border_title", "border_subtitle", "tooltip", "label", "title", "sub_title"))
_MAKERS = frozenset(("safe", "line", "Content", "assemble", "from_markup", "from_text", "Text"))
# The app's own name, and a question's title that its box draws through `line`.
_PLAIN_TITLES = frozenset(("TITLE", "_title"))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_content(node: ast.expr, made: set[str]) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in ("", None)
    if isinstance(node, ast.IfExp):
        return _is_content(node.body, made) and _is_content(node.orelse, made)
    if isinstance(node, ast.Call):
        name = _name(node.func)
        # A method of content gives content: Content(…).stylize(…), Content("\n").join(…).
        method = isinstance(node.func, ast.Attribute) and _is_content(node.func.value, made)
        return name in _MAKERS or name in made or method
    return isinstance(node, ast.Name) and node.id in made


def _makers_of(module: ast.Module) -> set[str]:
    """Name the functions of a module that say they return content."""
    return {
        node.name
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns is not None
        and "Content" in ast.unparse(node.returns).split(" | ")
    }


def _made_in(function: ast.AST, makers: set[str]) -> set[str]:
    """Name what holds content in a function: parameters that say so, and every such assignment."""
    made: set[str] = set(makers)
    if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = function.args
        made |= {
            each.arg
            for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            if each.annotation is not None and ast.unparse(each.annotation) == "Content"
        }
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(node.value)
    for _round in range(3):
        made |= {
            name
            for name, values in assigned.items()
            if all(_is_content(value, made) for value in values)
        }
    return made


def raw_strings(module: ast.Module, known: frozenset[str] = frozenset()) -> Iterator[int]:
    """Yield the lines on which something that may be a plain string is handed to a widget.

    `known` names functions of other modules that return content.
    """
    makers = _makers_of(module) | known
    functions = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    inner = {id(each) for function in functions for each in ast.walk(function)}
    for function in [module, *functions]:
        made = _made_in(function, makers)
        for node in ast.walk(function):
            if function is module and id(node) in inner:
                continue
            yield from _judged(node, made)


def _judged(node: ast.AST, made: set[str]) -> Iterator[int]:
    if isinstance(node, ast.Call):
        name = _name(node.func)
        drawn: list[ast.expr] = []
        if name in _WIDGETS and isinstance(node.func, ast.Name):
            drawn = node.args[:1]
        elif name in _METHODS and isinstance(node.func, ast.Attribute):
            # `update` of a mapping or a set takes no string at all.
            drawn = [] if _is_collection(node) else node.args[:1]
        drawn += [
            keyword.value
            for keyword in node.keywords
            if name in _WIDGETS and keyword.arg in (*_TITLES, "prompt", "content")
        ]
        yield from (node.lineno for each in drawn if not _is_content(each, made))
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr in _TITLES
                and not _is_content(node.value, made)
            ):
                yield node.lineno


def _is_collection(call: ast.Call) -> bool:
    kinds = (ast.Dict, ast.Set, ast.List, ast.DictComp, ast.SetComp, ast.GeneratorExp)
    return len(call.args) != 1 or isinstance(call.args[0], kinds)


def test_no_plain_string_reaches_a_widget() -> None:
    """Every text a widget, a title or a tooltip is given has become content before."""
    modules = [path for path in product() if path.is_relative_to(ROOT / "tui")]
    known = frozenset(name for path in modules for name in _makers_of(tree(path)))
    found = {f"{short(path)}:{line}" for path in modules for line in raw_strings(tree(path), known)}

    assert sorted(found) == []


@pytest.mark.parametrize(
    "code",
    [
        'Static(f"{name}")',
        "Label(card.name)",
        'Button("x" + name)',
        "self.query_one(Static).update(name)",
        "self.border_title = card.name",
        "def f(card):\n    text = card.name\n    return Static(text)",
    ],
)
def test_the_check_can_fail(code: str) -> None:
    """Each way to hand over a plain string is seen."""
    assert list(raw_strings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'Static("")',
        "Static(line(card.name))",
        "def f(card):\n    text = safe(card.name)\n    return Static(text)",
        'self.update(Content("\\n").join(parts))',
    ],
)
def test_content_passes(code: str) -> None:
    """What went through the door is let in."""
    assert [] == list(raw_strings(ast.parse(code)))
