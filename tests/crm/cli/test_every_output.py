"""Help of every command, sheets and files for people: no word of one language in another."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

import click
import pytest

from crm.cli.app import root
from tests.crm.cli.test_languages import _SAME, _SHAPES, _given, furnished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crm.conftest import Cli

__all__ = ["furnished"]
# What two languages say alike, each with its reason.
_LOANS: Final = {
    # Names of programs, formats, norms and encodings.
    *("Kartotēka", "kartoteka", "Excel", "Markdown", "HTML", "JSON", "JSON-LD", "CSV", "RFC"),
    *("ZIP", "IBAN", "SHA", "UTF", "utf", "SMS", "json", "jsonl", "csv"),
    # Names of our files and folders.
    *("my-data", "machine", "manifest"),
    # The number of Italy is called so everywhere; the authority of Latvia has its own name.
    *("codice", "fiscale", "Datu", "valsts", "inspekcija", "Elijas", "pasts", "dvi", "gov", "www"),
    *("example", "com"),
    # Codes that are typed: the beginning of an event, a text, what nobody knows.
    *("register", "party", "unknown", "none", "newsletter", "audit", "verify"),
}
_LOANS_OF: Final = {
    "lv": {"licences"},  # the plural of licence
    # Italian has taken over these, or has the same letters for another word.
    "it": {
        *("file", "password", "database", "backup", "log", "marketing", "computer", "script"),
        *("standard", "input", "output", "shell", "hash", "privacy", "Privacy", "call", "demo"),
        *("note", "web", "opt", "FILE", "SHELL", "data", "DATA"),
        *("access", "compare", "date", "remote", "schema"),
    },
}
# What is typed as it is: options, lists of codes, codes in brackets, defaults, commands.
_TYPED: Final = re.compile(
    r"--?[a-z][\w-]*|\[[\w|%@-]+\]|\{[\w|]+\}|\([\w@:-]+\)|KARTOTEKA_\w+|\b[\w.]+=…?|"
    r"\[[^\]:]+: [^\]]+\]|kartoteka( [a-z-]+)*"
)
_LAW: Final = re.compile(r"\d+\S*")


def _every(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _every(found, (*path, name))


def _words(text: str) -> set[str]:
    return {
        word
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", _LAW.sub(" ", text))
        if len(word) > 2
    }


def _alike(english: str, other: str, language: str) -> set[str]:
    return (_words(english) & _words(other)) - _LOANS - _LOANS_OF[language] - _SAME[language]


def _help_of(cli: Cli, language: str, path: tuple[str, ...]) -> str:
    page = cli("--lang", language, *path, "--help").stdout
    # Commands are listed by their names, which are typed; a line that goes on begins further in.
    page = re.sub(r"(?m)^  [a-z][a-z-]*(?=  )", "", page)
    page = re.sub(r"-\n +", "-", page)  # a code is broken at its hyphen
    return _TYPED.sub(" ", " ".join(page.split()))


@pytest.mark.parametrize("language", ["lv", "it"])
def test_help_holds_no_word_of_english(cli: Cli, language: str) -> None:
    """Every page of every command: what is not typed as it is stands in the language."""
    wrong = []
    for path in _every(root):
        pages = [_help_of(cli, spoken, path) for spoken in ("en", language)]
        wrong += [f"{' '.join(path)}: {word}" for word in sorted(_alike(*pages, language))]

    assert "\n".join(wrong) == ""


def _sheets(cli: Cli, folder: Path, language: str) -> str:
    """Return what people read in the packages of a client and of a contact person."""
    review = folder / f"review-{language}.json"
    cli("subject", "access", "1", "--review", str(review))
    for verb, who, more in (
        ("access", "1", ("--reviewed", str(review))),
        ("access", "3", ()),
        ("portable", "1", ()),
    ):
        place = folder / f"{verb}-{who}-{language}"
        made = cli("subject", verb, who, "--out", str(place), "--language", language, *more)
        assert made.exit_code == 0, made.stderr
    pages = [path.read_text("utf-8") for path in sorted(folder.rglob(f"*-{language}/*.html"))]
    texts = [
        re.sub(r"<pre>.*?</pre>|<code.*?</code>", " ", page, flags=re.DOTALL) for page in pages
    ]
    return "\n".join(
        html.unescape(re.sub(r"<[^>]+>", " ", text[text.index("<body>") :])) for text in texts
    )


@pytest.mark.parametrize("language", ["lv", "it"])
def test_sheets_hold_no_code_and_no_english(furnished: Cli, tmp_path: Path, language: str) -> None:
    """What a person is handed says each datum and each fact in words of their language."""
    texts = [_sheets(furnished, tmp_path, spoken) for spoken in ("en", language)]

    assert _alike(*texts, language) - _given() == set()
    assert [found[0] for found in _SHAPES.finditer(texts[1])] == []
