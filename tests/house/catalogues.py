"""Collects the messages, merges them into the catalogues and compiles those (`make catalogues`).

Babel's command line writes the hour into every file and so makes each run a change; this writes
the same bytes for the same messages, which lets a test compare.
"""

from __future__ import annotations

import io
import json
import sys
import tomllib
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("lv", "it")
PACKAGES = ("crm", "gdpr", "tui")
_SENSED = ((1, "c"), 2)
KEYWORDS = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "Nn_": (1, 2),
    "pgettext": _SENSED,
    "NP_": _SENSED,
}
# What stands beside a word in `words.toml` and is not said.
_NO_MESSAGES = frozenset({"sense", "sign", "place"})
# The date of the first catalogue; a date that moves would make every run a change.
_DAY = datetime(2026, 11, 22, tzinfo=UTC)

# What click says in our commands' place: it asks the standard `gettext`, and so our words.
WORDS = (
    "Aborted!",
    "Choose from:\n\t{choices}",
    "Commands",
    "Error: The two entered values do not match.",
    "Error: invalid input",
    "Error: {message}",
    "Missing argument",
    "Missing command.",
    "Missing option",
    "Missing parameter",
    "Missing parameter: {param_name}",
    "Missing {param_type}",
    "No such option {name!r}.",
    "Option {name!r} does not take a value.",
    "Options",
    "Repeat for confirmation",
    "Show this message and exit.",
    "Usage:",
    "default: {default}",
    "env var: {var}",
    "required",
)
PLURALS = (
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)


@cache
def collected() -> Catalog:
    """Return every message of the product, in the order of the alphabet."""
    template = _empty(None)
    for package in PACKAGES:
        for _file, _line, message, _comments, sense in extract_from_dir(
            ROOT / package, keywords=KEYWORDS, method_map=[("**.py", "python")]
        ):
            template.add(message, context=sense)
    for message, sense in (*_word_tables(), *_words_of_keys()):
        template.add(message, context=sense)
    for heard in (*WORDS, *PLURALS):
        template.add(heard)
    for words in _error_tables():
        if "one" in words:
            template.add((words.pop("one"), words.pop("text")))
        for message in words.values():
            template.add(message)
    return template


def _error_tables() -> Iterator[dict[str, str]]:
    """Go through what is said of each class of errors."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("errors.toml")):
            yield from tomllib.loads(path.read_text("utf-8")).values()


def _word_tables() -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Go through the tables of codes with their words that lie beside the modules."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("words.toml")):
            for table in tomllib.loads(path.read_text("utf-8")).values():
                for entry in table.values():
                    yield from _said(entry)


def _words_of_keys() -> Iterator[tuple[str, str | None]]:
    """Go through the table of keys."""
    for keys in json.loads((ROOT / "tui" / "key_bindings.json").read_text("utf-8")).values():
        for key in keys.values():
            yield key["words"], key.get("sense")


def _said(
    entry: str | dict[str, str],
) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    if isinstance(entry, str):
        yield entry, None
        return
    if "one" in entry:
        yield (entry["one"], entry["word"]), None
        return
    names = [*entry, ""]
    for name, after in pairwise(names):
        if name not in _NO_MESSAGES:
            yield entry[name], entry["sense"] if after == "sense" else None


def path_of(language: str, ending: str) -> Path:
    """Say where a catalogue lies."""
    return ROOT / "crm" / "locale" / language / "LC_MESSAGES" / f"kartoteka.{ending}"


def read(language: str) -> Catalog:
    """Read a catalogue as it is committed."""
    path = path_of(language, "po")
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="kartoteka")


def merged(language: str) -> Catalog:
    """Return the catalogue with new messages added, untranslated, and dead ones dropped."""
    old = read(language)
    new = _empty(language)
    for message in collected():
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        new.add(message.id, known.string if known else None, context=message.context)
    return new


def as_po(catalogue: Catalog) -> bytes:
    """Write a catalogue as text."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, no_location=True, sort_output=True)
    return file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Compile a catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """List what is missing or only guessed."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]


def _forms(string: str | tuple[str, ...] | None) -> list[str]:
    return list(string) if isinstance(string, tuple) else [string or ""]


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        domain="kartoteka",
        project="kartoteka",
        version="0.1",
        header_comment="# The words of kartoteka; `make catalogues` adds the new ones.",
        creation_date=_DAY,
        revision_date=_DAY,
        last_translator="kartoteka",
        language_team="kartoteka",
        msgid_bugs_address="kartoteka",
        fuzzy=False,
    )


def main() -> int:
    """Bring the catalogues up to date and name what is still to be translated."""
    open_ends = 0
    for language in LANGUAGES:
        catalogue = merged(language)
        path_of(language, "po").parent.mkdir(parents=True, exist_ok=True)
        path_of(language, "po").write_bytes(as_po(catalogue))
        path_of(language, "mo").write_bytes(as_mo(read(language)))
        for message in untranslated(catalogue):
            open_ends += 1
            sys.stderr.write(f"{language}: {message}\n")
    return 1 if open_ends else 0


if __name__ == "__main__":
    sys.exit(main())
