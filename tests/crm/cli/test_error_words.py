"""What goes wrong is said in words: no argument of an error is a code that nobody knows."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.errors import FieldUnknown, NotAmong
from crm.session.argument_words import _OF_ARGUMENTS, _OF_LISTS, say
from crm.session.errors import UnknownRole
from gdpr.errors import InvalidRegister, KartotekaError, NoKey, Unreadable
from tests.house.test_size import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crm.conftest import Cli

# Numbers, days, names that people gave, places, and what is the same in every language.
_PLAIN = frozenset(
    {
        *("age", "blanks", "code", "contacts", "count", "day", "first", "given", "group", "kib"),
        *("languages", "last", "law", "least", "left", "length", "limit", "line", "matches"),
        *("most", "name", "number", "original", "piece", "place", "position", "row", "setting"),
        *("then", "until", "value", "version", "basis", "file", "columns", "states", "known"),
        *("earliest", "mebibytes", "numbers", "option", "second", "template", "wording"),
    }
)
# Lists of what is typed as it is: encodings, texts by their codes, what a list is sorted by.
_AS_TYPED = frozenset(
    {"EncodingUnclear", "EncodingUnknown", "FilterUnknown", "NoSuchWording", "SortUnknown"}
)
_BY_LANGUAGE = frozenset({"language", "format", "UnknownLanguage"})
_BY_NAMES = frozenset({"UnknownPurpose", "UnknownRelation", "CodeUnknown", "FieldOfNone"})


def _raised() -> Iterator[tuple[str, dict[str, ast.expr]]]:
    """Yield every error of ours that is made anywhere, with its arguments."""
    for package in ("crm", "gdpr", "tui"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield node.func.id, {one.arg: one.value for one in node.keywords if one.arg}


def _load() -> None:
    for package in ("crm", "gdpr", "tui"):
        for path in (ROOT / package).rglob("errors.py"):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def _errors(kind: type[KartotekaError] = KartotekaError) -> Iterator[type[KartotekaError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _errors(one)


def test_every_code_of_an_error_has_words() -> None:
    """What stands in a sentence is a number, a day or a name, or there is a table of its words."""
    _load()
    known = {one.__name__: one for one in _errors()}
    wrong = []
    for name, arguments in _raised():
        said = set(re.findall(r"{(\w+)", str(known[name].text))) if name in known else set()
        wrong += [
            f"{name}: {argument}"
            for argument in said & arguments.keys()
            if argument not in {*_PLAIN, *_OF_ARGUMENTS}
        ]
        if "known" in said & arguments.keys():
            field = arguments.get("field")
            listed = name if not isinstance(field, ast.Constant) else str(field.value)
            if listed not in {*_OF_LISTS, *_AS_TYPED, *_BY_LANGUAGE, *_BY_NAMES, "NotAmong"}:
                wrong.append(f"{name}: what is known of {listed}")

    assert wrong == []


@pytest.mark.parametrize("language", ["lv", "it"])
@pytest.mark.parametrize(
    ("error", "codes"),
    [
        (NotAmong(field="channel", known="paper, web_form, in_person"), "paper web_form in_person"),
        (NotAmong(field="provenance", known="subject, third-party"), "subject third-party"),
        (FieldUnknown(known="given_name, iban"), "given_name"),
        (UnknownRole(known="owner, small-office"), "owner small-office"),
    ],
)
def test_what_may_be_typed_stands_behind_its_word(
    language: str, error: KartotekaError, codes: str
) -> None:
    """A command names what it takes in words with the code in brackets, a screen in words alone."""
    i18n.use(language)
    for code in codes.split():
        assert re.search(rf"\w \({code}\)", say(error))
        assert code not in say(error, typed=False)


@pytest.mark.parametrize("language", ["lv", "it"])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoKey(category="billing"), "billing"),
        (Unreadable(table="user_account", row=1), "user_account"),
        (InvalidRegister(place="x", fault="said-twice"), "said-twice"),
        (NotAmong(field="reach", known="email"), "reach"),
    ],
)
def test_a_code_in_a_sentence_is_a_word(language: str, error: KartotekaError, code: str) -> None:
    """A key, a table, a fault and a field are called as everywhere else."""
    i18n.use(language)
    assert code not in say(error, typed=False)


@pytest.mark.parametrize(("language", "name"), [("lv", "grāmatvedība"), ("it", "contabilità")])
def test_a_purpose_is_called_by_its_name(cli: Cli, language: str, name: str) -> None:
    """A refusal names the purpose as the register does, and one who errs reads all the names."""
    cli("client", "add", "--kind", "legal", "--name", "SIA Egle", "--relation", "prospect")

    held = cli("--lang", language, "ground", "end", "1", "--purpose", "accounting").stderr
    listed = cli("--lang", language, "ground", "add", "1", "--purpose", "acounting").stderr

    assert name in held
    assert f"{name} (accounting)" in listed
