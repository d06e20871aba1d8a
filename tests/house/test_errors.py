"""The tree of errors: each speaks, belongs to a family and carries nothing personal."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from string import Formatter

import pytest

from gdpr import errors as kernel
from gdpr.errors import KartotekaError
from gdpr.text import Counted
from gdpr.word_tables import ErrorWords
from tests.house.error_rooms import rooms_of_errors
from tests.house.generated import FAMILIES, MODULES, PAGES, errors
from tests.house.source import ROOT, product, short, tree

_WRITTEN = {
    (".".join(path.relative_to(ROOT).with_suffix("").parts), name): words
    for package in ("crm", "gdpr", "tui")
    for path in (ROOT / package).rglob("errors.toml")
    for name, words in tomllib.loads(path.read_text("utf-8")).items()
}
_SAY = f"""
import importlib, resource, sys
for name in {MODULES}:
    importlib.import_module(name)
print("tomllib" in sys.modules)
from gdpr.errors import Busy
if sys.argv[1:] == ["no file can be opened"]:
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
print(Busy())
"""
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


def test_what_errors_say_stands_in_the_table_of_their_room() -> None:
    """Each class has an entry but those that are never raised themselves, and each entry a class.

    An entry says nothing that no attribute of its class asks for.
    """
    kinds = {(kind.__module__, kind.__name__): kind for kind in errors()}

    assert kinds.keys() - _WRITTEN.keys() == {
        ("gdpr.errors", "KartotekaError"),
        ("gdpr.errors", "Failed"),
        ("gdpr.store.errors", "SchemaDamaged"),
    }
    assert _WRITTEN.keys() <= kinds.keys()
    for key, words in _WRITTEN.items():
        assert words["text"] == kinds[key].text
        for name in words.keys() - {"one"}:
            asked = next(vars(each)[name] for each in kinds[key].__mro__ if name in vars(each))
            assert isinstance(asked, ErrorWords)


def test_an_error_without_words_of_its_own_says_its_parents() -> None:
    """A class says what is written of the nearest of its parents, the form for one included."""
    from gdpr.rules.errors import PurposeRetired

    class OfNoRoom(PurposeRetired):
        pass

    class RowsOfNoRoom(kernel.RowsRejected):
        pass

    class OnlyText(PurposeRetired):
        text = "another"

    counted = RowsOfNoRoom.text

    assert (PurposeRetired.text, PurposeRetired.remedy) == (OfNoRoom.text, OfNoRoom.remedy)
    assert isinstance(counted, Counted)
    assert counted.one.startswith("{count} row was")
    assert (OnlyText.text, OnlyText.remedy) == ("another", PurposeRetired.remedy)
    assert kernel.NoLawfulBasis.remedy is None
    assert kernel.Failed.text == KartotekaError.text


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of POSIX")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("a table", "Another program is writing to the register. Try again in a moment."),
        ("no file can be opened", "The operation could not be completed."),
    ],
)
def test_a_table_is_read_when_its_first_error_is_said(asked: str, said: str) -> None:
    """Until then nothing is read; an error that finds its table shut is said all the same."""
    done = subprocess.run(
        [sys.executable, "-c", _SAY, asked], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.splitlines() == ["False", said]


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


def test_an_error_stands_in_the_room_that_raises_it() -> None:
    """Or in the common file, if several do or one below catches it: whoever looks finds it."""
    stand, belong = rooms_of_errors()

    assert [] == [
        f"{kind}: move from {stand[kind]}.errors to {home}.errors"
        for kind, home in belong.items()
        if home != stand[kind]
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
