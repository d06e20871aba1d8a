"""The tree of errors: each speaks, belongs to a family and carries nothing personal."""

from __future__ import annotations

import ast
from string import Formatter

import pytest

from gdpr import errors as kernel
from gdpr.errors import KartotekaError
from tests.house.generated import FAMILIES, PAGES, errors
from tests.house.source import ROOT, product, short, tree

FAMILY = {name: getattr(kernel, name) for name, _code in FAMILIES}


@pytest.mark.parametrize("kind", errors()[1:], ids=lambda kind: kind.__name__)
def test_an_error_has_its_family_its_words_and_its_reason(kind: type[KartotekaError]) -> None:
    """Each class has a text, a docstring, exactly one family and that family's exit code."""
    families = [family for family in FAMILY.values() if issubclass(kind, family)]

    assert len(families) == 1
    assert families[0].exit_code == kind.exit_code
    assert kind.text
    assert kind.__doc__
    assert all(
        name is None or name.isidentifier() for _t, name, _s, _c in Formatter().parse(kind.text)
    )


@pytest.mark.parametrize(("name", "code"), FAMILIES)
def test_a_family_has_its_exit_code(name: str, code: int) -> None:
    """Scripts rely on the eight codes; they never move."""
    assert code == FAMILY[name].exit_code


def test_errors_are_declared_where_they_are_looked_for() -> None:
    """Every class of the tree lives in a module called errors, the families in the kernel's."""
    known = {kind.__name__ for kind in errors()}

    assert [] == [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in product()
        if path.name != "errors.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and known & {each.id for each in node.bases if isinstance(each, ast.Name)}
    ]


def test_an_error_is_raised_with_what_its_text_needs() -> None:
    """Where a class is raised by name, the arguments given are those its text names."""
    texts = {
        kind.__name__: {name for _t, name, _s, _c in Formatter().parse(kind.text) if name}
        for kind in errors()
        if kind.__init__ is KartotekaError.__init__
    }
    wrong = []
    for path in product():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Raise) and node.exc is not None):
                continue
            called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if not (isinstance(called, ast.Name) and called.id in texts):
                continue
            words = node.exc.keywords if isinstance(node.exc, ast.Call) else []
            given = {word.arg for word in words}
            if None not in given and not texts[called.id] <= given:
                wrong.append(f"{short(path)}:{node.lineno} {called.id}")

    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_up_to_date(page: str) -> None:
    """`make docs` would change nothing."""
    assert PAGES[page]() == (ROOT / page).read_text("utf-8")
