"""Every table of words beside a room is said by a module, and every module finds its table."""

from __future__ import annotations

import tomllib
from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING

from gdpr.text import InSense
from gdpr.word_tables import WordPairTable, WordTable
from tests.house.source import ROOT, product

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITTEN = {
    (".".join(path.relative_to(ROOT).parent.parts), table): entries
    for package in ("crm", "gdpr", "tui")
    for path in (ROOT / package).rglob("words.toml")
    for table, entries in tomllib.loads(path.read_text("utf-8")).items()
}
# A handful of words that two tables share, such as *number*, makes no repeat of a table.
_REPEATED, _OF_ALL = 4, 2 / 3


def _word_tables() -> dict[tuple[str, str], WordTable | WordPairTable]:
    found = {}
    for path in product():
        if "gdpr.word_tables" in path.read_text("utf-8"):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for value in _tables_in([*vars(module).values()]):
                found[value.package, value.table] = value
    return found


def _tables_in(value: object) -> Iterator[WordTable | WordPairTable]:
    """Find the tables that a module names, and those in the collections that it keeps."""
    if isinstance(value, WordTable | WordPairTable):
        yield value
        yield from _tables_in(value.__dict__.get("_before", ()))
    elif isinstance(value, dict | tuple | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _tables_in(one)


def _texts(table: tuple[str, str]) -> dict[str, str]:
    """Return the first text of each entry, without the sign that may stand before it."""
    return {
        code: entry if isinstance(entry, str) else entry.get("word", entry.get("advice", ""))
        for code, entry in _WRITTEN[table].items()
    }


def test_every_table_is_said_and_every_reader_has_one() -> None:
    """No table waits for a reader, and none is missing when its first word is to be said."""
    assert _word_tables().keys() == _WRITTEN.keys()


def test_no_table_repeats_another() -> None:
    """A vocabulary is written once: who says it in another room begins with that table."""
    repeats = []
    for one, other in combinations(_WRITTEN, 2):
        few, many = sorted((_texts(one), _texts(other)), key=len)
        same = [code for code in few if few[code] == many.get(code)]
        if len(same) >= _REPEATED and len(same) >= _OF_ALL * len(few):
            repeats.append((one, other, same))

    assert not repeats


def test_every_code_has_a_word() -> None:
    """Each entry gives a text, or two of which at least one is there; none is half a table."""
    for table in _word_tables().values():
        assert len(table) > 0
        for said in table.values():
            parts = [said] if isinstance(said, str) else list(said)
            assert all(isinstance(part, str) for part in parts), said
            assert any(parts), said


def test_a_word_with_several_senses_brings_the_one_that_is_meant() -> None:
    """Latvian and Italian say *destroyed* of a key and of a copy with different endings."""
    from crm.keys.words import COPY_STATES, KEY_STATES, ROLES

    words = (KEY_STATES["destroyed"], COPY_STATES["gone"])
    senses = [word.sense for word in words if isinstance(word, InSense)]

    assert senses == ["key", "copy"]
    assert ROLES["owner"] == ("owner", "everything, with users, keys and backups")
