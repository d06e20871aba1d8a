"""Tables and help of every command in Latvian and in Italian: no code and no English is left."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.cli.code_words import worded
from crm.cli.commands import COMMANDS
from crm.cli.output import LABELS
from crm.grounds import words as grounds
from crm.keys import words as keys
from crm.keys.words import KEYS
from crm.kinds.party import FIELDS, FURTHER
from crm.oversight.words import EVENTS
from crm.starter import starter, starter_wordings
from crm.transparency import words as papers
from tests.house.catalogues import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crm.conftest import Cli

_PERSON = ("--kind", "natural", "--given-name", "Anna", "--family-name", "Ozola")
_ALL_OF_HER = (
    *("--email", "anna@example.com", "--phone", "+37120000001", "--iban", "LV97HABA0012345678910"),
    *("--legal-address", "Ozolu iela 1, Rīga", "--delivery-address", "Liepu iela 2, Rīga"),
    *("--channel", "email", "--language", "lv", "--provenance", "public"),
)
_NEWS = ("--purpose", "direct_marketing", "--wording", "newsletter", "--language", "lv")
_FIRM = ("--address", "Ozolu iela 3", "--phone", "+37167000000", "--dpo", "Ilze Liepa")
# What happens before the tables are drawn; the last word of a line that ends with it may refuse.
_HAPPENED = (
    ("firm", "edit", *_FIRM, "--transfers", "none", "--automated", "none", "--sources", "client"),
    ("note", "add", "1", "Zvanīja."),
    ("wording", "load"),
    ("consent", "give", "1", *_NEWS, "--channel", "paper", "--evidence-note", "Bija klāt."),
    ("client", "edit", "1", "--add-phone", "+37120000002", "--add-email", "o@example.com"),
    ("client", "add", "--kind", "legal", "--name", "SIA Liepa", "--relation", "client"),
    ("note", "add", "2", "Runāja ar Anna Ozola."),
    ("contact", "add", "2", "--person", "1", "--position", "direktore"),
    ("contact", "add", "2", "--given-name", "Ilze", "--family-name", "Ozola"),
    (
        "client",
        "add",
        "--kind",
        "natural",
        "--given-name",
        "Jānis",
        "--family-name",
        "Kalns",
        "--relation",
        "prospect",
        "--email",
        "janis@example.com",
    ),
    ("ground", "end", "4", "--all-but", "direct_marketing"),
    (
        "client",
        "add",
        "--kind",
        "natural",
        "--given-name",
        "Zane",
        "--family-name",
        "Egle",
        "--relation",
        "newsletter",
        "--evidence",
        "consent",
        "--email",
        "zane@example.com",
    ),
    ("consent", "give", "5", *_NEWS, "--channel", "email"),
    ("consent", "withdraw", "5", "--purpose", "direct_marketing", "--channel", "email"),
    ("purpose", "confirm", "--all"),
    ("notice", "publish", "--effective", "2026-03-02"),
    ("firm", "edit", "--phone", "+37167000001"),
    ("notice", "publish", "--effective", "2026-04-15", "--material"),
    ("export", "clients", "--profile", "excel-lv", "--out", "{folder}/clients.csv"),
    ("backup", "create", "--to", "{folder}/copies"),
    ("backup", "drill"),
)
# Each shows a table of another kind; 1 is a client with a note and a consent.
_TABLES = (
    *("client list", "client find ozola", "client show 1", "client show 2", "client why 1"),
    *(
        "note list 1",
        "ground list 1",
        "ground list 4",
        "ground end 1 --purpose contracts --preview",
    ),
    *("consent list 1", "suppression list", "suppression check zane@example.com"),
    *("consent withdraw 1 --purpose direct_marketing --preview", "purpose list"),
    *("purpose show accounting", "purpose show direct_marketing", "relation list"),
    *("relation show client", "wording list", "wording show newsletter --language lv"),
    *(
        "notice list",
        "notice uninformed",
        "retention due --on 2030-03-02",
        "files list",
        "copies",
        "key status",
    ),
    *("user list", "user review", "audit verify", "audit head", "doctor"),
    *("info", "firm show", "subject erase 1 --preview", "subject object 1 --preview"),
    *("backup drill --list", "import {folder}/list.csv --relation client --dry-run"),
    "audit log --limit 500",
)
# What changes or writes something, drawn once.
_WRITTEN = (
    *("subject portable 3 --out {once} --language {language}", "subject access 3 --out {once}"),
    *(
        "subject portable 1 --out {once} --encrypt",
        "subject access 1 --review {once}",
        "export everything --to {once}",
    ),
    *("ground end 1 --purpose support_tickets", "contact left 3 2", "key rotate support"),
    *("subject erase 4 --because objection --confirm 4", "retention run"),
    *(
        "suppression check nobody@example.com",
        "backup create --to {once}",
        "notice give 2 --version 1 --channel email",
    ),
)
# What is refused, one of each kind: a code, a name, a number, a state, a right, a file.
_REFUSED = (
    *("client edit 1 status=asleep", "client edit 1 channel=owl", "client edit 1 shoe=42"),
    *("client show 999", "client add --kind legal --name Owl --relation owl", "client edit 1"),
    *("consent give 1 --purpose accounting --channel paper", "consent give 1 --channel owl"),
    *("consent give 2 --purpose owl --channel paper", "consent receipt 3 --out {once}"),
    *(
        "ground end 1 --purpose owl",
        "ground end 1 --purpose loyalty",
        "ground add 1 --since 1.1.2020",
    ),
    *("notice give 1 --version 9 --channel letter", "subject object 1 --purpose accounting"),
    *("subject erase 1 --because owl --confirm 1", "subject erase 2 --preview", "user roles anna"),
    *("user add bruno --role owl --confidentiality 2026-01-01", "key rotate owl", "export clients"),
    *("import {folder}/list.csv --relation client --map Nosaukums=owl", "import {folder}/none.csv"),
    *("import {folder}/list.csv --relation client --encoding owl", "wording show owl"),
    *("files shred {folder}/none.csv", "files gone {folder}/none.csv --because medium-lost", "owl"),
    *("purpose show owl", "relation show owl", "purpose edit accounting --set owl=1"),
    *("firm edit --sources owl", "package verify {folder}/list.csv", "backup verify --data {once}"),
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
_SHORT = 2
_LIST = "Nosaukums;E-pasts;Tālrunis\nSIA Egle;info@egle.example;+37120000009\nSIA Bez;bez;\n"
_DONE = frozenset({0, 6})
# Their tables list what other commands take back by its code.
_LISTING = frozenset({"purpose", "relation", "wording", "key", "import"})
# Programs that open archives, the authority of Latvia, and what is typed into a review.
_PROPER_TOO = frozenset(
    {
        *("Keka", "WinZip", "unzip", "Datu", "valsts", "inspekcija", "true", "false", "redact"),
        *("kartoteka", "unlawful", "owl", "asleep", "shoe"),
        *("SMS", "JSON", "Excel", "RFC", "mac_cyrillic", "mac_roman"),
    }
)
# Names of laws, of programs and of standards, and what Italian says with the word of English.
_SAME = {
    "lv": _PROPER | _PROPER_TOO | {"IBAN", "Linux", "SQLite", "Art", "SHA"},
    "it": _PROPER
    | _PROPER_TOO
    | {"FILE", "desktop", "web", "partner", "standard", "input"}
    | {"IBAN", "Linux", "SQLite", "Art", "SHA", "GDPR"}
    | {"computer", "database", "file", "hash", "log", "marketing", "opt-in", "soft", "password"},
}
# Of damage and of copies of a register, which are drawn elsewhere, and of fields no table shows.
_UNDRAWN = frozenset(
    {
        *("acknowledged", "copy_of", "damages", "first_bad", "nothing", "file"),
        *("by", "by_guardian", "id", "keys", "places", "what", "wording_hash"),
    }
)


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
def furnished(cli: Cli, tmp_path: Path) -> Cli:
    """Fill the register until every column of every table holds something."""
    made = cli("client", "add", *_PERSON, *_ALL_OF_HER, "--relation", "client")
    assert made.exit_code == 0, made.stderr
    (tmp_path / "list.csv").write_text(_LIST, "utf-8")
    done = {words: cli(*(word.format(folder=tmp_path) for word in words)) for words in _HAPPENED}
    failed = {words: one.stderr for words, one in done.items() if one.exit_code not in _DONE}
    assert not failed, "\n".join(f"{words}: {one}" for words, one in failed.items())
    return cli


def _heads(table: str) -> Iterator[str]:
    """Yield what stands over columns, before values and over tables."""
    lines = [*table.splitlines(), ""]
    within = False
    for line, following in itertools.pairwise(lines):
        cells = re.split(r" {2,}", line.strip())
        if following.startswith("─"):
            yield from cells
            within = True
        elif not line:
            within = False
        elif not within and not line.startswith("─"):
            yield cells[0]


def test_tables_speak_the_language(furnished: Cli, tmp_path: Path) -> None:
    """No code, head, label or word stays English; only what lists codes to take back shows them."""
    wrong: list[str] = []
    empty: list[str] = []
    drawn: dict[str, set[str]] = {"lv": set(), "it": set()}
    once = itertools.count()
    for line in (*_TABLES, *_WRITTEN, *_REFUSED):
        told: dict[str, str] = {}
        all_of: dict[str, str] = {}
        for language in (*drawn, "en"):
            words = line.format(
                folder=tmp_path, language=language, once=tmp_path / f"written-{next(once)}"
            ).split()
            done = furnished("--lang", language, *words)
            told[language], all_of[language] = done.stdout, done.stdout + done.stderr
        if line in _TABLES:
            machine = furnished(*words, "--format", "json").stdout
            empty += [line] if machine.strip() in {"", "[]"} else []
        for language, heads in drawn.items():
            new = {head for head in _heads(told[language]) if head}
            heads.update(new)
            wrong += [f"{line}: the heading {head}" for head in new - _headings(language)]
            if words[0] not in _LISTING | {"info", "files", "copies", "doctor"}:
                wrong += [f"{line}: {one[0]}" for one in _SHAPES.finditer(told[language])]
            wrong += [f"{line}: {row}" for row in _coded(told[language], words[0], language)]
            same = _alike(all_of["en"], all_of[language]) - _SAME[language]
            same -= _purposes() | {*KEYS, "name", "phone"} if words[0] in _LISTING else set()
            wrong += [f"{line}: {word} in {language} as in English" for word in sorted(same)]

    assert not wrong, "\n".join(wrong)
    # A heading that is never drawn cannot be wrong, so none may stay undrawn.
    assert {name for name, word in LABELS.items() if not _stood(word, drawn)} <= _UNDRAWN
    assert empty == []


def _stood(word: str, drawn: dict[str, set[str]]) -> bool:
    """Tell whether a heading was drawn: what ends with the first command stands in one language."""
    return any(i18n.voice(language)(word) in heads for language, heads in drawn.items())


@cache
def _headings(language: str) -> frozenset[str]:
    """Return what may stand over a column in a language."""
    labels = {str(one.label.said(language)) for one in (*FIELDS, *FURTHER.values())}
    return frozenset({str(message.string) for message in read(language)} | labels | _PROPER)


def _coded(table: str, command: str, language: str) -> list[str]:
    """Return the lines of a table in which a code stands that nobody is to take back."""
    codes = _CODES - _purposes() if command in _LISTING else _CODES | _purposes()
    left = {*_left(table, codes - _ADDRESSED, language)} - _PROPER
    patterns = [rf"(?<![\w@./:-]){re.escape(code)}(?![\w@/:=-])" for code in left]
    return [row for row in table.splitlines() if any(re.search(one, row) for one in patterns)]


def _alike(english: str, other: str) -> set[str]:
    """Return the words that two languages share, but for what was typed in and what is quoted."""
    return (_words(english) & _words(other)) - _given()


@cache
def _given() -> set[str]:
    """Return the words of what was typed in, of texts for people, of laws by their names."""
    laws = {law.title for purpose in starter("LV").purposes for law in purpose.laws}
    typed = itertools.chain(_PERSON, _ALL_OF_HER, _FIRM, *_HAPPENED, _LIST.split(";"))
    bodies = (text.body for text in starter_wordings())
    return _words(" ".join((*typed, *bodies, *laws, "Testa birojs", "anna")))


# Names of columns, codes in pairs, and texts by code and version.
_SHAPES = re.compile(r"(?<![\w./-])(?:[a-z]+_[a-z_]+|[a-z-]+@\d+|[a-z]+/[a-z]+)(?![\w/.-])")
# Options, and codes in brackets behind their words.
_TYPED = re.compile(r"--[a-z-]+|\([\w:-]+\)")
_COMMAND = re.compile("kartoteka( [a-z-]+){1,2}")


def _words(text: str) -> set[str]:
    """Return the words of a text; numbers, addresses, paths and fingerprints hold none."""
    typed = _TYPED.sub(" ", _COMMAND.sub("", text))
    tokens = (token for token in typed.split() if not re.search(r"[\d/@]", token))
    words = {word for token in tokens for word in re.findall(r"[^\W\d_]+(?:[_-][^\W\d_]+)*", token)}
    return {word for word in words if len(word) > _SHORT and not re.fullmatch("[a-f]{4}", word)}


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


@pytest.mark.parametrize("code", ["file", "note", "none"])
@pytest.mark.parametrize("language", ["lv", "it"])
def test_what_backs_a_consent_is_said_in_words(language: str, code: str) -> None:
    """A table of consents tells whether a file or a note is there, and never by its code."""
    i18n.use(language)
    assert worded({"evidence": code})["evidence"] not in {code, ""}


@pytest.mark.parametrize("language", ["lv", "it"])
def test_a_receipt_says_what_was_destroyed(language: str) -> None:
    """Counts stand beside what they count, by the name that a person reads elsewhere."""
    i18n.use(language)
    items = [*grounds.ITEMS]

    said = worded({"destroyed": dict.fromkeys(items, 1)})["destroyed"]

    assert [*said] == [i18n._(grounds.ITEMS[item]) for item in items]
