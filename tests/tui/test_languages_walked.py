"""Every screen in Latvian and in Italian: whatever is not typed in are words of that language.

A word of the program that stands in English too is taken for English, unless it is a word of the
language as well and listed here with its reason. Codes are no words of any language.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import date
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from crm import i18n
from crm.dates import day_in
from crm.i18n import Words
from crm.kinds import party
from crm.kinds.listed import SHAPES
from crm.parties.words import countries, languages
from tests.tui import walking
from tests.tui.conftest import seated
from tests.tui.everywhere import copied

if TYPE_CHECKING:
    from collections.abc import Iterator


_DATA = Path(i18n.__file__).with_name("data")
# Names of formats, of keys and of units are alike in every language.
_NAMES = frozenset(
    (
        *("csv", "xlsx", "vcard", "json", "zip", "excel", "rfc", "utf", "sig", "sha", "iban"),
        *("enter", "esc", "ctrl", "pin", "kartotēka", "sqlite", "sms", "markdown", "html"),
        # Each language is called by its own name, by which whoever speaks it finds it.
        *("english", "italiano", "latviešu"),
        # The endings of the two parts of a backup.
        *("keys", "data"),
        # Plain letters for signs, where a terminal has none; and the clock of the world.
        *("ok", "utc"),
    )
)
_LOANS = {
    "lv": frozenset(
        (
            # Latvian words that come from the same root and are spelled alike.
            *("manifests", "demo", "partner"),
        )
    ),
    "it": frozenset(
        (
            # Italian has taken these over: they stand in its dictionaries.
            *("backup", "password", "file", "mail", "marketing", "account", "standard", "hash"),
            *("database", "mouse", "partner", "software", "server", "web", "online", "demo"),
            *("newsletter", "computer", "log", "data", "note", "import", "privacy", "email"),
            # Words of both languages, from the same Latin.
            *("video", "area", "per", "non", "via", "no", "si", "in", "a", "e", "o", "remote"),
            *("base", "fine", "cons", "art", "valido", "schema", "soft", "opt"),
        )
    ),
}
# Laws are called as they are where they hold.
_LAWS = "Komerclikums Informācijas sabiedrības pakalpojumu likums codice civile"
# What is drawn there is meant to be in every language at once, or is a document for machines:
# the texts of a purpose and of a relationship in the three languages, and a whole purpose as JSON.
_IN_ALL = (("purpose", "e"), ("purpose", "d"), ("relation",), ("purpose", "n"), ("papers", "n"))
# A proof that somebody was informed names the text by code and version, word for word.
_STORED = frozenset({"spring-news@1"})
_LETTERS = re.compile(r"[^\W\d_]+")
# Hashes, numbers, days and times; places and addresses: they are no words.
_PLACE = re.compile(r"(?<!\S)[~.]?/\S*|\S+@\w+\.\S*|\S*\.[a-z]{2,}\b")
_NO_WORD = re.compile(
    r"\S*\d\S*|\b[0-9a-f]{4,}\b"
    # A phrase that is offered as a password; letters that stand for a day.
    r"|\w+(?:-\w+){4,}|\b[GA]{4}-MM-[DG]{2}\b"
)
_CODE = re.compile(
    r"\b[a-z]+(?:_[a-z]+)+\b"  # snake case
    r"|\b[a-z-]+@\d+\b"  # a text and its version
    r"|(?<![\w/.~-])[a-z]+(?:-[a-z]+)*/[a-z]+(?![\w/])"  # two codes in one
    r"|\b[a-z]+(?::[a-z_]+)+\b"  # an event of the log
)


def _lowered(text: str) -> set[str]:
    return set(_LETTERS.findall(text.lower()))


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Collect the words that the program says in a language and does not say in English."""
    file = Path(i18n.CATALOGUES) / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.mo"
    catalogue = GNUTranslations(io.BytesIO(file.read_bytes()))._catalog  # type: ignore[attr-defined]
    known: set[str] = set()
    for key, said in catalogue.items():
        message = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
        known |= _lowered(re.sub(r"\{[^}]*\}", " ", said)) - _lowered(message)
    for words in _described():
        known |= _lowered(words.said(language)) - _lowered(words)
    now = i18n.current()
    i18n.use(language)
    days = [day_in(language, date(2026, month, 1)) for month in range(1, 13)]
    cases = ("", "gen", "dat", "acc", "loc") if language == "lv" else ("",)
    told = [format(day, case) for day in days for case in cases]
    for name in [*dict(countries()).values(), *dict(languages()).values(), *told]:
        known |= _lowered(name)
    i18n.use(now)
    # Who is asked is shown the text in their own language, and here that is Latvian.
    for text in _told(yaml.safe_load((_DATA / "wordings.yaml").read_text("utf-8")), "lv"):
        known |= _lowered(text)
    for path in _DATA.glob("*.yaml"):
        for text in _told(yaml.safe_load(path.read_text("utf-8")), language):
            known |= _lowered(text)
    notice = yaml.safe_load((_DATA / "notice" / f"{language}.yaml").read_text("utf-8"))
    known |= set().union(*map(_lowered, _texts(notice)))
    return frozenset(known | _NAMES | _LOANS[language] | _lowered(_LAWS))


def _described() -> Iterator[Words]:
    """Yield what brings its translations along: fields of parties and kinds of records."""
    waiting: list[Any] = [party.FIELDS, list(party.FURTHER.values()), SHAPES]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Words):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, tuple | list):
            waiting += one
        elif type(one).__module__.startswith("crm."):
            names = getattr(one, "__dataclass_fields__", ())
            waiting += [getattr(one, name) for name in names]


def _told(held: Any, language: str, *, inside: bool = False) -> Iterator[str]:
    """Yield the texts that stand under a language's name."""
    if isinstance(held, dict):
        for key, value in held.items():
            yield from _told(value, language, inside=inside or key == language)
    elif isinstance(held, list):
        for value in held:
            yield from _told(value, language, inside=inside)
    elif inside and isinstance(held, str):
        yield held


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        held = list(held.values())
    if isinstance(held, list):
        for value in held:
            yield from _texts(value)
    elif isinstance(held, str):
        yield held


def foreign(text: str, known: frozenset[str]) -> Iterator[str]:
    """Yield what is drawn and is no word that is known, with its line."""
    for line in text.splitlines():
        drawn = _PLACE.sub(" ", line)
        codes = set(_CODE.findall(drawn)) - _STORED
        yield from (f"{code}: {line.strip()[:80]}" for code in codes)
        for found in _LETTERS.finditer(_NO_WORD.sub(" ", drawn)):
            word = found.group().lower()
            # One letter is a key; of a word that is cut only the beginning is there.
            if len(word) > 1 and word not in known and not _is_cut(word, line, known):
                yield f"{word}: {line.strip()[:80]}"


def _is_cut(word: str, line: str, known: frozenset[str]) -> bool:
    return f"{word}…" in line.lower() and any(one.startswith(word) for one in known)


@pytest.mark.skipif("KARTOTEKA_WALK" not in os.environ, reason="minutes long: make languages")
@pytest.mark.parametrize("language", ["lv", "it"])
def test_all_that_is_drawn_is_of_the_language_or_typed_in(
    founded: Path, tmp_path: Path, monkeypatch, drive, language: str
) -> None:
    """Each screen, each box and notice that a key leads to, of a register in which much goes on."""
    place = copied(founded, tmp_path / "place", monkeypatch)
    world = walking.furnish(place)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "home")
    i18n.use(language)
    with place.open() as register:
        texts = register.packages.texts(str(world.person.number), language)
    known = vocabulary(language) | walking.typed()
    found: dict[str, tuple[str, ...]] = {}

    async def scenario() -> None:
        async with seated(place, size=(140, 40)) as seat:
            async for one in walking.Walk(seat, replace(world, texts=texts)).pictures():
                if one.way[:2] in _IN_ALL or one.way[:1] in _IN_ALL:
                    continue
                for wrong in foreign("\n".join([one.text, *one.notices]), known):
                    found.setdefault(wrong, one.way)

    drive(scenario())
    assert found == {}


def test_english_is_found_where_it_is_drawn(
    founded: Path, tmp_path: Path, monkeypatch, drive
) -> None:
    """The search is not blind: in English the first screens are full of what it looks for."""
    place = copied(founded, tmp_path / "place", monkeypatch)
    world = walking.furnish(place)
    known = vocabulary("lv") | walking.typed()

    async def scenario() -> None:
        async with seated(place, size=(140, 40)) as seat:
            async for one in walking.Walk(seat, world).pictures(("clients",)):
                assert len(list(foreign(one.text, known))) > 3, one.way
                break

    drive(scenario())
