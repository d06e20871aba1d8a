"""Tables and help of every command in Latvian and in Italian: no code and no English is left."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.cli.commands import COMMANDS
from crm.grounds import words as grounds
from crm.keys import words as keys
from crm.oversight.words import EVENTS
from crm.starter import starter, starter_wordings
from crm.transparency import words as papers
from tests.house.catalogues import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crm.conftest import Cli

_PERSON = ("--kind", "natural", "--given-name", "Anna", "--family-name", "Ozola")
# Each shows a table of another kind; 1 is a client with a note and a consent.
_TABLES = (
    *("client list", "client find ozola", "client show 1", "client why 1", "note list 1"),
    *("ground list 1", "ground end 1 --purpose contracts --preview", "consent list 1"),
    *("consent withdraw 1 --purpose direct_marketing --preview", "purpose list"),
    *("purpose show accounting", "purpose show direct_marketing", "relation list"),
    *("relation show client", "wording list", "notice list", "notice uninformed"),
    *("retention due", "files list", "key status", "user list", "user review", "audit log"),
    *("audit verify", "audit head", "doctor", "info", "firm show"),
    *("subject erase 1 --preview", "subject object 1 --preview"),
)
# What commands take back: numbers, and the codes of purposes, relations, texts, keys and roles.
_ADDRESSED = frozenset({"contract", "client", "contact", "root", "register", "marketing"})
_CODES = frozenset(
    code
    for words in (
        *(grounds.CONSENT_STATES, grounds.GROUND_STATES, grounds.DUE, grounds.BASES),
        *(grounds.ITEMS, grounds.TABLES, grounds.ENDINGS, grounds.MARKETING, grounds.CHANNELS),
        *(keys.KEY_STATES, keys.USER_STATES, keys.COPY_STATES, keys.ROLES, EVENTS),
        *(papers.NOTICE_STATES, papers.WORDING_KINDS, papers.SUBJECT_KINDS, papers.GROUND_EVIDENCE),
    )
    for code in words
)
# Programs are called the same everywhere.
_PROPER = frozenset({"click", "cryptography", "peewee", "python", "sqlite", "textual"})
_LEAST = 5
_SHORT = 2


def _left(text: str, words: frozenset[str], language: str) -> Iterator[str]:
    """Yield the codes or phrases that stand in a text and are no words of the language."""
    for word in words:
        pattern = rf"(?<![\w./:-]){re.escape(word)}(?![\w/:=-])"
        if word in text and re.search(pattern, text) and not re.search(pattern, _said(language)):
            yield word


@cache
def _said(language: str) -> str:
    """Return everything that the language says."""
    return "\n".join(str(message.string) for message in read(language))


@pytest.fixture
def furnished(cli: Cli) -> Cli:
    """Fill the register with a row of many kinds."""
    made = cli("client", "add", *_PERSON, "--relation", "client", "--email", "anna@example.com")
    assert made.exit_code == 0, made.stderr
    for words in (
        ("note", "add", "1", "--text", "Zvanīja."),
        ("consent", "give", "1", "--purpose", "direct_marketing", "--channel", "paper"),
        ("contact", "add", "1", "--given-name", "Ilze", "--family-name", "Ozola"),
    ):
        cli(*words)
    return cli


@pytest.mark.parametrize("language", ["lv", "it"])
def test_tables_speak_the_language(furnished: Cli, language: str) -> None:
    """Codes, column heads and labels are said; what a command takes back may stand as it is."""
    wrong = []
    for words in _TABLES:
        table = furnished("--lang", language, *words.split()).stdout
        machine = furnished(*words.split(), "--format", "json").stdout
        # A field without a label would stand in the table under its own name.
        fields = frozenset(name for name in _names(machine) if len(name) >= _LEAST)
        left = sorted(
            {*_left(table, (_CODES - _ADDRESSED) | fields, language)} - _purposes() - _PROPER
        )
        wrong += [
            f"{words}: {line}"
            for line in table.splitlines()
            if any(re.search(rf"\b{re.escape(code)}\b", line) for code in left)
        ]

    assert "\n".join(wrong) == ""


def _names(text: str) -> Iterator[str]:
    found = json.loads(text) if text.strip() else []
    queue = [found]
    while queue:
        one = queue.pop()
        if isinstance(one, dict):
            yield from one
            queue += one.values()
        elif isinstance(one, list):
            queue += one


def _purposes() -> set[str]:
    """Return the codes that commands address purposes, relations and texts by."""
    known = starter("LV")
    return {one.code for one in (*known.purposes, *known.relations, *starter_wordings())}


def _english(language: str) -> frozenset[str]:
    """Return the sentences of ours that the language says differently."""
    return frozenset(
        message.id
        for message in read(language)
        if isinstance(message.id, str)
        and len(message.id.split()) > _SHORT
        and "{" not in message.id
        # click keeps the help option of a group as it was first said in this process.
        and message.id not in {message.string, "Show this message and exit."}
    )


@pytest.mark.parametrize("language", ["lv", "it"])
def test_help_speaks_the_language(cli: Cli, language: str) -> None:
    """The page of each command and group says none of our messages in English."""
    messages = _english(language)
    wrong = []
    for name in COMMANDS:
        page = " ".join(cli("--lang", language, name, "--help").stdout.split())
        wrong += [f"{name}: {text}" for text in messages if text in page]

    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("language", ["lv", "it"])
def test_papers_speak_the_language_of_their_reader(cli: Cli, tmp_path: Path, language: str) -> None:
    """What a person is handed says no sentence of ours in English, whatever the staff speak."""
    cli("client", "add", *_PERSON, "--relation", "client", "--email", "anna@example.com")
    for verb in ("access", "portable"):
        place = ("--out", str(tmp_path / verb), "--language", language)
        made = cli("subject", verb, "1", *place)
        assert made.exit_code == 0, made.stderr
    sheets = [path.read_text("utf-8") for path in tmp_path.rglob("*.html")]
    notice = cli("notice", "render", "--language", language).stdout
    texts = " ".join(" ".join((*sheets, notice)).split())

    assert len(sheets) == len(("access", "portable"))
    assert [text for text in _english(language) if text in texts] == []


def test_the_search_is_not_blind(furnished: Cli) -> None:
    """In English the same tables hold what is looked for, and in JSON every code does."""
    table = furnished("ground", "list", "1", "--format", "json").stdout

    page = " ".join(furnished("client", "--help").stdout.split())

    assert "live" in {*_left(table, _CODES, "lv")}
    assert any(text in page for text in _english("lv"))
    assert i18n.current() == "en"
