"""Every message is there in Latvian and Italian, whole and compiled."""

from __future__ import annotations

from collections import defaultdict
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.extract import extract_from_dir

from crm.dates import day_in
from tests.house.catalogues import (
    LANGUAGES,
    PLURALS,
    WORDS,
    as_mo,
    collected,
    merged,
    path_of,
    read,
    untranslated,
)

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def test_nothing_is_missing_or_guessed(language: str) -> None:
    """No message lacks its translation, and none is fuzzy (`make catalogues` lists them)."""
    assert untranslated(merged(language)) == []


def test_nothing_dead_is_carried(language: str) -> None:
    """The catalogue holds exactly the messages of the source."""
    written = {(message.id, message.context) for message in read(language)}

    assert {(message.id, message.context) for message in collected()} == written


def test_a_message_of_several_senses_has_one_everywhere(language: str) -> None:
    """A word that is marked with a sense in one place is not left without one in another."""
    bare = {message.id for message in read(language) if not message.context}

    assert {message.id for message in read(language) if message.context} & bare == set()


def test_days_are_asked_for_in_forms_there_are(language: str) -> None:
    """Every translation can be filled: the case or article it asks of a day is one we write."""
    days = defaultdict(lambda: day_in(language, "2026-11-08"))
    wrong = []
    for message in read(language):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            forms = {spec for _text, _name, spec, _how in Formatter().parse(text) if spec}
            if forms and Formatter().vformat(text, (), days) is None:
                wrong.append(text)

    assert wrong == []


def test_what_is_compiled_is_what_is_written(language: str) -> None:
    """The .mo says what the .po says."""
    with path_of(language, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    written = GNUTranslations(BytesIO(as_mo(read(language))))

    assert _messages(written) == _messages(compiled)


def _messages(translations: GNUTranslations) -> dict[object, str]:
    found: dict[object, str] = translations._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in found.items() if key}


def test_translations_fill_the_same_gaps(language: str) -> None:
    """A translation names the same placeholders as its message, or filling it would fail."""
    wrong = []
    for message in read(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string or "",)
        wanted = set.union(*map(_gaps, ids)) if message.id else set()
        wrong += [str(message.id) for text in strings if text and not _gaps(text) <= wanted]
        if not isinstance(message.id, tuple) and message.string and message.id:
            wrong += [str(message.id)] if _gaps(str(message.string)) != wanted else []

    assert wrong == []


def _gaps(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_click_speaks_through_us(language: str) -> None:
    """What we translate for click is still what click says."""
    folder = Path(click.__file__).parent
    said = {message for _f, _l, message, _c, _x in extract_from_dir(folder)}

    assert set() == {*WORDS, *PLURALS} - said
